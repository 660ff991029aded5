//! A probe: one thing that a target must or should do.

use super::call::{Reply, Sends};
use super::setting::Asking;
use super::{Judgement, Level, Setting, Source};

/// One thing that a target must or should do, and the way to find out whether it does.
#[derive(Debug)]
pub struct Probe {
    /// Its stable id.
    pub id: &'static str,
    /// Its weight.
    pub level: Level,
    /// Where the demand comes from.
    pub source: Source,
    /// When it passes, in a line.
    pub passes_when: &'static str,
    /// What is sent, why it matters and what to do, in a paragraph.
    pub explanation: &'static str,
    /// Whether it is about signatures, which `--require-signature` makes demands.
    pub(super) guards_signature: bool,
    /// What must be so before it means anything.
    pub(super) needs: Needs,
    /// When it is run.
    pub(super) turn: Turn,
    /// What it sends.
    pub(super) sends: fn(&mut Asking<'_>) -> Sends,
    /// Its verdict on what came back.
    pub(super) judge: fn(&Setting, &[Reply]) -> Judgement,
}

impl Probe {
    /// Its weight with these settings.
    pub fn level_in(&self, setting: &Setting) -> Level {
        if self.guards_signature && setting.require_signature { Level::Must } else { self.level }
    }
}

/// What must be so before a probe means anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: it looks at the URL.
    Nothing,
    /// The first call was tried.
    Call,
    /// The first call was answered with a 2xx.
    Accepted,
}

/// When a probe is run. Turns come one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Before the others and alone, so that nothing disturbs its measurements; these tell how
    /// many calls the target can bear.
    Measured,
    /// Together with others, as many calls at once as the target can bear.
    Together,
    /// After all others and alone, as it is a burst.
    Alone,
}
