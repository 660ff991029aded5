//! What a signer may have put into the formula besides the secret: something in place of the request
//! id, and the body in other forms, the event and times. A new mistake in the id is one row.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat};
use serde_json::Value;
use uuid::Uuid;

use super::Hash;
use super::encodings::{ascii_escaped, url_encoded};
use super::formula::Formula;
use super::secret_signed::{common_missing_values, missing_values, unfilled_ids};
use super::{Input, InputValues, Signed};
use crate::text::shown_name;
use crate::verify::{FindingKind, findings};

/// One row of the table of ids.
pub(super) struct IdHypothesis {
    /// What to report when it is the cause.
    pub kinds: &'static [&'static FindingKind],
    /// Whether it is also tried together with a second mistake.
    pub combines: bool,
    variants: fn(&str, &Signed<'_>) -> Vec<Vec<u8>>,
}

const fn likely(
    kinds: &'static [&'static FindingKind],
    variants: fn(&str, &Signed<'_>) -> Vec<Vec<u8>>,
) -> IdHypothesis {
    IdHypothesis { kinds, combines: true, variants }
}

const fn unlikely(
    kinds: &'static [&'static FindingKind],
    variants: fn(&str, &Signed<'_>) -> Vec<Vec<u8>>,
) -> IdHypothesis {
    IdHypothesis { kinds, combines: false, variants }
}

/// A GUID of .NET that was never set.
const EMPTY_GUID: &str = "00000000-0000-0000-0000-000000000000";
/// A longer id, in bytes, is only tried as it is.
const MAX_ID: usize = 512;
/// At most this many values of the body, and of other headers, are tried as an id.
const MAX_VALUES: usize = 200;

pub(super) static ID_HYPOTHESES: &[IdHypothesis] = &[
    likely(&[&findings::ID_SPACES], |id, _| texts([id.trim(), id.trim_end_matches(['\r', '\n'])])),
    likely(&[&findings::ID_SPACES], |id, _| {
        let ends = ["\n", "\r\n", "\r", " ", "\t", "\0"].map(|end| ("", end));
        [around(id, &ends), around(id, &[(" ", ""), ("\t", ""), ("\u{feff}", "")])].concat()
    }),
    likely(&[&findings::ID_CASE], |id, _| texts([id.to_uppercase(), id.to_lowercase()])),
    likely(&[&findings::ID_BRACES], |id, _| around(id, BRACES)),
    likely(&[&findings::ID_BRACES], |id, _| texts([bare(id)])),
    likely(&[&findings::ID_DASHES], |id, _| texts([id.replace('-', "")])),
    likely(&[&findings::ID_DASHES], |id, _| texts(dashed(id))),
    likely(&[&findings::ID_URN], |id, _| around(id, &[("urn:uuid:", "")])),
    likely(&[&findings::ID_URN], |id, _| texts(id.strip_prefix("urn:uuid:"))),
    likely(&[&findings::ID_BRACES, &findings::ID_CASE], |id, _| {
        let (upper, lower) = (id.to_uppercase(), id.to_lowercase());
        [around(&upper, BRACES), around(&lower, BRACES)].concat()
    }),
    likely(&[&findings::ID_BRACES, &findings::ID_CASE], |id, _| {
        texts([bare(id).to_uppercase(), bare(id).to_lowercase()])
    }),
    likely(&[&findings::ID_DASHES, &findings::ID_CASE], |id, _| {
        let plain = [Some(id.replace('-', "")), dashed(id)];
        texts(plain.into_iter().flatten().flat_map(|id| [id.to_uppercase(), id.to_lowercase()]))
    }),
    likely(&[&findings::ID_BRACES, &findings::ID_DASHES], |id, _| {
        texts([bare(id).replace('-', "")])
    }),
    likely(&[&findings::ID_NOT_SIGNED], |_, _| texts([""])),
    likely(&[&findings::ID_WORD], |_, _| {
        texts(common_missing_values().filter(|word| !word.is_empty()))
    }),
    unlikely(&[&findings::ID_WORD], |_, _| {
        let words = missing_values().filter(|word| !word.is_empty());
        texts(words.chain([EMPTY_GUID]))
    }),
    unlikely(&[&findings::ID_SPACES], |id, _| {
        texts([40, 50, 64, 100].map(|width| format!("{id:<width$}")))
    }),
    likely(&[&findings::ID_LIST], |id, _| {
        around(id, &[("[\"", "\"]"), ("['", "']"), ("[", "]"), ("[\"", "\",]"), ("(\"", "\")")])
    }),
    likely(&[&findings::ID_DOUBLED], |id, _| {
        texts(["", ",", ", ", ":", " ", "; "].map(|gap| format!("{id}{gap}{id}")))
    }),
    likely(&[&findings::ID_PRINTED], |id, _| {
        let literals = [
            ("b'", "'"),
            ("b\"", "\""),
            ("Some(\"", "\")"),
            ("Some(", ")"),
            ("Optional[", "]"),
            ("Just \"", "\""),
            ("('", "',)"),
            ("UUID('", "')"),
            ("UUID(\"", "\")"),
            (":", ""),
            ("{\"id\":\"", "\"}"),
            ("#UUID<", ">"),
            ("#<UUID ", ">"),
            ("System.Collections.Generic.List`1[", "]"),
        ];
        around(id, &literals)
    }),
    likely(&[&findings::ID_HEADER_LINE], |id, _| {
        let names = ["X-PerfectGym-Request", "x-perfectgym-request", "X-PERFECTGYM-REQUEST"];
        let signs = [": ", ":", "="];
        let line = |name: &str| signs.map(|sign| format!("{name}{sign}{id}"));
        texts(names.iter().flat_map(|name| line(name)))
    }),
    likely(&[&findings::ID_ENCODED], |id, _| {
        let base64 = BASE64_STANDARD.encode(id);
        let url = url_encoded(id.as_bytes(), "");
        texts([base64, hex::encode(id), url_encoded(id.as_bytes(), "-_.~"), url])
    }),
    likely(&[&findings::ID_HASHED], |id, _| {
        let hashes = [Hash::Md5, Hash::Sha1, Hash::Sha256];
        let digests = hashes.map(|hash| hash.digest(id.as_bytes()));
        texts(
            digests
                .iter()
                .flat_map(|digest| [hex::encode(&**digest), hex::encode_upper(&**digest)]),
        )
    }),
    likely(&[&findings::ID_BYTES], |id, _| uuid_bytes(id)),
    unlikely(&[&findings::ID_BYTE_ORDER], |id, _| other_byte_orders(id)),
    unlikely(&[&findings::ID_NUMBER], |id, _| numbers(id)),
    unlikely(&[&findings::ID_CUT], |id, _| {
        let cuts = id.char_indices().map(|(at, _)| at).skip(1).collect::<Vec<_>>();
        let ends = cuts.iter().flat_map(|at| [id.get(..*at), id.get(*at..)]).flatten();
        let groups = id.split(['-', '_', ':', '.', '/', ',', '|']);
        let joined = id.split_once('-').map(|(_, rest)| rest.replace('-', ""));
        let bare = id.replace('-', "");
        let halves = [8, 12, 16, 20].into_iter().filter_map(|at| bare.split_at_checked(at));
        let halves = halves.flat_map(|(first, last)| [first.to_owned(), last.to_owned()]);
        texts(ends.chain(groups).map(str::to_owned).chain(joined).chain(halves))
    }),
    unlikely(&[&findings::ID_OTHER_HEADER], |_, signed| {
        texts(signed.headers.iter().take(MAX_VALUES).map(|(_, value)| value.as_str()))
    }),
    unlikely(&[&findings::ID_FROM_BODY], |_, signed| {
        let body = signed.body.and_then(|body| serde_json::from_slice(body).ok());
        texts(body.map(|body| leaves(&body)).unwrap_or_default().into_iter().map(|(_, text)| text))
    }),
    unlikely(&[&findings::ID_TEMPLATE], |_, _| texts(unfilled_ids())),
];

impl IdHypothesis {
    /// What the signer may have used in place of the captured id, without the id itself.
    pub fn variants(&self, signed: &Signed<'_>) -> Vec<Vec<u8>> {
        let id = signed.request_id;
        if id.len() > MAX_ID {
            return Vec::new();
        }
        let mut variants = (self.variants)(id, signed);
        variants.retain(|variant| variant != id.as_bytes());
        variants
    }
}

const BRACES: &[(&str, &str)] = &[("{", "}"), ("\"", "\""), ("(", ")"), ("'", "'"), ("<", ">")];

fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Vec<Vec<u8>> {
    texts.into_iter().map(|text| text.into().into_bytes()).collect()
}

fn around(id: &str, ends: &[(&str, &str)]) -> Vec<Vec<u8>> {
    texts(ends.iter().map(|(before, after)| format!("{before}{id}{after}")))
}

fn bare(id: &str) -> &str {
    let pairs = [('{', '}'), ('"', '"'), ('(', ')'), ('\'', '\''), ('<', '>'), ('[', ']')];
    let inside = |(open, close)| id.strip_prefix(open)?.strip_suffix(close);
    pairs.into_iter().find_map(inside).unwrap_or(id)
}

/// 32 hex digits as a UUID.
fn dashed(id: &str) -> Option<String> {
    let uuid = Uuid::try_parse(id).ok().filter(|_| id.len() == 32)?;
    let upper = id.bytes().any(|byte| byte.is_ascii_uppercase());
    let dashed = uuid.hyphenated().to_string();
    Some(if upper { dashed.to_uppercase() } else { dashed })
}

/// The bytes of a UUID, as they are and in base64, in both byte orders.
fn uuid_bytes(id: &str) -> Vec<Vec<u8>> {
    let Ok(uuid) = Uuid::try_parse(id) else { return Vec::new() };
    let orders = [*uuid.as_bytes(), uuid.to_bytes_le()];
    let base64 = orders.map(|bytes| BASE64_STANDARD.encode(bytes).into_bytes());
    orders.map(Vec::from).into_iter().chain(base64).collect()
}

/// A UUID whose first groups, or all bytes, are in the other byte order.
fn other_byte_orders(id: &str) -> Vec<Vec<u8>> {
    let Ok(uuid) = Uuid::try_parse(id) else { return Vec::new() };
    let mut reversed = *uuid.as_bytes();
    reversed.reverse();
    let orders = [Uuid::from_bytes(uuid.to_bytes_le()), Uuid::from_bytes(reversed)];
    let forms = |uuid: &Uuid| {
        let (dashed, plain) = (uuid.hyphenated().to_string(), uuid.simple().to_string());
        [dashed.to_uppercase(), plain.to_uppercase(), dashed, plain]
    };
    texts(orders.iter().flat_map(forms))
}

/// What is left of an id that was converted to a number.
fn numbers(id: &str) -> Vec<Vec<u8>> {
    let end = id.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(id.len());
    let digits = id.get(..end).unwrap_or_default();
    let bare = digits.trim_start_matches('0');
    let number = id.parse::<f64>().ok().filter(|number| number.is_finite());
    let shown = number
        .into_iter()
        .flat_map(|number| [format!("{number}"), format!("{number:.1}"), format!("{number:e}")]);
    let uuid = Uuid::try_parse(id).ok().map(|uuid| uuid.as_u128());
    let uuid = uuid.into_iter().flat_map(|number| [number.to_string(), format!("{number:x}")]);
    let truncated = digits.parse::<u64>().into_iter().flat_map(|number| {
        [(number as u32).to_string(), (number as i32).to_string(), format!("{number:x}")]
    });
    texts(
        [digits.to_owned(), bare.to_owned()].into_iter().chain(shown).chain(uuid).chain(truncated),
    )
}

/// The texts and numbers of a body with their paths.
pub(super) fn leaves(body: &Value) -> Vec<(String, String)> {
    fn collect(value: &Value, path: &mut Vec<String>, found: &mut Vec<(String, String)>) {
        let inside: Vec<(String, &Value)> = match value {
            Value::Object(members) => {
                let members = members.iter().take(MAX_VALUES);
                members.map(|(key, value)| (shown_name(key).into_owned(), value)).collect()
            }
            Value::Array(items) => {
                let items = items.iter().take(MAX_VALUES).enumerate();
                items.map(|(at, value)| (at.to_string(), value)).collect()
            }
            Value::String(text) => return found.push((path.join("."), text.clone())),
            other => return found.push((path.join("."), other.to_string())),
        };
        for (key, value) in inside {
            if found.len() < MAX_VALUES {
                path.push(key);
                collect(value, path, found);
                path.pop();
            }
        }
    }
    let mut found = Vec::new();
    collect(body, &mut Vec::new(), &mut found);
    found
}

/// A longer body, in bytes, is not written again in other forms.
const MAX_REWRITTEN: usize = 16 << 10;
/// A longer body, in bytes, is not part of any formula.
const MAX_BODY: usize = 256 << 10;
/// What a formula may use besides the id and the secret.
#[derive(Debug)]
pub(super) struct OtherInputs<'a> {
    body: Option<&'a [u8]>,
    rewritten_bodies: Vec<Vec<u8>>,
    event: Option<String>,
    times: Vec<String>,
}

impl<'a> OtherInputs<'a> {
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

    /// The values for a formula, once for each form of the body and each time that it may use.
    pub fn values<'v>(
        &'v self,
        formula: &Formula,
        id: &'v [u8],
        secret: &'v [u8],
    ) -> impl Iterator<Item = InputValues<'v>> {
        let (body, event) = (self.body, self.event.as_deref());
        let bodies = self.rewritten_bodies.iter().map(Vec::as_slice);
        let bodies = each(bodies, formula.uses(Input::Rewritten));
        let times = each(self.times.iter().map(String::as_str), formula.uses(Input::Time));
        bodies.flat_map(move |rewritten| {
            let values = InputValues { id, secret, body, rewritten, event, time: None };
            times.clone().map(move |time| InputValues { time, ..values })
        })
    }
}

/// Each of these if they are used, else nothing, once.
fn each<'v, T: ?Sized + 'v>(
    all: impl Iterator<Item = &'v T> + Clone,
    are_used: bool,
) -> impl Iterator<Item = Option<&'v T>> + Clone {
    all.filter(move |_| are_used).map(Some).chain((!are_used).then_some(None))
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
        hex::encode(&*Hash::Md5.digest(body)).into_bytes(),
        hex::encode(&*Hash::Sha256.digest(body)).into_bytes(),
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
