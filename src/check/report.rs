//! The checks that were made, and the verdict over them.

use std::time::Duration;

use url::Url;

use super::{Judgement, Level, Source, Word};

/// A probe's judgement on a target.
#[derive(Debug, Clone)]
pub struct Check {
    /// The probe's id.
    pub id: &'static str,
    /// Its weight in this run.
    pub level: Level,
    /// Where the demand comes from.
    pub source: Source,
    /// What it has to say.
    pub judgement: Judgement,
    /// How long its calls took.
    pub elapsed: Duration,
}

/// Whether a target is fit for PGM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fitness {
    /// It meets every demand.
    Fit,
    /// It does not.
    Unfit,
    /// It could not be reached, for this reason.
    Unreachable {
        /// Why, in words that may come from outside: escape them before they are shown.
        reason: String,
        /// What to do about it.
        hint: String,
    },
}

/// All checks of a target.
#[derive(Debug, Clone)]
pub struct Report {
    /// The target.
    pub url: Url,
    /// The verdict.
    pub fitness: Fitness,
    /// The checks, in the order of the list of probes.
    pub checks: Vec<Check>,
    /// Whether advice counted like a demand.
    pub strict: bool,
}

impl Report {
    /// Judges the checks; `unreachable` is why the target was not reached, with a hint.
    pub(super) fn new(
        url: Url,
        checks: Vec<Check>,
        strict: bool,
        unreachable: Option<(String, String)>,
    ) -> Self {
        let mut report = Self { url, fitness: Fitness::Fit, checks, strict };
        if let Some((reason, hint)) = unreachable {
            report.fitness = Fitness::Unreachable { reason, hint };
        } else if report.demands().any(|check| check.judgement.word == Word::Fail) {
            report.fitness = Fitness::Unfit;
        }
        report
    }

    /// How many checks have this verdict.
    pub fn count(&self, word: Word) -> usize {
        self.checks.iter().filter(|check| check.judgement.word == word).count()
    }

    /// Whether a check of this one's level decides the verdict.
    pub fn decides(&self, check: &Check) -> bool {
        check.level == Level::Must || (self.strict && check.level == Level::Should)
    }

    /// The checks that decide the verdict, without those that were skipped.
    pub fn demands(&self) -> impl Iterator<Item = &Check> {
        let judged = |check: &&Check| check.judgement.word != Word::Skip;
        self.checks.iter().filter(|check| self.decides(check)).filter(judged)
    }

    /// The verdict in a line.
    pub fn summary(&self) -> String {
        let total = self.demands().count();
        let failed = self.demands().filter(|check| check.judgement.word == Word::Fail).count();
        match &self.fitness {
            Fitness::Unreachable { .. } => "unreachable".to_owned(),
            Fitness::Unfit => {
                format!("not fit: {failed} of {} failed", plural(total, "demand"))
            }
            Fitness::Fit => {
                let advice = self.count(Word::Fail);
                let mut text = format!("fit for PGM: {} met", plural(total, "demand"));
                if advice > 0 {
                    text += &format!(", {} not followed", plural(advice, "piece of advice"));
                }
                text
            }
        }
    }
}

fn plural(n: usize, one: &str) -> String {
    match (n, one.strip_prefix("piece ")) {
        (1, _) => format!("1 {one}"),
        (n, Some(rest)) => format!("{n} pieces {rest}"),
        (n, None) => format!("{n} {one}s"),
    }
}
