//! `pgwh send`

mod load;
mod requests;
mod targets;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;

use self::requests::UnsignedRequest;
use self::targets::{Target, Targets};
use super::error::CliError;
use super::save::CaptureFile;
use super::send_job::{SendJob, SendOptions};
use super::{Exit, config, defaults, input, network, requests_list, runtime, system};
use crate::cli::{BackoffArg, DeliveryArgs, FormatArg, HeaderArg, SendArgs};
use crate::delivery::{Backoff, DeliveryVerdict, HttpTransport, Protocol, RetryPolicy, SendMode};
use crate::report::{Output, escape, round_summary, subscriptions};
use crate::text::Diagnostic;
use crate::webhooks::Config;

/// Requests that are sent at the same time: one event to several webhooks.
type Round = Vec<(SendJob, HttpTransport)>;

pub(super) fn run(mut args: SendArgs, output: &mut Output) -> Result<Exit, CliError> {
    input::check_single_stdin(&args.payload, &args.secret, args.from.as_ref())?;
    let config = config::load(args.config.config.as_deref(), output)?;
    defaults::send(&mut args, &config.send);
    if args.load.is_requested() {
        return load::run(&args, &config, output);
    }
    let requests = requests::all(&args, output)?;
    let targets = Targets::new(&args, &config, output)?;
    let mut rounds = Vec::new();
    for request in &requests {
        let targets = targets.of(request, output)?;
        if targets.is_empty() {
            no_subscriber(request, &config, output);
            return Ok(Exit::No);
        }
        rounds.push(jobs(request, targets, &args, output)?);
    }
    check_single_id(&requests, &rounds)?;
    let rounds = with_transports(rounds, &args, output)?;
    let save = args.save.as_deref().map(|path| CaptureFile::open("--save", path)).transpose()?;
    runtime::block_on(send_all(&args, &rounds, &config, save, output))
}

async fn send_all(
    args: &SendArgs,
    rounds: &[Round],
    config: &Config,
    mut save: Option<CaptureFile>,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let recorder = requests_list::recorder(!args.no_record, config);
    let options = SendOptions {
        palette: output.palette(),
        format: args.format,
        verbose: args.verbose,
        quiet: args.quiet,
        timeout: args.network.timeout(),
        mode: send_mode(&args.delivery),
        recorder: &recorder,
    };
    let mut worst = DeliveryVerdict::Delivered;
    for (n, round) in rounds.iter().enumerate() {
        if let Some(save) = &mut save {
            for (job, _) in round {
                save.append(&job.request, &job.url, system::now())?;
            }
        }
        if n > 0 && options.shows_steps() {
            output.stdout("\n");
        }
        let named = options.quiet && rounds.len() > 1;
        worst = worst.max(send_round(&options, round, named, output).await);
        requests_list::show_warnings(&recorder, requests_list::NO_RECORD_HELP, output);
    }
    Ok(Exit::from(worst))
}

/// A single request is reported as it happens. Several are sent at the same time and reported in
/// order, each as soon as it and those before it have ended.
async fn send_round(
    options: &SendOptions<'_>,
    round: &Round,
    named: bool,
    output: &mut Output,
) -> DeliveryVerdict {
    if let [(job, transport)] = &round[..] {
        let name = job.event.as_deref().filter(|_| named && options.format == FormatArg::Human);
        let name = name.map(|event| format!("{}: ", escape(event))).unwrap_or_default();
        return options
            .deliver(job, transport, |text| output.stdout(format!("{name}{text}")))
            .await;
    }
    let mut deliveries: FuturesOrdered<_> =
        round.iter().map(|(job, transport)| block(options, job, transport)).collect();
    let mut verdicts = Vec::new();
    while let Some((text, verdict)) = deliveries.next().await {
        output.stdout(text);
        verdicts.push(verdict);
    }
    if options.shows_steps() {
        output.stdout(round_summary(&verdicts, output.palette()));
    }
    verdicts.into_iter().max().unwrap_or(DeliveryVerdict::Delivered)
}

/// A delivery as one block of text, with the webhook that it is for.
async fn block(
    options: &SendOptions<'_>,
    job: &SendJob,
    transport: &HttpTransport,
) -> (String, DeliveryVerdict) {
    let mut text = String::new();
    let is_verdict_only = options.quiet && options.format == FormatArg::Human;
    if let Some(name) = job.webhook.as_deref().filter(|_| is_verdict_only) {
        text += &format!("{}: ", escape(name));
    }
    let verdict = options.deliver(job, transport, |piece| text += &piece).await;
    if options.shows_steps() {
        text.push('\n');
    }
    (text, verdict)
}

/// A signed request for each target.
fn jobs(
    request: &UnsignedRequest,
    targets: Vec<Target>,
    args: &SendArgs,
    output: &mut Output,
) -> Result<Vec<SendJob>, CliError> {
    let headers = headers(&args.network.header);
    let mut jobs = Vec::new();
    for Target { webhook, url, secret } in targets {
        let signed = request.sign(secret.as_ref(), args, output)?.with(&headers);
        let event = request.event();
        let from_capture = args.from.is_some();
        jobs.push(SendJob { event, webhook, url, request: signed, from_capture, stored: None });
    }
    Ok(jobs)
}

/// The user's own headers as pairs.
fn headers(args: &[HeaderArg]) -> Vec<(String, String)> {
    args.iter().map(|HeaderArg { name, value }| (name.clone(), value.clone())).collect()
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
    let ready =
        network::transports(&urls.iter().collect::<Vec<_>>(), &args.network, protocol, output)?;
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
fn check_single_id(requests: &[UnsignedRequest], rounds: &[Vec<SendJob>]) -> Result<(), CliError> {
    let total: usize = rounds.iter().map(Vec::len).sum();
    if total < 2 || !requests.iter().any(UnsignedRequest::has_chosen_id) {
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

fn no_subscriber(request: &UnsignedRequest, config: &Config, output: &mut Output) {
    let event = escape(&request.event().unwrap_or_default());
    let message = format!("no webhook in {} is subscribed to {event}", config::file(config));
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
