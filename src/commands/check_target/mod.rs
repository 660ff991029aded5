//! `pgwh check-target`

mod child;
mod setting;
mod wait;
mod wanted;

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use child::Started;

use url::Url;

use super::edge::{self, WallClock};
use super::error::CliError;
use super::reports::Reports;
use super::{Exit, network, runtime};
use crate::check::{self, First, Fitness, Report, Setting};
use crate::cli::{CheckTargetArgs, ReportFormat};
use crate::delivery::ProbeClient;
use crate::http1::Network;
use crate::pgm::{self, Secret};
use crate::report::{
    Output, Palette, check_github, check_human, check_json, check_junit, check_markdown,
    probe_list, probe_list_json, probe_page,
};

/// How long a target that is started here may take to listen.
const START_PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(args: &CheckTargetArgs, output: &mut Output) -> Result<Exit, CliError> {
    if args.checks.list || args.checks.explain.is_some() {
        output.stdout(about_probes(args, output.palette())?);
        return Ok(Exit::Yes);
    }
    let reports = Reports::open(&args.reports)?;
    let mut ready = Vec::new();
    for wanted in wanted::all(args, output)? {
        let setting = setting::setting(&wanted, args)?;
        let prober = network::prober(&wanted.url, &args.network, setting.limit)?;
        ready.push((prober, setting));
    }
    runtime::block_on(async {
        let mut checked = Vec::new();
        for (prober, setting) in &ready {
            checked.push(check_one(prober, setting, args, output).await?);
        }
        let palette = output.palette();
        reports.publish(output, |format| render(format, &checked, palette))?;
        Ok(worst(&checked))
    })
}

async fn check_one(
    prober: &ProbeClient,
    setting: &Setting,
    args: &CheckTargetArgs,
    output: &mut Output,
) -> Result<Report, CliError> {
    let start = |command| start(command, &setting.url, args);
    let mut started = args.start.as_deref().map(start).transpose()?;
    let report = check_it(prober, setting, args.wait, started.as_mut()).await;
    if let Some(status) = started.as_mut().and_then(Started::failed) {
        let text = format!("the command of --start ended by itself ({status})");
        output.warn(text);
    }
    Ok(report)
}

/// A target that is not fit counts before one that is not there.
fn worst(reports: &[Report]) -> Exit {
    let any = |exit| reports.iter().any(|report| Exit::from(&report.fitness) == exit);
    match (any(Exit::No), any(Exit::Unreachable)) {
        (true, _) => Exit::No,
        (false, true) => Exit::Unreachable,
        (false, false) => Exit::Yes,
    }
}

/// Checks a target of our own with nothing but the defaults.
pub(super) async fn plainly(url: &Url, secret: &Secret) -> Result<Report, CliError> {
    let setting = Setting::plain(url.clone(), secret.clone(), edge::now());
    let prober = ProbeClient::new(url.clone(), &Network::default())?;
    Ok(check_it(&prober, &setting, None, None).await)
}

async fn check_it(
    prober: &ProbeClient,
    setting: &Setting,
    wait: Option<Duration>,
    started: Option<&mut Started>,
) -> Report {
    let ids = &mut edge::new_request_id;
    let patience = match &started {
        Some(_) => wait.unwrap_or(START_PATIENCE),
        None => wait.unwrap_or_default(),
    };
    let first = if check::needs_target(setting) {
        let call = check::first_call(setting, ids);
        let reply = wait::first_reply(prober, &call, patience, started).await;
        Some(First { request: call.request, reply })
    } else {
        None
    };
    check::run(prober, &WallClock, setting, ids, first).await
}

/// Starts the target, unless something is in its place: that would be checked in its stead.
fn start(command: &str, url: &Url, args: &CheckTargetArgs) -> Result<Started, CliError> {
    if pgm::is_loopback(url) && something_listens(url, args) {
        return Err(CliError::new(format!(
            "--start: something is listening at {} already, and would be checked instead",
            url.authority()
        ))
        .help("stop it, or leave --start out to check it"));
    }
    Started::new(command)
        .map_err(|error| CliError::new(format!("--start: cannot run {command:?}: {error}")))
}

fn something_listens(url: &Url, args: &CheckTargetArgs) -> bool {
    const PATIENCE: Duration = Duration::from_millis(500);
    let own = args.network.resolve.iter().filter(|resolve| resolve.applies_to(url));
    let own: Vec<_> = own.map(|resolve| SocketAddr::new(resolve.address, resolve.port)).collect();
    let found = if own.is_empty() { url.socket_addrs(|| None).unwrap_or_default() } else { own };
    found.iter().any(|address| TcpStream::connect_timeout(address, PATIENCE).is_ok())
}

fn about_probes(args: &CheckTargetArgs, palette: Palette) -> Result<String, CliError> {
    let explained = args.checks.explain.as_deref();
    match (args.reports.format, explained.and_then(check::find)) {
        (ReportFormat::Json, _) => Ok(probe_list_json(explained)),
        (ReportFormat::Human, Some(probe)) => Ok(probe_page(probe, palette)),
        (ReportFormat::Human, None) => Ok(probe_list(palette)),
        _ => Err(CliError::new("--list and --explain answer in --format human or json")),
    }
}

fn render(format: ReportFormat, reports: &[Report], palette: Palette) -> String {
    let each = |render: &dyn Fn(&Report) -> String| reports.iter().map(render).collect::<Vec<_>>();
    match format {
        ReportFormat::Human => each(&|report| check_human(report, palette)).join("\n"),
        ReportFormat::Json => each(&check_json).concat(),
        ReportFormat::Junit => check_junit(reports),
        ReportFormat::Github => each(&check_github).concat(),
        ReportFormat::Markdown => each(&check_markdown).join("\n"),
    }
}

impl From<&Fitness> for Exit {
    fn from(fitness: &Fitness) -> Self {
        match fitness {
            Fitness::Fit => Self::Yes,
            Fitness::Unfit => Self::No,
            Fitness::Unreachable { .. } => Self::Unreachable,
        }
    }
}
