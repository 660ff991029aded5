//! What a caller may ask of the receiver.

use std::time::Duration;

/// Bounds on size, time and number. Whoever goes over one is answered and let go; nobody else
/// notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body; more is a 413.
    pub body: usize,
    /// Bytes of a head, request line included; more is a 431.
    pub head: usize,
    /// Time for a head to come, and for an idle connection to say something; then a 408, or
    /// the end of the connection if nothing came at all.
    pub head_time: Duration,
    /// Time for a body to come; then a 408. Also the time for a caller to take some of its
    /// answer.
    pub body_time: Duration,
    /// Open connections; the next one waits until one of them ends.
    pub connections: usize,
}

impl Default for Limits {
    /// Far above what PGM sends (its bodies are some hundred bytes), far below what hurts.
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            head: 64 * 1024,
            head_time: Duration::from_secs(5),
            body_time: Duration::from_secs(30),
            connections: 1024,
        }
    }
}
