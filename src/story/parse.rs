//! Reads a story, and checks it.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use toml_edit::Item;

use super::toml::{find_item, identifier, json, paths, variables};
use super::values::date_from;
use super::{
    Destination, Expectation, ResponseValue, Step, StepValues, Story, StoryScope, WeightedSample,
};
use crate::delivery::{Backoff, DeliveryVerdict, MAX_REPEATS, RetryOn, RetryPolicy, SendMode};
use crate::fixtures::{Fixture, Fixtures, Origin, unknown_event};
use crate::payload::{Assignment, DataPath};
use crate::pgm;
use crate::text::{Diagnostic, http_url, json_error, nearest};
use crate::toml_file::{KnownTable, TomlFileError, TomlText};

const STEP_KEYS: [&str; 17] = [
    "name",
    "event",
    "data",
    "set",
    "add",
    "remove",
    "unlisted",
    "triggered-date",
    "after",
    "count",
    "every",
    "repeat",
    "parallel",
    "retries",
    "retry-delay",
    "to",
    "expect",
];

/// The longest pause.
const MAX_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);
/// More requests than this are a load run.
const MAX_COUNT: u32 = 10_000;
/// The wait before a retry.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Reads stories, and knows what they may name.
#[derive(Debug)]
pub struct StoryReader<'a> {
    /// The samples that steps start from.
    pub fixtures: &'a Fixtures,
    /// The names of the webhooks; `None` when steps do not choose where they go.
    pub webhooks: Option<Vec<&'a str>>,
    /// When the story starts.
    pub start: DateTime<Utc>,
}

impl StoryReader<'_> {
    /// Reads the text of a story of this name, and checks all that can be known before anything is
    /// sent.
    ///
    /// # Errors
    /// When something in it is not understood, or cannot be.
    pub fn read(&self, name: &str, path: &Path, text: &str) -> Result<Story, TomlFileError> {
        let file = TomlText { path, text };
        let document = file.document()?;
        let root =
            file.known("a story", document.as_table(), None, &["title", "variables", "step"])?;
        let title = root.get("title").map(|item| root.non_empty("title", item)).transpose()?;
        let variables = match root.get("variables") {
            Some(item) => variables(file, item)?,
            None => Vec::new(),
        };
        let mut scope = StoryScope::new(self.start, 0);
        for (name, value, item) in &variables {
            scope.define(name, value).map_err(|error| root.error(item, error))?;
        }
        let tables = match root.get("step").map(Item::as_array_of_tables) {
            Some(Some(tables)) => tables,
            Some(None) => {
                return Err(file
                    .error(root.get("step").and_then(Item::span), "steps are a list")
                    .help("begin each with [[step]], in two brackets"));
            }
            None => {
                return Err(TomlFileError::whole(path, "a story has at least one step")
                    .help("as in [[step]], and in the next line event = \"Test\""));
            }
        };
        let names = tables.iter().filter_map(|table| table.get("name")?.as_str());
        scope.later = names.map(str::to_owned).collect();
        let mut steps: Vec<Step> = Vec::new();
        for table in tables {
            let fields = file.known("[[step]]", table, table.span(), &STEP_KEYS)?;
            let step = self.step(file, &fields, &mut scope)?;
            if let (Some(name), Some(item)) = (&step.name, fields.get("name")) {
                let is_variable = variables.iter().any(|(variable, ..)| variable == name);
                if is_variable || steps.iter().any(|other| other.name.as_ref() == Some(name)) {
                    let message = format!("the name {name} is used twice");
                    return Err(fields.error(item, message).help("give each a name of its own"));
                }
            }
            steps.push(step);
        }
        let variables = variables.into_iter().map(|(name, value, _)| (name, value)).collect();
        Ok(Story { name: name.to_owned(), title, steps, variables, start: self.start })
    }

    fn step<'a>(
        &self,
        file: TomlText<'a>,
        fields: &KnownTable<'a>,
        scope: &mut StoryScope,
    ) -> Result<Step, TomlFileError> {
        let name = fields.get("name").map(|item| identifier(fields, "name", item)).transpose()?;
        let count = fields.number("count", 1..=MAX_COUNT)?;
        let every = pause(fields, "every")?;
        if let (Some(item), None) = (fields.get("every"), count) {
            return Err(fields
                .error(item, "every is the pace of several requests")
                .help("add count = 10"));
        }
        let mode = mode(fields)?;
        let parallel = fields.flag("parallel")?;
        if let (Some(item), true) = (fields.get("parallel"), parallel)
            && (count.is_none() && matches!(mode, SendMode::Retry(_)) || every.is_some())
        {
            return Err(fields
                .error(item, "parallel sends the requests of repeat or count at the same time")
                .help("add repeat = 4, or count = 4 without every"));
        }
        let mut step = Step {
            name,
            events: self.events(fields)?,
            after: pause(fields, "after")?.unwrap_or_default(),
            count: count.unwrap_or(1),
            every: every.unwrap_or_default(),
            to: fields.get("to").map(|item| self.destination(fields, item)).transpose()?,
            at_once: parallel,
            mode,
            data: fields.get("data").map(|item| data(file, fields, item)).transpose()?,
            set: assignments(file, fields, "set")?,
            add: assignments(file, fields, "add")?,
            remove: removed(fields)?,
            triggered_date: None,
            expect: expectation(file, fields)?,
        };
        if let Some(item) = fields.get("triggered-date") {
            let text = fields.text("triggered-date", item)?;
            step.triggered_date =
                Some(date_from(scope.start, text).map_err(|error| fields.error(item, error))?);
        }
        self.check(fields, &step, scope)?;
        Ok(step)
    }

    /// Makes the step's requests once, one of each event, so that nothing is found out later.
    fn check<'a>(
        &self,
        fields: &KnownTable<'a>,
        step: &Step,
        scope: &mut StoryScope,
    ) -> Result<(), TomlFileError> {
        let item_of = |key: &str, path: Option<&str>| {
            let item = fields.get(key)?;
            path.and_then(|path| find_item(item, path)).or(Some(item))
        };
        for sample in &step.events {
            let data = step.data_of(sample, scope).map_err(|(key, path, error)| {
                fields.error(item_of(key, path.as_deref()).unwrap_or(&Item::None), error)
            })?;
            if let Some(name) = &step.name {
                let response = ResponseValue::Unknown;
                scope.remember(name, StepValues { data, response });
            }
        }
        for (path, value) in &step.expect.json {
            if let (Err(error), Some(item)) = (scope.resolve(value), fields.get("expect")) {
                let item = find_item(item, &path.to_string()).unwrap_or(item);
                return Err(fields.error(item, error));
            }
        }
        Ok(())
    }

    /// The events that a step chooses from: one by name, or several with weights.
    fn events(&self, fields: &KnownTable<'_>) -> Result<Vec<WeightedSample>, TomlFileError> {
        let item = fields.required("event", "\"ClassesBooked\"")?;
        let Some(table) = item.as_table_like() else {
            return Ok(vec![self.sample(fields, item, fields.text("event", item)?, 1)?]);
        };
        let mut events = Vec::new();
        for (name, weight) in table.iter() {
            let number = weight.as_integer().and_then(|number| u32::try_from(number).ok());
            let Some(number @ 1..) = number else {
                return Err(fields.error(weight, "a weight is a whole number from 1"));
            };
            events.push(self.sample(fields, weight, name, number)?);
        }
        match events.is_empty() {
            true => Err(fields.error(item, "event names at least one event")),
            false => Ok(events),
        }
    }

    fn sample(
        &self,
        fields: &KnownTable<'_>,
        item: &Item,
        name: &str,
        weight: u32,
    ) -> Result<WeightedSample, TomlFileError> {
        let found = self.fixtures.find(name, self.start);
        match found.map_err(|error| fields.error(item, error.to_string()))? {
            Some(Fixture { event, data, origin }) => {
                let payload = (!matches!(origin, Origin::BuiltIn)).then_some(data);
                Ok(WeightedSample { event, weight, payload })
            }
            None if fields.flag("unlisted")? && fields.get("data").is_some() => {
                Ok(WeightedSample { event: name.to_owned(), weight, payload: Some(Value::Null) })
            }
            None => {
                let error = unknown_event(name, &self.fixtures.names())
                    .help("to send an event that is not listed, add unlisted = true and data");
                Err(fields.error(item, error))
            }
        }
    }

    fn destination(
        &self,
        fields: &KnownTable<'_>,
        item: &Item,
    ) -> Result<Destination, TomlFileError> {
        let text = fields.text("to", item)?;
        if text.contains("://") {
            return match http_url(text).map_err(|error| fields.error(item, error))? {
                Some(url) => Ok(Destination::Url(url)),
                None => Err(fields
                    .error(item, "to is a webhook or an https or http URL")
                    .help("as in to = \"https://staging.example.com/pgm\"")),
            };
        }
        match &self.webhooks {
            Some(known) if !known.contains(&text) => {
                let error = Diagnostic::new(format!("there is no webhook {text:?}"))
                    .suggest(nearest(text, known));
                let error = match known.is_empty() {
                    true => error.help("pgwh.toml has no webhook: `pgwh webhook add` adds one"),
                    false => error.help(format!("the webhooks are {}", known.join(", "))),
                };
                Err(fields.error(item, error.help("or send all to one URL with --url")))
            }
            _ => Ok(Destination::Webhook(text.to_owned())),
        }
    }
}

fn mode(fields: &KnownTable<'_>) -> Result<SendMode, TomlFileError> {
    let repeat = fields.number("repeat", 1..=MAX_REPEATS)?;
    let retries = fields.number("retries", 0..=MAX_REPEATS)?;
    let delay = pause(fields, "retry-delay")?;
    match (repeat, fields.get("retries").or(fields.get("retry-delay"))) {
        (Some(_), Some(item)) => Err(fields
            .error(item, "repeat sends again whatever the response, so there are no retries")
            .help("remove repeat, or retries and retry-delay")),
        (Some(times), None) if fields.flag("parallel")? => Ok(SendMode::RepeatAtOnce(times)),
        (Some(times), None) => Ok(SendMode::Repeat(times)),
        (None, _) => Ok(SendMode::Retry(RetryPolicy {
            retries: retries.unwrap_or_default(),
            delay: delay.unwrap_or(RETRY_DELAY),
            backoff: Backoff::Fixed,
            retry_on: vec![RetryOn::Failure],
        })),
    }
}

fn pause(fields: &KnownTable<'_>, key: &str) -> Result<Option<Duration>, TomlFileError> {
    let parse = |text: &str| match humantime::parse_duration(text) {
        Ok(duration) if duration <= MAX_PAUSE => Ok(duration),
        Ok(_) => Err("the longest is 24h"),
        Err(_) => Err("expected a number with a unit, such as 2s, 250ms or 5m"),
    };
    fields.get(key).map(|item| fields.parsed(key, item, parse)).transpose()
}

/// `data`: JSON in a text, or a table.
fn data(file: TomlText<'_>, fields: &KnownTable<'_>, item: &Item) -> Result<Value, TomlFileError> {
    match item.as_str() {
        Some(text) => serde_json::from_str(text).map_err(|error| {
            fields.error(item, format!("data is not JSON: {}", json_error(&error)))
        }),
        None => json(file, item),
    }
}

/// The paths and values of `set` or `add`. A dotted key is a path, as in `user.userId = 7`.
fn assignments<'a>(
    file: TomlText<'a>,
    fields: &KnownTable<'a>,
    key: &'static str,
) -> Result<Vec<Assignment>, TomlFileError> {
    let Some(item) = fields.get(key) else { return Ok(Vec::new()) };
    let Some(table) = item.as_table_like() else {
        return Err(fields
            .error(item, format!("{key} holds paths and values"))
            .help(format!("as in {key} = {{ userId = \"{{{{userId}}}}\" }}")));
    };
    let mut found = Vec::new();
    for (path, item) in paths(table) {
        let value = json(file, item)?;
        let path: DataPath =
            path.parse().map_err(|error| fields.error(item, format!("{path}: {error}")))?;
        found.push(Assignment { path, value });
    }
    Ok(found)
}

fn removed(fields: &KnownTable<'_>) -> Result<Vec<DataPath>, TomlFileError> {
    let Some(item) = fields.get("remove") else { return Ok(Vec::new()) };
    let path =
        |text: String| text.parse().map_err(|error| fields.error(item, format!("{text}: {error}")));
    fields.texts("remove", item)?.into_iter().map(path).collect()
}

fn expectation<'a>(
    file: TomlText<'a>,
    fields: &KnownTable<'a>,
) -> Result<Expectation, TomlFileError> {
    let Some(item) = fields.get("expect") else { return Ok(Expectation::delivered()) };
    let any = Expectation { verdict: None, status: None, json: Vec::new() };
    let expectation = match (item.as_str(), item.as_integer()) {
        (Some(_), _) => Expectation { verdict: verdict(fields, item)?, ..any },
        (_, Some(_)) => {
            let status = status(fields, item)?;
            Expectation { verdict: verdict_of(status), status: Some(status), ..any }
        }
        _ if item.is_table_like() => {
            let inner = file.table("expect", item, &["verdict", "status", "json"])?;
            let json = assignments(file, &inner, "json")?.into_iter();
            let status = inner.get("status").map(|item| status(&inner, item)).transpose()?;
            Expectation {
                verdict: match inner.get("verdict") {
                    Some(item) => verdict(&inner, item)?,
                    None => status.and_then(verdict_of),
                },
                status,
                json: json.map(|Assignment { path, value }| (path, value)).collect(),
            }
        }
        _ => {
            return Err(fields
                .error(item, "expect is a verdict, a status, or a table of both")
                .help("as in expect = \"failed\", expect = 401")
                .help("or in expect = { status = 200, json = { ok = true } }"));
        }
    };
    match expectation.contradiction() {
        Some(why) => Err(fields.error(item, format!("this expectation can never be met: {why}"))),
        None => Ok(expectation),
    }
}

/// A 2xx is expected in time.
fn verdict_of(status: u16) -> Option<DeliveryVerdict> {
    pgm::is_success(status).then_some(DeliveryVerdict::Delivered)
}

fn verdict(fields: &KnownTable<'_>, item: &Item) -> Result<Option<DeliveryVerdict>, TomlFileError> {
    const KNOWN: [(&str, Option<DeliveryVerdict>); 4] = [
        ("delivered", Some(DeliveryVerdict::Delivered)),
        ("failed", Some(DeliveryVerdict::Failed)),
        ("unreachable", Some(DeliveryVerdict::Unreachable)),
        ("any", None),
    ];
    let text = fields.text("verdict", item)?;
    let found = KNOWN.iter().find(|(name, _)| *name == text).map(|(_, verdict)| *verdict);
    found.ok_or_else(|| {
        let names = KNOWN.map(|(name, _)| name);
        let error = Diagnostic::new(format!("{text:?} is not a verdict"))
            .suggest(nearest(text, &names))
            .help(format!("the verdicts are {}", names.join(", ")));
        fields.error(item, error)
    })
}

fn status(fields: &KnownTable<'_>, item: &Item) -> Result<u16, TomlFileError> {
    let number = item.as_integer().ok_or_else(|| fields.error(item, "status is a number"))?;
    u16::try_from(number).map_err(|_| {
        fields.error(item, format!("this expectation can never be met: {number} is no status"))
    })
}
