//! From arguments to the targets that are checked, and how.

use serde_json::Value;
use url::Url;

use crate::check::{CheckConfig, anonymize};
use crate::cli::{CheckTargetArgs, CheckedTarget, ChecksArgs, HeaderArg};
use crate::commands::error::CliError;
use crate::commands::{bodies, config as webhooks_file, secret, system};
use crate::fixtures::Fixtures;
use crate::pgm::Secret;
use crate::report::Output;
use crate::webhooks::{Config, Webhook};

/// Stands for every event in `--events`.
const ALL: &str = "all";

/// A target with the secret it should know.
pub(super) struct NamedTarget {
    pub(super) url: Url,
    secret: Secret,
}

/// The targets that the arguments name. A secret of the arguments goes before a webhook's own.
pub(super) fn named(
    args: &CheckTargetArgs,
    output: &mut Output,
) -> Result<Vec<NamedTarget>, CliError> {
    match &args.target {
        Some(CheckedTarget::Url(url)) => {
            let secret = secret::required(&args.secret, output)?;
            secret::warn_if_mangled(&secret, secret::source(&args.secret), output);
            Ok(vec![NamedTarget { url: url.0.clone(), secret }])
        }
        Some(CheckedTarget::Webhook(name)) => {
            let config = webhooks_file::load(args.config.config.as_deref(), output)?;
            Ok(vec![webhook(&config, webhooks_file::webhook(&config, name)?, args, output)?])
        }
        None => {
            let config = webhooks_file::load(args.config.config.as_deref(), output)?;
            if config.webhooks.is_empty() {
                let file = webhooks_file::file(&config);
                return Err(CliError::new(format!("no webhooks in {file}"))
                    .help("`pgwh webhook add NAME --url URL --secret-env VARIABLE` adds one"));
            }
            config.webhooks.iter().map(|one| webhook(&config, one, args, output)).collect()
        }
    }
}

fn webhook(
    config: &Config,
    webhook: &Webhook,
    args: &CheckTargetArgs,
    output: &mut Output,
) -> Result<NamedTarget, CliError> {
    let secret = match secret::typed(&args.secret, output)? {
        Some(secret) => secret,
        None => webhooks_file::secret(config, webhook)?,
    };
    secret::warn_if_mangled(&secret, &format!("the webhook {}", webhook.name), output);
    Ok(NamedTarget { url: webhook.url.clone(), secret })
}

/// How a target is checked.
pub(super) fn config(
    target: &NamedTarget,
    args: &CheckTargetArgs,
) -> Result<CheckConfig, CliError> {
    let checks = &args.checks;
    require_flags(checks)?;
    let header = |header: &HeaderArg| (header.name.clone(), header.value.clone());
    Ok(CheckConfig {
        events: events(&checks.events)?,
        headers: args.network.header.iter().map(header).collect(),
        limit: checks.max_time,
        samples: checks.samples,
        burst: checks.burst,
        allow_url: checks.allow_url,
        require_signature: checks.require_signature,
        own_authority: args.network.ca_cert.is_some(),
        only: checks.only.clone(),
        skip: checks.skip.clone(),
        strict: checks.strict,
        ..CheckConfig::new(target.url.clone(), target.secret.clone(), system::now())
    })
}

/// A check that is named, but skipped for want of its own flag, would seem to pass.
fn require_flags(checks: &ChecksArgs) -> Result<(), CliError> {
    let named = |id: &str| checks.only.iter().any(|only| only == id);
    for id in ["every-event", "unknown-member"] {
        if named(id) && checks.events.is_empty() {
            let error = CliError::new(format!("--only {id} needs --events"));
            return Err(error.help("add --events all"));
        }
    }
    if named("burst") && checks.burst.is_none() {
        return Err(CliError::new("--only burst needs --burst").help("add --burst 50"));
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
        let sample = bodies::sample(name, &fixtures, false, system::now())?;
        Ok((sample.event, anonymize(sample.data)))
    };
    names.into_iter().map(event).collect()
}
