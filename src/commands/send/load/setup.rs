//! What a run sends and where to, from the arguments.

use url::Url;

use super::super::targets::{Target, Targets};
use crate::cli::SendArgs;
use crate::commands::error::CliError;
use crate::commands::{bodies, system};
use crate::load::{BodyTemplate, LoadConfig, StopAfter};
use crate::pgm::Secret;
use crate::report::{Output, escape};
use crate::webhooks::Config;

/// Connections of a run without a rate, as other load generators have it.
const CONNECTIONS: u32 = 64;
/// The most connections of a run with a rate: only a target that stalls needs so many.
const CONNECTIONS_AT_A_RATE: u32 = 512;

/// An event and its weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WeightedEvent {
    pub(super) event: String,
    pub(super) weight: u32,
}

/// The target of a run, and the secret that it signs with.
#[derive(Debug)]
pub(super) struct LoadTarget {
    pub(super) webhook: Option<String>,
    pub(super) url: Url,
    pub(super) secret: Secret,
}

/// The events of the command line, such as `UserCardScanned=8 ClassesBooked=2`.
pub(super) fn events(args: &SendArgs) -> Result<Vec<WeightedEvent>, CliError> {
    let weighted = |text: &String| {
        let Some((event, weight)) = text.rsplit_once('=') else {
            return Ok(WeightedEvent { event: text.clone(), weight: 1 });
        };
        match weight.parse() {
            Ok(weight @ 1..) => Ok(WeightedEvent { event: event.to_owned(), weight }),
            _ => Err(CliError::new(format!(
                "{}: a weight is a whole number from 1, as in {}=8",
                escape(text),
                escape(event)
            ))),
        }
    };
    args.event.iter().map(weighted).collect()
}

/// Their bodies, with placeholders for what varies.
pub(super) fn templates(
    events: &[WeightedEvent],
    args: &SendArgs,
) -> Result<Vec<(u32, BodyTemplate)>, CliError> {
    let names: Vec<_> = events.iter().map(|weighted| weighted.event.clone()).collect();
    let samples = bodies::samples(&names, &args.payload, system::now())?;
    let template = |(WeightedEvent { event, weight }, sample): (&_, crate::fixtures::Fixture)| {
        BodyTemplate::new(&sample.event, sample.data, &args.load.vary)
            .map(|template| (*weight, template))
            .map_err(|error| bodies::edit_error("--vary", event, error))
    };
    events.iter().zip(samples).map(template).collect()
}

/// The URL that was typed, or the one webhook that is subscribed to the events.
pub(super) fn target(
    args: &SendArgs,
    config: &Config,
    events: &[WeightedEvent],
    output: &mut Output,
) -> Result<LoadTarget, CliError> {
    let targets = Targets::new(args, config, output)?;
    let mut found: Vec<Target> = Vec::new();
    for weighted in events {
        for target in targets.of_event(Some(&weighted.event), output)? {
            if !found.iter().any(|known| known.webhook == target.webhook) {
                found.push(target);
            }
        }
    }
    let error = CliError::new(match found.len() {
        0 => "no webhook is subscribed to these events".to_owned(),
        n => format!("a load run has one target, but {n} webhooks are subscribed to these events"),
    });
    match (found.pop(), found.is_empty()) {
        (Some(Target { webhook, url, secret: Some(secret) }), true) => {
            Ok(LoadTarget { webhook, url, secret })
        }
        _ => Err(error.help("pick one with --webhook NAME, or send elsewhere with --url URL")),
    }
}

/// How the run goes.
pub(super) fn config(args: &SendArgs) -> LoadConfig {
    let load = &args.load;
    let default = if load.rate.is_some() { CONNECTIONS_AT_A_RATE } else { CONNECTIONS };
    let connections = load.concurrency.unwrap_or(default) as usize;
    let threads = match load.threads {
        Some(threads) => (threads as usize).min(connections),
        None => LoadConfig::default_threads(load.rate, connections),
    };
    LoadConfig {
        stop_after: match (load.count, load.duration) {
            (Some(count), _) => StopAfter::Count(count),
            (None, duration) => StopAfter::Duration(duration.unwrap_or_default()),
        },
        rate: load.rate,
        connections,
        threads,
        repeat_share: load.repeat_rate,
    }
}

/// File descriptors that are open besides connections.
#[cfg(unix)]
const OTHER_DESCRIPTORS: u64 = 64;

/// Raises this process's soft limit of open files, so that each connection can have one. Where the
/// hard limit is lower, connections beyond it fail with an error that says so.
#[cfg(unix)]
pub(super) fn raise_open_file_limit(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let needed = connections as u64 + OTHER_DESCRIPTORS;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= needed) {
        return;
    }
    let raised = maximum.map_or(needed, |maximum| needed.min(maximum));
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum });
}

/// There is no such limit on other systems.
#[cfg(not(unix))]
pub(super) fn raise_open_file_limit(_: usize) {}
