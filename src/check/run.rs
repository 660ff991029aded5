//! Runs the probes: the first call, then what must be measured alone, then everything that
//! can run together, then the bursts.

use futures_util::future::join_all;
use tokio::sync::Semaphore;

use super::call::Sends;
use super::probe::{Needs, Turn};
use super::setting::Asking;
use super::{Call, Check, Judgement, PROBES, Probe, Reply, Report, Setting, Target};
use crate::delivery::{Attempt, Clock, Outcome, Verdict, attempt_word, hint};
use crate::pgm::{RequestId, SignedRequest};

/// Calls that are made together at most.
const MOST_LANES: usize = 8;

/// The probe on which those stand that need an accepted call.
const PREMISE: &str = "answers-2xx";

/// The call on which everything else stands, made.
#[derive(Debug, Clone)]
pub struct First {
    /// What was sent.
    pub request: SignedRequest,
    /// What came of it.
    pub reply: Reply,
}

/// The call on which everything else stands: `Test`, as PGM sends it.
pub fn first_call(setting: &Setting, ids: &mut dyn FnMut() -> RequestId) -> Call {
    Call::new("call 1", Asking { setting, ids, first: None }.test())
}

/// Whether any probe that is wanted has to call the target.
pub fn needs_target(setting: &Setting) -> bool {
    wanted(setting).any(|probe| probe.needs != Needs::Nothing)
}

/// Runs the wanted probes against a target, `first` being the first call where one is needed.
pub async fn run<T: Target, C: Clock>(
    target: &T,
    clock: &C,
    setting: &Setting,
    ids: &mut dyn FnMut() -> RequestId,
    first: Option<First>,
) -> Report {
    let mut run = Run { target, clock, setting, first, slow: false, checks: Vec::new() };
    let reached = run.first_attempt().is_none_or(|first| first.verdict() != Verdict::Unreachable);
    for turn in [Turn::Measured, Turn::Together, Turn::Alone] {
        run.turn(turn, ids).await;
    }
    run.report(reached)
}

struct Run<'a, T, C> {
    target: &'a T,
    clock: &'a C,
    setting: &'a Setting,
    first: Option<First>,
    /// Whether no answer came in time when it was measured.
    slow: bool,
    checks: Vec<Check>,
}

/// A probe with what it sends, ready to run.
type Ready = (&'static Probe, Result<Sends, String>);

impl<T: Target, C: Clock> Run<'_, T, C> {
    async fn turn(&mut self, turn: Turn, ids: &mut dyn FnMut() -> RequestId) {
        let probes = wanted(self.setting).filter(|probe| probe.turn == turn);
        let ready: Vec<Ready> = probes.map(|probe| (probe, self.sends(probe, ids))).collect();
        let lanes = Semaphore::new(self.lanes());
        let checks = if turn == Turn::Together {
            let probes = ready.into_iter().map(|ready| self.check(ready, &lanes));
            join_all(probes).await
        } else {
            let mut checks = Vec::new();
            for ready in ready {
                checks.push(self.check(ready, &lanes).await);
            }
            checks
        };
        for (check, replies) in checks {
            if turn == Turn::Measured && !replies.is_empty() {
                let limit = self.setting.limit;
                self.slow = !replies.iter().any(|reply| reply.is_in_time(limit));
            }
            self.checks.push(check);
        }
    }

    /// What a probe sends, or why it is skipped.
    fn sends(&self, probe: &Probe, ids: &mut dyn FnMut() -> RequestId) -> Result<Sends, String> {
        let first = self.first.as_ref();
        let sends = (probe.sends)(&mut Asking {
            setting: self.setting,
            ids,
            first: first.map(|f| &f.request),
        });
        if let Sends::NotApplicable(why) = sends {
            return Err(why);
        }
        self.premise(probe, &sends).map(|()| sends)
    }

    /// Whether what a probe stands on is so.
    fn premise(&self, probe: &Probe, sends: &Sends) -> Result<(), String> {
        if probe.needs == Needs::Nothing {
            return Ok(());
        }
        let Some(first) = &self.first else { return Err("nothing was sent".to_owned()) };
        let attempt = first.reply.attempt.as_ref();
        match attempt.map(Attempt::verdict) {
            // The one probe that has something to say about a target that was not reached.
            Some(Verdict::Unreachable) if is_tls_failure(attempt) && probe.id == "tls" => Ok(()),
            Some(Verdict::Unreachable) | None => Err("the target was not reached".to_owned()),
            Some(_) if probe.needs == Needs::Call => Ok(()),
            Some(Verdict::Failed) => Err("Test itself did not get a 2xx".to_owned()),
            Some(Verdict::Delivered) if self.slow && !matches!(sends, Sends::First) => {
                Err("no answer came in time".to_owned())
            }
            Some(Verdict::Delivered) => Ok(()),
        }
    }

    async fn check(&self, (probe, sends): Ready, lanes: &Semaphore) -> (Check, Vec<Reply>) {
        let uses_first = matches!(sends, Ok(Sends::First | Sends::FirstThen(_)));
        let began = self.clock.now();
        let (judgement, replies) = match sends {
            Err(why) => (Judgement::skip(why), Vec::new()),
            Ok(sends) => {
                let replies = self.replies(sends, lanes).await;
                ((probe.judge)(self.setting, &replies), replies)
            }
        };
        let mut elapsed = (self.clock.now() - began).to_std().unwrap_or_default();
        if uses_first {
            elapsed += self.first_attempt().map(|first| first.elapsed).unwrap_or_default();
        }
        let level = probe.level_in(self.setting);
        (Check { id: probe.id, level, source: probe.source, judgement, elapsed }, replies)
    }

    async fn replies(&self, sends: Sends, lanes: &Semaphore) -> Vec<Reply> {
        let first = self.first.iter().map(|first| first.reply.clone());
        match sends {
            Sends::First => first.collect(),
            Sends::FirstThen(calls) => {
                let mut replies: Vec<_> = first.collect();
                replies.extend(self.in_turn(calls, lanes).await);
                replies
            }
            Sends::InTurn(calls) => self.in_turn(calls, lanes).await,
            Sends::Each(calls) => {
                join_all(calls.iter().map(|call| self.in_a_lane(call, lanes))).await
            }
            Sends::AtOnce(calls) => join_all(calls.iter().map(|call| self.call(call))).await,
            Sends::NotApplicable(_) => Vec::new(),
        }
    }

    async fn in_turn(&self, calls: Vec<Call>, lanes: &Semaphore) -> Vec<Reply> {
        let mut replies = Vec::new();
        for call in calls {
            let reply = self.in_a_lane(&call, lanes).await;
            let go_on = reply.attempt.is_none() || reply.is_in_time(self.setting.limit);
            replies.push(reply);
            if !go_on {
                break;
            }
        }
        replies
    }

    async fn in_a_lane(&self, call: &Call, lanes: &Semaphore) -> Reply {
        // The semaphore is never closed, so there is always a permit to wait for.
        let _permit = lanes.acquire().await;
        self.call(call).await
    }

    async fn call(&self, call: &Call) -> Reply {
        self.target.call(call, self.clock.now()).await
    }

    /// How many calls are made together: as many as a target that handles them one by one
    /// answers in half of its time, so that being checked does not make it late.
    fn lanes(&self) -> usize {
        let one = self.first_attempt().map_or(1, |first| first.elapsed.as_micros().max(1));
        let room = self.setting.limit.as_micros() / 2 / one;
        usize::try_from(room).unwrap_or(MOST_LANES).clamp(1, MOST_LANES)
    }

    fn first_attempt(&self) -> Option<&Attempt> {
        self.first.as_ref().and_then(|first| first.reply.attempt.as_ref())
    }

    fn report(mut self, reached: bool) -> Report {
        let place = |id: &str| PROBES.iter().position(|probe| probe.id == id);
        self.checks.sort_by_key(|check| place(check.id));
        let unreachable = self.first_attempt().filter(|_| !reached).map(|attempt| {
            let error = attempt.error.as_ref().map(|error| format!(": {error}"));
            (attempt_word(attempt) + &error.unwrap_or_default(), hint(attempt))
        });
        Report::new(self.setting.url.clone(), self.checks, self.setting.strict, unreachable)
    }
}

/// The probes that the user wants, and those that these stand on: a check whose premise failed
/// says only that it was skipped, so the premise must be among the checks.
fn wanted(setting: &Setting) -> impl Iterator<Item = &'static Probe> {
    let chosen = |probe: &Probe| setting.wants(probe.id);
    let stands = PROBES.iter().any(|probe| chosen(probe) && probe.needs == Needs::Accepted);
    PROBES.iter().filter(move |probe| chosen(probe) || (stands && probe.id == PREMISE))
}

fn is_tls_failure(attempt: Option<&Attempt>) -> bool {
    attempt.is_some_and(|attempt| attempt.outcome == Outcome::Tls)
}
