//! Whether a target is ready for PGM. Each probe is one file in `probes/`: what it sends and how
//! it judges the responses. Judging is pure; [`run`] drives it over a [`ProbeTarget`], so that tests
//! need no network.

mod certificate;
mod concurrency;
mod config;
mod judge_helpers;
mod probe;
mod probes;
mod report;
mod request;
mod run;
#[cfg(test)]
mod tests;

pub use config::{CheckConfig, anonymize};
pub use probe::Probe;
pub use probes::{PROBES, find};
pub use report::{Check, CheckReport, CheckStatus, Level, ProbeResult, Provenance, Readiness};
pub use request::{ConnectionMode, ProbeRequest, ProbeResponse};
pub use run::{CheckProgress, FirstRequest, ProbeTarget, first_request, needs_target, run};
