//! Load runs: many new requests at once, each signed, and statistics of what came back.
//!
//! Without a rate, a run is a *closed loop*: each connection sends the next request as soon as it
//! has the response to the last. With a rate it is an *open loop*: every request has a scheduled
//! time, whatever the responses, and its latency counts from that time. So a target that stalls
//! cannot hide the requests that it kept from being sent (coordinated omission).

mod config;
mod k6;
mod rate;
mod run;
mod stats;
mod workload;

pub use config::{LoadConfig, StopAfter};
pub use k6::{K6Error, K6Script};
pub use rate::{InvalidRate, Rate, Schedule};
pub use run::{LoadProgress, Run};
pub use stats::{FailedRequest, FailureBucket, FailureKind, LoadStats};
pub use workload::{BodyTemplate, Workload};
