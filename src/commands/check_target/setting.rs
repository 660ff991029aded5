//! From arguments to what is wanted of a check.

use serde_json::Value;

use super::super::error::CliError;
use super::super::{bodies, edge};
use super::wanted::Wanted;
use crate::check::{Setting, synthetic};
use crate::cli::{CheckTargetArgs, ChecksArgs};
use crate::fixtures::Fixtures;

/// Stands for every event in `--events`.
const ALL: &str = "all";

pub(super) fn setting(wanted: &Wanted, args: &CheckTargetArgs) -> Result<Setting, CliError> {
    let checks = &args.checks;
    asked_for_what_only_names(checks)?;
    let header = |header: &crate::cli::HeaderArg| (header.name.clone(), header.value.clone());
    Ok(Setting {
        url: wanted.url.clone(),
        events: events(&checks.events)?,
        secret: wanted.secret.clone(),
        headers: args.network.header.iter().map(header).collect(),
        now: edge::now(),
        limit: checks.max_time,
        samples: checks.samples,
        burst: checks.burst,
        allow_url: checks.allow_url,
        require_signature: checks.require_signature,
        own_authority: args.network.ca_cert.is_some(),
        only: checks.only.clone(),
        skip: checks.skip.clone(),
        strict: checks.strict,
    })
}

/// A check that is named, but skipped for want of its own flag, would pass unseen.
fn asked_for_what_only_names(checks: &ChecksArgs) -> Result<(), CliError> {
    let named = |id: &str| checks.only.iter().any(|only| only == id);
    if named("every-event") && checks.events.is_empty() {
        return Err(CliError::new("--only every-event needs --events").help("--events all"));
    }
    if named("burst") && checks.burst.is_none() {
        return Err(CliError::new("--only burst needs --burst").help("--burst 50"));
    }
    Ok(())
}

/// The events with payloads in which no id is anybody's.
fn events(names: &[String]) -> Result<Vec<(String, Value)>, CliError> {
    let fixtures = Fixtures::open(None)?;
    let names = match names {
        _ if names.iter().any(|name| name == ALL) => fixtures.names(),
        names => names.iter().map(String::as_str).collect(),
    };
    let event = |name: &str| {
        let sample = bodies::sample(name, &fixtures, false)?;
        Ok((sample.event, synthetic(sample.data)))
    };
    names.into_iter().map(event).collect()
}
