//! The end of a run: its report, its row in the requests list, its exit code.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::setup::{LoadTarget, WeightedEvent};
use crate::cli::{FormatArg, ReportArgs, ReportFormat, SendArgs};
use crate::commands::error::CliError;
use crate::commands::reports::Reports;
use crate::commands::{Exit, requests_list, system};
use crate::delivery::DeliveryVerdict;
use crate::load::{LoadConfig, LoadProgress};
use crate::pgm::RequestId;
use crate::report::{LoadReport, LoadResult, Output, Palette, percentile_text};
use crate::requests::LoadRun;
use crate::webhooks::Config;

/// Reports and records a run.
pub(super) struct Finish<'a> {
    pub(super) args: &'a SendArgs,
    pub(super) config: &'a Config,
    pub(super) target: &'a LoadTarget,
    pub(super) events: &'a [WeightedEvent],
    pub(super) load: &'a LoadConfig,
}

/// How a run ended.
#[derive(Debug)]
pub(super) struct EndedRun {
    pub(super) progress: LoadProgress,
    pub(super) is_interrupted: bool,
    pub(super) is_given_up: bool,
}

/// The files that a run writes, opened before it begins.
pub(super) struct OutputFiles {
    reports: Reports,
    histogram: Option<(PathBuf, File)>,
}

impl OutputFiles {
    pub(super) fn open(args: &SendArgs) -> Result<Self, CliError> {
        let other = |format| matches!(format, ReportFormat::Junit | ReportFormat::Github);
        if args.load.report.iter().any(|report| other(report.format)) {
            return Err(CliError::new("--report: a load run has no single results to list")
                .help("use human, json or markdown"));
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

fn cannot_write(path: &std::path::Path, error: &std::io::Error) -> CliError {
    CliError::new(format!("--histogram: cannot write {}: {error}", path.display()))
}

impl Finish<'_> {
    /// Renders the run.
    pub(super) fn report(&self, palette: Palette) -> LoadReport<'_> {
        LoadReport {
            palette,
            webhook: self.target.webhook.as_deref(),
            url: &self.target.url,
            events: self.events.iter().map(|one| (one.event.as_str(), one.weight)).collect(),
            config: self.load,
            timeout: self.args.network.timeout(),
            quiet: self.args.quiet,
        }
    }

    /// Reports and records the run, and returns the exit code.
    pub(super) async fn close(
        &self,
        ended: &EndedRun,
        began_at: DateTime<Utc>,
        files: OutputFiles,
        output: &mut Output,
    ) -> Result<Exit, CliError> {
        let stats = &ended.progress.stats;
        let allowed = self.args.load.allow_failures;
        // A run that is interrupted before the first response has not passed.
        let passed = stats.requests > 0
            && match allowed {
                Some(allowed) => allowed.allows(stats.failed(), stats.requests),
                None => stats.failed() == 0,
            };
        let mut result = LoadResult {
            progress: &ended.progress,
            is_interrupted: ended.is_interrupted,
            is_given_up: ended.is_given_up,
            allowed: allowed.map(|allowed| allowed.to_string()),
            passed,
            began_at,
            recorded: None,
        };
        result.recorded = self.record(&result, output).await;
        let OutputFiles { reports, histogram } = files;
        let palette = output.palette();
        reports.publish(output, |format| match format {
            ReportFormat::Json => self.report(palette).json(&result),
            ReportFormat::Markdown => self.report(Palette::PLAIN).markdown(&result),
            _ => self.report(palette).summary(&result),
        })?;
        if let Some((path, mut file)) = histogram {
            let text = percentile_text(&stats.latency);
            file.write_all(text.as_bytes()).map_err(|error| cannot_write(&path, &error))?;
        }
        Ok(if ended.is_interrupted { Exit::Interrupted } else { Exit::from(verdict(&result)) })
    }

    /// Records the run in the requests list; returns its id there.
    async fn record(&self, result: &LoadResult<'_>, output: &mut Output) -> Option<RequestId> {
        let recorder = requests_list::recorder(!self.args.no_record, self.config);
        let id = system::new_request_id();
        let stats = &result.progress.stats;
        let events: Vec<_> = self.events.iter().map(|one| one.event.as_str()).collect();
        let run = LoadRun {
            id: id.clone(),
            events: events.join(", "),
            webhook: self.target.webhook.clone(),
            url: self.target.url.clone(),
            began_at: result.began_at,
            requests: stats.requests,
            failed: stats.failed(),
            verdict: verdict(result),
            summary: self.report(Palette::PLAIN).json(result).trim_end().to_owned(),
            failures: stats.retained.clone(),
        };
        let is_recorded = recorder.record_run(run).await;
        requests_list::show_warnings(&recorder, requests_list::NO_RECORD_HELP, output);
        is_recorded.then_some(id)
    }
}

fn verdict(result: &LoadResult<'_>) -> DeliveryVerdict {
    match (result.progress.stats.reached, result.passed) {
        (0, _) => DeliveryVerdict::Unreachable,
        (_, true) => DeliveryVerdict::Delivered,
        (_, false) => DeliveryVerdict::Failed,
    }
}
