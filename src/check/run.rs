//! Runs the probes: what the first request shows, then what must be measured alone, then everything
//! that can run together, then the burst.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt};

use super::{
    Check, CheckConfig, CheckReport, CheckStatus, Level, PROBES, Phase, Prerequisite, Probe,
    ProbeRequest, ProbeResponse, ProbeResult, Readiness, RequestFactory, Traffic,
};
use crate::delivery::{Attempt, AttemptOutcome, Clock, DeliveryVerdict, describe_attempt, help};
use crate::pgm::RequestId;
use crate::text::Diagnostic;

/// The probe behind [`Prerequisite::Accepted`].
const PREREQUISITE_PROBE: &str = "answers-2xx";

/// Time between the connections that are made for requests at once: some servers let only a few
/// wait to be accepted.
const CONNECT_GAP: Duration = Duration::from_millis(5);

/// The probes that send what anybody could send.
const FORGING_PROBES: [&str; 2] = ["rejects-wrong-signature", "rejects-unsigned"];

/// A target that can be sent requests.
pub trait ProbeTarget {
    /// Sends a request and waits for its response, within the target's own time limit.
    fn send(
        &self,
        request: &ProbeRequest,
        now: DateTime<Utc>,
    ) -> impl Future<Output = ProbeResponse>;
}

/// How far a run has come.
#[derive(Debug)]
pub enum CheckProgress<'a> {
    /// These probes run now; the number is that of all probes of the run.
    Running(&'a [&'static str], usize),
    /// A check was made. It may be made again, if other requests may have disturbed it.
    Checked(&'a Check),
}

/// The request that everything else builds on: `Test`, as PGM sends it.
pub fn first_request(config: &CheckConfig, ids: &mut dyn FnMut() -> RequestId) -> ProbeRequest {
    ProbeRequest::new(
        "request 1",
        RequestFactory { config, ids, first: None, first_status: None }.test(),
    )
}

/// Checks that there is something to check.
///
/// # Errors
/// When no check is chosen, or one that is left out is what others build on.
pub fn check_selection(config: &CheckConfig) -> Result<(), Diagnostic> {
    if !PROBES.iter().any(|probe| config.wants(probe.id)) {
        return Err(Diagnostic::new("--skip leaves none of the checks to make")
            .help("`pgwh check-target --list` shows all of them"));
    }
    let added = wanted(config).find(|probe| !config.wants(probe.id));
    match added.filter(|probe| config.skip.iter().any(|id| id == probe.id)) {
        Some(probe) => Err(Diagnostic::new(format!(
            "--skip {}: other checks say nothing about a target that fails it",
            probe.id
        ))
        .help("choose checks that do not need it with --only, or leave --skip out")),
        None => Ok(()),
    }
}

/// Whether any wanted probe has to send a request.
pub fn needs_target(config: &CheckConfig) -> bool {
    wanted(config).any(|probe| probe.prerequisite != Prerequisite::None)
}

/// Runs the wanted probes against a target and reports progress to `observer`. `first` is the
/// [`first_request`] and its response, where one is needed.
pub async fn run<T: ProbeTarget, C: Clock>(
    target: &T,
    clock: &C,
    config: &CheckConfig,
    ids: &mut dyn FnMut() -> RequestId,
    first: Option<(ProbeRequest, ProbeResponse)>,
    observer: &mut dyn FnMut(CheckProgress<'_>),
) -> CheckReport {
    let concurrency = Concurrency::new(first.as_ref().map(|(_, response)| response));
    let mut run =
        CheckRun { target, clock, config, ids, first, observer, concurrency, checks: Vec::new() };
    for phase in [Phase::First, Phase::Measured, Phase::Together, Phase::Alone] {
        run.phase(phase).await;
    }
    run.report()
}

/// The report of a run that ended early, over the checks that were made.
pub fn interrupted(config: &CheckConfig, checks: Vec<Check>) -> CheckReport {
    let report = CheckReport::new(config, in_order(checks), None);
    CheckReport { readiness: Readiness::Interrupted, ..report }
}

/// The checks in the order of the list of probes.
fn in_order(mut checks: Vec<Check>) -> Vec<Check> {
    checks.sort_by_key(|check| PROBES.iter().position(|probe| probe.id == check.id));
    checks
}

struct CheckRun<'a, T, C> {
    target: &'a T,
    clock: &'a C,
    config: &'a CheckConfig,
    ids: &'a mut dyn FnMut() -> RequestId,
    first: Option<(ProbeRequest, ProbeResponse)>,
    observer: &'a mut dyn FnMut(CheckProgress<'_>),
    concurrency: Concurrency,
    checks: Vec<Check>,
}

/// A probe with what it sends, or why it is skipped.
type PreparedProbe = (&'static Probe, Traffic);

/// Requests of one probe that were sent one after the other.
struct SentSequence {
    began: DateTime<Utc>,
    ended: DateTime<Utc>,
    responses: Vec<ProbeResponse>,
}

impl<T: ProbeTarget, C: Clock> CheckRun<'_, T, C> {
    async fn phase(&mut self, phase: Phase) {
        let probes = wanted(self.config).filter(|probe| probe.phase == phase);
        if phase == Phase::Together {
            let prepared = probes.map(|probe| (probe, self.prepare(probe))).collect();
            let parallel = self.concurrency.parallel_requests(self.config.limit);
            let suspects = self.round(prepared, parallel, CONNECT_GAP).await;
            return self.ask_again(suspects).await;
        }
        for probe in probes {
            let traffic = self.prepare(probe);
            let parallel = match &traffic {
                Traffic::AtOnce(requests) => requests.len(),
                _ => 1,
            };
            self.round(vec![(probe, traffic)], parallel, Duration::ZERO).await;
        }
    }

    /// Runs probes again, each request alone, whose requests may have failed because of the others.
    async fn ask_again(&mut self, suspects: Vec<&'static Probe>) {
        for probe in suspects {
            let before = self.checks.iter().position(|check| check.id == probe.id);
            before.map(|index| self.checks.remove(index));
            let traffic = self.prepare(probe);
            self.round(vec![(probe, traffic)], 1, Duration::ZERO).await;
        }
    }

    /// Runs some probes, `parallel` sequences of requests at once, their starts `gap` apart, and
    /// judges each when its own have ended. Returns those that did not pass in a way that other
    /// requests may have caused.
    async fn round(
        &mut self,
        prepared: Vec<PreparedProbe>,
        parallel: usize,
        gap: Duration,
    ) -> Vec<&'static Probe> {
        let is_skipped = |traffic: &Traffic| matches!(traffic, Traffic::NotApplicable(_));
        let ids = prepared.iter().filter(|(_, t)| !is_skipped(t)).map(|(p, _)| p.id);
        let ids: Vec<_> = ids.collect();
        (self.observer)(CheckProgress::Running(&ids, wanted(self.config).count()));
        let sequences: Vec<_> = prepared.iter().map(|(_, traffic)| sequences(traffic)).collect();
        let mut sent: Vec<Vec<Option<SentSequence>>> =
            sequences.iter().map(|of_probe| of_probe.iter().map(|_| None).collect()).collect();
        let (target, clock, limit) = (self.target, self.clock, self.config.limit);
        let keyed = sequences.into_iter().enumerate().flat_map(|(probe, of_probe)| {
            of_probe.into_iter().enumerate().map(move |(n, sequence)| ((probe, n), sequence))
        });
        let running = keyed.enumerate().map(async |(n, (key, sequence))| {
            if n > 0 && n < parallel {
                clock.sleep(gap * u32::try_from(n).unwrap_or_default()).await;
            }
            (key, send_in_turn(target, clock, limit, sequence).await)
        });
        let mut running = std::pin::pin!(stream::iter(running).buffer_unordered(parallel.max(1)));
        let mut suspects = Vec::new();
        let mut unjudged: Vec<_> = prepared.into_iter().map(Some).collect();
        loop {
            for (prepared, sent) in unjudged.iter_mut().zip(&mut sent) {
                if sent.iter().any(Option::is_none) {
                    continue;
                }
                let Some((probe, traffic)) = prepared.take() else { continue };
                let sent: Vec<_> = sent.drain(..).flatten().collect();
                let check = self.judge(probe, traffic, &sent);
                let passed = check.result.status == CheckStatus::Pass;
                if !passed && parallel > 1 && self.may_be_overloaded(&sent) {
                    suspects.push(probe);
                }
                (self.observer)(CheckProgress::Checked(&check));
                self.checks.push(check);
            }
            match running.next().await {
                Some(((probe, n), sequence)) => sent[probe][n] = Some(sequence),
                None => return suspects,
            }
        }
    }

    /// Whether a response was late, missing, or one of a target with too much to do.
    fn may_be_overloaded(&self, sent: &[SentSequence]) -> bool {
        let mut responses = sent.iter().flat_map(|sent| &sent.responses);
        responses.any(|response| match (&response.attempt, response.status()) {
            (None, _) => false,
            (_, Some(429 | 500..)) => true,
            (Some(attempt), _) => {
                attempt.outcome != AttemptOutcome::Responded || attempt.elapsed >= self.config.limit
            }
        })
    }

    fn judge(&mut self, probe: &Probe, traffic: Traffic, sent: &[SentSequence]) -> Check {
        let began = sent.iter().map(|sent| sent.began).min();
        let ended = sent.iter().map(|sent| sent.ended).max();
        let took = began.zip(ended).and_then(|(began, ended)| (ended - began).to_std().ok());
        let mut elapsed = took.unwrap_or_default();
        let mut responses = Vec::new();
        if let (Traffic::First | Traffic::FirstThen(_), Some((_, first))) = (&traffic, &self.first)
        {
            elapsed += first.elapsed();
            responses.push(first.clone());
        }
        responses.extend(sent.iter().flat_map(|sent| sent.responses.iter().cloned()));
        let result = match traffic {
            Traffic::NotApplicable(reason) => ProbeResult::skip(reason),
            traffic => {
                if probe.phase == Phase::Measured {
                    self.concurrency.learn(&traffic, &responses, self.config.limit);
                }
                (probe.judge)(self.config, &responses)
            }
        };
        let accepts_forged =
            FORGING_PROBES.contains(&probe.id) && responses.iter().any(ProbeResponse::is_accepted);
        let is_must = probe.about_signatures && self.config.require_signature;
        let level = if is_must { Level::Must } else { probe.level };
        Check { id: probe.id, level, source: probe.source, result, elapsed, accepts_forged }
    }

    /// What a probe sends, or why it is skipped.
    fn prepare(&mut self, probe: &Probe) -> Traffic {
        // Says more than what the probe makes of a response that is missing.
        if probe.prerequisite != Prerequisite::None
            && let Some(reason) = self.unreached(probe)
        {
            return Traffic::NotApplicable(reason);
        }
        let first = self.first_attempt();
        let first_status = first
            .filter(|attempt| attempt.outcome == AttemptOutcome::Responded)
            .and_then(Attempt::status);
        let traffic = (probe.traffic)(&mut RequestFactory {
            config: self.config,
            ids: &mut *self.ids,
            first: self.first.as_ref().map(|(first, _)| &first.request),
            first_status,
        });
        if let Traffic::NotApplicable(_) = traffic {
            return traffic;
        }
        self.obstacle(probe, &traffic).map_or(traffic, Traffic::NotApplicable)
    }

    /// Why a probe cannot be made although the target was reached, if it cannot.
    fn obstacle(&self, probe: &Probe, traffic: &Traffic) -> Option<&'static str> {
        let is_accepted = self.first_attempt().is_some_and(Attempt::is_accepted);
        match probe.prerequisite {
            Prerequisite::None => None,
            _ if is_accepted && self.concurrency.is_slow && !matches!(traffic, Traffic::First) => {
                Some("no response came in time")
            }
            Prerequisite::Reached => None,
            Prerequisite::Accepted => (!is_accepted).then_some("Test itself did not get a 2xx"),
        }
    }

    /// Why a probe that needs a target that was reached has none, if so.
    fn unreached(&self, probe: &Probe) -> Option<&'static str> {
        if self.first.is_none() {
            return Some("nothing was sent");
        }
        let attempt = self.first_attempt();
        let is_tls_failure = attempt.is_some_and(|one| one.outcome == AttemptOutcome::Tls);
        match attempt.is_some_and(is_reached) {
            true => None,
            // The one probe that has something to say about a target that was not reached.
            false if is_tls_failure && probe.id == "tls" => None,
            false => Some("the target was not reached"),
        }
    }

    fn first_attempt(&self) -> Option<&Attempt> {
        self.first.as_ref().and_then(|(_, response)| response.attempt.as_ref())
    }

    fn report(self) -> CheckReport {
        let first = self.first_attempt();
        let unreached = first.filter(|attempt| !is_reached(attempt));
        let unreachable = unreached.map(|attempt| {
            let error = attempt.error.as_ref().map(|error| format!(": {error}"));
            (describe_attempt(attempt) + &error.unwrap_or_default(), help(attempt, None))
        });
        CheckReport::new(self.config, in_order(self.checks), unreachable)
    }
}

/// Whether an attempt says something about the target.
fn is_reached(attempt: &Attempt) -> bool {
    attempt.verdict() != DeliveryVerdict::Unreachable
}

/// Sends requests one after the other, each only if the one before was accepted within the limit.
async fn send_in_turn<T: ProbeTarget, C: Clock>(
    target: &T,
    clock: &C,
    limit: Duration,
    requests: Vec<ProbeRequest>,
) -> SentSequence {
    let began = clock.now();
    let mut responses = Vec::new();
    for request in requests {
        let response = target.send(&request, clock.now()).await;
        let goes_on = response.attempt.is_none() || response.is_in_time(limit);
        responses.push(response);
        if !goes_on {
            break;
        }
    }
    SentSequence { began, ended: clock.now(), responses }
}

/// What has to be sent one after the other; several such sequences may run at once.
fn sequences(traffic: &Traffic) -> Vec<Vec<ProbeRequest>> {
    match traffic {
        Traffic::FirstThen(requests) | Traffic::InTurn(requests) => vec![requests.clone()],
        Traffic::Each(requests) | Traffic::AtOnce(requests) => {
            requests.iter().map(|request| vec![request.clone()]).collect()
        }
        Traffic::First | Traffic::NotApplicable(_) => Vec::new(),
    }
}

/// The probes that the user wants, and their prerequisite: a check that was skipped for it says
/// only that, so it must be among the checks.
fn wanted(config: &CheckConfig) -> impl Iterator<Item = &'static Probe> {
    let chosen = |probe: &Probe| config.wants(probe.id);
    let needs_accepted =
        PROBES.iter().any(|probe| chosen(probe) && probe.prerequisite == Prerequisite::Accepted);
    PROBES
        .iter()
        .filter(move |probe| chosen(probe) || (needs_accepted && probe.id == PREREQUISITE_PROBE))
}

/// Most requests at once.
const MAX_PARALLEL_REQUESTS: usize = 32;

/// What the measurements have shown so far.
#[derive(Debug, Default)]
struct Concurrency {
    /// The time of a request that was alone.
    alone: Option<Duration>,
    /// The time of the slowest of some requests that were sent at once, and how many they were.
    at_once: Option<(usize, Duration)>,
    /// Whether no response came in time when it was measured.
    is_slow: bool,
}

impl Concurrency {
    /// Starts from the first request, which may have met the target cold.
    fn new(first: Option<&ProbeResponse>) -> Self {
        Self { alone: first.map(ProbeResponse::elapsed), ..Self::default() }
    }

    /// Learns from the responses of a measured probe.
    fn learn(&mut self, traffic: &Traffic, responses: &[ProbeResponse], limit: Duration) {
        let slowest = |all: &[ProbeResponse]| all.iter().map(ProbeResponse::elapsed).max();
        match traffic {
            Traffic::FirstThen(_) => {
                self.is_slow = !responses.iter().any(|response| response.is_in_time(limit));
                self.alone = slowest(responses.get(1..).unwrap_or_default()).or(self.alone);
            }
            Traffic::AtOnce(requests) if responses.iter().all(ProbeResponse::is_accepted) => {
                self.at_once = slowest(responses).map(|slowest| (requests.len(), slowest));
            }
            _ => {}
        }
    }

    /// How many requests to send at once: as many as possible to a target that takes about as long
    /// for several as for one, else as many as it completes in half of its time.
    fn parallel_requests(&self, limit: Duration) -> usize {
        let fits = |time: Duration| {
            let times = (limit / 2).as_micros() / time.as_micros().max(1);
            usize::try_from(times).unwrap_or(MAX_PARALLEL_REQUESTS).min(MAX_PARALLEL_REQUESTS)
        };
        let alone = self.alone.unwrap_or_default();
        let at_once = match self.at_once {
            Some((_, time)) if time < alone + alone / 2 => MAX_PARALLEL_REQUESTS,
            Some((requests, time)) => requests * fits(time),
            None => 0,
        };
        self.alone.map(fits).unwrap_or_default().max(at_once).clamp(1, MAX_PARALLEL_REQUESTS)
    }
}

#[cfg(feature = "cli")]
impl ProbeTarget for crate::delivery::ProbeClient {
    async fn send(&self, request: &ProbeRequest, now: DateTime<Utc>) -> ProbeResponse {
        use super::ConnectionMode;
        let ProbeRequest { label, request, mode } = request;
        let (attempt, peer, reused) = match mode {
            ConnectionMode::New | ConnectionMode::WithoutQuery => {
                let keeps_query = *mode == ConnectionMode::New;
                let (attempt, peer) = self.attempt(request, now, keeps_query).await;
                (Some(attempt), peer, false)
            }
            ConnectionMode::CloseEarly => {
                self.send_and_close_early(request, now).await;
                (None, None, false)
            }
            ConnectionMode::KeepAlive => {
                let (attempt, kept) = self.attempt_on_kept(request, now).await;
                (Some(attempt), None, kept)
            }
        };
        ProbeResponse { label: label.clone(), mode: *mode, attempt, peer, reused }
    }
}
