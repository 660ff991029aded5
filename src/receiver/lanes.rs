//! The threads that share the connections.

use tokio::runtime::Handle;

/// Runtimes of one thread each. A connection stays with the one that it was given to, and so does
/// all that is done for its requests: threads that hand work to each other mostly wake each other.
#[derive(Debug, Clone)]
pub struct Lanes {
    first: Handle,
    more: Vec<Handle>,
}

impl Lanes {
    /// At least one runtime.
    pub fn new(first: Handle, more: Vec<Handle>) -> Self {
        Self { first, more }
    }

    /// The first of them, for what is done only once.
    pub fn first(&self) -> &Handle {
        &self.first
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Handle> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// Whose turn it is after so many connections, and the how many-th that is, from 0.
    pub(super) fn turn(&self, connections: usize) -> (usize, &Handle) {
        let lane = connections % (1 + self.more.len());
        (lane, lane.checked_sub(1).map_or(&self.first, |index| &self.more[index]))
    }
}
