//! `pgwh send`

mod load;
mod single;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};
use url::Url;

use super::bodies::PayloadArgs;
use super::network::NetworkArgs;
use super::secret::{SecretArgs, SigningSecrets};
use super::send_job::OutputArgs;
use super::{CliError, ConfigArgs, Exit, check_single_stdin, named_webhook, require_webhook};
use crate::cli::{self, TargetUrl, TriggeredDate, duration, event_name, number, output_file};
use crate::delivery::{MAX_REPEATS, RetryOn};
use crate::pgm::Secret;
use crate::report::{Output, escape};
use crate::webhooks::{Config, SendDefaults, Webhook};

/// Send events to a URL as PGM does, with retries or under load
///
/// Signs each event as PGM does, sends it to a URL or to the webhooks of pgwh.toml that are
/// subscribed to it, and reports whether PGM would count it as delivered.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "PGWH_SECRET=… pgwh send ClassesBooked --url http://localhost:3000/pgm",
        "pgwh send Test --url https://… --secret-file pgm.secret --retries 3",
        "pgwh send ClassesBooked                           (to subscribed webhooks)",
        "pgwh send UserModified --url … --set user.userEmail=zaneta@example.com",
        "pgwh send ClassesBooked --url … --repeat 4 --parallel   (as PGM sometimes does)",
        "pgwh send UserCardScanned=8 ClassesBooked=2 --url … --duration 30s --rate 500/s",
        "pgwh send --from captures.ndjson --url …          (same id, same body)",
    ],
    &[0, 1, 2, 3, 130, 143],
))]
pub(super) struct SendArgs {
    /// Events to send, each as its own request
    ///
    /// They are sent one after another. With --count or --duration they are mixed, by weights such
    /// as ClassesBooked=2.
    #[arg(
        value_name = "EVENT",
        value_parser = event_name(),
        hide_possible_values = true,
        required_unless_present_any = ["body", "from"],
    )]
    event: Vec<String>,
    /// The URL to call [default: the subscribed webhooks of pgwh.toml]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    url: Option<TargetUrl>,
    /// Send to this webhook of pgwh.toml only; repeatable
    ///
    /// It gets every EVENT, whatever it is subscribed to.
    #[arg(long, value_name = "NAME", conflicts_with = "url")]
    webhook: Vec<String>,
    /// Send captured requests again, with their ids and bodies
    ///
    /// Reads a file, or standard input with `-`. The requests are signed with your secret if there
    /// is one, else they keep the captured signature. With --set, --add, --remove, --set-date,
    /// --edit or --triggered-date they become new requests, with new ids.
    #[arg(
        long,
        value_name = "CAPTURE",
        value_hint = ValueHint::FilePath,
        conflicts_with_all = ["event", "data", "body", "request_id"],
    )]
    from: Option<PathBuf>,
    /// Send only the captured request whose id begins with ID, or the last one
    #[arg(long, value_name = "ID|last", requires = "from", hide_short_help = true)]
    id: Option<String>,
    /// Send only captured requests of this event
    #[arg(id = "from_event", long = "event", value_name = "EVENT", requires = "from", value_parser = event_name(), hide_possible_values = true, hide_short_help = true)]
    from_event: Option<String>,
    /// Use this request id instead of a new one
    #[arg(long, value_name = "ID", allow_hyphen_values = true, hide_short_help = true)]
    request_id: Option<String>,
    /// Set triggeredDate: a date, now, or an offset such as -5m [default: now]
    #[arg(long, value_name = "DATE", allow_hyphen_values = true, hide_short_help = true)]
    triggered_date: Option<TriggeredDate>,
    /// Leave out the request id and the signature, like a webhook without a secret
    #[arg(long, hide_short_help = true)]
    unsigned: bool,
    /// Send a wrong signature, which a receiver must reject
    #[arg(long, hide_short_help = true, conflicts_with = "unsigned")]
    wrong_signature: bool,
    /// Append the requests to a file, as captures
    #[arg(long, value_name = "FILE", value_parser = output_file(), value_hint = ValueHint::FilePath, hide_short_help = true)]
    save: Option<PathBuf>,
    /// Do not add the requests to the requests list
    #[arg(long, hide_short_help = true)]
    no_record: bool,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    delivery: DeliveryArgs,
    #[command(flatten)]
    load: load::LoadArgs,
    #[command(flatten)]
    payload: PayloadArgs,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    network: NetworkArgs,
    /// Send over HTTP/2 instead of HTTP/1.1; header names are then in lower case
    #[arg(long, help_heading = "Network", hide_short_help = true, conflicts_with_all = ["count", "duration"])]
    http2: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// How often requests are sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Delivery")]
struct DeliveryArgs {
    /// Retry up to N times while it fails, with the same id and bytes
    #[arg(long, value_name = "N", value_parser = number::<u32>(0..=MAX_REPEATS.into()))]
    retries: Option<u32>,
    /// Wait this long before each retry [default: 1s]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = duration)]
    retry_delay: Option<Duration>,
    /// Keep the delay between retries fixed, or double it each time [default: fixed]
    #[arg(long, hide_short_help = true, value_name = "HOW", value_enum)]
    backoff: Option<BackoffArg>,
    /// What to retry: failure (anything but a 2xx in time), or any of timeout, unreachable, broken,
    /// 3xx, 4xx, 5xx, a status [default: failure]
    #[arg(long, hide_short_help = true, value_name = "KIND,…", value_delimiter = ',')]
    retry_on: Vec<RetryOn>,
    /// Send the same request N times, whatever the responses
    #[arg(
        long,
        value_name = "N",
        value_parser = number::<u32>(1..=MAX_REPEATS.into()),
        conflicts_with_all = ["retries", "retry_delay", "backoff", "retry_on"],
    )]
    repeat: Option<u32>,
    /// Send all repeats at the same time
    #[arg(long, hide_short_help = true, requires = "repeat")]
    parallel: bool,
}

impl DeliveryArgs {
    /// Refuses flags that say how to retry where nothing is retried.
    fn check_retries(&self) -> Result<(), CliError> {
        let flags = [
            ("--retry-delay", self.retry_delay.is_some()),
            ("--backoff", self.backoff.is_some()),
            ("--retry-on", !self.retry_on.is_empty()),
        ];
        match flags.iter().find(|(_, is_set)| *is_set) {
            Some((flag, _)) if self.retries.is_none() => {
                Err(CliError::new(format!("{flag} has no effect without --retries"))
                    .help("add --retries 3, or leave it out"))
            }
            _ => Ok(()),
        }
    }
}

/// How the wait before a retry grows.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BackoffArg {
    Fixed,
    Exponential,
}

/// Where a request is sent, and how it is signed.
#[derive(Debug, Clone)]
struct Target {
    /// The name of the webhook, if it is one of pgwh.toml.
    webhook: Option<String>,
    url: Url,
    /// The secret; only captured requests can do without.
    secret: Option<Secret>,
}

impl SendArgs {
    pub fn run(mut self, output: &mut Output) -> Result<Exit, CliError> {
        let from = self.from.as_ref().filter(|path| path.as_os_str() == "-").map(|_| "--from");
        let readers = self.payload.stdin_flags().chain(from).chain(self.secret.stdin_flag());
        check_single_stdin(readers)?;
        let config = self.config.load(output)?;
        self.apply_defaults(&config.send);
        self.delivery.check_retries()?;
        if self.load.is_requested() {
            return load::run(&self, &config, output);
        }
        single::run(&self, &config, output)
    }

    /// Fills in what pgwh.toml says.
    fn apply_defaults(&mut self, defaults: &SendDefaults) {
        self.network.apply_defaults(defaults);
        // Repeats are not retries: `--repeat` ignores a default of retries.
        if self.delivery.repeat.is_none() {
            self.delivery.retries = self.delivery.retries.or(defaults.retries);
        }
        self.payload.default_fixtures(defaults.fixtures.as_ref());
    }
}

/// Finds the targets of each request.
#[derive(Debug)]
struct Targets<'a> {
    args: &'a SendArgs,
    config: &'a Config,
    secrets: SigningSecrets,
    /// The one target, where a URL was typed.
    url: Option<Target>,
    /// Whether requests are signed here and now, for which a secret is needed.
    is_signed: bool,
}

impl<'a> Targets<'a> {
    fn new(
        args: &'a SendArgs,
        config: &'a Config,
        is_signed: bool,
        output: &mut Output,
    ) -> Result<Self, CliError> {
        if args.url.is_none() {
            require_webhook(config)?;
        }
        let secrets = SigningSecrets::new(&args.secret, output)?;
        let url = match &args.url {
            None => None,
            Some(url) => {
                let secret = match args.from {
                    _ if !is_signed => None,
                    Some(_) => secrets.optional(output)?,
                    None => Some(secrets.required(output)?),
                };
                Some(Target { webhook: None, url: url.0.clone(), secret })
            }
        };
        Ok(Self { args, config, secrets, url, is_signed })
    }

    /// The targets of an event, where it is known; none when no webhook is subscribed to it.
    fn of(&self, event: Option<&str>, output: &mut Output) -> Result<Vec<Target>, CliError> {
        if let Some(url) = &self.url {
            return Ok(vec![url.clone()]);
        }
        let webhooks = match (&self.args.webhook[..], event) {
            ([], Some(event)) => self.config.webhooks_for(event),
            ([], None) => {
                return Err(CliError::new(
                    "the body names no event, so no webhook is subscribed to it",
                )
                .help("choose where it goes with --webhook NAME or --url URL"));
            }
            (names, event) => self.named(names, event, output)?,
        };
        webhooks.into_iter().map(|webhook| self.target(webhook, output)).collect()
    }

    fn named(
        &self,
        names: &[String],
        event: Option<&str>,
        output: &mut Output,
    ) -> Result<Vec<&'a Webhook>, CliError> {
        let mut webhooks = Vec::new();
        for name in names {
            let webhook = named_webhook(self.config, name)?;
            if let Some(event) = event.filter(|event| !webhook.is_subscribed_to(event)) {
                let name = escape(name);
                let text =
                    format!("{name} is not subscribed to {}: PGM would not call it", escape(event));
                output.warn(text);
            }
            webhooks.push(webhook);
        }
        Ok(webhooks)
    }

    fn target(&self, webhook: &Webhook, output: &mut Output) -> Result<Target, CliError> {
        let secret = match self.is_signed {
            false => None,
            true => Some(self.secrets.for_webhook(self.config, webhook.name.as_str(), output)?),
        };
        Ok(Target { webhook: Some(webhook.name.to_string()), url: webhook.url.clone(), secret })
    }
}
