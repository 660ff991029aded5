//! `pgwh listen`

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use rustls::ServerConfig;
use tokio::sync::mpsc;

use super::failure::Failure;
use super::listen_diagnosis::Diagnosis;
use super::listen_session::{self, Session};
use super::runtime::Beside;
use super::{Exit, edge, listen_secrets, listen_setup};
use crate::cli::{FormatArg, LimitArgs, ListenArgs, ListenTlsArgs};
use crate::receiver::{self, Desk, Detail, Lanes, Limits, News, Receiver, Settings, Setup};
use crate::report::{ListenReport, Output, Ready, warning};

/// How many news may wait to be shown: with bodies, which may be large, fewer.
const NEWS: usize = 1024;
const WHOLE_NEWS: usize = 32;

pub(super) fn run(args: &ListenArgs, output: &mut Output) -> Result<Exit, Failure> {
    let secrets = listen_secrets::accepted(args, output)?;
    let names = secrets.iter().map(|named| named.name.clone()).collect();
    listen_setup::contradictions(args, !secrets.is_empty())?;
    // Threads for the requests, beside this one, which tells of them and may have to wait for a
    // terminal.
    let runtime = Beside::start()?;
    let detail = detail(args);
    let (sink, news) = mpsc::channel(if detail == Detail::Whole { WHOLE_NEWS } else { NEWS });
    let complete = args.format == FormatArg::Json;
    let told = News::new(sink, detail, complete);
    let setup = listen_setup::desk(args, secrets.clone(), told, runtime.lanes())?;
    let ready = Ready { secrets: names, ..listen_setup::words(args, &setup.policy) };
    let report = ListenReport::new(output.palette());
    let tls = tls(&args.tls, args.addr.0)?;
    if let Some(text) = exposed(args.addr.0) {
        output.note(&warning(&text, output.note_palette()));
    }
    runtime.block_on(async {
        let (receiver, desk) = start(args, setup, tls, runtime.lanes()).await?;
        let diagnosis = Diagnosis::new(&secrets);
        let session = Session { args, report, ready, desk, news, diagnosis };
        listen_session::run(session, receiver, output).await
    })
}

fn detail(args: &ListenArgs) -> Detail {
    match (args.quiet, args.verbose) {
        (true, _) => Detail::Count,
        (_, true) => Detail::Whole,
        _ => Detail::Outcome,
    }
}

async fn start(
    args: &ListenArgs,
    setup: Setup,
    tls: Option<Arc<ServerConfig>>,
    lanes: &Lanes,
) -> Result<(Receiver, Arc<Desk>), Failure> {
    let desk = Arc::new(Desk::new(setup));
    let settings =
        Settings { limits: limits(&args.limits), tls, now: edge::now, lanes: Some(lanes.clone()) };
    match Receiver::start(args.addr.0, settings, desk.clone()).await {
        Ok(receiver) => Ok((receiver, desk)),
        Err(error) => Err(cannot_listen(args.addr.0, &error)),
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("cannot listen on {address}: {error}"));
    match error.kind() {
        io::ErrorKind::AddrInUse => failure
            .help("another program listens there, perhaps another pgwh listen")
            .help(format!("--addr {}:0 picks a free port", address.ip())),
        io::ErrorKind::PermissionDenied => {
            failure.help("ports below 1024 are often kept for the system: take a higher one")
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

/// What an address means that other machines can reach.
fn exposed(address: SocketAddr) -> Option<String> {
    (!address.ip().is_loopback()).then(|| {
        format!(
            "{address} can be reached from other machines: whoever gets there can send requests \
             here"
        )
    })
}

fn tls(args: &ListenTlsArgs, address: SocketAddr) -> Result<Option<Arc<ServerConfig>>, Failure> {
    if let (Some(cert), Some(key)) = (&args.cert, &args.key) {
        return Ok(Some(receiver::from_files(cert, key)?));
    }
    if !args.tls {
        return Ok(None);
    }
    let (config, authority) = receiver::self_signed(address.ip(), edge::now())?;
    if let Some(path) = &args.tls_ca {
        write_authority(path, &authority)?;
    }
    Ok(Some(config))
}

fn write_authority(path: &Path, pem: &str) -> Result<(), Failure> {
    fs::write(path, pem).map_err(|error| {
        Failure::new(format!("--tls-ca: cannot write {}: {error}", path.display()))
    })
}
