//! One delivery: sent, recorded, saved and reported.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;
use url::Url;

use super::{CliError, WallClock};
use crate::capture_writer::{CaptureOptions, CaptureWriter};
use crate::delivery::{Attempt, DeliveryVerdict, HttpTransport, SendMode};
use crate::files;
use crate::pgm::SignedRequest;
use crate::report::{DeliveryReport, OutputFormat, Palette, request_capture};
use crate::requests::{Recorder, RequestMeta};

/// A request and its target.
#[derive(Debug)]
pub(super) struct SendJob {
    /// The event, where it is known.
    pub event: Option<String>,
    /// The name of the webhook, if the target is one of pgwh.toml.
    pub webhook: Option<String>,
    pub url: Url,
    pub request: SignedRequest,
    /// Whether it was captured before and is sent again.
    pub from_capture: bool,
    /// Its row in the requests list and the number of its attempts there; `None` for a new one.
    pub stored: Option<(i64, u32)>,
}

/// How requests are reported.
#[derive(Debug, Default, Args)]
pub(super) struct OutputArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: OutputFormat,
    /// Show the headers of requests and responses
    #[arg(short, long)]
    verbose: bool,
    /// Show only the verdict
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
}

impl OutputArgs {
    /// Whether each step is reported, for people.
    pub fn shows_steps(&self) -> bool {
        self.format == OutputFormat::Human && !self.quiet
    }

    /// Whether people get the verdict alone.
    pub fn shows_verdict_only(&self) -> bool {
        self.format == OutputFormat::Human && self.quiet
    }
}

/// How requests are sent and reported.
#[derive(Debug)]
pub(super) struct SendOptions<'a> {
    palette: Palette,
    output: &'a OutputArgs,
    timeout: Duration,
    mode: SendMode,
    recorder: &'a Recorder,
}

impl<'a> SendOptions<'a> {
    pub fn new(
        output: &'a OutputArgs,
        palette: Palette,
        timeout: Duration,
        mode: SendMode,
        recorder: &'a Recorder,
    ) -> Self {
        Self { palette, output, timeout, mode, recorder }
    }

    /// Sends the request and reports it, piece by piece.
    pub async fn deliver(
        &self,
        job: &SendJob,
        transport: &HttpTransport,
        mut report_text: impl FnMut(String),
    ) -> DeliveryVerdict {
        let report = self.report(job);
        if self.output.shows_steps() {
            report_text(report.header());
        }
        let (row, before) = job.stored.unzip();
        let report_attempt = |attempt: &Attempt, delay| {
            if self.output.shows_steps() {
                report_text(report.attempt(&numbered(attempt, before), delay));
            }
        };
        let meta = self.meta(job);
        let mut delivery = self
            .recorder
            .deliver(transport, &WallClock, meta, row, &self.mode, report_attempt)
            .await;
        for attempt in &mut delivery.attempts {
            *attempt = numbered(attempt, before);
        }
        report_text(report.footer(self.output.format, &delivery));
        delivery.verdict
    }

    fn report<'j>(&self, job: &'j SendJob) -> DeliveryReport<'j> {
        DeliveryReport {
            palette: self.palette,
            verbose: self.output.verbose,
            event: job.event.as_deref(),
            webhook: job.webhook.as_deref(),
            url: &job.url,
            request: &job.request,
            timeout: self.timeout,
        }
    }

    fn meta<'j>(&self, job: &'j SendJob) -> RequestMeta<'j> {
        RequestMeta {
            event: job.event.as_deref(),
            webhook: job.webhook.as_deref(),
            url: &job.url,
            request: &job.request,
            from_capture: job.from_capture,
            story: None,
            timeout: self.timeout,
        }
    }
}

/// An attempt numbered in the whole history of its request.
fn numbered(attempt: &Attempt, before: Option<u32>) -> Attempt {
    Attempt { n: attempt.n + before.unwrap_or_default(), ..attempt.clone() }
}

/// Where `--save` or `--dry-run --save` puts the requests that were sent.
#[derive(Debug)]
pub(super) struct CaptureFile {
    flag: &'static str,
    writer: CaptureWriter,
    shown: String,
}

impl CaptureFile {
    /// Opens the file for appending and creates it if it is missing.
    pub fn open(flag: &'static str, path: &Path) -> Result<Self, CliError> {
        let shown = path.display().to_string();
        match CaptureWriter::open(path, CaptureOptions::default()) {
            Ok(writer) => Ok(Self { flag, writer, shown }),
            Err(error) => {
                let why = files::error_text(&error);
                Err(CliError::new(format!("{flag}: cannot open {shown}: {why}")))
            }
        }
    }

    /// Appends a request in one write, so that captures of several processes do not mix.
    pub fn append(
        &mut self,
        request: &SignedRequest,
        url: &Url,
        sent_at: DateTime<Utc>,
    ) -> Result<(), CliError> {
        let line = request_capture(request, url, sent_at);
        self.writer.append(line.as_bytes()).map_err(|error| {
            CliError::new(format!("{}: cannot write {}: {error}", self.flag, self.shown))
        })
    }
}
