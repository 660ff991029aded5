//! Whether a target is fit for PGM. Each probe is one file in `probes/`: what it sends, and how
//! it judges what came back. The judging is pure; [`run`] drives it over a [`Target`], so that
//! tests need no network.

mod call;
mod certificate;
mod der;
mod judgement;
mod judging;
mod level;
mod pace;
mod probe;
mod probes;
mod report;
mod run;
mod setting;
mod synthetic;
mod target;
#[cfg(test)]
mod twin;

pub use call::{Call, Manner, Reply};
pub use judgement::{Judgement, Word};
pub use level::{Level, Source};
pub use probe::Probe;
pub use probes::{PROBES, find};
pub use report::{Check, Fitness, Report};
pub use run::{First, first_call, needs_target, run};
pub use setting::Setting;
pub use synthetic::synthetic;
pub use target::Target;
