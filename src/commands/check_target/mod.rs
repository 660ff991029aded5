//! `pgwh check-target`

mod progress;
mod start;
#[cfg(unix)]
mod supervisor;
#[cfg(not(unix))]
#[path = "supervisor_windows.rs"]
mod supervisor;
mod targets;

use std::cell::RefCell;

use url::Url;

use self::progress::ProgressLine;
use self::start::{StartedTarget, send_first};
use super::error::CliError;
use super::reports::Reports;
use super::runtime::{self, StopSignals};
use super::system::{self, WallClock};
use super::{Exit, network};
use crate::check::{
    self, Check, CheckConfig, CheckProgress, CheckReport, FirstRequest, Readiness, find,
    needs_target,
};
use crate::cli::{CheckTargetArgs, ReportFormat};
use crate::delivery::ProbeClient;
use crate::http1::Network;
use crate::pgm::Secret;
use crate::report::{
    Output, Palette, check_github, check_human, check_json, check_junit, check_markdown,
    probe_list, probe_list_json, probe_page,
};

/// A target with all that is needed to check it.
struct PreparedTarget {
    client: ProbeClient,
    config: CheckConfig,
}

pub(super) fn run(args: &CheckTargetArgs, output: &mut Output) -> Result<Exit, CliError> {
    if args.checks.list || args.checks.explain.is_some() {
        let text = describe_probes(args, output.palette())?;
        output.stdout(text);
        return Ok(Exit::Yes);
    }
    let reports = Reports::open(&args.reports)?;
    let mut targets = Vec::new();
    for target in targets::named(args, output)? {
        let mut config = targets::config(&target, args)?;
        let client = network::probe_client(&target.url, &args.network, config.limit)?;
        config.is_proxied = client.is_proxied();
        targets.push(PreparedTarget { client, config });
    }
    let (checked, interrupted) = runtime::with_signals(async |signals: &mut StopSignals| {
        let mut checked = Vec::new();
        for target in &targets {
            let found = RefCell::default();
            let work = check_one(target, args, &found, output);
            tokio::select! {
                biased;
                exit = signals.next() => {
                    let CheckConfig { url, strict, .. } = &target.config;
                    let found = found.take();
                    checked.push(CheckReport::interrupted(url.clone(), found, *strict));
                    return Ok((checked, Some(exit)));
                }
                report = work => checked.push(report?),
            }
        }
        Ok((checked, None))
    })?;
    let palette = output.palette();
    reports.publish(output, |format| render(format, &checked, palette))?;
    Ok(interrupted.unwrap_or_else(|| worst(&checked)))
}

/// Checks a target, starting it if it has to be, and keeps the checks so far in `found`.
async fn check_one(
    target: &PreparedTarget,
    args: &CheckTargetArgs,
    found: &RefCell<Vec<Check>>,
    output: &mut Output,
) -> Result<CheckReport, CliError> {
    let PreparedTarget { client, config } = target;
    let progress = ProgressLine::new(output);
    let mut started = match &args.start {
        Some(command) => Some(StartedTarget::new(command, &config.url, args, &progress)?),
        None => None,
    };
    let first = match needs_target(config) {
        true => {
            let patience = args.wait.unwrap_or(match started {
                Some(_) => start::DEFAULT_WAIT,
                None => std::time::Duration::ZERO,
            });
            let first = send_first(client, config, patience, started.as_mut(), output);
            Some(first.await)
        }
        false => None,
    };
    let mut observer = |event: CheckProgress<'_>| {
        progress.show(&event);
        if let CheckProgress::Checked(check) = event {
            let mut found = found.borrow_mut();
            found.retain(|other| other.id != check.id);
            found.push(check.clone());
        }
    };
    let mut report =
        check::run(client, &WallClock, config, &mut system::new_request_id, first, &mut observer)
            .await;
    progress.clear();
    if let Some(started) = &mut started {
        started.explain(&mut report, output);
    }
    Ok(report)
}

/// A target that is not ready counts before one that is not there.
fn worst(reports: &[CheckReport]) -> Exit {
    let any = |exit| reports.iter().any(|report| exit_for(&report.readiness) == exit);
    match (any(Exit::No), any(Exit::Unreachable)) {
        (true, _) => Exit::No,
        (false, true) => Exit::Unreachable,
        (false, false) => Exit::Yes,
    }
}

fn exit_for(readiness: &Readiness) -> Exit {
    match readiness {
        Readiness::Ready => Exit::Yes,
        Readiness::NotReady => Exit::No,
        Readiness::Unreachable { .. } => Exit::Unreachable,
        Readiness::Interrupted => Exit::Interrupted,
    }
}

/// The hidden command `supervise`. Ends the process with the exit code of the command, which is not
/// one of pgwh's own.
pub(super) fn supervise(command: &str) -> Result<Exit, CliError> {
    std::process::exit(supervisor::run(command)?)
}

/// Checks a target of our own with the defaults.
pub(super) async fn with_defaults(url: &Url, secret: &Secret) -> Result<CheckReport, CliError> {
    let config = CheckConfig::new(url.clone(), secret.clone(), system::now());
    let client = ProbeClient::new(url.clone(), &Network::default())?;
    let ids = &mut system::new_request_id;
    let request = check::first_request(&config, ids);
    let response = check::ProbeTarget::send(&client, &request, system::now()).await;
    let first = FirstRequest { request: request.request, response };
    Ok(check::run(&client, &WallClock, &config, ids, Some(first), &mut |_| ()).await)
}

fn describe_probes(args: &CheckTargetArgs, palette: Palette) -> Result<String, CliError> {
    let explained = args.checks.explain.as_deref();
    match (args.reports.format, explained.and_then(find)) {
        (ReportFormat::Json, _) => Ok(probe_list_json(explained)),
        (ReportFormat::Human, Some(probe)) => Ok(probe_page(probe, palette)),
        (ReportFormat::Human, None) => Ok(probe_list(palette)),
        _ => Err(CliError::new("--list and --explain need --format human or json")),
    }
}

fn render(format: ReportFormat, reports: &[CheckReport], palette: Palette) -> String {
    let each =
        |render: &dyn Fn(&CheckReport) -> String| reports.iter().map(render).collect::<Vec<_>>();
    match format {
        ReportFormat::Human => each(&|report| check_human(report, palette)).join("\n"),
        ReportFormat::Json => each(&check_json).concat(),
        ReportFormat::Junit => check_junit(reports),
        ReportFormat::Github => each(&check_github).concat(),
        ReportFormat::Markdown => each(&check_markdown).join("\n"),
    }
}
