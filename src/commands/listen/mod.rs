//! `pgwh listen`

mod session;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use rustls::ServerConfig;
use tokio::sync::mpsc;

use self::session::ListenSession;
use super::error::CliError;
use super::{Exit, config as webhooks_file, input, secret, system};
use crate::capture_writer::{CaptureOptions, CaptureWriter};
use crate::cli::{
    FormatArg, ForwardArgs, HeaderArg, KeepArgs, LimitArgs, ListenArgs, ListenTlsArgs, NamedFile,
    ReportFormat, ResponseArgs,
};
use crate::files::error_text;
use crate::http1::Network;
use crate::receiver::{
    self, EventDetail, EventSink, FixtureFolder, ForwardConfig, Forwarder, Limits, ListenConfig,
    ListenHandler, Receiver, Reply, Response, ResponsePlan, ResponsePolicy, ResponseRule, Saver,
    Settings, SignatureChecker, StopCondition, default_text, parse_script,
};
use crate::report::{ListenReport, Output, escape};
use crate::verify::NamedSecret;
use crate::webhooks::Webhook;

/// Events that may wait to be reported: with bodies, which may be large, fewer.
const MAX_EVENTS: usize = 1024;
const MAX_FULL_EVENTS: usize = 32;

pub(super) fn run(args: &ListenArgs, output: &mut Output) -> Result<Exit, CliError> {
    let secrets = accepted_secrets(args, output)?;
    check_contradictions(args, !secrets.is_empty())?;
    let detail = detail(args);
    let room = if detail == EventDetail::Full { MAX_FULL_EVENTS } else { MAX_EVENTS };
    let (sender, events) = mpsc::channel(room);
    let sink = EventSink::new(sender, detail, args.format == FormatArg::Json);
    let config = listen_config(args, secrets.clone(), sink)?;
    let ready = session::ready(args, &secrets, &config.policy);
    let tls = tls(&args.tls, args.addr.0)?;
    if let Some(text) = exposed(args.addr.0) {
        output.warn(text);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let exit = runtime.block_on(async {
        let (receiver, handler) = start(args, config, tls).await?;
        let report = ListenReport::new(output.palette());
        let session = ListenSession::new(args, report, handler, events, &secrets)?;
        session::run(session, receiver, ready, output).await
    });
    // A thread that writes to a reader that does not read must not keep the process.
    runtime.shutdown_background();
    exit
}

fn detail(args: &ListenArgs) -> EventDetail {
    match (args.quiet, args.verbose) {
        (true, _) => EventDetail::Count,
        (_, true) => EventDetail::Full,
        _ => EventDetail::Outcome,
    }
}

async fn start(
    args: &ListenArgs,
    config: ListenConfig,
    tls: Option<Arc<ServerConfig>>,
) -> Result<(Receiver, Arc<ListenHandler>), CliError> {
    let handler = Arc::new(ListenHandler::new(config));
    let settings = Settings {
        limits: limits(&args.limits),
        tls,
        allow_browser: args.limits.allow_browser,
        now: system::now,
    };
    match Receiver::start(args.addr.0, settings, handler.clone()).await {
        Ok(receiver) => Ok((receiver, handler)),
        Err(error) => Err(cannot_listen(args.addr.0, &error)),
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> CliError {
    let failure = CliError::new(format!("cannot listen on {address}: {}", error_text(error)));
    match error.kind() {
        io::ErrorKind::AddrInUse => failure
            .help("another program listens there, perhaps another pgwh listen")
            .help(format!("--addr {}:0 picks a free port", address.ip())),
        io::ErrorKind::PermissionDenied => {
            failure.help("ports below 1024 are often reserved for the system: use a higher one")
        }
        _ => failure.help("--addr 127.0.0.1:4100 listens on this machine only"),
    }
}

fn limits(args: &LimitArgs) -> Limits {
    let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    Limits {
        body: size(args.max_body),
        head: size(args.max_head),
        head_time: args.head_time,
        body_time: args.body_time,
        connections: usize::try_from(args.max_connections).unwrap_or(usize::MAX),
    }
}

/// A warning about an address that other machines can reach.
fn exposed(address: SocketAddr) -> Option<String> {
    (!address.ip().is_loopback())
        .then(|| format!("other machines can reach {address}, and send requests to this receiver"))
}

fn tls(args: &ListenTlsArgs, address: SocketAddr) -> Result<Option<Arc<ServerConfig>>, CliError> {
    if let (Some(cert), Some(key)) = (&args.cert, &args.key) {
        return Ok(Some(receiver::from_files(cert, key)?));
    }
    if !args.tls {
        return Ok(None);
    }
    let (config, authority) = receiver::self_signed(address.ip(), &args.tls_name, system::now())?;
    if let Some(path) = &args.tls_ca {
        write_authority(path, &authority)?;
    }
    Ok(Some(config))
}

fn write_authority(path: &Path, pem: &str) -> Result<(), CliError> {
    fs::write(path, pem).map_err(|error| {
        CliError::new(format!("--tls-ca: cannot write {}: {}", path.display(), error_text(&error)))
    })
}

/// The secrets that flags and environment give; else those of the webhooks file, each by its
/// webhook's name. A webhook whose secret is not available is an error only if it was asked for.
fn accepted_secrets(args: &ListenArgs, output: &mut Output) -> Result<Vec<NamedSecret>, CliError> {
    let mut accepted = Vec::new();
    if args.webhook.is_empty()
        && let Some(secret) = secret::optional(&args.secret, output)?
    {
        // A single secret needs no name.
        let is_single = args.also_secret_file.is_empty();
        let name = if is_single { "" } else { secret::source(&args.secret) };
        accepted.push(NamedSecret { name: name.to_owned(), secret });
    }
    for NamedFile { name, file } in &args.also_secret_file {
        let secret = secret::from_file("--also-secret-file", file)?;
        accepted.push(NamedSecret { name: name.clone(), secret });
    }
    if !accepted.is_empty() && args.webhook.is_empty() {
        return Ok(accepted);
    }
    let config = webhooks_file::load(args.config.config.as_deref(), output)?;
    if !args.webhook.is_empty() {
        accepted.extend(webhooks_file::named_secrets(&config, &args.webhook)?);
        return Ok(accepted);
    }
    let consequence = |webhook: &Webhook| {
        format!("; requests of {} will not verify", escape(webhook.name.as_str()))
    };
    accepted.extend(webhooks_file::all_secrets(&config, consequence, output)?);
    Ok(accepted)
}

/// Refuses flags that could only be ignored, or never come true.
fn check_contradictions(args: &ListenArgs, verifies: bool) -> Result<(), CliError> {
    let (response, forward) = (&args.response, &args.forward);
    let flags = [
        ("--expect", args.end.expect.is_some(), "counts valid requests"),
        ("--reject-invalid", response.reject_invalid, "rejects what does not verify"),
        ("--only-valid", forward.only_valid, "forwards what verifies"),
    ];
    if let Some((flag, _, what)) = flags.iter().find(|(_, is_set, _)| *is_set && !verifies) {
        return Err(CliError::new(format!("{flag} {what}, but there is no secret"))
            .help("--secret-file FILE, or PGWH_SECRET=… in the environment"));
    }
    if args.end.report.as_ref().is_some_and(|report| report.format != ReportFormat::Junit) {
        return Err(CliError::new("--report of listen writes JUnit only")
            .help("--report junit=FILE; --format json prints all there is to know"));
    }
    let forwards = !forward.forward_to.is_empty() || !forward.route.is_empty();
    let alone = [
        ("--only-valid", forward.only_valid),
        ("--forward-header", !forward.forward_header.is_empty()),
        ("--resolve", !forward.resolve.is_empty()),
    ];
    if let Some((flag, _)) = alone.iter().find(|(_, is_set)| *is_set && !forwards) {
        return Err(CliError::new(format!("{flag} is about forwarding, but there is no target"))
            .help("--forward-to URL, or --route EVENT=URL"));
    }
    let fails = response.fail_first.is_some() || response.fail_rate.is_some();
    let own = [
        ("--status", response.status.is_some()),
        ("--body", response.body.is_some()),
        ("--header", !response.header.is_empty()),
        ("--drip", response.drip.is_some()),
        ("--drop", response.drop),
    ];
    // With routes alone these flags are for the requests without a route.
    let is_target_last = !forward.forward_to.is_empty();
    match own.iter().find(|(_, is_set)| *is_set && is_target_last && !fails) {
        Some((flag, _)) => {
            Err(CliError::new(format!("{flag} and --forward-to both decide the response"))
                .help("with --fail-first or --fail-rate it is the response of the failures"))
        }
        None => Ok(()),
    }
}

/// What the handler works with.
fn listen_config(
    args: &ListenArgs,
    secrets: Vec<NamedSecret>,
    events: EventSink,
) -> Result<ListenConfig, CliError> {
    Ok(ListenConfig {
        checker: SignatureChecker::new(secrets),
        policy: policy(&args.response)?,
        reject_invalid: args.response.reject_invalid,
        saver: saver(&args.keep, &events)?,
        keep_fixtures: args.keep.save_fixtures.is_some(),
        forwarder: forwarder(&args.forward)?,
        stop: StopCondition {
            expected: args.end.expect,
            events: args.end.expect_event.clone(),
            data: args.end.expect_data.clone(),
            requests: args.end.max_requests,
        },
        events,
    })
}

fn saver(args: &KeepArgs, events: &EventSink) -> Result<Option<Saver>, CliError> {
    let failed = |flag: &str, path: &Path, error: io::Error| {
        let why = error_text(&error);
        CliError::new(format!("{flag}: cannot use {}: {why}", path.display()))
    };
    let options = CaptureOptions { rotate_at: args.rotate, sync: args.sync, exclusive: true };
    let file = args.save.as_deref().map(|path| {
        CaptureWriter::open(path, options).map_err(|error| failed("--save", path, error))
    });
    let folder = args.save_fixtures.as_deref().map(|path| {
        FixtureFolder::open(path).map_err(|error| failed("--save-fixtures", path, error))
    });
    let (file, folder) = (file.transpose()?, folder.transpose()?);
    if file.is_none() && folder.is_none() {
        return Ok(None);
    }
    Ok(Some(Saver::start(file, folder, events.fixture_warning())?))
}

fn policy(args: &ResponseArgs) -> Result<ResponsePolicy, CliError> {
    let fails = args.fail_first.is_some() || args.fail_rate.is_some();
    let on_purpose =
        plan(args, if fails { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK })?;
    let default = if fails { ResponsePlan::from(Response::ok()) } else { on_purpose.clone() };
    Ok(ResponsePolicy {
        script: args.script.as_deref().map(script).transpose()?.unwrap_or_default(),
        fail_first: args.fail_first.unwrap_or_default(),
        fail_rate: args.fail_rate.unwrap_or_default(),
        failure: on_purpose,
        default,
        seed: args.seed.unwrap_or_else(system::small_random),
    })
}

/// The response that the flags describe.
fn plan(args: &ResponseArgs, default_status: StatusCode) -> Result<ResponsePlan, CliError> {
    let status = args.status.and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.unwrap_or(default_status);
    let body = match &args.body {
        Some(text) => input::text_or_file("--body", text)?,
        None => default_text(status).into_bytes(),
    };
    let mut response = Response { drip: args.drip, ..Response::text(status, body) };
    for (name, value) in headers(&args.header) {
        response = response.header(name, value);
    }
    let reply = if args.drop { Reply::Drop } else { Reply::Respond(response) };
    Ok(ResponsePlan {
        reply,
        delay: args.delay.map(|delay| (delay.0, delay.1)).unwrap_or_default(),
    })
}

/// Both parts were checked when they were parsed.
fn headers(args: &[HeaderArg]) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    args.iter().filter_map(|header| {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(&header.value).ok()?))
    })
}

fn script(path: &Path) -> Result<Vec<ResponseRule>, CliError> {
    let failed = |why: String| CliError::new(format!("--script: {}: {why}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failed(error_text(&error)))?;
    parse_script(&text).map_err(|error| {
        failed(error.to_string().trim_end().to_owned())
            .help("for example: [[response]] event = \"Test\" status = 503, each on a line")
    })
}

fn forwarder(args: &ForwardArgs) -> Result<Option<Forwarder>, CliError> {
    if args.forward_to.is_empty() && args.route.is_empty() {
        return Ok(None);
    }
    let config = ForwardConfig {
        to: args.forward_to.iter().map(|target| target.0.clone()).collect(),
        routes: args.route.iter().map(|route| (route.event.clone(), route.url.0.clone())).collect(),
        only_valid: args.only_valid,
        headers: headers(&args.forward_header).collect(),
        run_id: system::random_seed(),
    };
    let network = Network {
        timeout: args.forward_timeout,
        ca_cert: args.ca_cert.clone(),
        insecure: args.insecure,
        resolve: args.resolve.clone(),
    };
    Ok(Some(Forwarder::new(config, &network)?))
}
