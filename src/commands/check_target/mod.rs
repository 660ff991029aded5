//! `pgwh check-target`

mod child;
mod setting;
mod wait;

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use child::Started;

use url::Url;

use super::edge::{self, WallClock};
use super::failure::Failure;
use super::reports::Reports;
use super::{Exit, network, runtime};
use crate::check::{self, First, Fitness, Report, Setting};
use crate::cli::{CheckTargetArgs, ReportFormat, TargetUrl};
use crate::delivery::{Network, Prober};
use crate::pgm::{self, Secret};
use crate::report::{
    Output, Palette, check_github, check_human, check_json, check_junit, check_markdown,
    probe_list, probe_list_json, probe_page, warning,
};

/// How long a target that is started here may take to listen.
const START_PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(args: &CheckTargetArgs, output: &mut Output) -> Result<Exit, Failure> {
    if args.checks.list || args.checks.explain.is_some() {
        output.answer(about_probes(args, output.palette())?);
        return Ok(Exit::Yes);
    }
    let Some(url) = &args.url else { return Err(Failure::new("there is no URL to check")) };
    let setting = setting::setting(&url.0, args, output)?;
    let prober = network::prober(&url.0, &args.network, setting.limit)?;
    let reports = Reports::open(&args.reports)?;
    runtime::block_on(async {
        let mut started =
            args.start.as_deref().map(|command| start(command, url, args)).transpose()?;
        let report = check_it(&prober, &setting, args.wait, started.as_mut()).await;
        if let Some(status) = started.as_mut().and_then(Started::failed) {
            let text = format!("the command of --start ended by itself ({status})");
            output.note(&warning(&text, output.note_palette()));
        }
        let palette = output.palette();
        reports.publish(output, |format| render(format, &report, palette))?;
        Ok(Exit::from(&report.fitness))
    })
}

/// Checks a target of our own with nothing but the defaults.
pub(super) async fn plainly(url: &Url, secret: &Secret) -> Result<Report, Failure> {
    let setting = Setting::plain(url.clone(), secret.clone(), edge::now());
    let prober = Prober::new(url.clone(), &Network::default())?;
    Ok(check_it(&prober, &setting, None, None).await)
}

async fn check_it(
    prober: &Prober,
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
fn start(command: &str, url: &TargetUrl, args: &CheckTargetArgs) -> Result<Started, Failure> {
    if pgm::is_loopback(&url.0) && something_listens(url, args) {
        return Err(Failure::new(format!(
            "--start: something is listening at {} already, and would be checked instead",
            url.0.authority()
        ))
        .help("stop it, or leave --start out to check it"));
    }
    Started::new(command)
        .map_err(|error| Failure::new(format!("--start: cannot run {command:?}: {error}")))
}

fn something_listens(url: &TargetUrl, args: &CheckTargetArgs) -> bool {
    const PATIENCE: Duration = Duration::from_millis(500);
    let own = args.network.resolve.iter().filter(|resolve| resolve.applies_to(&url.0));
    let own: Vec<_> = own.map(|resolve| SocketAddr::new(resolve.address, resolve.port)).collect();
    let found = if own.is_empty() { url.0.socket_addrs(|| None).unwrap_or_default() } else { own };
    found.iter().any(|address| TcpStream::connect_timeout(address, PATIENCE).is_ok())
}

fn about_probes(args: &CheckTargetArgs, palette: Palette) -> Result<String, Failure> {
    let explained = args.checks.explain.as_deref();
    match (args.reports.format, explained.and_then(check::find)) {
        (ReportFormat::Json, _) => Ok(probe_list_json(explained)),
        (ReportFormat::Human, Some(probe)) => Ok(probe_page(probe, palette)),
        (ReportFormat::Human, None) => Ok(probe_list(palette)),
        _ => Err(Failure::new("--list and --explain answer in --format human or json")),
    }
}

fn render(format: ReportFormat, report: &Report, palette: Palette) -> String {
    match format {
        ReportFormat::Human => check_human(report, palette),
        ReportFormat::Json => check_json(report),
        ReportFormat::Junit => check_junit(report),
        ReportFormat::Github => check_github(report),
        ReportFormat::Markdown => check_markdown(report),
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
