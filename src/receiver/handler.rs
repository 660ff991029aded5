//! The handler behind `listen`: verify, save, respond or forward, report.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::StatusCode;
use tokio::sync::Notify;

use super::event::{MAX_TEXT, shortened};
use super::request::IncomingBody;
use super::{
    EventDetail, EventSink, Forwarder, Handler, IncomingRequest, Judge, ListenEvent, ListenStats,
    Occurrence, PlanSource, Refusal, RefusalReason, Reply, RequestEvent, RequestInfo,
    RequestOutcome, RequestReport, Response, ResponsePolicy, Saver, SeenIds, StopCondition,
};
use crate::verify::SignatureVerdict;

/// What a [`ListenHandler`] works with.
#[derive(Debug)]
pub struct ListenConfig {
    /// Checks signatures and bodies.
    pub judge: Judge,
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

/// Handles the requests of a run.
#[derive(Debug)]
pub struct ListenHandler {
    config: ListenConfig,
    state: Mutex<State>,
    stopped: Notify,
}

#[derive(Debug, Default)]
struct State {
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

    fn state(&self) -> MutexGuard<'_, State> {
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

    async fn respond(&self, request: IncomingRequest, pending: &mut PendingRequest<'_>) -> Reply {
        let ListenConfig { saver, policy, forwarder, reject_invalid, .. } = &self.config;
        let saved = saver.as_ref().map(|saver| saver.save(&request, self.fixture(pending)));
        // Without a target the memory of the request is free while its line is written.
        let request = forwarder.is_some().then_some(request);
        if let Some(saved) = saved
            && let Err(error) = saved.await
        {
            pending.event.save_error = Some(error);
            let status = StatusCode::INSUFFICIENT_STORAGE;
            return Reply::Respond(Response::text(status, "the request could not be saved\n"));
        }
        if *reject_invalid && !pending.report().is_valid() {
            let status = StatusCode::UNAUTHORIZED;
            return Reply::Respond(Response::text(status, "the signature does not verify\n"));
        }
        let info = RequestInfo {
            n: pending.event.n,
            attempt: pending.attempt,
            event: pending.report().event.as_deref(),
        };
        let (plan, source) = policy.choose(&info);
        let delay = policy.delay(plan, pending.event.n);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        // A response on purpose is ours; only the default one is the target's to give.
        if let (Some(forwarder), Some(request), PlanSource::Default) = (forwarder, request, source)
        {
            let (event, is_valid) =
                (pending.report().event.as_deref(), pending.report().is_valid());
            if let Some((response, forwarded)) = forwarder.forward(&request, event, is_valid).await
            {
                pending.event.forwarded = forwarded;
                return Reply::Respond(response);
            }
        }
        plan.reply.clone()
    }

    /// The event that the payload of a request is kept for, if it is kept.
    fn fixture<'a>(&self, pending: &'a PendingRequest<'_>) -> Option<&'a str> {
        let is_genuine = !self.config.judge.verifies() || pending.report().is_valid();
        pending.report().event.as_deref().filter(|_| self.config.keep_fixtures && is_genuine)
    }
}

impl Handler for ListenHandler {
    fn handle(&self, request: IncomingRequest) -> BoxFuture<'_, Reply> {
        async move {
            if self.config.forwarder.as_ref().is_some_and(|forwarder| forwarder.sent(&request)) {
                return self.refuse_loop(&request);
            }
            let report = self.config.judge.check(&request);
            let Some((n, occurrence)) = self.register(&report) else { return Reply::Drop };
            let mut pending = PendingRequest::new(self, &request, report, n, occurrence);
            let reply = self.respond(request, &mut pending).await;
            pending.finish(&reply).await;
            reply
        }
        .boxed()
    }

    fn refused(&self, refusal: Refusal) {
        self.state().stats.count_refusal(refusal.reason);
        if self.config.events.detail() > EventDetail::Count {
            self.config.events.try_emit(ListenEvent::Refused(refusal));
        }
    }
}

impl ListenHandler {
    fn refuse_loop(&self, request: &IncomingRequest) -> Reply {
        let reason = RefusalReason::Loop;
        self.refused(Refusal {
            peer: request.peer(),
            at: request.received_at(),
            reason,
            target: Some((request.method().to_string(), request.path().to_owned())),
        });
        Reply::Respond(Response::text(StatusCode::LOOP_DETECTED, format!("{reason}\n")))
    }
}

/// A request until its response. It is counted and reported when it is finished, or when it is
/// dropped because the client went away.
struct PendingRequest<'h> {
    handler: &'h ListenHandler,
    event: Box<RequestEvent>,
    /// 1-based count of requests with this id.
    attempt: u32,
    /// Whether it is one of those that `--expect` counts.
    is_expected: bool,
    /// The body, if it is reported.
    body: Option<IncomingBody>,
    started: Instant,
    is_finished: bool,
}

impl<'h> PendingRequest<'h> {
    fn new(
        handler: &'h ListenHandler,
        request: &IncomingRequest,
        report: RequestReport,
        n: u64,
        occurrence: Occurrence,
    ) -> Self {
        let ListenConfig { judge, stop, events, .. } = &handler.config;
        let is_full = events.detail() == EventDetail::Full;
        let needs_body = is_full || report.verdict == Some(SignatureVerdict::Invalid);
        Self {
            handler,
            attempt: occurrence.attempt,
            is_expected: stop.expects(&report),
            body: needs_body.then(|| request.shared_body()),
            event: Box::new(RequestEvent {
                n,
                received_at: request.received_at(),
                elapsed: Duration::ZERO,
                peer: request.peer().to_string(),
                path: shortened(request.path(), MAX_TEXT).into_owned(),
                secret: report.secret.and_then(|index| judge.name(index)).map(str::to_owned),
                report,
                repeat: occurrence.repeat,
                body_size: request.body().len(),
                body: None,
                outcome: RequestOutcome::ClientGone,
                forwarded: Vec::new(),
                save_error: None,
                headers: is_full.then(|| owned_headers(request)),
            }),
            started: Instant::now(),
            is_finished: false,
        }
    }

    fn report(&self) -> &RequestReport {
        &self.event.report
    }

    /// Counts and reports the request.
    async fn finish(mut self, reply: &Reply) {
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
        self.event.body = self.body.take().map(|body| body.bytes);
        Some(ListenEvent::Request(std::mem::take(&mut self.event)))
    }
}

impl Drop for PendingRequest<'_> {
    fn drop(&mut self) {
        if !self.is_finished
            && let Some(event) = self.end()
        {
            self.handler.config.events.try_emit(event);
        }
    }
}

fn owned_headers(request: &IncomingRequest) -> Vec<(String, String)> {
    request.headers().map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
}
