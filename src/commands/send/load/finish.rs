//! The end of a run: its report, its place in the requests list, its exit code.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::events::Weighted;
use super::target::RunTarget;
use crate::cli::{FormatArg, ReportArgs, ReportFormat, SendArgs};
use crate::commands::failure::Failure;
use crate::commands::reports::Reports;
use crate::commands::{Exit, edge, requests_list};
use crate::delivery::DeliveryVerdict;
use crate::load::{Plan, Progress};
use crate::pgm::RequestId;
use crate::report::{LoadEnd, LoadReport, Output, Palette, percentile_text};
use crate::requests::LoadRun;
use crate::webhooks::Config;

/// What is done when a run has ended.
pub(super) struct Finish<'a> {
    pub(super) args: &'a SendArgs,
    pub(super) config: &'a Config,
    pub(super) target: &'a RunTarget,
    pub(super) events: &'a [Weighted],
    pub(super) plan: &'a Plan,
}

/// How a run ended.
#[derive(Debug)]
pub(super) struct RunResult {
    pub(super) progress: Progress,
    pub(super) is_interrupted: bool,
    pub(super) is_hopeless: bool,
}

/// The files that a run writes, open before it begins.
pub(super) struct Files {
    reports: Reports,
    histogram: Option<(PathBuf, File)>,
}

impl Files {
    pub(super) fn open(args: &SendArgs) -> Result<Self, Failure> {
        let other = |format| matches!(format, ReportFormat::Junit | ReportFormat::Github);
        if args.load.report.iter().any(|report| other(report.format)) {
            return Err(Failure::new("--report: a load run has no single results to list")
                .help("its reports are human, json and markdown"));
        }
        let format = match args.format {
            FormatArg::Human => ReportFormat::Human,
            FormatArg::Json => ReportFormat::Json,
        };
        let reports = Reports::open(&ReportArgs { format, report: args.load.report.clone() })?;
        let open = |path: &PathBuf| match File::create(path) {
            Ok(file) => Ok((path.clone(), file)),
            Err(error) => Err(cannot_write(path, &error)),
        };
        Ok(Self { reports, histogram: args.load.histogram.as_ref().map(open).transpose()? })
    }
}

fn cannot_write(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("--histogram: cannot write {}: {error}", path.display()))
}

impl Finish<'_> {
    /// What tells of the run.
    pub(super) fn report(&self, palette: Palette) -> LoadReport<'_> {
        LoadReport {
            palette,
            webhook: self.target.webhook.as_deref(),
            url: &self.target.url,
            events: self.events.iter().map(|one| (one.event.as_str(), one.weight)).collect(),
            plan: self.plan,
            timeout: self.args.network.timeout(),
            quiet: self.args.quiet,
        }
    }

    /// Reports, records, and gives the exit code.
    pub(super) async fn close(
        &self,
        result: &RunResult,
        began_at: DateTime<Utc>,
        files: Files,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let tally = &result.progress.tally;
        let allowed = self.args.load.allow_failures;
        // Nothing is no success: a run can be interrupted before the first answer.
        let passed = tally.calls > 0
            && match allowed {
                Some(allowed) => allowed.allows(tally.failed(), tally.calls),
                None => tally.failed() == 0,
            };
        let mut end = LoadEnd {
            progress: &result.progress,
            is_interrupted: result.is_interrupted,
            is_hopeless: result.is_hopeless,
            allowed: allowed.map(|allowed| allowed.to_string()),
            passed,
            began_at,
            recorded: None,
        };
        end.recorded = self.record(&end, output).await;
        let Files { reports, histogram } = files;
        let palette = output.palette();
        reports.publish(output, |format| match format {
            ReportFormat::Json => self.report(palette).json(&end),
            ReportFormat::Markdown => self.report(Palette::PLAIN).markdown(&end),
            _ => self.report(palette).summary(&end),
        })?;
        if let Some((path, mut file)) = histogram {
            let text = percentile_text(&tally.latency);
            file.write_all(text.as_bytes()).map_err(|error| cannot_write(&path, &error))?;
        }
        Ok(if result.is_interrupted { Exit::Interrupted } else { Exit::from(verdict(&end)) })
    }

    /// Records the run in the requests list; returns its id there.
    async fn record(&self, end: &LoadEnd<'_>, output: &mut Output) -> Option<RequestId> {
        let recorder = requests_list::recorder(!self.args.no_record, self.config);
        let id = edge::new_request_id();
        let tally = &end.progress.tally;
        let events: Vec<_> = self.events.iter().map(|one| one.event.as_str()).collect();
        let run = LoadRun {
            id: id.clone(),
            events: events.join(", "),
            webhook: self.target.webhook.clone(),
            url: self.target.url.clone(),
            began_at: end.began_at,
            requests: tally.calls,
            failed: tally.failed(),
            verdict: verdict(end),
            summary: self.report(Palette::PLAIN).json(end).trim_end().to_owned(),
            failures: tally.kept.clone(),
        };
        let is_recorded = recorder.record_run(run).await;
        requests_list::show_warnings(&recorder, requests_list::NO_RECORD_HELP, output);
        is_recorded.then_some(id)
    }
}

/// What is made of a run.
fn verdict(end: &LoadEnd<'_>) -> DeliveryVerdict {
    match (end.progress.tally.reached, end.passed) {
        (0, _) => DeliveryVerdict::Unreachable,
        (_, true) => DeliveryVerdict::Delivered,
        (_, false) => DeliveryVerdict::Failed,
    }
}
