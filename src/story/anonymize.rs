//! Replaces what may be personal by something invented of the same form, and ids by variables.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::values::{RESERVED, escaped};

/// Dates further from their request than this are not about it, such as birth dates.
const MAX_DISTANCE: TimeDelta = TimeDelta::days(366);
/// Fields whose texts are words of PGM's, as long as they are single words.
const CODES: [&str; 6] = ["currency", "message", "modificationType", "status", "type", "userType"];
/// Fields whose texts are names of the club's own.
const NAMES: [&str; 2] = ["className", "paymentPlanName"];

/// Replaces the values of a recording.
pub(super) struct Anonymizer {
    start: DateTime<Utc>,
    rng: fastrand::Rng,
    /// How often each id occurs, by its key and its value.
    ids: HashMap<(String, String), u32>,
    /// The names of ids that are variables.
    names: HashMap<(String, String), String>,
    /// The ids that recur, by name.
    pub variables: Vec<(String, Value)>,
    /// What each personal text became.
    pub invented: HashMap<String, Value>,
}

impl Anonymizer {
    pub fn new(start: DateTime<Utc>, seed: u64) -> Self {
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
    pub fn count(&mut self, key: Option<&str>, value: &Value) {
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
    pub fn replace(&mut self, key: Option<&str>, value: &Value, at: DateTime<Utc>) -> Value {
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
        if let Some(date) = parse_date(text).filter(|date| (*date - at).abs() <= MAX_DISTANCE) {
            let distance = distance(date - self.start);
            return json!({ "date": distance });
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

    /// Another day of about the same age.
    fn birth_date(&mut self, day: NaiveDate) -> String {
        let moved = day.checked_add_signed(TimeDelta::days(self.rng.i64(-700..=700)));
        moved.unwrap_or(day).to_string()
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

pub(super) fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|date| date.to_utc())
}

/// A distance from the story's start, in whole seconds: `+1day 2h`, `-5m`.
pub(super) fn distance(delta: TimeDelta) -> String {
    let sign = if delta.num_seconds() < 0 { '-' } else { '+' };
    let seconds = Duration::from_secs(delta.num_seconds().unsigned_abs());
    format!("{sign}{}", humantime::format_duration(seconds))
}
