//! What a capture holds besides the id that a signer may have used: the body in other forms, the
//! event, and times.

use chrono::{DateTime, SecondsFormat};
use serde_json::Value;

use super::Signed;
use super::hash::Hash;
use super::text_encodings::ascii_escaped;

/// A longer body, in bytes, is not written again in other forms.
const MAX_REWRITTEN: usize = 64 << 10;
/// A longer body, in bytes, is not part of any formula.
const MAX_BODY: usize = 1 << 20;

/// The other inputs of a search.
#[derive(Debug, Default)]
pub(super) struct SearchContext<'a> {
    pub body: Option<&'a [u8]>,
    pub rewritten_bodies: Vec<Vec<u8>>,
    pub event: Option<String>,
    pub times: Vec<String>,
}

impl<'a> SearchContext<'a> {
    pub fn new(signed: &Signed<'a>) -> Self {
        let body = signed.body.filter(|body| body.len() <= MAX_BODY);
        let short = body.filter(|body| body.len() <= MAX_REWRITTEN);
        let value: Option<Value> = short.and_then(|body| serde_json::from_slice(body).ok());
        let member = |name| Some(value.as_ref()?.get(name)?.as_str()?.to_owned());
        let mut times = member("triggeredDate").map(|date| times_of(&date)).unwrap_or_default();
        times.extend(header_times(signed));
        let mut rewritten_bodies = short.map(changed_texts).unwrap_or_default();
        rewritten_bodies.extend(value.as_ref().map(json_forms).unwrap_or_default());
        rewritten_bodies.retain(|form| Some(&form[..]) != body);
        Self { body, rewritten_bodies, event: member("event"), times }
    }
}

/// The forms in which programs write a date.
fn times_of(text: &str) -> Vec<String> {
    let mut times = vec![text.to_owned()];
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        let date = date.to_utc();
        let formats = [
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%d",
            "%Y%m%d",
            "%Y%m%d%H%M%S",
            "%a, %d %b %Y %H:%M:%S GMT",
            "%s",
        ];
        times.extend(formats.map(|format| date.format(format).to_string()));
        times.push(date.timestamp_millis().to_string());
        times.push(date.to_rfc3339_opts(SecondsFormat::Millis, true));
        times.push(date.to_rfc3339_opts(SecondsFormat::Secs, false));
    }
    times
}

/// Times in other headers, and in the form of Stripe's signatures.
fn header_times(signed: &Signed<'_>) -> Vec<String> {
    const MAX_TIMES: usize = 8;
    let is_time = |name: &str| name.contains("timestamp") || name == "date";
    let headers = signed.headers.iter();
    let headers = headers.filter(|(name, _)| is_time(&name.to_ascii_lowercase()));
    let headers = headers.map(|(_, value)| value.clone());
    let stripe = signed.signature.split(',').filter_map(|part| part.trim().strip_prefix("t="));
    headers.chain(stripe.map(str::to_owned)).take(MAX_TIMES).collect()
}

/// The body as programs that handle text change it, its hashes, and what is left of a body that
/// was parsed already or never read.
fn changed_texts(body: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![
        body.trim_ascii().to_vec(),
        [body, b"\n"].concat(),
        [body, b"\r\n"].concat(),
        [b"\xef\xbb\xbf", body].concat(),
        hex::encode(Hash::Md5.digest(&[body])).into_bytes(),
        hex::encode(Hash::Sha256.digest(&[body])).into_bytes(),
    ];
    if let Ok(text) = std::str::from_utf8(body) {
        let ascii = |letter: char| if letter.is_ascii() { letter } else { '?' };
        let question_marks: String = text.chars().map(ascii).collect();
        let bare = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let quoted = Value::from(text).to_string();
        let texts = [text.replace("\r\n", "\n"), text.replace('\n', "\r\n"), question_marks, bare];
        forms.extend(texts.into_iter().chain([quoted]).map(String::into_bytes));
    }
    let words = ["", "[object Object]", "b''"];
    forms.extend(words.map(|word| word.as_bytes().to_vec()));
    forms
}

/// The JSON written again: compact, spaced, indented, sorted, escaped, and as Python prints it.
fn json_forms(value: &Value) -> Vec<Vec<u8>> {
    let sorted = sorted(value);
    let mut texts = Vec::new();
    for value in [Some(value), Some(&sorted), value.get("data")].into_iter().flatten() {
        let compact = value.to_string();
        let spaced = spaced(value, Style::Json);
        let indented = serde_json::to_string_pretty(value).unwrap_or_default();
        let double_indent = |line: &str| {
            let bare = line.trim_start_matches(' ');
            " ".repeat(2 * (line.len() - bare.len())) + bare
        };
        let deeper: Vec<_> = indented.lines().map(double_indent).collect();
        texts.extend([ascii_escaped(&compact), ascii_escaped(&spaced), deeper.join("\n")]);
        texts.push(ascii_escaped(&compact.replace('/', "\\/")));
        texts.extend([indented.replace('\n', "\r\n"), compact, spaced, indented]);
    }
    texts.push(spaced(value, Style::Python));
    texts.into_iter().map(String::into_bytes).collect()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            members.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[derive(Clone, Copy)]
enum Style {
    Json,
    Python,
}

/// With a space after each comma and colon, as json.dumps and repr of Python write.
fn spaced(value: &Value, style: Style) -> String {
    match (style, value) {
        (_, Value::Object(members)) => {
            let member = |(name, value): (&String, &Value)| {
                format!("{}: {}", spaced(&Value::from(name.as_str()), style), spaced(value, style))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        (_, Value::Array(items)) => {
            let items: Vec<_> = items.iter().map(|item| spaced(item, style)).collect();
            format!("[{}]", items.join(", "))
        }
        (Style::Python, Value::Null) => "None".to_owned(),
        (Style::Python, Value::Bool(true)) => "True".to_owned(),
        (Style::Python, Value::Bool(false)) => "False".to_owned(),
        (Style::Python, Value::String(text)) => format!("'{}'", text.replace('\'', "\\'")),
        (Style::Json | Style::Python, value) => value.to_string(),
    }
}
