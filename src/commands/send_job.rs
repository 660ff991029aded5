//! One delivery: sent, recorded and reported.

use url::Url;

use super::system::{self, WallClock};
use crate::cli::FormatArg;
use crate::delivery::{Attempt, DeliveryVerdict, HttpTransport, SendMode, deliver};
use crate::pgm::SignedRequest;
use crate::report::{DeliveryReport, Palette, delivery_json};
use crate::requests::{Recorder, RecordingTransport, RequestMeta};

/// A request and its target.
#[derive(Debug)]
pub(super) struct SendJob {
    /// The event, where it is known.
    pub(super) event: Option<String>,
    /// The name of the webhook, if the target is one of pgwh.toml.
    pub(super) webhook: Option<String>,
    pub(super) url: Url,
    pub(super) request: SignedRequest,
    /// Whether it was captured before and is sent again.
    pub(super) from_capture: bool,
    /// Its row in the requests list and the number of its attempts there; `None` for a new one.
    pub(super) stored: Option<(i64, u32)>,
}

/// How requests are sent and reported.
#[derive(Debug)]
pub(super) struct SendOptions<'a> {
    pub(super) palette: Palette,
    pub(super) format: FormatArg,
    pub(super) verbose: bool,
    pub(super) quiet: bool,
    pub(super) timeout: std::time::Duration,
    pub(super) mode: SendMode,
    pub(super) recorder: &'a Recorder,
}

impl SendOptions<'_> {
    /// Whether each step is reported, for people.
    pub(super) fn shows_steps(&self) -> bool {
        self.format == FormatArg::Human && !self.quiet
    }

    /// Sends the request and reports it, piece by piece.
    pub(super) async fn deliver(
        &self,
        job: &SendJob,
        transport: &HttpTransport,
        mut report_text: impl FnMut(String),
    ) -> DeliveryVerdict {
        let report = self.report(job);
        if self.shows_steps() {
            report_text(report.header());
        }
        let (row, before) = job.stored.unzip();
        let recorded = RecordingTransport::new(transport, self.recorder, self.meta(job), row);
        let mut delivery =
            deliver(&recorded, &WallClock, &job.request, &self.mode, |attempt, delay| {
                if self.shows_steps() {
                    report_text(report.attempt(&numbered(attempt, before), delay));
                }
            })
            .await;
        recorded.conclude(delivery.verdict, system::now()).await;
        for attempt in &mut delivery.attempts {
            *attempt = numbered(attempt, before);
        }
        report_text(match self.format {
            FormatArg::Human => report.footer(&delivery),
            FormatArg::Json => delivery_json(
                job.event.as_deref(),
                job.webhook.as_deref(),
                &job.url,
                &job.request,
                &delivery,
            ),
        });
        delivery.verdict
    }

    fn report<'a>(&self, job: &'a SendJob) -> DeliveryReport<'a> {
        DeliveryReport {
            palette: self.palette,
            verbose: self.verbose,
            event: job.event.as_deref(),
            webhook: job.webhook.as_deref(),
            url: &job.url,
            request: &job.request,
            timeout: self.timeout,
        }
    }

    fn meta<'a>(&self, job: &'a SendJob) -> RequestMeta<'a> {
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
