//! Whether a target is ready for PGM. Each probe is one file in `probes/`: what it sends and how
//! it judges the responses. Judging is pure; [`run`] drives it over a [`Target`], so that tests
//! need no network.

mod certificate;
mod concurrency;
mod config;
mod judge_helpers;
mod probe;
mod probes;
mod report;
mod run;
#[cfg(test)]
mod tests;

pub use config::{CheckConfig, anonymize};
pub use probe::{ConnectionMode, Level, Probe, ProbeRequest, ProbeResponse, Provenance};
pub use probes::{PROBES, find};
pub use report::{Check, CheckReport, ProbeResult, Readiness, Status};
pub use run::{FirstRequest, Progress, Target, first_request, needs_target, run};
