//! `pgwh demo`: the toolkit on itself, with nothing but this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::StatusCode;
use url::Url;

use super::send_job::{OutputArgs, SendOptions};
use super::{CliError, Exit, WallClock, block_on, new_request_id, now, verify};
use crate::capture::{Body, Capture, Location};
use crate::check::{self, CheckConfig, CheckReport, ProbeTarget, Readiness};
use crate::cli;
use crate::delivery::{
    Backoff, DeliveryVerdict, HttpTransport, ProbeClient, Protocol, RetryOn, RetryPolicy, SendMode,
};
use crate::http1::Network;
use crate::pgm::{
    Envelope, REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, Signature, SignedRequest,
};
use crate::receiver::{Handler, IncomingRequest, Receiver, Reply, Response, Settings};
use crate::report::{Output, Palette, ReportFormat, check_report};
use crate::requests::{Recorder, SendJob};
use crate::verify::NamedSecret;

const EVENT: &str = "ClassesBooked";
/// The secret that sender and receiver share.
const SECRET: &str = "the secret of this demo";
/// The secret of a receiver that is set up wrongly.
const OTHER_SECRET: &str = "the secret of another webhook";
/// How long the last responses may take when it ends.
const STOP_TIMEOUT: Duration = Duration::from_millis(100);

/// Take a quick tour; no setup needed
///
/// Starts a receiver on this machine, sends it an event that it fails once and then accepts,
/// verifies what arrived, and checks the receiver. Takes two seconds and needs no arguments, files
/// or network.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&["pgwh demo"], &[0, 1, 130, 143]))]
pub(super) struct DemoArgs {}

pub(super) fn run(output: &mut Output) -> Result<Exit, CliError> {
    block_on(output, show)
}

async fn show(output: &mut Output) -> Result<Exit, CliError> {
    let palette = output.palette();
    let secret = Secret::new(SECRET)?;
    let target = Arc::new(DemoTarget { secret: secret.clone(), captures: Mutex::default() });
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let receiver = Receiver::start(address, Settings::plain(now), target.clone()).await?;
    let url = Url::parse(&format!("http://{}/hooks/pgm", receiver.address()))?;
    output.stdout(header(&url, palette));
    let step = |what: &str, command: &str| {
        format!("\n{}\n{}\n", palette.bold(what), palette.dim(&format!("$ {command}")))
    };

    let command = format!("pgwh send {EVENT} --url {url} --retries 3 --retry-delay 200ms");
    output.stdout(step("1. Send an event; a retry has the same id and signature", &command));
    let delivered = send(&url, &secret, output).await?;

    let captures = target.captures();
    let command = "pgwh verify captures.ndjson";
    output.stdout(step("2. Verify what arrived", command));
    let valid = verify_captures(&captures, SECRET, output)?;
    let command = format!("PGWH_SECRET='{OTHER_SECRET}' {command}");
    output.stdout(step("3. Verify it with another secret: it is invalid", &command));
    let first = captures.get(..1).unwrap_or_default();
    let invalid = !verify_captures(first, OTHER_SECRET, output)?;

    let command = format!("pgwh check-target {url}");
    output.stdout(step("4. Is the receiver ready for PGM?", &command));
    let report = check_target(&url, &secret).await?;
    let ready = report.readiness == Readiness::Ready;
    output.stdout(check_report(ReportFormat::Human, &[report], palette));

    receiver.stop(STOP_TIMEOUT).await;
    output.stdout(footer(palette));
    Ok(if delivered && valid && invalid && ready { Exit::Yes } else { Exit::No })
}

/// What is about to be shown.
fn header(url: &Url, palette: Palette) -> String {
    format!(
        "{} Nothing leaves this machine: {} stands in for your receiver.\n{}\n",
        palette.bold("pgwh plays PGM."),
        palette.highlight(url.as_str()),
        palette.dim("It fails the first request on purpose."),
    )
}

/// What to try next.
fn footer(palette: Palette) -> String {
    let next = [
        ("pgwh events", "list the events that PGM sends"),
        ("pgwh send Test --url http://localhost:3000/…", "send one to your receiver"),
        ("pgwh check-target https://…", "check whether it is ready"),
        ("pgwh verify capture.json", "find out why it is invalid"),
        ("pgwh --help", "all commands"),
    ];
    let lines: String = next
        .iter()
        .map(|(command, what)| {
            format!("  {}  {what}\n", palette.highlight(&format!("{command:<44}")))
        })
        .collect();
    format!("\n{}\n{lines}", palette.bold("Now try:"))
}

/// `pgwh send ClassesBooked --url … --retries 3`; whether it was delivered.
async fn send(url: &Url, secret: &Secret, output: &mut Output) -> Result<bool, CliError> {
    let event =
        crate::pgm::find(EVENT).ok_or_else(|| CliError::new("the sample events are missing"))?;
    let envelope = Envelope { event: event.event, triggered_date: now(), data: event.data };
    let request = SignedRequest::new(new_request_id(), secret, envelope.to_body());
    let job = SendJob::new(Some(envelope.event), None, url.clone(), request);
    let network = Network::default();
    let mode = SendMode::Retry(RetryPolicy {
        retries: 3,
        delay: Duration::from_millis(200),
        backoff: Backoff::Fixed,
        retry_on: vec![RetryOn::Failure],
    });
    let options = SendOptions {
        palette: output.palette(),
        output: &OutputArgs::default(),
        timeout: network.timeout,
        mode,
        recorder: &Recorder::off(),
        wrong_signature: false,
    };
    let transport = HttpTransport::new(url.clone(), &network, Protocol::Http1)?;
    let verdict = options.deliver(&job, &transport, |text| output.stdout(text)).await;
    Ok(verdict == DeliveryVerdict::Delivered)
}

/// `pgwh verify captures.ndjson`; whether all of them are valid.
fn verify_captures(
    captures: &[Capture<'static>],
    secret: &str,
    output: &mut Output,
) -> Result<bool, CliError> {
    let placed = |(n, capture): (u64, &Capture<'static>)| Capture {
        location: Location::line(n),
        ..capture.clone()
    };
    let captures: Vec<_> = (1..).zip(captures).map(placed).collect();
    let secret = NamedSecret { name: "PGWH_SECRET".to_owned(), secret: Secret::new(secret)? };
    Ok(verify::with_defaults("captures.ndjson", captures, secret, output)? == Exit::Yes)
}

/// `pgwh check-target …`
async fn check_target(url: &Url, secret: &Secret) -> Result<CheckReport, CliError> {
    let config = CheckConfig::new(url.clone(), secret.clone(), now());
    let client = ProbeClient::new(url.clone(), &Network::default())?;
    let ids = &mut new_request_id;
    let request = check::first_request(&config, ids);
    let response = client.send(&request, now()).await;
    let first = Some((request, response));
    Ok(check::run(&client, &WallClock, &config, ids, first, &mut |_| ()).await)
}

/// A receiver that verifies signatures, and fails the first request that it gets.
struct DemoTarget {
    secret: Secret,
    captures: Mutex<Vec<Capture<'static>>>,
}

impl DemoTarget {
    fn captures(&self) -> Vec<Capture<'static>> {
        self.captures.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_genuine(&self, request: &IncomingRequest) -> bool {
        let id = request.header(REQUEST_ID_HEADER).and_then(|id| RequestId::new(id).ok());
        let signature = request.header(SIGNATURE_HEADER);
        id.zip(signature)
            .is_some_and(|(id, signature)| Signature::new(&id, &self.secret).matches(signature))
    }

    fn respond(&self, request: &IncomingRequest) -> Response {
        if !self.is_genuine(request) {
            return Response::text(StatusCode::UNAUTHORIZED, "wrong signature");
        }
        let mut captures = self.captures.lock().unwrap_or_else(PoisonError::into_inner);
        captures.push(capture(request));
        match captures.len() {
            1 => Response::text(StatusCode::SERVICE_UNAVAILABLE, "restarting, try again"),
            _ => Response::ok(),
        }
    }
}

impl Handler for DemoTarget {
    fn handle(&self, request: IncomingRequest) -> BoxFuture<'_, Reply> {
        async move { Reply::Respond(self.respond(&request)) }.boxed()
    }
}

fn capture(request: &IncomingRequest) -> Capture<'static> {
    let headers =
        request.headers().map(|(name, value)| (name.to_owned().into(), value.into_owned().into()));
    Capture {
        received_at: Some(request.received_at()),
        headers: headers.collect(),
        body: Some(Body { bytes: request.body().to_vec().into(), exact: true }),
        ..Capture::default()
    }
}
