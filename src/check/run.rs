//! Runs the probes: the first call, then what must be measured alone, then everything that
//! can run together, then the burst.

use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt};

use super::call::Sends;
use super::pace::Pace;
use super::probe::{Needs, Turn};
use super::setting::Asking;
use super::{Call, Check, Judgement, PROBES, Probe, Reply, Report, Setting, Target};
use crate::delivery::{Attempt, AttemptOutcome, Clock, DeliveryVerdict, describe_attempt, help};
use crate::pgm::{RequestId, SignedRequest};

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
    let pace = Pace::new(first.as_ref().map(|first| &first.reply));
    let mut run = Run { target, clock, setting, first, pace, checks: Vec::new() };
    let reached =
        run.first_attempt().is_none_or(|first| first.verdict() != DeliveryVerdict::Unreachable);
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
    pace: Pace,
    checks: Vec<Check>,
}

/// A probe with what it sends, or why it is skipped.
type Ready = (&'static Probe, Result<Sends, String>);

/// Calls of one probe that were made one after the other.
struct Ran {
    began: DateTime<Utc>,
    ended: DateTime<Utc>,
    replies: Vec<Reply>,
}

impl<T: Target, C: Clock> Run<'_, T, C> {
    async fn turn(&mut self, turn: Turn, ids: &mut dyn FnMut() -> RequestId) {
        let probes = wanted(self.setting).filter(|probe| probe.turn == turn);
        if turn == Turn::Together {
            let ready = probes.map(|probe| (probe, self.sends(probe, ids))).collect();
            return self.round(ready, self.pace.lanes(self.setting.limit)).await;
        }
        for probe in probes {
            let sends = self.sends(probe, ids);
            let width = match &sends {
                Ok(Sends::AtOnce(calls)) => calls.len(),
                _ => 1,
            };
            self.round(vec![(probe, sends)], width).await;
        }
    }

    /// Runs some probes, `width` sequences of calls at once, and judges them.
    async fn round(&mut self, ready: Vec<Ready>, width: usize) {
        let of = |(n, (_, sends)): (usize, &Ready)| {
            sequences(sends).into_iter().map(move |calls| (n, calls)).collect::<Vec<_>>()
        };
        let all = ready.iter().enumerate().flat_map(of).enumerate();
        let running = all.map(|(place, (n, calls))| self.in_turn((place, n), calls));
        let mut ran: Vec<((usize, usize), Ran)> =
            stream::iter(running).buffer_unordered(width.max(1)).collect().await;
        ran.sort_by_key(|(place, _)| *place);
        for (n, (probe, sends)) in ready.into_iter().enumerate() {
            let ran = ran.iter().filter(|((_, of), _)| *of == n).map(|(_, ran)| ran).collect();
            let check = self.judge(probe, sends, ran);
            self.checks.push(check);
        }
    }

    fn judge(&mut self, probe: &Probe, sends: Result<Sends, String>, ran: Vec<&Ran>) -> Check {
        let began = ran.iter().map(|ran| ran.began).min();
        let ended = ran.iter().map(|ran| ran.ended).max();
        let took = began.zip(ended).and_then(|(began, ended)| (ended - began).to_std().ok());
        let mut elapsed = took.unwrap_or_default();
        let mut replies = Vec::new();
        if let (Ok(Sends::First | Sends::FirstThen(_)), Some(first)) = (&sends, &self.first) {
            elapsed += first.reply.elapsed();
            replies.push(first.reply.clone());
        }
        replies.extend(ran.iter().flat_map(|ran| ran.replies.iter().cloned()));
        let judgement = match sends {
            Err(why) => Judgement::skip(why),
            Ok(sends) => {
                self.pace.note(&sends, &replies, self.setting.limit);
                (probe.judge)(self.setting, &replies)
            }
        };
        let level = probe.level_in(self.setting);
        Check { id: probe.id, level, source: probe.source, judgement, elapsed }
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
            Some(DeliveryVerdict::Unreachable) if is_tls_failure(attempt) && probe.id == "tls" => {
                Ok(())
            }
            Some(DeliveryVerdict::Unreachable) | None => {
                Err("the target was not reached".to_owned())
            }
            Some(_) if probe.needs == Needs::Call => Ok(()),
            Some(DeliveryVerdict::Failed) => Err("Test itself did not get a 2xx".to_owned()),
            Some(DeliveryVerdict::Delivered)
                if self.pace.is_slow && !matches!(sends, Sends::First) =>
            {
                Err("no answer came in time".to_owned())
            }
            Some(DeliveryVerdict::Delivered) => Ok(()),
        }
    }

    /// Makes calls one after the other, each only when the one before was accepted in time.
    async fn in_turn<K>(&self, key: K, calls: Vec<Call>) -> (K, Ran) {
        let began = self.clock.now();
        let mut replies = Vec::new();
        for call in calls {
            let reply = self.target.call(&call, self.clock.now()).await;
            let goes_on = reply.attempt.is_none() || reply.is_in_time(self.setting.limit);
            replies.push(reply);
            if !goes_on {
                break;
            }
        }
        (key, Ran { began, ended: self.clock.now(), replies })
    }

    fn first_attempt(&self) -> Option<&Attempt> {
        self.first.as_ref().and_then(|first| first.reply.attempt.as_ref())
    }

    fn report(mut self, reached: bool) -> Report {
        let place = |id: &str| PROBES.iter().position(|probe| probe.id == id);
        self.checks.sort_by_key(|check| place(check.id));
        let unreachable = self.first_attempt().filter(|_| !reached).map(|attempt| {
            let error = attempt.error.as_ref().map(|error| format!(": {error}"));
            (describe_attempt(attempt) + &error.unwrap_or_default(), help(attempt))
        });
        Report::new(self.setting.url.clone(), self.checks, self.setting.strict, unreachable)
    }
}

/// What has to be called one after the other; several such sequences may run at once.
fn sequences(sends: &Result<Sends, String>) -> Vec<Vec<Call>> {
    match sends {
        Ok(Sends::FirstThen(calls) | Sends::InTurn(calls)) => vec![calls.clone()],
        Ok(Sends::Each(calls) | Sends::AtOnce(calls)) => {
            calls.iter().map(|call| vec![call.clone()]).collect()
        }
        Ok(Sends::First | Sends::NotApplicable(_)) | Err(_) => Vec::new(),
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
    attempt.is_some_and(|attempt| attempt.outcome == AttemptOutcome::Tls)
}
