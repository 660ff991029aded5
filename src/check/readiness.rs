//! The verdict over the checks that were made.

use url::Url;

use super::{Check, CheckConfig, CheckStatus};
use crate::text::count;

/// How much a check weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A requirement: without it the target is not ready.
    Must,
    /// A recommendation: a target without it works today and will cause trouble one day.
    Should,
    /// Information; never a reason to fail.
    Note,
}

impl Level {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Note => "note",
        }
    }
}

/// Where a requirement or recommendation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// The vendor's help page.
    Documented,
    /// Live integrations.
    Observed,
    /// pgwh's authors, where neither of the others says anything.
    Recommendation,
}

impl Provenance {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Recommendation => "recommendation",
        }
    }
}

/// Whether a target is ready for PGM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// It meets every requirement.
    Ready,
    /// It does not.
    NotReady,
    /// It could not be reached, for this reason.
    Unreachable {
        /// Why, in words that may come from outside: escape them before they are shown.
        reason: String,
        /// What to do about it.
        help: String,
    },
    /// The run ended before all checks were made.
    Interrupted,
    /// Every check that could decide was skipped, so nothing is known.
    Unchecked,
}

/// All checks of a target.
#[derive(Debug, Clone)]
pub struct CheckReport {
    /// The name of the webhook, if the target is one of pgwh.toml.
    pub webhook: Option<String>,
    /// The target.
    pub url: Url,
    /// The verdict.
    pub readiness: Readiness,
    /// The checks, in the order of the list of probes.
    pub checks: Vec<Check>,
    /// Whether recommendations count as requirements.
    pub strict: bool,
    /// Whether the user wanted some checks only.
    pub is_partial: bool,
}

impl CheckReport {
    /// The report over `checks`; `unreachable` is why the target was not reached, with its help.
    pub(super) fn new(
        config: &CheckConfig,
        checks: Vec<Check>,
        unreachable: Option<(String, String)>,
    ) -> Self {
        let mut report = Self {
            webhook: config.webhook.clone(),
            url: config.url.clone(),
            readiness: Readiness::Ready,
            checks,
            strict: config.strict,
            is_partial: config.is_partial(),
        };
        if let Some((reason, help)) = unreachable {
            report.readiness = Readiness::Unreachable { reason, help };
        } else if report.is_unchecked() && !config.allow_url {
            // --allow-url takes the place of the check of the URL.
            report.readiness = Readiness::Unchecked;
        } else if report.requirements().any(|check| check.result.status == CheckStatus::Fail) {
            report.readiness = Readiness::NotReady;
        }
        report
    }

    /// Whether every check that could decide the verdict was skipped, although there are some.
    fn is_unchecked(&self) -> bool {
        let is_skipped = |check: &Check| check.result.status == CheckStatus::Skip;
        let has_requirements = self.checks.iter().any(|check| self.decides(check));
        self.requirements().next().is_none()
            && (has_requirements || self.checks.iter().all(is_skipped))
    }

    /// How many checks have this verdict.
    pub fn count(&self, status: CheckStatus) -> usize {
        self.checks.iter().filter(|check| check.result.status == status).count()
    }

    /// Whether a check of this one's level decides the verdict.
    pub fn decides(&self, check: &Check) -> bool {
        check.level == Level::Must || (self.strict && check.level == Level::Should)
    }

    /// Whether the target accepts requests that anybody could send: unsigned, or with a wrong
    /// signature.
    pub fn lets_anybody_in(&self) -> bool {
        self.checks.iter().any(|check| check.accepts_forged)
    }

    /// The checks that decide the verdict, without those that were skipped.
    fn requirements(&self) -> impl Iterator<Item = &Check> {
        let judged = |check: &&Check| check.result.status != CheckStatus::Skip;
        self.checks.iter().filter(|check| self.decides(check)).filter(judged)
    }

    /// The verdict in a line.
    pub fn summary(&self) -> String {
        let failed = |check: &&Check| check.result.status == CheckStatus::Fail;
        let total = count(self.requirements().count() as u64, "requirement");
        match &self.readiness {
            Readiness::Unreachable { .. } => "unreachable".to_owned(),
            Readiness::Interrupted => {
                format!("interrupted after {}", count(self.checks.len() as u64, "check"))
            }
            Readiness::NotReady => {
                format!(
                    "not ready: {} of {total} failed",
                    self.requirements().filter(failed).count()
                )
            }
            Readiness::Unchecked => "no requirement was checked: all were skipped".to_owned(),
            Readiness::Ready if self.requirements().next().is_none() => {
                "no requirement was checked".to_owned()
            }
            Readiness::Ready => {
                let anybody = if self.lets_anybody_in() { ", but lets anybody in" } else { "" };
                let scope = if self.is_partial { "as far as checked, " } else { "" };
                let mut text = format!("{scope}ready for PGM{anybody}: {total} met");
                let recommendations = self.count(CheckStatus::Fail) as u64;
                if recommendations > 0 {
                    text += &format!(", {} not followed", count(recommendations, "recommendation"));
                }
                text
            }
        }
    }
}
