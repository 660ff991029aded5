//! What a run is asked to do.

use std::thread::available_parallelism;
use std::time::Duration;

use super::{Rate, Schedule};

/// How a run goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadConfig {
    /// When it ends.
    pub stop_after: StopAfter,
    /// How fast requests start; without it, each connection sends the next request as soon as it
    /// has the response to the last.
    pub rate: Option<Rate>,
    /// The most connections; with a rate, only as many of them are opened as are needed.
    pub connections: usize,
    /// The threads that share the connections; at least 1, and no more than connections.
    pub threads: usize,
    /// The share of the requests that are sent twice, from 0 to 1.
    pub repeat_share: f64,
}

/// When a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopAfter {
    /// After this many requests.
    Count(u64),
    /// After this time no request starts.
    Duration(Duration),
}

impl LoadConfig {
    /// The number of threads that send the most on this machine: one per core. At a rate, one
    /// thread keeps the schedule, and sends more than a rate usually asks for.
    pub fn default_threads(rate: Option<Rate>, connections: usize) -> usize {
        match rate {
            Some(_) => 1,
            None => available_parallelism().map_or(1, usize::from).clamp(1, connections),
        }
    }

    /// When each request starts, where there is a rate.
    pub fn schedule(&self) -> Option<Schedule> {
        self.rate.map(|rate| match self.stop_after {
            StopAfter::Count(total) => Schedule::of(rate, total),
            StopAfter::Duration(duration) => Schedule::over(rate, duration),
        })
    }

    /// The highest number of requests a second, where there is a rate.
    pub fn peak(&self) -> Option<f64> {
        self.rate.map(|rate| rate.peak() * (1.0 + self.repeat_share))
    }
}
