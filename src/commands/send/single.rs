//! Single requests: what is to be sent, signed for each target, sent round by round and reported.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;

use super::{BackoffArg, DeliveryArgs, SendArgs, Target, Targets};
use crate::capture::Capture;
use crate::commands::bodies::{self, UnsignedBody};
use crate::commands::send_job::{CaptureFile, SendOptions};
use crate::commands::{
    CliError, Exit, NO_RECORD_HELP, block_on, config_file, new_request_id, now, read_captures,
    recorder, secret, show_warnings,
};
use crate::delivery::{
    Backoff, DeliveryVerdict, HttpTransport, Protocol, RetryOn, RetryPolicy, SendMode,
};
use crate::pgm::{self, REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, SignedRequest};
use crate::report::{Output, escape, round_summary, subscriptions};
use crate::requests::SendJob;
use crate::text::{Diagnostic, nearest};
use crate::webhooks::Config;

/// Requests that are sent at the same time: one event to several webhooks.
type Round = Vec<(SendJob, HttpTransport)>;

pub(super) fn run(args: &SendArgs, config: &Config, output: &mut Output) -> Result<Exit, CliError> {
    let requests = unsigned_requests(args, output)?;
    let targets = Targets::new(args, config, !args.unsigned, output)?;
    let mut rounds = Vec::new();
    for request in &requests {
        let targets = targets.of(request.event().as_deref(), output)?;
        if targets.is_empty() {
            no_subscriber(request, config, output);
            return Ok(Exit::No);
        }
        rounds.push(jobs(request, targets, args, output)?);
    }
    check_single_id(&requests, &rounds)?;
    let rounds = with_transports(rounds, args, output)?;
    let save = args.save.as_deref().map(|path| CaptureFile::open("--save", path)).transpose()?;
    block_on(output, async |output| send_all(args, &rounds, config, save, output).await)
}

async fn send_all(
    args: &SendArgs,
    rounds: &[Round],
    config: &Config,
    mut save: Option<CaptureFile>,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let recorder = recorder(!args.no_record, config);
    let options = SendOptions {
        palette: output.palette(),
        output: &args.output,
        timeout: args.network.timeout(),
        mode: send_mode(&args.delivery),
        recorder: &recorder,
        wrong_signature: args.wrong_signature,
    };
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
    request: &UnsignedRequest,
    targets: Vec<Target>,
    args: &SendArgs,
    output: &mut Output,
) -> Result<Vec<SendJob>, CliError> {
    let headers = args.network.headers();
    let mut jobs = Vec::new();
    for Target { webhook, url, secret } in targets {
        let signed = request.sign(secret.as_ref(), args, output)?.with(&headers);
        let job = SendJob::new(request.event(), webhook, url, signed);
        jobs.push(SendJob { from_capture: args.from.is_some(), ..job });
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
fn check_single_id(requests: &[UnsignedRequest], rounds: &[Vec<SendJob>]) -> Result<(), CliError> {
    let total: usize = rounds.iter().map(Vec::len).sum();
    let has_chosen_id = |one: &UnsignedRequest| matches!(one, UnsignedRequest::New(_, Some(_)));
    if total < 2 || !requests.iter().any(has_chosen_id) {
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
    let message = format!("no webhook in {} is subscribed to {event}", config_file(config));
    output.fail(Diagnostic { message, help: subscriptions(&config.webhooks) });
}

/// How long to wait before a retry by default.
const RETRY_DELAY: Duration = Duration::from_secs(1);

fn send_mode(args: &DeliveryArgs) -> SendMode {
    match args.repeat {
        Some(times) if args.parallel => SendMode::RepeatAtOnce(times),
        Some(times) => SendMode::Repeat(times),
        None => SendMode::Retry(RetryPolicy {
            retries: args.retries.unwrap_or_default(),
            delay: args.retry_delay.unwrap_or(RETRY_DELAY),
            backoff: match args.backoff {
                None | Some(BackoffArg::Fixed) => Backoff::Fixed,
                Some(BackoffArg::Exponential) => Backoff::Exponential,
            },
            retry_on: match args.retry_on.is_empty() {
                true => vec![RetryOn::Failure],
                false => args.retry_on.clone(),
            },
        }),
    }
}

/// Request ids that an error lists.
const MAX_LISTED: usize = 10;

/// One request to be made.
#[derive(Debug)]
enum UnsignedRequest {
    /// A new one, with its id where the user chose one.
    New(UnsignedBody, Option<RequestId>),
    /// One that was captured.
    Captured(Capture<'static>),
}

/// Everything that the arguments ask to send, in order.
fn unsigned_requests(
    args: &SendArgs,
    output: &mut Output,
) -> Result<Vec<UnsignedRequest>, CliError> {
    let now = now();
    if let Some(file) = &args.from {
        let captures = chosen(read_captures(file, output)?, args)?;
        if !args.payload.has_edits() && args.triggered_date.is_none() {
            return Ok(captures.into_iter().map(UnsignedRequest::Captured).collect());
        }
        let mut requests = Vec::new();
        for capture in captures {
            let body = capture.body.as_ref().map(|body| &*body.bytes).unwrap_or_default();
            let body = args.payload.edited(body, args.triggered_date, now, output)?;
            requests.push(UnsignedRequest::New(body, None));
        }
        return Ok(requests);
    }
    let date = bodies::triggered_date(args.triggered_date, now)?;
    let id = args.request_id.as_deref().map(RequestId::new).transpose()?;
    let bodies = args.payload.bodies(&args.event, date, output);
    let bodies =
        bodies.map_err(|error| match args.event.iter().any(|event| has_weight(event)) {
            true => {
                error.help("an event has a weight, as in Test=2, only with --count or --duration")
            }
            false => error,
        })?;
    Ok(bodies.into_iter().map(|body| UnsignedRequest::New(body, id.clone())).collect())
}

/// Whether an argument is an event with its weight in a load run, such as `Test=2`.
fn has_weight(argument: &str) -> bool {
    let parts = argument.rsplit_once('=');
    parts.is_some_and(|(event, weight)| pgm::is_known(event) && weight.parse::<u32>().is_ok())
}

/// The captures that `--event` and `--id` choose.
fn chosen(
    mut captures: Vec<Capture<'static>>,
    args: &SendArgs,
) -> Result<Vec<Capture<'static>>, CliError> {
    if let Some(event) = &args.from_event {
        let known: BTreeSet<_> = captures.iter().filter_map(event_of_capture).collect();
        captures.retain(|capture| event_of_capture(capture).as_ref() == Some(event));
        if captures.is_empty() {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            return Err(CliError::new(format!("--event: no capture of {}", escape(event)))
                .suggest(nearest(event, &known))
                .help(format!("the captures are of {}", escape(&known.join(", ")))));
        }
    }
    let Some(prefix) = &args.id else { return Ok(captures) };
    if prefix != "last" {
        captures.retain(|capture| id_of(capture).is_some_and(|id| id.starts_with(prefix.as_str())));
        let ids: BTreeSet<_> = captures.iter().filter_map(id_of).collect();
        if ids.len() > 1 {
            let error = CliError::new(format!("--id: several request ids begin with {prefix:?}"));
            return Err(ids
                .iter()
                .take(MAX_LISTED)
                .map(|id| escape(id))
                .fold(error, CliError::help));
        }
    }
    // A request may have been captured several times: it is sent once.
    match captures.pop() {
        Some(capture) => Ok(vec![capture]),
        None => Err(CliError::new(format!("--id: no captured request id begins with {prefix:?}"))
            .help("`last` chooses the last capture")),
    }
}

fn id_of<'a>(capture: &'a Capture<'_>) -> Option<&'a str> {
    capture.values(REQUEST_ID_HEADER).next()
}

fn event_of_capture(capture: &Capture<'_>) -> Option<String> {
    capture.body.as_ref().and_then(|body| bodies::event_of(&body.bytes))
}

impl UnsignedRequest {
    /// The event, where it is known.
    fn event(&self) -> Option<String> {
        match self {
            Self::New(body, _) => body.event.clone(),
            Self::Captured(capture) => event_of_capture(capture),
        }
    }

    /// Signs the request. Only a captured one can do without a secret: it has a signature.
    fn sign(
        &self,
        secret: Option<&Secret>,
        args: &SendArgs,
        output: &mut Output,
    ) -> Result<SignedRequest, CliError> {
        let request = match args.unsigned {
            true => return self.unsigned(),
            false => self.signed(secret, args.from.as_deref(), output)?,
        };
        let signature = request.signature().map(wrong_signature);
        Ok(match signature.filter(|_| args.wrong_signature) {
            Some(signature) => request.header(SIGNATURE_HEADER, &signature),
            None => request,
        })
    }

    /// The request without the two headers of a signature.
    fn unsigned(&self) -> Result<SignedRequest, CliError> {
        let (id, body) = match self {
            Self::New(body, id) => (id.clone(), body.body.clone()),
            Self::Captured(capture) => {
                let body = capture.body.as_ref().map(|body| body.bytes.to_vec());
                (id_of(capture).map(RequestId::new).transpose()?, body.unwrap_or_default())
            }
        };
        let id = id.unwrap_or_else(new_request_id);
        let request = SignedRequest::with_signature(id, String::new(), body);
        Ok(request.without(REQUEST_ID_HEADER).without(SIGNATURE_HEADER))
    }

    fn signed(
        &self,
        secret: Option<&Secret>,
        from: Option<&Path>,
        output: &mut Output,
    ) -> Result<SignedRequest, CliError> {
        match (self, secret) {
            (Self::New(body, id), Some(secret)) => {
                let id = id.clone().unwrap_or_else(new_request_id);
                Ok(SignedRequest::new(id, secret, body.body.clone()))
            }
            (Self::New(..), None) => Err(secret::missing()),
            (Self::Captured(capture), secret) => {
                let location = location(from.unwrap_or(Path::new("-")), capture);
                let (request, warning) = capture
                    .resend(secret, new_request_id)
                    .map_err(|why| CliError::new(format!("--from: {location}: {why}")))?;
                if let Some(warning) = warning {
                    output.warn(format!("{location}: {warning}"));
                }
                Ok(request)
            }
        }
    }
}

/// A signature that differs in its first digit.
fn wrong_signature(signature: &str) -> String {
    let first = if signature.starts_with('0') { '1' } else { '0' };
    let rest = signature.chars().skip(1);
    std::iter::once(first).chain(rest).collect()
}

/// `FILE, line 3`
fn location(path: &Path, capture: &Capture<'_>) -> String {
    match capture.location.to_string().as_str() {
        "" => path.display().to_string(),
        location => format!("{}, {location}", path.display()),
    }
}
