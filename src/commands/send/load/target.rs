//! The one target of a run.

use super::super::target::{Target, Targets};
use super::events::Weighted;
use crate::cli::SendArgs;
use crate::commands::failure::Failure;
use crate::pgm::Secret;
use crate::report::Output;
use crate::webhooks::Config;
use url::Url;

/// Where the run goes, and what it signs with.
#[derive(Debug)]
pub(super) struct RunTarget {
    pub(super) webhook: Option<String>,
    pub(super) url: Url,
    pub(super) secret: Secret,
}

/// The URL that was typed, or the one webhook that is meant.
pub(super) fn one(
    args: &SendArgs,
    config: &Config,
    events: &[Weighted],
    output: &mut Output,
) -> Result<RunTarget, Failure> {
    let targets = Targets::new(args, config, output)?;
    let mut found: Vec<Target> = Vec::new();
    for weighted in events {
        for target in targets.of_event(Some(&weighted.event), output)? {
            if !found.iter().any(|known| known.webhook == target.webhook) {
                found.push(target);
            }
        }
    }
    let only = Failure::new(match found.len() {
        0 => "no webhook listens to these events".to_owned(),
        n => format!("a load run has one target, but {n} webhooks listen to these events"),
    });
    match (found.pop(), found.is_empty()) {
        (Some(Target { webhook, url, secret: Some(secret) }), true) => {
            Ok(RunTarget { webhook, url, secret })
        }
        _ => Err(only.help("--webhook NAME picks one, --url URL says where else")),
    }
}
