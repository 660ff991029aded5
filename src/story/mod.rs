//! Stories: events in their order, about the same people and things. A story is a TOML file:
//! variables, then steps that refer to them, and to each other, by name.
//!
//! Whatever can be known before the first request is checked when a story is read: events, paths,
//! names, expectations. Network, clock and randomness are passed in.

mod expect;
mod parse;
mod play;
mod record;
mod toml;
mod values;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

use crate::delivery::{DeliveryVerdict, SendMode};
use crate::payload::{self, Assignment, DataPath, EditError};
use crate::pgm;
use crate::text::Diagnostic;

pub use parse::StoryReader;
pub use play::{PlayEvent, PlayedRequest, SentRequest, Speed, StepRequest, play};
pub use record::{RecordedRequest, RecordedStory, record};

/// The built-in stories: name and text.
pub const BUILT_IN: [(&str, &str); 5] = [
    ("members-day", include_str!("../../fixtures/stories/members-day.toml")),
    ("waiting-list", include_str!("../../fixtures/stories/waiting-list.toml")),
    ("personal-training", include_str!("../../fixtures/stories/personal-training.toml")),
    ("busy-hour", include_str!("../../fixtures/stories/busy-hour.toml")),
    ("bad-day", include_str!("../../fixtures/stories/bad-day.toml")),
];

/// A story that was read and checked.
#[derive(Debug, Clone)]
pub struct Story {
    /// Its name: that of its file, without the extension.
    pub name: String,
    /// What it is about, in a few words.
    pub title: Option<String>,
    /// In the order in which they are sent; at least one.
    pub steps: Vec<Step>,
    /// Each after those that it refers to.
    variables: Vec<(String, Value)>,
    start: DateTime<Utc>,
}

/// A step of a story: one request, or several alike.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name, by which others refer to it.
    pub name: Option<String>,
    /// The events to choose from, each with its weight; most steps have one.
    pub events: Vec<WeightedSample>,
    /// The pause before it.
    pub after: Duration,
    /// The number of new requests; at least 1.
    pub count: u32,
    /// The time from the start of one of them to the start of the next, whatever the responses. 0
    /// for each after the response to the one before.
    pub every: Duration,
    /// Where it goes; `None` for the webhooks that are subscribed.
    pub to: Option<Destination>,
    /// Which attempts are made of each request.
    mode: SendMode,
    at_once: bool,
    data: Option<Value>,
    set: Vec<Assignment>,
    add: Vec<Assignment>,
    remove: Vec<DataPath>,
    triggered_date: Option<DateTime<Utc>>,
    expect: Expectation,
}

/// An event that a step may send.
#[derive(Debug, Clone)]
pub struct WeightedSample {
    /// Its technical name.
    pub event: String,
    /// How often it is sent, beside the weights of the others.
    weight: u32,
    /// The payload of the user's own; `None` for the built-in sample, whose dates move.
    payload: Option<Value>,
}

/// Where a step goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A URL.
    Url(Url),
    /// A webhook of pgwh.toml.
    Webhook(String),
}

impl Story {
    /// The number of new requests, for one target.
    pub fn requests(&self) -> u64 {
        self.steps.iter().map(|step| u64::from(step.count)).sum()
    }

    /// The time that it takes when each response comes at once.
    pub fn duration(&self) -> Duration {
        let paced = |step: &Step| step.every.saturating_mul(step.count - 1);
        self.steps.iter().map(|step| step.after.saturating_add(paced(step))).sum()
    }
}

impl Step {
    /// Its name, or its event.
    fn label(&self) -> &str {
        match (&self.name, &self.events[..]) {
            (Some(name), _) => name,
            (None, [one]) => &one.event,
            (None, _) => "mixed events",
        }
    }

    /// Its event, or `mixed` of several.
    pub fn event(&self) -> &str {
        match &self.events[..] {
            [one] => &one.event,
            _ => "mixed",
        }
    }

    /// How often each request is sent: the number of its attempts, and whether they are made at
    /// the same time; `None` for requests that are sent once.
    pub fn repeats(&self) -> Option<(u32, bool)> {
        match self.mode {
            SendMode::Retry(_) => None,
            SendMode::Repeat(times) => Some((times, false)),
            SendMode::RepeatAtOnce(times) => Some((times, true)),
        }
    }

    /// How often a request is retried while it fails.
    pub fn retries(&self) -> u32 {
        match &self.mode {
            SendMode::Retry(policy) => policy.retries,
            SendMode::Repeat(_) | SendMode::RepeatAtOnce(_) => 0,
        }
    }
}

/// What of a step cannot be made: its key, the path in it, and why.
type StepError = (&'static str, Option<String>, Diagnostic);

impl Step {
    /// The `data` of a request with the values of now.
    fn data_of(&self, chosen: &WeightedSample, scope: &mut StoryScope) -> Result<Value, StepError> {
        let mut data = match &self.data {
            Some(data) => scope.resolve(data).map_err(|error| ("data", None, error))?,
            None => self.sample(chosen, scope),
        };
        self.check_removed(chosen, &data)?;
        let edits = [("set", &self.set, true), ("add", &self.add, false)];
        for (key, assignments, replaces) in edits {
            for Assignment { path, value } in assignments {
                let shown = || Some(path.to_string());
                let value = scope.resolve(value).map_err(|error| (key, shown(), error))?;
                let assignment = Assignment { path: path.clone(), value };
                let edited = match replaces {
                    true => payload::set(&mut data, &assignment),
                    false => payload::add(&mut data, &assignment),
                };
                edited.map_err(|error| (key, shown(), edit_error(&chosen.event, error)))?;
            }
        }
        for path in &self.remove {
            payload::remove(&mut data, path)
                .map_err(|error| ("remove", None, edit_error(&chosen.event, error)))?;
        }
        Ok(data)
    }

    /// Refuses an edit of what is removed in the end: it would have no effect.
    fn check_removed(&self, chosen: &WeightedSample, data: &Value) -> Result<(), StepError> {
        let edits = self.set.iter().chain(&self.add);
        let pairs = edits.flat_map(|edit| self.remove.iter().map(move |removed| (edit, removed)));
        match { pairs }.find(|(edit, removed)| payload::is_within(data, &edit.path, removed)) {
            None => Ok(()),
            Some((Assignment { path, .. }, removed)) => {
                let event = &chosen.event;
                let text = format!("{event}: {path} is changed, and removed with {removed}");
                Err(("remove", None, Diagnostic::new(text).help("leave one of them out")))
            }
        }
    }

    /// The dates of the samples of a story agree, as all are near its start; those of many new
    /// requests are near the time of each.
    fn sample(&self, chosen: &WeightedSample, scope: &StoryScope) -> Value {
        let now = if self.count > 1 { scope.now } else { scope.start };
        let built_in = || pgm::sample_at(&chosen.event, now).unwrap_or_default();
        chosen.payload.clone().unwrap_or_else(built_in)
    }
}

fn edit_error(event: &str, error: EditError) -> Diagnostic {
    let diagnostic = Diagnostic::new(format!("{event}: {error}"));
    if let EditError::Exists(_) = error {
        return diagnostic.help("to replace it, use set instead of add");
    }
    let EditError::Missing { nearest, known, .. } = error else { return diagnostic };
    diagnostic
        .suggest(nearest.as_deref())
        .help(format!("data has {}", known.join(", ")))
        .help("to add what is not there, use add instead of set")
}

/// What a step expects. The default is that PGM would mark the request successful.
#[derive(Debug, Clone, PartialEq)]
struct Expectation {
    /// `None` for any.
    verdict: Option<DeliveryVerdict>,
    status: Option<u16>,
    /// Values of the response's JSON, by path; they may refer to others.
    json: Vec<(DataPath, Value)>,
}

impl Expectation {
    /// A 2xx in time.
    fn delivered() -> Self {
        Self { verdict: Some(DeliveryVerdict::Delivered), status: None, json: Vec::new() }
    }
}

/// Names that every story has: the time at which a step is sent, and the time at which the story
/// began.
const RESERVED: [&str; 2] = ["now", "start"];

/// What the values of a story are made from.
#[derive(Debug, Clone)]
struct StoryScope {
    start: DateTime<Utc>,
    /// When the current step is sent.
    now: DateTime<Utc>,
    variables: Map<String, Value>,
    steps: Vec<(String, StepValues)>,
    /// Steps that are still to come, for a better error.
    later: Vec<String>,
    rng: fastrand::Rng,
}

/// What later steps can refer to.
#[derive(Debug, Clone)]
struct StepValues {
    data: Value,
    response: ResponseValue,
}

/// The response to a step, as JSON.
#[derive(Debug, Clone)]
enum ResponseValue {
    /// The step was not sent yet: references to it stay as they are.
    Unknown,
    Json(Value),
    /// There is none, and why.
    Missing(String),
}

impl StoryScope {
    /// A scope without variables and steps.
    fn new(start: DateTime<Utc>, seed: u64) -> Self {
        let rng = fastrand::Rng::with_seed(seed);
        let (variables, steps, later) = (Map::new(), Vec::new(), Vec::new());
        Self { start, now: start, variables, steps, later, rng }
    }

    /// Makes a variable's value, once for the whole story.
    fn define(&mut self, name: &str, value: &Value) -> Result<(), Diagnostic> {
        let value = self.resolve(value)?;
        self.variables.insert(name.to_owned(), value);
        Ok(())
    }

    /// Lets later steps refer to a step; the last values of a name count.
    fn remember(&mut self, name: &str, values: StepValues) {
        self.later.retain(|later| later != name);
        self.steps.retain(|(known, _)| known != name);
        self.steps.push((name.to_owned(), values));
    }

    /// A whole number below `end`, which is more than 0.
    fn draw(&mut self, end: u64) -> u64 {
        self.rng.u64(..end)
    }
}
