//! Makes a story of requests that were captured. What may be personal is replaced by something invented
//! of the same form, and ids by variables.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::RESERVED;
use super::values::escaped;
use crate::pgm;
use crate::text::count;

/// A request that was captured.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// `X-PerfectGym-Request`, where there was one: a request of the same id is the same one again.
    pub request_id: Option<String>,
    /// When it was received or sent.
    pub at: DateTime<Utc>,
    /// The exact body.
    pub body: Vec<u8>,
}

/// A story that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStory {
    /// The file.
    pub text: String,
    steps: usize,
    /// The number of variables that ids became.
    variables: usize,
    /// The number of different values that were replaced by invented ones.
    invented: usize,
    /// Requests that are not PGM's events, and were left out.
    skipped: usize,
}

impl RecordedStory {
    /// What was written to `path`, for programs.
    pub fn to_json(&self, path: &Path) -> Value {
        json!({
            "type": "recorded",
            "file": path.display().to_string(),
            "steps": self.steps,
            "variables": self.variables,
            "invented": self.invented,
            "skipped": self.skipped,
        })
    }

    /// What was written to `path`, and what to do with it.
    pub fn summary(&self, path: &Path) -> String {
        let skipped = match self.skipped {
            0 => String::new(),
            n => format!("left out {} without an event\n", count(n as u64, "request")),
        };
        format!(
            "wrote {} to {path}: {} for ids that recur, {} replaced by invented ones\n{skipped}\
             read it before you share it; play it with: pgwh play {path} --url URL\n",
            count(self.steps as u64, "step"),
            count(self.variables as u64, "variable"),
            count(self.invented as u64, "value"),
            path = path.display(),
        )
    }
}

/// A request that comes this long after its event gets the date of that.
const LATE: TimeDelta = TimeDelta::seconds(60);
/// Repeats within this time came at once: PGM was seen to send four within 240 ms.
const AT_ONCE: TimeDelta = TimeDelta::milliseconds(500);
/// Pauses are rounded to this, in milliseconds.
const PAUSE_STEP: u128 = 100;

/// A step that grows while requests are read.
struct Draft {
    event: String,
    triggered: Option<DateTime<Utc>>,
    data: Value,
    at: DateTime<Utc>,
    last: DateTime<Utc>,
    id: Option<String>,
    times: u32,
}

/// Makes a story of requests, which are in the order in which they came. `None` when none of them is
/// an event of PGM's. Values are invented from `seed`.
pub fn record(requests: &[RecordedRequest], title: &str, seed: u64) -> Option<RecordedStory> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut skipped = 0;
    for request in requests {
        let again =
            drafts.iter_mut().find(|draft| draft.id.is_some() && draft.id == request.request_id);
        if let Some(draft) = again {
            draft.times += 1;
            draft.last = request.at.max(draft.last);
            continue;
        }
        match draft(request) {
            Some(draft) => drafts.push(draft),
            None => skipped += 1,
        }
    }
    let start = drafts.first()?.at;
    let mut anonymizer = Anonymizer::new(start, seed);
    drafts.iter().for_each(|draft| anonymizer.count(None, &draft.data));
    let mut steps = String::new();
    let mut before = start;
    for draft in &drafts {
        let data = anonymizer.replace(None, &draft.data, draft.at);
        steps += &step(draft, &data, before, start);
        before = draft.at;
    }
    let mut text = format!("title = {}\n", toml(title));
    if !anonymizer.variables.is_empty() {
        text += "\n[variables]\n";
    }
    for (name, value) in &anonymizer.variables {
        let _ = writeln!(text, "{name} = {}", toml_value(value));
    }
    Some(RecordedStory {
        text: text + &steps,
        steps: drafts.len(),
        variables: anonymizer.variables.len(),
        invented: anonymizer.invented.len(),
        skipped,
    })
}

fn draft(request: &RecordedRequest) -> Option<Draft> {
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    Some(Draft {
        event: body.get("event")?.as_str()?.to_owned(),
        triggered: body.get("triggeredDate").and_then(Value::as_str).and_then(parse_date),
        data: body.get("data")?.clone(),
        at: request.at,
        last: request.at,
        id: request.request_id.clone(),
        times: 1,
    })
}

/// A step as TOML.
fn step(draft: &Draft, data: &Value, before: DateTime<Utc>, start: DateTime<Utc>) -> String {
    let mut text = format!("\n[[step]]\nevent = {}\n", toml(&draft.event));
    if !pgm::is_known(&draft.event) {
        text += "unlisted = true\n";
    }
    let pause = (draft.at - before).to_std().unwrap_or_default().as_millis();
    let pause = (pause + PAUSE_STEP / 2) / PAUSE_STEP * PAUSE_STEP;
    if let Ok(millis @ 1..) = u64::try_from(pause) {
        let pause = humantime::format_duration(Duration::from_millis(millis));
        let _ = writeln!(text, "after = {}", toml(&pause.to_string()));
    }
    if let Some(triggered) = draft.triggered.filter(|date| draft.at - date > LATE) {
        let _ = writeln!(text, "triggered-date = {}", toml(&distance(triggered - start)));
    }
    if draft.times > 1 {
        let _ = writeln!(text, "repeat = {}", draft.times);
        if draft.last - draft.at <= AT_ONCE {
            text += "parallel = true\n";
        }
    }
    let json = pretty(data, 0);
    // A literal text keeps JSON as it is, but cannot hold its own end.
    match json.contains("'''") {
        true => writeln!(text, "data = {}", toml(&json)),
        false => writeln!(text, "data = '''\n{json}'''"),
    }
    .unwrap_or_default();
    text
}

/// JSON that people can read: a line for each field, but objects of one field stay on their line.
fn pretty(value: &Value, depth: usize) -> String {
    let Value::Object(fields) = value else { return value.to_string() };
    let (open, between, close) = match fields.len() {
        0 | 1 => ("".to_owned(), ", ".to_owned(), "".to_owned()),
        _ => {
            let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
            (line(depth + 1), format!(",{}", line(depth + 1)), line(depth))
        }
    };
    let field = |(key, value): (&String, &Value)| {
        format!("{}: {}", Value::from(key.as_str()), pretty(value, depth + 1))
    };
    let fields: Vec<_> = fields.iter().map(field).collect();
    format!("{{{open}{}{close}}}", fields.join(&between))
}

/// A text as a TOML value.
fn toml(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// A variable's value as TOML.
fn toml_value(value: &Value) -> String {
    let range = |key: &str| value.get(key).and_then(Value::as_str);
    match (value, range("random")) {
        (_, Some(range)) => format!("{{ random = {} }}", toml(range)),
        (Value::Object(_), None) => "{ uuid = true }".to_owned(),
        (Value::String(text), _) => toml(text),
        (other, _) => other.to_string(),
    }
}

/// Dates further from their request than this are not about it, such as birth dates.
const MAX_DISTANCE: TimeDelta = TimeDelta::days(366);
/// Fields whose texts are words of PGM's, as long as they are single words.
const CODES: [&str; 6] = ["currency", "message", "modificationType", "status", "type", "userType"];
/// Fields whose texts are names of the club's own.
const NAMES: [&str; 2] = ["className", "paymentPlanName"];

/// Replaces the values of a recording.
struct Anonymizer {
    start: DateTime<Utc>,
    rng: fastrand::Rng,
    /// How often each id occurs, by its key and its value.
    ids: HashMap<(String, String), u32>,
    /// The names of ids that are variables.
    names: HashMap<(String, String), String>,
    /// The ids that recur, by name.
    variables: Vec<(String, Value)>,
    /// What each personal text became.
    invented: HashMap<String, Value>,
}

impl Anonymizer {
    fn new(start: DateTime<Utc>, seed: u64) -> Self {
        Self {
            start,
            rng: fastrand::Rng::with_seed(seed),
            ids: HashMap::new(),
            names: HashMap::new(),
            variables: Vec::new(),
            invented: HashMap::new(),
        }
    }

    /// Counts the ids in a value.
    fn count(&mut self, key: Option<&str>, value: &Value) {
        match (key, value) {
            (_, Value::Object(fields)) => {
                fields.iter().for_each(|(key, value)| self.count(Some(key), value));
            }
            (key, Value::Array(items)) => items.iter().for_each(|item| self.count(key, item)),
            (Some(key), value) if is_id(key, value) => {
                *self.ids.entry((key.to_owned(), value.to_string())).or_default() += 1;
            }
            _ => {}
        }
    }

    /// A value of a request that came at `at`, without what is personal.
    fn replace(&mut self, key: Option<&str>, value: &Value, at: DateTime<Utc>) -> Value {
        let name = key.unwrap_or_default();
        match value {
            Value::Object(fields) => {
                let field = |(key, value): (&String, &Value)| {
                    (key.clone(), self.replace(Some(key), value, at))
                };
                fields.iter().map(field).collect::<Map<_, _>>().into()
            }
            Value::Array(items) => {
                items.iter().map(|item| self.replace(key, item, at)).collect::<Vec<_>>().into()
            }
            value if is_id(name, value) => self.id(name, value),
            Value::String(text) => self.text(name, text, at),
            plain => plain.clone(),
        }
    }

    /// An id becomes a variable where it recurs, else an invented one.
    fn id(&mut self, key: &str, value: &Value) -> Value {
        let entry = (key.to_owned(), value.to_string());
        let recurs = self.ids.get(&entry).is_some_and(|times| *times > 1);
        if let Some(name) = self.names.get(&entry) {
            return format!("{{{{{name}}}}}").into();
        }
        let invented = self.invented_id(key, value);
        if !recurs {
            return invented;
        }
        let name = self.variable_name(key);
        self.variables.push((name.clone(), invented));
        self.names.insert(entry, name.clone());
        format!("{{{{{name}}}}}").into()
    }

    /// A value that stands for an id.
    fn invented_id(&mut self, key: &str, value: &Value) -> Value {
        // A receiver may know its clubs, and they are nobody's personal data.
        if is_of_the_club(key) {
            return value.clone();
        }
        match value {
            Value::String(text) if is_uuid(text) => json!({"uuid": true}),
            Value::String(text) => self.invented(text, Self::scramble),
            Value::Number(number) => match number.to_string().trim_start_matches('-').len() {
                digits @ 1..=18 => {
                    let end = 10_u64.pow(u32::try_from(digits).unwrap_or(1));
                    let range = format!("{}..{}", (end / 10).max(1), end - 1);
                    self.invented.insert(number.to_string(), Value::Null);
                    json!({ "random": range })
                }
                _ => json!({"random": "1..999999999"}),
            },
            other => other.clone(),
        }
    }

    fn variable_name(&self, key: &str) -> String {
        let valid = |c: char| if c.is_alphanumeric() || c == '_' || c == '-' { c } else { '_' };
        let mut name: String = key.chars().map(valid).collect();
        if !name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
            || RESERVED.contains(&name.as_str())
        {
            name.insert(0, '_');
        }
        // A bare key of TOML is ASCII.
        let name: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
        let is_free = |name: &String| !self.variables.iter().any(|(known, _)| known == name);
        let numbered = |n: u32| if n == 1 { name.clone() } else { format!("{name}{n}") };
        (1..).map(numbered).find(is_free).unwrap_or_default()
    }

    fn text(&mut self, key: &str, text: &str, at: DateTime<Utc>) -> Value {
        if let Some(date) = parse_date(text) {
            if (date - at).abs() <= MAX_DISTANCE {
                return json!({ "date": distance(date - self.start) });
            }
            return self.invented(text, |anonymizer, _| anonymizer.moment(date));
        }
        if let Ok(day) = text.parse::<NaiveDate>() {
            let distance = day - self.start.date_naive();
            if distance.abs() <= MAX_DISTANCE {
                return json!({"day": self::distance(distance)});
            }
            return self.invented(text, |anonymizer, _| anonymizer.birth_date(day));
        }
        let is_code = CODES.contains(&key) && !text.contains(char::is_whitespace);
        if text.is_empty() || is_code || NAMES.contains(&key) {
            return escaped(text).into();
        }
        if is_uuid(text) {
            return json!({"uuid": true});
        }
        match text.split_once('@') {
            Some((local, _)) if !local.is_empty() && !text.contains(' ') => {
                let local = local.to_owned();
                self.invented(text, |anonymizer, _| {
                    format!("{}@example.com", anonymizer.scramble(&local))
                })
            }
            _ if text.starts_with('+') => self.invented(text, Self::phone_number),
            _ => self.invented(text, Self::scramble),
        }
    }

    /// The same invented text for the same text.
    fn invented(&mut self, text: &str, invent: impl FnOnce(&mut Self, &str) -> String) -> Value {
        if let Some(known) = self.invented.get(text) {
            return known.clone();
        }
        let invented = Value::from(escaped(&invent(self, text)));
        self.invented.insert(text.to_owned(), invented.clone());
        invented
    }

    /// Another text of the same form: letters for letters, digits for digits.
    fn scramble(&mut self, text: &str) -> String {
        const BEYOND_ASCII: [char; 8] = ['ą', 'ć', 'ę', 'ł', 'ń', 'ó', 'ś', 'ż'];
        let is_hex = text.chars().all(|c| c.is_ascii_hexdigit() || "-{}".contains(c));
        let other = |c: char| match c {
            'a'..='f' if is_hex => self.rng.char('a'..='f'),
            'A'..='F' if is_hex => self.rng.char('A'..='F'),
            'a'..='z' => self.rng.lowercase(),
            'A'..='Z' => self.rng.uppercase(),
            '0'..='9' => self.rng.digit(10),
            c if c.is_alphabetic() => {
                let letter = BEYOND_ASCII[self.rng.usize(..BEYOND_ASCII.len())];
                if c.is_uppercase() {
                    letter.to_uppercase().next().unwrap_or(letter)
                } else {
                    letter
                }
            }
            c => c,
        };
        text.chars().map(other).collect()
    }

    /// A number of the same country and length that belongs to nobody: zeros, and a few digits that
    /// tell it from others.
    fn phone_number(&mut self, text: &str) -> String {
        const COUNTRY: usize = 2;
        const LAST: usize = 3;
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let mut n = 0;
        let other = |c: char| {
            if !c.is_ascii_digit() {
                return c;
            }
            n += 1;
            match n {
                n if n <= COUNTRY => c,
                n if n + LAST > digits => self.rng.digit(10),
                _ => '0',
            }
        };
        text.chars().map(other).collect()
    }

    /// Another moment of about the same age.
    fn moment(&mut self, date: DateTime<Utc>) -> String {
        let moved = date.checked_add_signed(self.shift()).unwrap_or(date);
        moved.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Another day of about the same age.
    fn birth_date(&mut self, day: NaiveDate) -> String {
        day.checked_add_signed(self.shift()).unwrap_or(day).to_string()
    }

    /// How far a date is moved: some two years at most, either way.
    fn shift(&mut self) -> TimeDelta {
        let most = TimeDelta::days(700).num_seconds();
        TimeDelta::seconds(self.rng.i64(-most..=most))
    }
}

/// Whether a value is an id: its key says so, or its form.
fn is_id(key: &str, value: &Value) -> bool {
    let named = ["Id", "ID", "Number", "_id"].iter().any(|end| key.ends_with(end)) || key == "id";
    match value {
        Value::Number(number) => named && (number.is_i64() || number.is_u64()),
        Value::String(text) => is_uuid(text) || named && !text.is_empty(),
        _ => false,
    }
}

fn is_of_the_club(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("club") || key.contains("zone")
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && !text.contains(char::is_uppercase) && uuid::Uuid::try_parse(text).is_ok()
}

fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|date| date.to_utc())
}

/// A distance from the story's start, in whole seconds: `+1day 2h`, `-5m`.
fn distance(delta: TimeDelta) -> String {
    let sign = if delta.num_seconds() < 0 { '-' } else { '+' };
    let seconds = Duration::from_secs(delta.num_seconds().unsigned_abs());
    format!("{sign}{}", humantime::format_duration(seconds))
}
