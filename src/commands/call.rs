//! One delivery: made, recorded, and told.

use url::Url;

use super::edge::{self, WallClock};
use crate::cli::FormatArg;
use crate::delivery::{Attempt, DeliveryVerdict, HttpTransport, SendMode, deliver};
use crate::pgm::SignedRequest;
use crate::report::{DeliveryReport, Palette, delivery_json};
use crate::requests::{Recorder, RecordingTransport, RequestMeta};

/// A request and where it goes.
#[derive(Debug)]
pub(super) struct Call {
    /// The event, where it is known.
    pub(super) event: Option<String>,
    /// The webhook of the webhooks file, if it is one of those.
    pub(super) webhook: Option<String>,
    pub(super) url: Url,
    pub(super) request: SignedRequest,
    /// Where it stands in the requests list, and how many attempts that knows; `None` for a new
    /// one.
    pub(super) stored: Option<(i64, u32)>,
}

/// How deliveries are made and told.
#[derive(Debug)]
pub(super) struct Manner<'a> {
    pub(super) palette: Palette,
    pub(super) format: FormatArg,
    pub(super) verbose: bool,
    pub(super) quiet: bool,
    pub(super) timeout: std::time::Duration,
    pub(super) plan: SendMode,
    pub(super) recorder: &'a Recorder,
}

impl Manner<'_> {
    /// Whether each step is told, for people.
    pub(super) fn is_told(&self) -> bool {
        self.format == FormatArg::Human && !self.quiet
    }

    /// Makes the delivery and tells it, piece by piece.
    pub(super) async fn deliver(
        &self,
        call: &Call,
        transport: &HttpTransport,
        mut tell: impl FnMut(String),
    ) -> DeliveryVerdict {
        let report = self.report(call);
        if self.is_told() {
            tell(report.opening());
        }
        let (row, before) = call.stored.unzip();
        let recorded = RecordingTransport::new(transport, self.recorder, self.meta(call), row);
        let mut delivery =
            deliver(&recorded, &WallClock, &call.request, &self.plan, |attempt, delay| {
                if self.is_told() {
                    tell(report.attempt(&counted(attempt, before), delay));
                }
            })
            .await;
        recorded.conclude(delivery.verdict, edge::now()).await;
        for attempt in &mut delivery.attempts {
            *attempt = counted(attempt, before);
        }
        tell(match self.format {
            FormatArg::Human => report.closing(&delivery),
            FormatArg::Json => delivery_json(
                call.event.as_deref(),
                call.webhook.as_deref(),
                &call.url,
                &call.request,
                &delivery,
            ),
        });
        delivery.verdict
    }

    fn report<'a>(&self, call: &'a Call) -> DeliveryReport<'a> {
        DeliveryReport {
            palette: self.palette,
            verbose: self.verbose,
            event: call.event.as_deref(),
            webhook: call.webhook.as_deref(),
            url: &call.url,
            request: &call.request,
            timeout: self.timeout,
        }
    }

    fn meta<'a>(&self, call: &'a Call) -> RequestMeta<'a> {
        RequestMeta {
            event: call.event.as_deref(),
            webhook: call.webhook.as_deref(),
            url: &call.url,
            request: &call.request,
            timeout: self.timeout,
        }
    }
}

/// An attempt with its number in the request's whole history.
fn counted(attempt: &Attempt, before: Option<u32>) -> Attempt {
    Attempt { n: attempt.n + before.unwrap_or_default(), ..attempt.clone() }
}
