//! What a run is asked to do.

use std::time::{Duration, Instant};

use super::tickets::Tickets;
use super::{Rate, Schedule};

/// How a run goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// When it ends.
    pub end: End,
    /// How fast requests start; without it, each connection sends the next as soon as it has the
    /// answer to the last.
    pub rate: Option<Rate>,
    /// Connections at most; with a rate, no more of them than are needed.
    pub connections: usize,
    /// How many of the requests are sent twice, from 0 to 1.
    pub repeat_share: f64,
}

/// When a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// After this many requests.
    Count(u64),
    /// When no request starts any more.
    Duration(Duration),
}

impl Plan {
    /// The schedule, where there is a rate.
    pub fn schedule(&self) -> Option<Schedule> {
        self.rate.map(|rate| match self.end {
            End::Count(total) => Schedule::of(rate, total),
            End::Duration(duration) => Schedule::over(rate, duration),
        })
    }

    /// How many calls a second there are at most, as far as that is known.
    pub fn peak(&self) -> Option<f64> {
        self.rate.map(|rate| rate.peak() * (1.0 + self.repeat_share))
    }

    pub(super) fn tickets(&self, began: Instant) -> Tickets {
        match (self.schedule(), self.end) {
            (Some(schedule), _) => Tickets::scheduled(began, schedule),
            (None, End::Count(total)) => Tickets::count(began, total),
            (None, End::Duration(duration)) => Tickets::lasting(began, duration),
        }
    }
}
