//! Reads a story, and checks it.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Number, Value};
use toml_edit::{Item, TableLike};
use url::Url;

use super::expect::Expectation;
use super::values::{RESERVED, ResponseValue, Scope, StepValues, date_from, references};
use super::{Destination, Step, Story, WeightedSample};
use crate::delivery::{Backoff, DeliveryVerdict, RetryOn, RetryPolicy, SendMode};
use crate::fixtures::{Fixture, Fixtures, Origin};
use crate::payload::{self, Assignment, DataPath, EditError};
use crate::pgm;
use crate::text::Diagnostic;
use crate::text::nearest;
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
/// As with `send`.
const MAX_REPEATS: u32 = 1000;
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
        let mut scope = Scope::new(self.start, 0);
        for (name, value, item) in &variables {
            scope.define(name, value).map_err(|error| located(file, item, error))?;
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
        scope: &mut Scope,
    ) -> Result<Step, TomlFileError> {
        let name = fields.get("name").map(|item| identifier(fields, "name", item)).transpose()?;
        let count = fields.number_in("count", 1, MAX_COUNT)?;
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
            data: fields.get("data").map(|item| data(fields, item)).transpose()?,
            set: assignments(file, fields, "set")?,
            add: assignments(file, fields, "add")?,
            remove: removed(fields)?,
            triggered_date: None,
            expect: expectation(file, fields)?,
        };
        if let Some(item) = fields.get("triggered-date") {
            let text = fields.text("triggered-date", item)?;
            step.triggered_date =
                Some(date_from(scope.start, text).map_err(|error| located(file, item, error))?);
        }
        self.check(file, fields, &step, scope)?;
        Ok(step)
    }

    /// Makes the step's requests once, one of each event, so that nothing is found out later.
    fn check<'a>(
        &self,
        file: TomlText<'a>,
        fields: &KnownTable<'a>,
        step: &Step,
        scope: &mut Scope,
    ) -> Result<(), TomlFileError> {
        let item_of = |key: &str, path: Option<&str>| {
            let item = fields.get(key)?;
            path.and_then(|path| find_item(item, path)).or(Some(item))
        };
        for sample in &step.events {
            let data = step.data_of(sample, scope).map_err(|(key, path, error)| {
                match item_of(key, path.as_deref()) {
                    Some(item) => located(file, item, error),
                    None => located(file, &Item::None, error),
                }
            })?;
            if let Some(name) = &step.name {
                let response = ResponseValue::Unknown;
                scope.remember(name, StepValues { data, response });
            }
        }
        for (path, value) in &step.expect.json {
            if let (Err(error), Some(item)) = (scope.resolve(value), fields.get("expect")) {
                let item = find_item(item, &path.to_string()).unwrap_or(item);
                return Err(located(file, item, error));
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
                let known = self.fixtures.names();
                let error = Diagnostic::new(format!("there is no event {name:?}"))
                    .suggest(nearest(name, &known))
                    .help(format!("the known events are {}", known.join(", ")))
                    .help("to send an event that is not listed, add unlisted = true and data");
                Err(fields.diagnostic(item, error))
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
            return match Url::parse(text) {
                Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Destination::Url(url)),
                _ => Err(fields
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
                Err(fields.diagnostic(item, error.help("or send all to one URL with --url")))
            }
            _ => Ok(Destination::Webhook(text.to_owned())),
        }
    }
}

/// The variables, each after those that it refers to, with the item that says it.
fn variables<'a>(
    file: TomlText<'a>,
    item: &'a Item,
) -> Result<Vec<(String, Value, &'a Item)>, TomlFileError> {
    let Some(table) = item.as_table_like() else {
        return Err(file.error(item.span(), "variables are keys of [variables], not a value"));
    };
    let mut raw = Vec::new();
    for (name, item) in table.iter() {
        if !is_identifier(name) {
            let span = table.key(name).and_then(toml_edit::Key::span);
            return Err(file.error(span, bad_identifier(name)));
        }
        raw.push((name.to_owned(), json(file, item)?, item));
    }
    let mut sorted: Vec<(String, Value, &Item)> = Vec::new();
    while !raw.is_empty() {
        let is_ready = |(_, value, _): &(String, Value, &Item)| {
            let names = references(value);
            names.iter().all(|name| !raw.iter().any(|(waiting, ..)| waiting == name))
        };
        let Some(at) = raw.iter().position(is_ready) else {
            let names = cycle(&raw);
            let item = raw.iter().find(|(name, ..)| *name == names[0]).map(|(.., item)| *item);
            let message =
                format!("variables refer to each other in a cycle: {}", names.join(" → "));
            return Err(file.error(item.and_then(Item::span), message));
        };
        sorted.push(raw.remove(at));
    }
    Ok(sorted)
}

/// The names of variables of which each refers to the next, the first at both ends.
fn cycle(waiting: &[(String, Value, &Item)]) -> Vec<String> {
    let mut path: Vec<&str> = waiting.first().map(|(name, ..)| name.as_str()).into_iter().collect();
    while let Some(name) = path.last() {
        let value = waiting.iter().find(|(known, ..)| known == name).map(|(_, value, _)| value);
        let next = value.into_iter().flat_map(references);
        let Some(next) =
            next.into_iter().find(|next| waiting.iter().any(|(known, ..)| known == next))
        else {
            break;
        };
        let start = path.iter().position(|known| *known == next);
        path.push(next);
        if let Some(start) = start {
            path.drain(..start);
            break;
        }
    }
    path.into_iter().map(str::to_owned).collect()
}

fn identifier(
    fields: &KnownTable<'_>,
    key: &'static str,
    item: &Item,
) -> Result<String, TomlFileError> {
    let name = fields.text(key, item)?;
    match is_identifier(name) {
        true => Ok(name.to_owned()),
        false => Err(fields.error(item, bad_identifier(name))),
    }
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        && !RESERVED.contains(&name)
}

fn bad_identifier(name: &str) -> String {
    match RESERVED.contains(&name) {
        true => format!("the name {name} has a meaning of its own"),
        false => format!("{name:?} is not a name: letters, digits, - and _, a letter first"),
    }
}

fn mode(fields: &KnownTable<'_>) -> Result<SendMode, TomlFileError> {
    let repeat = fields.number_in("repeat", 1, MAX_REPEATS)?;
    let retries = fields.number_in("retries", 0, MAX_REPEATS)?;
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
        Ok(_) => Err("the longest is 24h".to_owned()),
        Err(_) => Err("expected a number with a unit, such as 2s, 250ms or 5m".to_owned()),
    };
    fields.get(key).map(|item| fields.parsed(key, item, parse)).transpose()
}

/// `data`: JSON in a text, or a table.
fn data(fields: &KnownTable<'_>, item: &Item) -> Result<Value, TomlFileError> {
    match item.as_str() {
        Some(text) => serde_json::from_str(text)
            .map_err(|error| fields.error(item, format!("data is not JSON: {error}"))),
        None => json(fields.file(), item),
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

/// Every path of a table with its item; dotted keys go deeper.
fn paths(table: &dyn TableLike) -> Vec<(String, &Item)> {
    let mut found = Vec::new();
    for (key, item) in table.iter() {
        match item.as_table_like().filter(|inner| inner.is_dotted()) {
            Some(inner) => found.extend(
                paths(inner).into_iter().map(|(path, item)| (format!("{key}.{path}"), item)),
            ),
            None => found.push((key.to_owned(), item)),
        }
    }
    found
}

/// The item of a path in a table such as `set`, or of a text in a list such as `remove`.
fn find_item<'a>(item: &'a Item, path: &str) -> Option<&'a Item> {
    let table = item.as_table_like()?;
    if let Some(json) = table.get("json") {
        return find_item(json, path);
    }
    paths(table).into_iter().find(|(known, _)| known == path).map(|(_, item)| item)
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
        (_, Some(number)) => Expectation { status: Some(status(fields, item, number)?), ..any },
        _ if item.is_table_like() => {
            let inner = file.table("expect", item, &["verdict", "status", "json"])?;
            let json = match inner.get("json") {
                Some(_) => assignments(file, &inner, "json")?,
                None => Vec::new(),
            };
            let status = match inner.get("status") {
                Some(item) => {
                    let number = item.as_integer();
                    let number = number.ok_or_else(|| inner.error(item, "status is a number"))?;
                    Some(status(&inner, item, number)?)
                }
                None => None,
            };
            Expectation {
                verdict: match inner.get("verdict") {
                    Some(item) => verdict(&inner, item)?,
                    None => None,
                },
                status,
                json: json.into_iter().map(|Assignment { path, value }| (path, value)).collect(),
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
        fields.diagnostic(item, error)
    })
}

fn status(fields: &KnownTable<'_>, item: &Item, number: i64) -> Result<u16, TomlFileError> {
    u16::try_from(number).map_err(|_| {
        fields.error(item, format!("this expectation can never be met: {number} is no status"))
    })
}

/// A value as JSON.
fn json(file: TomlText<'_>, item: &Item) -> Result<Value, TomlFileError> {
    let fields = |table: &dyn TableLike| {
        let field = |(key, item): (&str, &Item)| Ok((key.to_owned(), json(file, item)?));
        table.iter().map(field).collect::<Result<Map<_, _>, TomlFileError>>().map(Value::Object)
    };
    if let Some(table) = item.as_table_like() {
        return fields(table);
    }
    let Some(value) = item.as_value() else {
        return Err(file.error(item.span(), "expected a value"));
    };
    Ok(match value {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Float(number) => match Number::from_f64(*number.value()) {
            Some(number) => number.into(),
            None => return Err(file.error(item.span(), "JSON has no such number")),
        },
        toml_edit::Value::Boolean(value) => (*value.value()).into(),
        toml_edit::Value::Datetime(date) => date.value().to_string().into(),
        toml_edit::Value::Array(items) => {
            let items = items.iter().map(|item| json(file, &Item::Value(item.clone())));
            items.collect::<Result<Vec<_>, _>>()?.into()
        }
        toml_edit::Value::InlineTable(table) => return fields(table),
    })
}

fn located(file: TomlText<'_>, item: &Item, error: Diagnostic) -> TomlFileError {
    let Diagnostic { message, help } = error;
    help.into_iter().fold(file.error(item.span(), message), TomlFileError::help)
}

/// What of a step cannot be made: its key, the path in it, and why.
pub(super) type StepError = (&'static str, Option<String>, Diagnostic);

impl Step {
    /// The `data` of a request with the values of now.
    pub(super) fn data_of(
        &self,
        chosen: &WeightedSample,
        scope: &mut Scope,
    ) -> Result<Value, StepError> {
        let mut data = match &self.data {
            Some(data) => scope.resolve(data).map_err(|error| ("data", None, error))?,
            None => self.sample(chosen, scope),
        };
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

    /// The dates of the samples of a story agree, as all are near its start; those of many new
    /// requests are near the time of each.
    fn sample(&self, chosen: &WeightedSample, scope: &Scope) -> Value {
        let now = if self.count > 1 { scope.now } else { scope.start };
        let built_in = || pgm::sample_at(&chosen.event, now).unwrap_or_default();
        chosen.payload.clone().unwrap_or_else(built_in)
    }
}

fn edit_error(event: &str, error: EditError) -> Diagnostic {
    let diagnostic = Diagnostic::new(format!("{event}: {error}"));
    let EditError::Missing { nearest, known, .. } = error else { return diagnostic };
    diagnostic
        .suggest(nearest.as_deref())
        .help(format!("data has {}", known.join(", ")))
        .help("to add what is not there, use add instead of set")
}
