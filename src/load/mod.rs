//! Load: many new requests at once, each signed, and what came of them as numbers.
//!
//! A run has a pace. Without a rate it is a *closed loop*: so many connections, each sending the
//! next request as soon as it has the answer to the last. With a rate it is an *open model*:
//! every request has its time, whatever the answers, and its latency counts from that time on.
//! So a target that stalls cannot hide the requests that it kept from being sent (coordinated
//! omission).

mod blend;
mod desk;
mod failure;
mod pacer;
mod plan;
mod public;
mod random;
mod rate;
mod run;
mod tally;
mod template;
mod tickets;

pub use blend::Blend;
pub use failure::{Example, Failure, Kind};
pub use plan::{End, Plan};
pub use public::is_public;
pub use rate::{InvalidRate, Rate, Schedule};
pub use run::{Progress, Run};
pub use tally::{KEPT_FAILURES, Tally};
pub use template::Template;
