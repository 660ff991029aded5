//! `pgwh check-target`

mod run;

use std::cell::RefCell;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, ValueParser, ValueParserFactory};
use clap::{Args, ValueHint};
use serde_json::Value;
use url::Url;

use super::network::NetworkArgs;
use super::reports::ReportArgs;
use super::secret::{SecretArgs, SigningSecrets};
use super::{
    CliError, ConfigArgs, Exit, StopSignals, bodies, config_file, named_webhook, now, with_signals,
};
use crate::check::{self, CheckConfig, CheckReport, PROBES, Readiness, anonymize, find};
use crate::cli::{self, TargetUrl, check_id, duration, event_name, number, time_limit, url_parser};
use crate::fixtures::Fixtures;
use crate::pgm::{self, Secret};
use crate::report::{Output, ReportFormat, check_report, probe_list, probe_list_json, probe_page};
use crate::text::nearest;
use crate::webhooks::Webhook;

/// Stands for every event in `--events`.
const ALL: &str = "all";

/// More requests than this at once say more about this machine than about the target.
const MAX_REQUESTS: u64 = 1000;

/// Check whether a URL is ready for PGM
///
/// Checks whether a target meets PGM's requirements and handles what PGM sends. By default it sends
/// only the event Test and one that does not exist, so nothing is booked anywhere.
#[derive(Debug, Args)]
#[command(
    after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
            "PGWH_SECRET=… pgwh check-target https://staging.example.com/hooks/pgm",
            "pgwh check-target https://… --events all --strict --require-signature",
            "pgwh check-target http://localhost:3000/pgm --start 'npm start' --format json",
            "pgwh check-target booking                   (a webhook of pgwh.toml)",
            "pgwh check-target --list",
            "pgwh check-target --explain four-at-once",
        ],
        &[0, 1, 2, 3, 130, 143],
    ),
    mut_arg("timeout", |arg| {
        arg.help("How long to wait for a response at all [default: 10s]").long_help(
            "How long to wait for a response at all [default: 10s]\n\nA response after --max-time \
             fails, but the report says how late it was.",
        )
    }),
)]
pub(super) struct CheckTargetArgs {
    /// The URL to check, or the name of a webhook of pgwh.toml
    #[arg(
        value_name = "URL|NAME",
        value_hint = ValueHint::Url,
        required_unless_present_any = ["list", "explain", "all_webhooks"],
    )]
    target: Option<CheckedTarget>,
    /// Check every webhook of pgwh.toml, one after another
    #[arg(long, conflicts_with_all = ["target", "start"])]
    all_webhooks: bool,
    /// Wait up to this long for the target to accept connections
    #[arg(long, value_name = "TIME", value_parser = duration)]
    wait: Option<Duration>,
    /// Start the target with this shell command, and end it after the check
    ///
    /// Waits until the target accepts a connection (--wait, by default 60s). Everything that the
    /// command started ends with it. Its output goes to stderr.
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    start: Option<String>,
    #[command(flatten)]
    checks: ChecksArgs,
    #[command(flatten)]
    reports: ReportArgs,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    network: NetworkArgs,
}

/// Which checks are made, and how strictly.
#[derive(Debug, Args)]
#[command(next_help_heading = "Checks")]
struct ChecksArgs {
    /// Run only these checks; --list shows all
    #[arg(long, value_name = "ID,…", value_delimiter = ',', value_parser = ids(), hide_possible_values = true)]
    only: Vec<String>,
    /// Skip these checks
    #[arg(long, hide_short_help = true, value_name = "ID,…", value_delimiter = ',', value_parser = ids(), hide_possible_values = true)]
    skip: Vec<String>,
    /// Treat recommendations as requirements
    #[arg(long)]
    strict: bool,
    /// Fail if bad signatures are accepted
    #[arg(long)]
    require_signature: bool,
    /// Accept a URL that PGM would not call: not https, or not on port 443
    #[arg(long, hide_short_help = true)]
    allow_url: bool,
    /// Also send these events: names, or `all`. Every id in them is 999999999
    #[arg(
        long,
        value_name = "all|EVENT,…",
        value_delimiter = ',',
        value_parser = event_name(),
        hide_possible_values = true,
    )]
    events: Vec<String>,
    /// Measure the time of N responses
    #[arg(long, hide_short_help = true, value_name = "N", default_value = "5", value_parser = number::<u32>(1..=MAX_REQUESTS))]
    samples: u32,
    /// How long a response may take: 5s, which is all that PGM allows, or less
    #[arg(long, hide_short_help = true, value_name = "TIME", default_value = "5s", value_parser = max_time)]
    max_time: Duration,
    /// Also send N different requests at once
    #[arg(long, value_name = "N", value_parser = number::<u32>(1..=MAX_REQUESTS))]
    burst: Option<u32>,
    /// List the checks with their levels and sources
    #[arg(long, conflicts_with_all = ["target", "explain"])]
    list: bool,
    /// Explain what a check sends, why it matters and what to do; without ID, list them
    #[arg(
        long,
        value_name = "ID",
        num_args = 0..=1,
        default_missing_value = "",
        value_parser = check_id(),
        hide_possible_values = true,
        conflicts_with_all = ["target", "report"],
    )]
    explain: Option<String>,
}

/// Reads a time limit that is not longer than PGM's own: a target that needs more is not ready.
fn max_time(text: &str) -> Result<Duration, String> {
    match time_limit(text)? {
        limit if limit <= pgm::TIMEOUT => Ok(limit),
        _ => Err("expected at most 5s, which is all that PGM allows".to_owned()),
    }
}

/// The ids of the checks; clap suggests the nearest for a mistyped one.
fn ids() -> PossibleValuesParser {
    PossibleValuesParser::new(PROBES.iter().map(|probe| probe.id))
}

/// What `check-target` checks: a URL, or a webhook by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum CheckedTarget {
    /// The URL itself.
    Url(TargetUrl),
    /// The webhook's name.
    Webhook(String),
}

impl FromStr for CheckedTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(url) => Ok(Self::Url(url)),
            // No name looks like this.
            Err(error) if text.is_empty() || text.contains(['/', ':', '.']) => Err(error),
            Err(_) => Ok(Self::Webhook(text.to_owned())),
        }
    }
}

impl ValueParserFactory for CheckedTarget {
    type Parser = ValueParser;

    fn value_parser() -> ValueParser {
        url_parser::<Self>()
    }
}

/// The name of the webhook, if the target is one; its URL; the secret it should know.
type NamedTarget = (Option<String>, Url, Secret);

impl CheckTargetArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        if self.checks.list || self.checks.explain.is_some() {
            let text = describe_probes(self, output)?;
            output.stdout(text);
            return Ok(Exit::Yes);
        }
        let reports = self.reports.open()?;
        let mut targets = Vec::new();
        for (webhook, url, secret) in self.named_targets(output)? {
            let mut config = CheckConfig { webhook, ..self.check_config(url, secret)? };
            check::check_selection(&config)?;
            let client = self.network.probe_client(&config.url, config.limit)?;
            config.is_proxied = client.is_proxied();
            targets.push((client, config));
        }
        let (checked, interrupted) = with_signals(async |signals: &mut StopSignals| {
            let mut checked = Vec::new();
            for (client, config) in &targets {
                let found = RefCell::default();
                let work = run::check_one(client, config, self, &found, output);
                tokio::select! {
                    biased;
                    exit = signals.next() => {
                        checked.push(check::interrupted(config, found.take()));
                        return Ok((checked, Some(exit)));
                    }
                    report = work => checked.push(report?),
                }
            }
            Ok((checked, None))
        })?;
        let palette = output.palette();
        reports.publish(output, |format| check_report(format, &checked, palette))?;
        Ok(interrupted.unwrap_or_else(|| worst(&checked)))
    }

    /// The targets that the arguments name, each with the secret it should know. A secret of the
    /// arguments goes before a webhook's own.
    fn named_targets(&self, output: &mut Output) -> Result<Vec<NamedTarget>, CliError> {
        let secrets = SigningSecrets::new(&self.secret, output)?;
        if let Some(CheckedTarget::Url(url)) = &self.target {
            return Ok(vec![(None, url.0.clone(), secrets.required(output)?)]);
        }
        let config = self.config.load(output)?;
        let webhooks = match &self.target {
            Some(CheckedTarget::Webhook(name)) => vec![named_webhook(&config, name)?],
            _ => config.webhooks.iter().collect(),
        };
        if webhooks.is_empty() {
            return Err(CliError::new(format!("no webhooks in {}", config_file(&config)))
                .help("`pgwh webhook add NAME --url URL --secret-env VARIABLE` adds one"));
        }
        let target = |webhook: &Webhook| {
            let secret = secrets.for_webhook(&config, webhook.name.as_str(), output)?;
            Ok((Some(webhook.name.to_string()), webhook.url.clone(), secret))
        };
        webhooks.into_iter().map(target).collect()
    }

    /// How a target is checked.
    fn check_config(&self, url: Url, secret: Secret) -> Result<CheckConfig, CliError> {
        let checks = &self.checks;
        checks.require_flags()?;
        Ok(CheckConfig {
            events: events(&checks.events)?,
            headers: self.network.headers(),
            limit: checks.max_time,
            samples: checks.samples,
            burst: checks.burst,
            allow_url: checks.allow_url,
            require_signature: checks.require_signature,
            own_authority: self.network.has_own_authority(),
            only: checks.only.clone(),
            skip: checks.skip.clone(),
            strict: checks.strict,
            ..CheckConfig::new(url, secret, now())
        })
    }
}

impl ChecksArgs {
    /// Refuses a check that is named, but would be skipped for want of its own flag: it would seem
    /// to pass.
    fn require_flags(&self) -> Result<(), CliError> {
        let named = |id: &str| self.only.iter().any(|only| only == id);
        for id in ["every-event", "unknown-member"] {
            if named(id) && self.events.is_empty() {
                let error = CliError::new(format!("--only {id} needs --events"));
                return Err(error.help("add --events all"));
            }
        }
        if named("burst") && self.burst.is_none() {
            return Err(CliError::new("--only burst needs --burst").help("add --burst 50"));
        }
        Ok(())
    }
}

/// The events with payloads in which no id is anybody's.
fn events(names: &[String]) -> Result<Vec<(String, Value)>, CliError> {
    let fixtures = Fixtures::open(None)?;
    let names = match names {
        _ if names.iter().any(|name| name == ALL) => fixtures.names(),
        names => names.iter().map(String::as_str).collect(),
    };
    let event = |name: &str| {
        let sample = bodies::sample(name, &fixtures, now())?;
        Ok((sample.event, anonymize(sample.data)))
    };
    names.into_iter().map(event).collect()
}

/// A target that is not ready counts before one that is not there.
fn worst(reports: &[CheckReport]) -> Exit {
    let any = |exit| reports.iter().any(|report| exit_for(&report.readiness) == exit);
    [Exit::No, Exit::Unreachable, Exit::Usage]
        .into_iter()
        .find(|exit| any(*exit))
        .unwrap_or(Exit::Yes)
}

fn exit_for(readiness: &Readiness) -> Exit {
    match readiness {
        Readiness::Ready => Exit::Yes,
        Readiness::NotReady => Exit::No,
        Readiness::Unreachable { .. } => Exit::Unreachable,
        Readiness::Interrupted => Exit::Interrupted,
        Readiness::Unchecked => Exit::Usage,
    }
}

fn describe_probes(args: &CheckTargetArgs, output: &Output) -> Result<String, CliError> {
    let palette = output.palette();
    let probe = match args.checks.explain.as_deref() {
        None | Some("") => None,
        Some(id) => Some(find(id).ok_or_else(|| unknown_check(id))?),
    };
    match (args.reports.format, probe) {
        (ReportFormat::Json, probe) => Ok(probe_list_json(probe.map(|probe| probe.id))),
        (ReportFormat::Human, Some(probe)) => Ok(probe_page(probe, output.stdout_width(), palette)),
        (ReportFormat::Human, None) => Ok(probe_list(palette)),
        _ => Err(CliError::new("--list and --explain need --format human or json")),
    }
}

fn unknown_check(id: &str) -> CliError {
    let known: Vec<_> = PROBES.iter().map(|probe| probe.id).collect();
    CliError::new(format!("there is no check {id:?}"))
        .suggest(nearest(id, &known))
        .help("`pgwh check-target --list` lists all")
}
