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
use crate::requests::{Recorder, SendJob};

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
    pub palette: Palette,
    pub output: &'a OutputArgs,
    pub timeout: Duration,
    pub mode: SendMode,
    pub recorder: &'a Recorder,
    /// Whether signatures are wrong on purpose.
    pub wrong_signature: bool,
}

impl SendOptions<'_> {
    /// Sends the request and reports it, piece by piece.
    pub async fn deliver(
        &self,
        job: &SendJob,
        transport: &HttpTransport,
        mut report_text: impl FnMut(String),
    ) -> DeliveryVerdict {
        let Self { output, mode, recorder, .. } = self;
        let Self { palette, timeout, wrong_signature, .. } = *self;
        let verbose = output.verbose;
        let keeps_header_case = transport.keeps_header_case();
        let report =
            DeliveryReport { palette, verbose, job, timeout, wrong_signature, keeps_header_case };
        if output.shows_steps() {
            report_text(report.header());
        }
        let report_attempt = |attempt: &Attempt, delay| {
            if output.shows_steps() {
                report_text(report.attempt(&numbered(attempt, job), delay));
            }
        };
        let delivery = recorder.deliver(transport, &WallClock, job, timeout, mode, report_attempt);
        let mut delivery = delivery.await;
        for attempt in &mut delivery.attempts {
            *attempt = numbered(attempt, job);
        }
        report_text(report.footer(output.format, &delivery));
        delivery.verdict
    }
}

/// An attempt numbered in the whole history of its request.
fn numbered(attempt: &Attempt, job: &SendJob) -> Attempt {
    let before = job.stored.map_or(0, |(_, attempts)| attempts);
    Attempt { n: attempt.n + before, ..attempt.clone() }
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
