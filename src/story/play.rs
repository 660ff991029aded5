//! Plays a story: makes each request when it is due, has it sent, and compares what came back with
//! what was expected.

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::StreamExt;
use futures_util::stream::{self, FuturesUnordered};
use serde_json::Value;
use url::Url;

use super::expect::response_value;
use super::{ResponseValue, Step, StepValues, Story, StoryScope, WeightedSample};
use crate::delivery::{Clock, Delivery, DeliveryVerdict, RetryPolicy, SendMode};
use crate::pgm::{Envelope, SignedRequest};
use crate::text::Diagnostic;

/// How many times as fast as written a story is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed(f64);

/// A request that is to be signed and sent, to each of its targets.
#[derive(Debug, Clone)]
pub struct StepRequest {
    /// Technical name of its event.
    pub event: String,
    /// The exact body.
    pub body: Vec<u8>,
    /// Which attempts are to be made.
    pub mode: SendMode,
    data: Value,
}

/// A request that was sent to one target.
#[derive(Debug, Clone)]
pub struct SentRequest {
    /// The name of the webhook, if it is one of pgwh.toml.
    pub webhook: Option<String>,
    /// The URL that was called.
    pub url: Url,
    /// What was sent.
    pub request: SignedRequest,
    /// What came of it.
    pub delivery: Delivery,
}

/// A request that has ended.
#[derive(Debug, Clone)]
pub struct PlayedRequest {
    /// Technical name of its event.
    pub event: String,
    /// To each of its targets; empty when nobody is subscribed, or it could not be made.
    pub sent: Vec<SentRequest>,
    /// What is not as expected, each in one line. Quotes the target: escape it before it is shown.
    pub unmet: Vec<String>,
}

/// What happens while a story is played.
#[derive(Debug)]
pub enum PlayEvent<'a> {
    /// The pause before a step begins.
    Waiting(&'a Step, Duration),
    /// A request of a step has ended.
    Ended(&'a Step, PlayedRequest),
    /// All requests of a step have ended.
    Done,
}

/// Plays a story. `send` sends a request to the targets of its step, and returns what came of it;
/// `report` is called with each event. Values are drawn from `seed`.
pub async fn play<C: Clock>(
    story: &Story,
    speed: Speed,
    seed: u64,
    clock: &C,
    send: impl AsyncFn(&Step, &StepRequest) -> Vec<SentRequest>,
    mut report: impl FnMut(PlayEvent<'_>),
) {
    let scope = RefCell::new(story.scope(seed));
    for step in &story.steps {
        let pause = speed.scale(step.after);
        report(PlayEvent::Waiting(step, pause));
        clock.sleep(pause).await;
        let began = clock.now();
        let one = async |n: u32| {
            let due = began + delta(speed.scale(step.every.saturating_mul(n)));
            clock.sleep((due - clock.now()).to_std().unwrap_or_default()).await;
            let made = {
                let mut scope = scope.borrow_mut();
                scope.now = clock.now();
                step.next_request(speed, &mut scope)
            };
            let request = match made {
                Ok(request) => request,
                Err(error) => return step.not_made(error, &mut scope.borrow_mut()),
            };
            let sent = send(step, &request).await;
            step.conclude(request, sent, &mut scope.borrow_mut())
        };
        let requests = (0..step.count).map(one);
        if step.every.is_zero() && !step.at_once {
            let mut requests = stream::iter(requests).buffered(1);
            while let Some(request) = requests.next().await {
                report(PlayEvent::Ended(step, request));
            }
        } else {
            let mut requests: FuturesUnordered<_> = requests.collect();
            while let Some(request) = requests.next().await {
                report(PlayEvent::Ended(step, request));
            }
        }
        report(PlayEvent::Done);
    }
}

impl Story {
    /// What its values are made from: its variables, drawn from `seed`.
    fn scope(&self, seed: u64) -> StoryScope {
        let mut scope = StoryScope::new(self.start, seed);
        for (name, value) in &self.variables {
            // Reading the story has shown that they can be made.
            let _ = scope.define(name, value);
        }
        scope
    }

    /// A request of each step as it would be sent now, without what comes from responses.
    ///
    /// # Errors
    /// When a request cannot be made.
    pub fn preview(&self, seed: u64) -> Result<Vec<(&Step, StepRequest)>, Diagnostic> {
        let mut scope = self.scope(seed);
        let mut previews = Vec::new();
        for step in &self.steps {
            let request = step.next_request(Speed::default(), &mut scope)?;
            step.remember(request.data.clone(), ResponseValue::Unknown, &mut scope);
            previews.push((step, request));
        }
        Ok(previews)
    }
}

impl Step {
    /// A new request, about something that happens now.
    fn next_request(
        &self,
        speed: Speed,
        scope: &mut StoryScope,
    ) -> Result<StepRequest, Diagnostic> {
        let chosen = self.choose(scope);
        let data = self.data_of(chosen, scope).map_err(|(.., error)| error)?;
        let (event, triggered_date) =
            (chosen.event.clone(), self.triggered_date.unwrap_or(scope.now));
        let envelope = Envelope { event: event.clone(), triggered_date, data };
        let body = envelope.to_body();
        let mode = match &self.mode {
            SendMode::Retry(policy) => {
                SendMode::Retry(RetryPolicy { delay: speed.scale(policy.delay), ..policy.clone() })
            }
            other => other.clone(),
        };
        Ok(StepRequest { event, body, mode, data: envelope.data })
    }

    /// One of the events, by their weights.
    fn choose(&self, scope: &mut StoryScope) -> &WeightedSample {
        let total = self.events.iter().map(|one| u64::from(one.weight)).sum::<u64>();
        let mut drawn = if self.events.len() > 1 { scope.draw(total) } else { 0 };
        let is_drawn = |one: &&WeightedSample| match drawn.checked_sub(one.weight.into()) {
            Some(rest) => {
                drawn = rest;
                false
            }
            None => true,
        };
        self.events.iter().find(is_drawn).unwrap_or(&self.events[0])
    }

    fn conclude(
        &self,
        request: StepRequest,
        sent: Vec<SentRequest>,
        scope: &mut StoryScope,
    ) -> PlayedRequest {
        let response = match sent.first().and_then(|sent| sent.delivery.attempts.last()) {
            Some(attempt) => response_value(attempt),
            None => ResponseValue::Missing(format!("{} was not sent to anyone", self.label())),
        };
        self.remember(request.data, response, scope);
        let mut unmet: Vec<String> = Vec::new();
        for sent in &sent {
            for line in self.expect.unmet(&sent.delivery, &request.mode, scope) {
                let line = match &sent.webhook {
                    Some(webhook) => format!("{webhook}: {line}"),
                    None => line,
                };
                unmet.push(line);
            }
        }
        PlayedRequest { event: request.event, sent, unmet }
    }

    /// A request that could not be made, as a response does not have what it needs.
    fn not_made(&self, error: Diagnostic, scope: &mut StoryScope) -> PlayedRequest {
        let missing = format!("{} was not sent", self.label());
        self.remember(Value::Null, ResponseValue::Missing(missing), scope);
        let unmet = vec![format!("not sent: {}", error.message)];
        PlayedRequest { event: self.event().to_owned(), sent: Vec::new(), unmet }
    }

    fn remember(&self, data: Value, response: ResponseValue, scope: &mut StoryScope) {
        if let Some(name) = &self.name {
            scope.remember(name, StepValues { data, response });
        }
    }
}

impl PlayedRequest {
    /// Whether nobody is subscribed to its event, so that PGM would not send it.
    pub fn is_skipped(&self) -> bool {
        self.sent.is_empty() && self.unmet.is_empty()
    }

    /// The worst verdict of its deliveries, where it was not as expected.
    pub fn worst_unmet(&self) -> Option<DeliveryVerdict> {
        let verdicts = self.sent.iter().map(|sent| sent.delivery.verdict);
        // An expectation that is not met by a success is a failure, too.
        let worst = verdicts.map(|verdict| match verdict {
            DeliveryVerdict::Unreachable => DeliveryVerdict::Unreachable,
            _ => DeliveryVerdict::Failed,
        });
        (!self.unmet.is_empty()).then(|| worst.max().unwrap_or(DeliveryVerdict::Failed))
    }
}

impl Speed {
    /// A duration of the story in the time that passes.
    pub fn scale(self, duration: Duration) -> Duration {
        Duration::try_from_secs_f64(duration.as_secs_f64() / self.0).unwrap_or(Duration::MAX)
    }
}

impl Default for Speed {
    fn default() -> Self {
        Self(1.0)
    }
}

impl FromStr for Speed {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let speed = text.strip_suffix('x').unwrap_or(text).parse().ok();
        let speed = speed.filter(|speed| (0.01..=10_000.0).contains(speed));
        speed.map(Self).ok_or("expected a speed from 0.01x to 10000x, such as 10x")
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x", self.0)
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
