//! `pgwh send`

mod load;
mod requests;
mod targets;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use url::Url;

use super::bodies::PayloadArgs;
use super::network::NetworkArgs;
use super::secret::SecretArgs;
use super::send_job::{CaptureFile, OutputArgs, SendJob, SendOptions};
use super::{
    CliError, ConfigArgs, Exit, NO_RECORD_HELP, block_on, check_single_stdin, config_file, now,
    recorder, show_warnings,
};
use crate::cli::{TargetUrl, TriggeredDate, duration, event_name, help, number};
use crate::delivery::{
    Backoff, DeliveryVerdict, HttpTransport, Protocol, RetryOn, RetryPolicy, SendMode,
};
use crate::pgm::Secret;
use crate::report::{Output, escape, round_summary, subscriptions};
use crate::text::Diagnostic;
use crate::webhooks::{Config, SendDefaults};

/// Send events to a URL as PGM does, with retries or under load
///
/// Signs each event as PGM does, sends it to a URL or to the webhooks of pgwh.toml that are
/// subscribed to it, and reports whether PGM would count it as delivered.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
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
    /// Send to this webhook of pgwh.toml only, whatever it is subscribed to
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
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
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
    #[arg(long, value_name = "N", value_parser = number::<u32>(0..=MAX_RETRIES))]
    retries: Option<u32>,
    /// Wait this long before each retry
    #[arg(long, hide_short_help = true, value_name = "TIME", default_value = "1s", value_parser = duration)]
    retry_delay: Duration,
    /// Keep the delay between retries fixed, or double it each time
    #[arg(long, hide_short_help = true, value_name = "HOW", default_value = "fixed", value_enum)]
    backoff: BackoffArg,
    /// What to retry: failure (anything but a 2xx in time), or any of timeout, unreachable, broken,
    /// 3xx, 4xx, 5xx, a status
    #[arg(
        long,
        hide_short_help = true,
        value_name = "KIND,…",
        default_value = "failure",
        value_delimiter = ','
    )]
    retry_on: Vec<RetryOn>,
    /// Send the same request N times, whatever the responses
    #[arg(
        long,
        value_name = "N",
        value_parser = number::<u32>(1..=MAX_REPEATS),
        conflicts_with_all = ["retries", "retry_delay", "backoff", "retry_on"],
    )]
    repeat: Option<u32>,
    /// Send all repeats at the same time
    #[arg(long, hide_short_help = true, requires = "repeat")]
    parallel: bool,
}

/// How the wait before a retry grows.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BackoffArg {
    Fixed,
    Exponential,
}

/// More than this is a load run: --count.
const MAX_REPEATS: u64 = 1000;

/// More retries than this never end.
const MAX_RETRIES: u64 = 1000;

/// Where a request is sent, and how it is signed.
#[derive(Debug, Clone)]
struct Target {
    /// The name of the webhook, if it is one of pgwh.toml.
    webhook: Option<String>,
    url: Url,
    /// The secret; only captured requests can do without.
    secret: Option<Secret>,
}

/// Requests that are sent at the same time: one event to several webhooks.
type Round = Vec<(SendJob, HttpTransport)>;

impl SendArgs {
    pub fn run(mut self, output: &mut Output) -> Result<Exit, CliError> {
        let from = self.from.as_ref().filter(|path| path.as_os_str() == "-").map(|_| "--from");
        let readers = self.payload.stdin_flags().chain(from).chain(self.secret.stdin_flag());
        check_single_stdin(readers)?;
        let config = self.config.load(output)?;
        self.apply_defaults(&config.send);
        if self.load.is_requested() {
            return load::run(&self, &config, output);
        }
        let requests = requests::all(&self, output)?;
        let targets = targets::Targets::new(&self, &config, !self.unsigned, output)?;
        let mut rounds = Vec::new();
        for request in &requests {
            let targets = targets.of(request.event().as_deref(), output)?;
            if targets.is_empty() {
                no_subscriber(request, &config, output);
                return Ok(Exit::No);
            }
            rounds.push(jobs(request, targets, &self, output)?);
        }
        check_single_id(&requests, &rounds)?;
        let rounds = with_transports(rounds, &self, output)?;
        let save =
            self.save.as_deref().map(|path| CaptureFile::open("--save", path)).transpose()?;
        block_on(send_all(&self, &rounds, &config, save, output))
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

async fn send_all(
    args: &SendArgs,
    rounds: &[Round],
    config: &Config,
    mut save: Option<CaptureFile>,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let recorder = recorder(!args.no_record, config);
    let options = SendOptions::new(
        &args.output,
        output.palette(),
        args.network.timeout(),
        send_mode(&args.delivery),
        &recorder,
    );
    let mut worst = DeliveryVerdict::Delivered;
    for (n, round) in rounds.iter().enumerate() {
        if let Some(save) = &mut save {
            for (job, _) in round {
                save.append(&job.request, &job.url, now())?;
            }
        }
        if n > 0 && args.output.shows_steps() {
            output.stdout("\n");
        }
        let named = args.output.shows_verdict_only() && rounds.len() > 1;
        worst = worst.max(send_round(args, &options, round, named, output).await);
        show_warnings(&recorder, NO_RECORD_HELP, output);
    }
    Ok(Exit::from(worst))
}

/// A single request is reported as it happens. Several are sent at the same time and reported in
/// order, each as soon as it and those before it have ended.
async fn send_round(
    args: &SendArgs,
    options: &SendOptions<'_>,
    round: &Round,
    named: bool,
    output: &mut Output,
) -> DeliveryVerdict {
    if let [(job, transport)] = &round[..] {
        let name = job.event.as_deref().filter(|_| named);
        let name = name.map(|event| format!("{}: ", escape(event))).unwrap_or_default();
        return options
            .deliver(job, transport, |text| output.stdout(format!("{name}{text}")))
            .await;
    }
    let mut deliveries: FuturesOrdered<_> =
        round.iter().map(|(job, transport)| block(args, options, job, transport)).collect();
    let mut verdicts = Vec::new();
    while let Some((text, verdict)) = deliveries.next().await {
        output.stdout(text);
        verdicts.push(verdict);
    }
    if args.output.shows_steps() {
        output.stdout(round_summary(&verdicts, output.palette()));
    }
    verdicts.into_iter().max().unwrap_or(DeliveryVerdict::Delivered)
}

/// A delivery as one block of text, with the webhook that it is for.
async fn block(
    args: &SendArgs,
    options: &SendOptions<'_>,
    job: &SendJob,
    transport: &HttpTransport,
) -> (String, DeliveryVerdict) {
    let mut text = String::new();
    if let Some(name) = job.webhook.as_deref().filter(|_| args.output.shows_verdict_only()) {
        text += &format!("{}: ", escape(name));
    }
    let verdict = options.deliver(job, transport, |piece| text += &piece).await;
    if args.output.shows_steps() {
        text.push('\n');
    }
    (text, verdict)
}

/// A signed request for each target.
fn jobs(
    request: &requests::UnsignedRequest,
    targets: Vec<Target>,
    args: &SendArgs,
    output: &mut Output,
) -> Result<Vec<SendJob>, CliError> {
    let headers = args.network.headers();
    let mut jobs = Vec::new();
    for Target { webhook, url, secret } in targets {
        let signed = request.sign(secret.as_ref(), args, output)?.with(&headers);
        let event = request.event();
        let from_capture = args.from.is_some();
        jobs.push(SendJob { event, webhook, url, request: signed, from_capture, stored: None });
    }
    Ok(jobs)
}

/// Makes one transport per URL, so that its warnings are shown once.
fn with_transports(
    rounds: Vec<Vec<SendJob>>,
    args: &SendArgs,
    output: &mut Output,
) -> Result<Vec<Round>, CliError> {
    let mut urls: Vec<_> = Vec::new();
    for job in rounds.iter().flatten() {
        if !urls.contains(&job.url) {
            urls.push(job.url.clone());
        }
    }
    let protocol = if args.http2 { Protocol::Http2 } else { Protocol::Http1 };
    let ready = args.network.transports(&urls.iter().collect::<Vec<_>>(), protocol, output)?;
    let ready: Vec<_> = urls.into_iter().zip(ready).collect();
    let with_transport = |job: SendJob| {
        let found = ready.iter().find(|(url, _)| *url == job.url)?;
        Some((job, found.1.clone()))
    };
    Ok(rounds
        .into_iter()
        .map(|round| round.into_iter().filter_map(with_transport).collect())
        .collect())
}

/// `--request-id` can identify one request only.
fn check_single_id(
    requests: &[requests::UnsignedRequest],
    rounds: &[Vec<SendJob>],
) -> Result<(), CliError> {
    let total: usize = rounds.iter().map(Vec::len).sum();
    if total < 2 || !requests.iter().any(requests::UnsignedRequest::has_chosen_id) {
        return Ok(());
    }
    if requests.len() > 1 {
        return Err(CliError::new(
            "--request-id identifies one request, but there are several events",
        )
        .help("send them one at a time"));
    }
    Err(CliError::new("--request-id identifies one request, but there are several webhooks")
        .help("pick one with --webhook NAME"))
}

fn no_subscriber(request: &requests::UnsignedRequest, config: &Config, output: &mut Output) {
    let event = escape(&request.event().unwrap_or_default());
    let message = format!("no webhook in {} is subscribed to {event}", config_file(config));
    output.fail(Diagnostic { message, help: subscriptions(&config.webhooks) });
}

fn send_mode(args: &DeliveryArgs) -> SendMode {
    match args.repeat {
        Some(times) if args.parallel => SendMode::RepeatAtOnce(times),
        Some(times) => SendMode::Repeat(times),
        None => SendMode::Retry(RetryPolicy {
            retries: args.retries.unwrap_or_default(),
            delay: args.retry_delay,
            backoff: match args.backoff {
                BackoffArg::Fixed => Backoff::Fixed,
                BackoffArg::Exponential => Backoff::Exponential,
            },
            retry_on: args.retry_on.clone(),
        }),
    }
}
