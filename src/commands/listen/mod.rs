//! `pgwh listen`

mod session;
mod setup;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use rustls::ServerConfig;
use tokio::sync::mpsc;

use self::session::ListenSession;
use super::error::CliError;
use super::{Exit, edge};
use crate::cli::{FormatArg, LimitArgs, ListenArgs, ListenTlsArgs};
use crate::files::error_text;
use crate::receiver::{
    self, EventDetail, EventSink, Limits, ListenConfig, ListenHandler, Receiver, Settings,
};
use crate::report::{ListenReport, Output};

/// Events that may wait to be reported: with bodies, which may be large, fewer.
const MAX_EVENTS: usize = 1024;
const MAX_FULL_EVENTS: usize = 32;

pub(super) fn run(args: &ListenArgs, output: &mut Output) -> Result<Exit, CliError> {
    let secrets = setup::accepted_secrets(args, output)?;
    setup::check_contradictions(args, !secrets.is_empty())?;
    let detail = detail(args);
    let room = if detail == EventDetail::Full { MAX_FULL_EVENTS } else { MAX_EVENTS };
    let (sender, events) = mpsc::channel(room);
    let sink = EventSink::new(sender, detail, args.format == FormatArg::Json);
    let config = setup::config(args, secrets.clone(), sink)?;
    let ready = setup::ready(args, &secrets, &config.policy);
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
        now: edge::now,
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
    let (config, authority) = receiver::self_signed(address.ip(), &args.tls_name, edge::now())?;
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
