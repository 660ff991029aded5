//! A copy of captures that can be shown to strangers: what names people, machines or requests is
//! replaced by invented values of the same form, and every signature is made again with a stated
//! secret, so that the verdicts and the causes stay. Here: the invented values.

mod copy;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

use chrono::NaiveDate;
use uuid::Uuid;

pub use copy::{AnonymizedCaptures, CannotAnonymize, anonymize};

use crate::capture::{Value, parse_json};
use crate::pgm;
use crate::text::nearest;

/// Words of protocols, which name nobody.
const KEPT: &str = "http https bearer basic application json charset utf gzip deflate br text plain \
    html form urlencoded keep alive close undefined null none nil";
/// Headers whose names say nothing about who has them.
const HEADERS: &str = "accept accept-encoding accept-language authorization cache-control \
    cf-connecting-ip cf-ray connection content-encoding content-length content-type cookie date \
    forwarded host origin pragma referer traceparent tracestate user-agent via webhook-id \
    webhook-signature webhook-timestamp x-amzn-trace-id x-api-key x-correlation-id x-forwarded-for \
    x-forwarded-host x-forwarded-port x-forwarded-proto x-perfectgym-request \
    x-perfectgym-signature x-real-ip x-request-id x-timestamp";
/// Shorter words may stand in the copy by chance.
const MIN_SURVIVOR: usize = 8;

/// Invented values: the same one for the same value.
struct Invented {
    /// By the original in lower case.
    values: HashMap<String, String>,
    used: HashSet<String>,
    /// Names of members that PGM sends.
    members: HashSet<String>,
    /// Its numbers are the same in each run, and depend on no value.
    random: fastrand::Rng,
}

impl Invented {
    fn new() -> Self {
        let mut members: HashSet<_> = ["event", "triggeredDate", "data"].map(str::to_owned).into();
        let samples = pgm::event_names().filter_map(pgm::find);
        samples.for_each(|event| collect_names(&event.data, &mut members));
        let random = fastrand::Rng::with_seed(0);
        Self { values: HashMap::new(), used: HashSet::new(), members, random }
    }

    fn body(&mut self, bytes: &[u8]) -> Result<String, &'static str> {
        let text = std::str::from_utf8(bytes).map_err(|_| "its body is not text")?;
        let (mark, text) = match text.strip_prefix('\u{feff}') {
            Some(text) => ("\u{feff}", text),
            None => ("", text),
        };
        let written = match parse_json(text) {
            Ok(value) => self.value(&value, true).to_string(),
            Err(_) => self.text(text),
        };
        Ok(format!("{mark}{written}"))
    }

    fn value(&mut self, value: &Value<'_>, is_envelope: bool) -> Value<'static> {
        match value {
            Value::Null => Value::Null,
            Value::Bool(flag) => Value::Bool(*flag),
            Value::Number(digits) => Value::Number(self.number(digits).into()),
            Value::String(text) => Value::String(self.text(text).into()),
            Value::Array(elements) => {
                Value::Array(elements.iter().map(|it| self.value(it, false)).collect())
            }
            Value::Object(members) => {
                let member = |(name, value): &(Cow<'_, str>, Value<'_>)| {
                    let value = match (&**name, value) {
                        ("event", Value::String(event)) if is_envelope && is_event(event) => {
                            Value::String(event.to_string().into())
                        }
                        ("triggeredDate", Value::String(date)) if is_envelope && is_time(date) => {
                            Value::String(date.to_string().into())
                        }
                        (_, value) => self.value(value, false),
                    };
                    let name = match self.members.contains(&**name) {
                        true => name.to_string(),
                        false => self.text(name),
                    };
                    (name.into(), value)
                };
                Value::Object(members.iter().map(member).collect())
            }
        }
    }

    fn header_name(&mut self, name: &str) -> String {
        let known = HEADERS.split(' ').any(|known| known.eq_ignore_ascii_case(name));
        if known { name.to_owned() } else { self.text(name) }
    }

    fn header(&mut self, name: &str, value: &str) -> String {
        let is_type = name.eq_ignore_ascii_case("content-type");
        let json = ["application/json", "application/json; charset=utf-8"];
        if is_type && json.iter().any(|known| known.eq_ignore_ascii_case(value)) {
            return value.to_owned();
        }
        self.text(value)
    }

    /// The address of a client, from the blocks that are reserved for examples.
    fn address(&mut self, text: &str) -> String {
        let of_kind = |is_v4: bool, number: u64| match is_v4 {
            true => format!("203.0.113.{number}"),
            false => format!("2001:db8::{number:x}"),
        };
        let socket = text.parse::<SocketAddr>().ok();
        let Some(ip) = socket.map(|socket| socket.ip()).or_else(|| text.parse::<IpAddr>().ok())
        else {
            return self.words(text);
        };
        let key = ip.to_string();
        let invented = match self.values.get(&key) {
            Some(known) => known.clone(),
            None => {
                let number = self.random.u64(1..=250);
                let made = of_kind(ip.is_ipv4(), number);
                self.values.insert(key, made.clone());
                made
            }
        };
        match socket {
            Some(socket) if ip.is_ipv4() => {
                format!("{invented}:{}", self.word(&socket.port().to_string()))
            }
            Some(socket) => format!("[{invented}]:{}", self.word(&socket.port().to_string())),
            None => invented,
        }
    }

    fn text(&mut self, text: &str) -> String {
        if text.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok() {
            return self.address(text);
        }
        if let Some((local, domain)) = text.split_once('@')
            && domain.contains('.')
            && !text.contains([' ', '/', '<', ':'])
        {
            return format!("{}@example.com", self.words(local));
        }
        if let Some(rest) = date_of(text) {
            return self.date(text, rest);
        }
        if Uuid::parse_str(text).is_ok() {
            // A group of letters alone does not show that it is hex.
            let groups = text.split('-').filter(|group| group.chars().all(char::is_alphabetic));
            for group in groups.map(str::to_lowercase) {
                if !self.values.contains_key(&group) {
                    self.invent(group, true);
                }
            }
        }
        self.words(text)
    }

    /// A date in the same form. What follows it keeps its digits only in form.
    fn date(&mut self, text: &str, rest: &str) -> String {
        if let Some(known) = self.values.get(text) {
            return known.clone();
        }
        let (year, month) = (self.random.u16(1950..2010), self.random.u8(1..=12));
        let mut date = format!("{year}-{month:02}-{:02}", self.random.u8(1..=28));
        let is_clock = |at: usize| rest.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        if rest.len() >= 9 && [1, 2, 4, 5, 7, 8].into_iter().all(is_clock) {
            let clock = &mut self.random;
            let (hour, minute, second) = (clock.u8(..24), clock.u8(..60), clock.u8(..60));
            date += rest.get(..1).unwrap_or("T");
            let _ = write!(date, "{hour:02}:{minute:02}:{second:02}");
            let end = rest.get(9..).unwrap_or_default();
            let zone = end.find(['Z', '+', '-']).unwrap_or(end.len());
            let (fraction, zone) = end.split_at_checked(zone).unwrap_or((end, ""));
            date = date + &self.number(fraction) + zone;
        } else {
            date += &self.words(rest);
        }
        self.values.insert(text.to_owned(), date.clone());
        date
    }

    /// Replaces runs of digits.
    fn number(&mut self, text: &str) -> String {
        self.runs(text, |letter| letter.is_ascii_digit())
    }

    /// Replaces runs of letters and digits.
    fn words(&mut self, text: &str) -> String {
        self.runs(text, char::is_alphanumeric)
    }

    fn runs(&mut self, text: &str, is_inside: fn(char) -> bool) -> String {
        let mut written = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let inside = is_inside(first);
            let end = rest.find(|c| is_inside(c) != inside).unwrap_or(rest.len());
            let (run, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            match inside {
                true => written += &self.word(run),
                false => written += run,
            }
            rest = behind;
        }
        written
    }

    /// A word of the same length, with letters, digits and capitals at the same places.
    fn word(&mut self, word: &str) -> String {
        let key = word.to_lowercase();
        let is_zero = key.chars().all(|letter| letter == '0');
        if is_zero || KEPT.split_whitespace().any(|kept| kept == key) {
            return word.to_owned();
        }
        let invented = match self.values.get(&key) {
            Some(known) => known.clone(),
            None => {
                let is_hex = key.len() >= 4
                    && key.contains(|letter: char| letter.is_ascii_digit())
                    && key.chars().all(|letter| letter.is_ascii_hexdigit());
                self.invent(key, is_hex)
            }
        };
        let case = |(letter, original): (char, char)| match original.is_uppercase() {
            true => letter.to_uppercase().next().unwrap_or(letter),
            false => letter,
        };
        invented.chars().zip(word.chars()).map(case).collect()
    }

    /// A value for a word in lower case; its letters are hex digits if `is_hex`.
    fn invent(&mut self, key: String, is_hex: bool) -> String {
        const MAX_TRIES: usize = 100;
        const BEYOND_ASCII: [char; 9] = ['ą', 'ć', 'ę', 'ł', 'ń', 'ó', 'ś', 'ź', 'ż'];
        let mut made = String::new();
        for _ in 0..MAX_TRIES {
            made.clear();
            for letter in key.chars() {
                let leads = made.chars().all(|digit| digit == '0');
                made.push(match letter {
                    '0' if leads => '0',
                    '0'..='9' if leads => self.random.char('1'..='9'),
                    '0'..='9' => self.random.digit(10),
                    _ if is_hex => self.random.char('a'..='f'),
                    'a'..='z' => self.random.lowercase(),
                    _ if letter.is_alphabetic() => self.random.choice(BEYOND_ASCII).unwrap_or('ż'),
                    other => other,
                });
            }
            if made != key && !self.used.contains(&made) && !self.values.contains_key(&made) {
                break;
            }
        }
        self.used.insert(made.clone());
        self.values.insert(key, made.clone());
        made
    }

    /// Whether a value that was replaced stands in the copy all the same.
    fn survives_in(&self, copy: &str) -> bool {
        let split = |text: &str| -> HashSet<String> {
            let words = text.split(|letter: char| !letter.is_alphanumeric());
            words.map(str::to_lowercase).collect()
        };
        let mut names: Vec<&str> = pgm::event_names().collect();
        names.extend(self.members.iter().map(String::as_str));
        names.extend([HEADERS, "example"]);
        let public = split(&names.join(" "));
        let words = split(copy);
        let mut originals = self.values.keys().filter(|word| word.len() >= MIN_SURVIVOR);
        originals
            .any(|word| words.contains(word) && !public.contains(word) && !self.used.contains(word))
    }
}

fn collect_names(value: &serde_json::Value, names: &mut HashSet<String>) {
    match value {
        serde_json::Value::Object(members) => members.iter().for_each(|(name, value)| {
            names.insert(name.clone());
            collect_names(value, names);
        }),
        serde_json::Value::Array(items) => items.iter().for_each(|it| collect_names(it, names)),
        _ => {}
    }
}

/// Whether this is an event of PGM's, or nearly one: a finding may be about its spelling.
fn is_event(name: &str) -> bool {
    let names: Vec<_> = pgm::event_names().collect();
    pgm::is_known(name) || name.len() < 60 && nearest(name, &names).is_some()
}

/// Whether this can be a date and a time, and nothing else.
fn is_time(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_digit() || ":-.+/ TZ,".contains(c))
}

/// What follows a date.
fn date_of(text: &str) -> Option<&str> {
    let (date, rest) = text.split_at_checked(10)?;
    NaiveDate::parse_from_str(date, "%Y-%m-%d").ok().map(|_| rest)
}
