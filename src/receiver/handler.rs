//! The handler behind `listen`: verify, save, respond or forward, report.

use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::StatusCode;
use hyper::body::Bytes;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use url::Url;

use super::event::{Occurrence, SeenIds};
use super::{
    EventDetail, EventSink, Forwarder, Handler, IncomingRequest, ListenEvent, ListenStats,
    MAX_NAME, MAX_TEXT, PlanSource, Refusal, RefusalReason, Reply, RequestEvent, RequestOutcome,
    RequestReport, Response, ResponsePolicy, SaveError, Saver,
};
use crate::capture::Capture;
use crate::payload::Assignment;
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};
use crate::text::{lossy, shortened};
use crate::verify::{Examiner, NamedSecret, SignatureVerdict};

/// What a [`ListenHandler`] works with.
#[derive(Debug)]
pub struct ListenConfig {
    /// The secrets that are accepted. Without any, signatures cannot be verified.
    pub secrets: Vec<NamedSecret>,
    /// Chooses responses.
    pub policy: ResponsePolicy,
    /// Respond 401 to what does not verify.
    pub reject_invalid: bool,
    /// Keeps requests.
    pub saver: Option<Saver>,
    /// Whether the payloads of valid requests are kept as fixtures.
    pub keep_fixtures: bool,
    /// Forwards requests.
    pub forwarder: Option<Forwarder>,
    /// When the run ends.
    pub stop: StopCondition,
    /// Where events go.
    pub events: EventSink,
}

/// What ends a run. Without anything here, nothing does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StopCondition {
    /// This many valid requests with one of `events`.
    pub expected: Option<u64>,
    /// The events that count; all of them when it is empty.
    pub events: Vec<String>,
    /// Values that the data of a request must have to count.
    pub data: Vec<Assignment>,
    /// This many requests, whatever they are. No more are accepted.
    pub requests: Option<u64>,
}

impl StopCondition {
    /// Whether a request is one of those that are expected.
    fn expects(&self, report: &RequestReport, body: &[u8]) -> bool {
        let listed = |event: &String| self.events.is_empty() || self.events.contains(event);
        self.expected.is_some()
            && report.is_valid()
            && report.event.as_ref().map_or(self.events.is_empty(), listed)
            && (self.data.is_empty() || self.has_data(body))
    }

    fn has_data(&self, body: &[u8]) -> bool {
        let Ok(envelope) = serde_json::from_slice::<Value>(body) else { return false };
        let Some(data) = envelope.get("data") else { return false };
        self.data.iter().all(|expected| expected.path.get(data) == Some(&expected.value))
    }

    /// Whether the run ends after what arrived.
    fn holds(&self, stats: &ListenStats) -> bool {
        self.expected.is_some_and(|expected| stats.matching >= expected)
            || self.requests.is_some_and(|requests| stats.requests >= requests)
    }
}

/// Handles the requests of a run.
#[derive(Debug)]
pub struct ListenHandler {
    config: ListenConfig,
    state: Mutex<RunState>,
    stopped: Notify,
}

#[derive(Debug, Default)]
struct RunState {
    registered: u64,
    seen: SeenIds,
    stats: ListenStats,
}

impl ListenHandler {
    /// A handler that has seen nothing yet.
    pub fn new(config: ListenConfig) -> Self {
        Self { config, state: Mutex::default(), stopped: Notify::new() }
    }

    /// Waits until the stop condition holds; for ever when there is none.
    pub async fn stopped(&self) {
        self.stopped.notified().await;
    }

    /// How many events were dropped since the last call.
    pub fn take_lost(&self) -> u64 {
        self.config.events.take_lost()
    }

    /// What arrived so far.
    pub fn stats(&self) -> ListenStats {
        self.state().stats.clone()
    }

    fn state(&self) -> MutexGuard<'_, RunState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers a request; `None` when the run has all that it is to handle.
    fn register(&self, report: &RequestReport) -> Option<(u64, Occurrence)> {
        let mut state = self.state();
        if self.config.stop.requests.is_some_and(|limit| state.registered >= limit) {
            return None;
        }
        state.registered += 1;
        let n = state.registered;
        let occurrence = match &report.request_id {
            Some(id) => state.seen.record(id, report.signature.as_deref()),
            None => Occurrence { attempt: 1, repeat: 1 },
        };
        Some((n, occurrence))
    }

    /// Counts a request that is finished, and checks the stop condition.
    fn count(&self, pending: &PendingRequest<'_>) {
        let mut state = self.state();
        state.stats.count(&pending.event, pending.is_expected);
        if self.config.stop.holds(&state.stats) {
            self.stopped.notify_one();
        }
    }

    async fn respond(&self, pending: &mut PendingRequest<'_>) -> Reply {
        let ListenConfig { policy, forwarder, reject_invalid, .. } = &self.config;
        let report = pending.report();
        let is_rejected = *reject_invalid && !report.is_valid();
        let n = pending.event.n;
        let (plan, source) = policy.choose(n, pending.attempt, report.event.as_deref());
        let delay = policy.delay(plan, n);
        // A response on purpose is ours; only the default one is the target's to give.
        let targets = match (forwarder, source) {
            (Some(forwarder), PlanSource::Default) if !is_rejected => {
                forwarder.targets(report.event.as_deref(), report.is_valid())
            }
            _ => Vec::new(),
        };
        if let (Some(forwarder), false) = (forwarder, targets.is_empty()) {
            // Most requests are not forwarded: their futures have no room for it.
            return Box::pin(self.forward(forwarder, targets, delay, pending)).await;
        }
        if let Err(reply) = self.save(pending).await {
            return reply;
        }
        if is_rejected {
            let status = StatusCode::UNAUTHORIZED;
            return Reply::Respond(Response::text(status, "the signature does not verify\n"));
        }
        wait(delay).await;
        plan.reply.clone()
    }

    /// Forwards a request, and saves it with what the targets responded. It is saved without that
    /// when the client goes away before.
    async fn forward(
        &self,
        forwarder: &Forwarder,
        targets: Vec<&Url>,
        delay: Duration,
        pending: &mut PendingRequest<'_>,
    ) -> Reply {
        wait(delay).await;
        let Some(request) = &pending.unsaved else { return Reply::Drop };
        let (reply, forwarded) = forwarder.forward(request, targets).await;
        pending.event.forwarded = forwarded;
        self.save(pending).await.err().unwrap_or(reply)
    }

    /// Saves a request; returns the reply when that fails.
    async fn save(&self, pending: &mut PendingRequest<'_>) -> Result<(), Reply> {
        let Some(saving) = pending.saving() else { return Ok(()) };
        saving.await.map_err(|error| {
            pending.event.save_error = Some(error);
            let status = StatusCode::INSUFFICIENT_STORAGE;
            Reply::Respond(Response::text(status, "the request could not be saved\n"))
        })
    }

    fn refuse_loop(&self, request: &IncomingRequest) -> Reply {
        let reason = RefusalReason::Loop;
        self.refused(Refusal {
            peer: request.peer,
            at: request.received_at(),
            reason,
            target: Some((request.method().to_string(), request.path().to_owned())),
        });
        Reply::Respond(Response::text(StatusCode::LOOP_DETECTED, format!("{reason}\n")))
    }
}

impl Handler for ListenHandler {
    fn handle(&self, request: IncomingRequest) -> BoxFuture<'_, Reply> {
        if self.config.forwarder.as_ref().is_some_and(|forwarder| forwarder.sent(&request)) {
            return ready(self.refuse_loop(&request)).boxed();
        }
        let report = check(&request, &self.config.secrets);
        let Some((n, occurrence)) = self.register(&report) else {
            return ready(Reply::Drop).boxed();
        };
        let mut pending = PendingRequest::new(self, request, report, n, occurrence);
        async move {
            let reply = self.respond(&mut pending).await;
            pending.finish(&reply).await;
            reply
        }
        .boxed()
    }

    fn refused(&self, refusal: Refusal) {
        *self.state().stats.refused.entry(refusal.reason).or_default() += 1;
        if self.config.events.detail() > EventDetail::Count {
            self.config.events.try_emit(ListenEvent::Refused(refusal));
        }
    }
}

/// A request until its response. It is counted and reported when it is finished, or when it is
/// dropped because the client went away.
struct PendingRequest<'h> {
    handler: &'h ListenHandler,
    event: RequestEvent,
    /// 1-based count of requests with this id.
    attempt: u32,
    /// Whether it is one of those that `--expect` counts.
    is_expected: bool,
    /// The body, if it is reported.
    body: Option<Bytes>,
    /// The request until it is saved.
    unsaved: Option<IncomingRequest>,
    started: Instant,
    is_finished: bool,
}

impl<'h> PendingRequest<'h> {
    fn new(
        handler: &'h ListenHandler,
        request: IncomingRequest,
        report: RequestReport,
        n: u64,
        occurrence: Occurrence,
    ) -> Self {
        let ListenConfig { stop, events, .. } = &handler.config;
        let is_full = events.detail() == EventDetail::Full;
        let needs_body = is_full || report.verdict == Some(SignatureVerdict::Invalid);
        Self {
            handler,
            attempt: occurrence.attempt,
            is_expected: stop.expects(&report, request.body()),
            body: needs_body.then(|| request.body().clone()),
            event: RequestEvent {
                n,
                received_at: request.received_at(),
                elapsed: Duration::ZERO,
                peer: request.peer.to_string(),
                path: shortened(request.path(), MAX_TEXT).into_owned(),
                report,
                repeat: occurrence.repeat,
                body_size: request.body().len(),
                body: None,
                outcome: RequestOutcome::ClientGone,
                forwarded: Vec::new(),
                save_error: None,
                headers: is_full.then(|| owned_headers(&request)),
            },
            started: request.started,
            unsaved: Some(request),
            is_finished: false,
        }
    }

    fn report(&self) -> &RequestReport {
        &self.event.report
    }

    /// Saves the request, if it is not and requests are saved. Its memory is free while its line is
    /// written.
    fn saving(&mut self) -> Option<impl Future<Output = Result<(), SaveError>> + Send + use<>> {
        let ListenConfig { saver, secrets, keep_fixtures, .. } = &self.handler.config;
        let request = self.unsaved.take()?;
        let report = self.report();
        let is_genuine = secrets.is_empty() || report.is_valid();
        let fixture = report.event.as_deref().filter(|_| *keep_fixtures && is_genuine);
        Some(saver.as_ref()?.save(&request, &self.event.peer, fixture, &self.event.forwarded))
    }

    /// Counts and reports the request.
    async fn finish(&mut self, reply: &Reply) {
        self.is_finished = true;
        self.event.outcome = RequestOutcome::from(reply);
        if let Some(event) = self.end() {
            self.handler.config.events.emit(event).await;
        }
    }

    /// Counts the request; returns its event if it is reported.
    fn end(&mut self) -> Option<ListenEvent> {
        self.handler.count(self);
        if self.handler.config.events.detail() == EventDetail::Count {
            return None;
        }
        self.event.elapsed = self.started.elapsed();
        self.event.body = self.body.take();
        Some(ListenEvent::Request(Box::new(std::mem::take(&mut self.event))))
    }
}

impl Drop for PendingRequest<'_> {
    fn drop(&mut self) {
        if let Some(saving) = self.saving()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(saving);
        }
        if !self.is_finished
            && let Some(event) = self.end()
        {
            self.handler.config.events.try_emit(event);
        }
    }
}

/// Checks a request against the secrets that are accepted.
fn check(request: &IncomingRequest, accepted: &[NamedSecret]) -> RequestReport {
    let values = |name| {
        let values = request.head.headers.get_all(name).into_iter();
        values.map(|value| lossy(value.as_bytes()))
    };
    let (ids, signatures) = (values(REQUEST_ID_HEADER), values(SIGNATURE_HEADER));
    let now = request.received_at();
    let capture = Capture::received(ids, signatures, now, request.body());
    let examined = Examiner::new(accepted, now).examine(&capture);
    let is_checked = !accepted.is_empty() || examined.verdict != SignatureVerdict::Invalid;
    let cut = |text: String, length| shortened(&text, length).into_owned();
    let secret = examined.secret.and_then(|index| accepted.get(index));
    RequestReport {
        verdict: is_checked.then_some(examined.verdict),
        request_id: examined.request_id.map(|id| cut(id, MAX_TEXT)),
        signature: examined.signature.map(|signature| cut(signature, MAX_TEXT)),
        event: examined.event.map(|event| cut(event, MAX_NAME)),
        secret: secret.map(|named| named.name.clone()).filter(|name| !name.is_empty()),
        findings: examined.findings,
    }
}

/// Without a delay there is no timer, which takes up to a millisecond.
async fn wait(delay: Duration) {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}

fn owned_headers(request: &IncomingRequest) -> Vec<(String, String)> {
    request.headers().map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
}
