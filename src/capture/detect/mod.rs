//! Detects requests within documents of any shape: a few rules about names and values that
//! serve for every tool, rather than one case a tool. Here: what the names of members say, and
//! PGM's own body, the envelope.

mod body;
mod headers;
mod printed;
mod search;
mod walk;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use chrono::SecondsFormat;

use super::header::{fold, is_like_pgm, names_pgm};
use super::{Capture, Value, decode, parse_json};

pub(super) use headers::holds_headers;
pub(super) use printed::envelopes;
pub(super) use search::both_headers;
pub use walk::PartJoiner;
pub(super) use walk::Walk;

/// Why a header is not judged that goes on in another line or cell.
const CUT_APART: &str = "a PerfectGym header goes on in another line or cell, as in a \
    table that wraps its cells: save the rows as JSON or CSV (sqlite3 -json, psql --csv)";

/// Members of one object that are looked at as a request. Real ones have a dozen, flattened
/// ones some sixty; an object beyond this is a collection, and is only walked through.
const MAX_MEMBERS: usize = 512;

/// Whether a table with such a column can be one of requests.
pub(super) fn is_capture_column(name: &str) -> bool {
    let is_part =
        |name| matches!(FieldRole::of(name), FieldRole::Headers { .. } | FieldRole::Body(0 | 1));
    is_like_pgm(name) || is_part(name)
}

/// What a member may be, by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldRole {
    /// Holds headers. Those said to be raw or multi-valued (`whole`) keep repeats apart.
    Headers { whole: bool },
    /// Holds a body; the lower, the closer to the bytes that were received.
    Body(u8),
    /// Holds a response, or what was expected: nothing that was received. Never looked into.
    NotReceived,
    /// Anything else.
    Other,
}

impl FieldRole {
    fn of(name: &str) -> Self {
        Self::of_folded(&fold(name))
    }

    /// The role of a name that is folded already.
    fn of_folded(name: &str) -> Self {
        if is_not_received(name) {
            Self::NotReceived
        } else if is_headers(name) {
            Self::Headers { whole: name.contains("raw") || name.contains("multi") }
        } else {
            body_rank(name).map_or(Self::Other, Self::Body)
        }
    }
}

/// `response`, `responseDefinition`, `httpResponse`, `respHeaders`, `expectedHeaders`; not
/// `requestsAndResponses`, and not `reserved`.
fn is_not_received(name: &str) -> bool {
    let starts = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    let of_response = matches!(name, "res" | "rsp" | "resheaders" | "resheader" | "resbody")
        || name.contains("response")
        || name.starts_with("re") && starts(&["resp", "reply", "replied", "returned"])
        || name.starts_with("answer");
    // The expectations of a mock server hold requests.
    let is_expected = starts(expected_words(name)) && !name.starts_with("expectation");
    (of_response || is_expected) && !name.contains("request")
}

/// Words that say of a value that it was not received: someone computed it, to compare. Returns those
/// with the first letter of this name, since nearly all names start with none of them.
fn expected_words(name: &str) -> &'static [&'static str] {
    match name.as_bytes().first() {
        Some(b'c') => &["computed", "calculated", "correct"],
        Some(b'e') => &["expect"],
        Some(b'g') => &["generated"],
        Some(b'o') => &["our", "ours"],
        Some(b'r') => &["right"],
        Some(b's') => &["should"],
        Some(b'w') => &["want", "wanted"],
        _ => &[],
    }
}

/// Whether a label, in lower case, says that what follows was not received.
fn is_expected(label: &str) -> bool {
    let mut words = label.split(|c: char| !c.is_ascii_alphabetic());
    words.any(|word| expected_words(word).contains(&word) || word.starts_with("expect"))
}

fn is_headers(name: &str) -> bool {
    // Wireshark has a `http.request.line` for each header.
    name.ends_with("requestline")
        || name.ends_with("headers")
        || name.ends_with("header")
        || name.ends_with("headerlist")
        || name.ends_with("headermap")
        || matches!(name, "h" | "headersraw" | "headerslist" | "headersmap")
        || matches!(name, "headersjson" | "headerstext")
}

/// Parts of names that say that a value is about a body rather than one.
const ABOUT: [&str; 11] =
    ["encoding", "type", "size", "length", "hash", "md5", "sha", "name", "url", "limit", "count"];

/// How likely the value of a member is the body, byte for byte; 0 is best.
fn body_rank(name: &str) -> Option<u8> {
    if name.contains("body") || name.contains("payload") {
        let is_raw = || ["raw", "base64", "b64"].iter().any(|part| name.contains(part));
        return match name {
            "body" => Some(1),
            _ if ABOUT.iter().any(|part| name.contains(part)) => None,
            _ if name.contains("parsed") => Some(4),
            _ if is_raw() => Some(0),
            _ if is_part_of_body(name) => None,
            _ => Some(1),
        };
    }
    Some(match name {
        "raw" | "rawdata" | "rawrequest" | "rawcontent" | "contentbase64" | "rawbytes" => 0,
        "b" | "content" | "postdata" | "requestcontent" | "binary" => 1,
        _ if name.ends_with("filedata") => 1,
        "data" | "requestdata" | "text" | "entity" => 2,
        "json" | "input" | "message" | "form" => 3,
        _ => return None,
    })
}

/// Whether a name is that of one member of a body whose members became columns (`body.event`,
/// `payload_data_userId`).
fn is_part_of_body(folded: &str) -> bool {
    let part = ["body", "payload"].iter().find_map(|name| Some(folded.rsplit_once(name)?.1));
    part.is_some_and(|part| {
        matches!(part, "event" | "triggereddate") || part.len() > 4 && part.starts_with("data")
    })
}

/// A member of an object, with all that its name says.
#[derive(Debug)]
struct Member<'v> {
    name: &'v str,
    /// The name in lower case, without separators.
    folded: Cow<'v, str>,
    value: &'v Value<'v>,
    role: FieldRole,
    /// Whether the name is that of one of PGM's headers.
    is_pgm: bool,
}

/// The members of an object, in order. Of repeated ones the last counts, as it does for nearly
/// every JSON parser; but PGM's headers and lines of headers are all kept. `None` when there are
/// more than a request has.
fn members<'v>(object: &'v Value<'_>) -> Option<Vec<Member<'v>>> {
    if object.members().len() > MAX_MEMBERS {
        return None;
    }
    let mut all: Vec<Member<'v>> = Vec::with_capacity(object.members().len());
    for (name, value) in object.members() {
        let is_pgm = is_like_pgm(name);
        let folded = fold(name);
        let role = FieldRole::of_folded(&folded);
        let is_line = value.as_str().is_some() && matches!(role, FieldRole::Headers { .. });
        let known = all.iter_mut().find(|known| known.name == name);
        match known.filter(|_| !is_pgm && !is_line) {
            Some(known) => known.value = value,
            None => all.push(Member { name, folded, value, role, is_pgm }),
        }
    }
    Some(all)
}

/// Whether members are those of PGM's own body without all that it has: a program printed some of them
/// beside the headers.
fn are_of_envelope(members: &[Member<'_>]) -> bool {
    let has = |name: &str| members.iter().any(|member| member.name == name);
    // The members of the body became members of the request.
    members.iter().any(|member| member.folded.ends_with("triggereddate"))
        || has(ENVELOPE[0]) && has(ENVELOPE[2])
}

/// Whether PGM's headers are members of the object itself.
fn is_flattened(members: &[Member<'_>]) -> bool {
    members.iter().any(|member| member.is_pgm && !member.value.is_object())
}

/// Whether an object is PGM's own body, as far as its outermost names show.
fn is_envelope(object: &Value<'_>) -> bool {
    let mut found = [false; 3];
    for (name, _) in object.members() {
        if let Some(index) = envelope_member(name) {
            found[index] = true;
        }
    }
    found == [true; 3]
}

/// Which part of PGM's own body a member of this name is, also where a program named it as its
/// language names things (`TriggeredDate`, `triggered_date`).
fn envelope_member(name: &str) -> Option<usize> {
    let is_same = |known: &&str| known.eq_ignore_ascii_case(name);
    let known = ENVELOPE.iter().position(is_same);
    known.or_else(|| name.eq_ignore_ascii_case("triggered_date").then_some(1))
}

/// The first envelope within a value.
fn envelope_of<'v, 't>(value: &'v Value<'t>) -> Option<&'v Value<'t>> {
    if is_envelope(value) {
        return Some(value);
    }
    let members = value.members().iter().map(|(_, value)| value);
    members.chain(value.elements()).find_map(envelope_of)
}

const ENVELOPE: [&str; 3] = ["event", "triggeredDate", "data"];

/// Whether a body is PGM's envelope, as far as its outermost names show.
pub(super) fn holds_envelope(bytes: &[u8]) -> bool {
    parse_body(bytes).is_some_and(|value| has_pgms_spelling(&value))
}

/// Whether a value is an envelope with the names that PGM gives its members.
fn has_pgms_spelling(value: &Value<'_>) -> bool {
    ENVELOPE.iter().all(|name| value.get(name).is_some())
}

/// Whether a value is an envelope with other names than PGM gives its members: a program parsed it.
fn is_respelled(value: &Value<'_>) -> bool {
    is_envelope(value) && !has_pgms_spelling(value)
}

/// An envelope with PGM's names for its members.
fn respelled<'v>(envelope: &Value<'v>) -> Value<'v> {
    let member = |(name, value): &(Cow<'v, str>, Value<'v>)| {
        let known = envelope_member(name).map(|index| Cow::Borrowed(ENVELOPE[index]));
        // Times as Go and Ruby print them.
        let time = value.as_str().and_then(|text| decode::date(text.strip_suffix(" UTC")?));
        let time = time.filter(|_| known.as_deref() == Some(ENVELOPE[1]));
        let time = time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        let value = time.map_or_else(|| value.clone(), |time| Value::String(time.into()));
        (known.unwrap_or_else(|| name.clone()), value)
    };
    Value::Object(envelope.members().iter().map(member).collect())
}

/// Whether a body is that of a webhook of PerfectGym Next, another product.
fn is_next(bytes: &[u8]) -> bool {
    parse_body(bytes).is_some_and(|value| is_next_object(&value))
}

/// Whether an object is the body of a webhook of PerfectGym Next.
fn is_next_object(object: &Value<'_>) -> bool {
    ["entityId", "uuid", "payload"].iter().all(|name| object.get(name).is_some())
}

/// Whether a value has one of PGM's names for a name of its own, or as an entry of a list.
fn has_pgm_name(value: &Value<'_>) -> bool {
    let is_within = |(name, value): &(Cow<'_, str>, Value<'_>)| {
        is_like_pgm(name) && !value.is_object() || has_pgm_name(value)
    };
    match value {
        Value::Object(members) => members.iter().any(is_within),
        Value::Array(elements) => elements.iter().any(has_pgm_name),
        Value::String(text) => {
            let within = || parse_json(text).is_ok_and(|inner| has_pgm_name(&inner));
            is_like_pgm(text) || text.starts_with('{') && names_pgm(text) && within()
        }
        _ => false,
    }
}

/// A text of as many bytes or more stands for itself.
const MAX_PLACEHOLDER: usize = 200;

/// Whether a text stands for a body that a program did not print (`[object Object]`, `<Stream>`).
fn is_placeholder(text: &[u8]) -> bool {
    const WORDS: [&str; 11] = [
        "[object",
        "[array",
        "[circular",
        "stream",
        "reader",
        "promise",
        "asyncgenerator",
        "binary",
        "truncated",
        "bytes]",
        "bytes data",
    ];
    if text.len() >= MAX_PLACEHOLDER || text.starts_with(b"{\"") {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    WORDS.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
}

/// How many times as long the same JSON may be in another spelling.
const MAX_SPACING: usize = 16;

/// Whether two bodies are the same JSON, of which a program may have printed one its own way.
fn is_same_body(left: &[u8], right: &[u8]) -> bool {
    // White space and escapes make a text some times as long.
    let is_near = |one: &[u8], other: &[u8]| one.len() / MAX_SPACING <= other.len() + MAX_SPACING;
    left == right
        || is_near(left, right)
            && is_near(right, left)
            && parse_body(left)
                .zip(parse_body(right))
                .is_some_and(|(left, right)| is_same_value(&left, &right))
}

/// Whether two values are the same but for the order of members and the types of single values, which
/// not all programs print.
fn is_same_value(left: &Value<'_>, right: &Value<'_>) -> bool {
    fn by_name<'v>(value: &'v Value<'_>) -> Vec<(&'v str, &'v Value<'v>)> {
        let mut members: Vec<_> =
            value.members().iter().map(|(name, value)| (&**name, value)).collect();
        members.sort_by_key(|(name, _)| *name);
        members
    }
    let same = |(left, right): (&Value<'_>, &Value<'_>)| is_same_value(left, right);
    match (left, right) {
        (Value::Object(_), Value::Object(_)) => {
            let (left, right) = (by_name(left), by_name(right));
            left.len() == right.len()
                && left.into_iter().zip(right).all(|((name, left), (other, right))| {
                    name == other && is_same_value(left, right)
                })
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(same)
        }
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => false,
        // PHP prints nothing for null and false, and 1 for true.
        (left, right) => {
            let text = |value: &Value<'_>| match value.scalar() {
                Some("true") => "1".to_owned(),
                None | Some("false") => String::new(),
                Some(text) => text.to_owned(),
            };
            text(left) == text(right)
        }
    }
}

/// Parses a body, which may start with a byte order mark.
fn parse_body(bytes: &[u8]) -> Option<Value<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    parse_json(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()
}

/// An object on the way to a request, innermost first; ends at the nearest array, since what
/// is outside of that does not belong to one request.
#[derive(Debug)]
struct Scope<'s, 'v> {
    members: &'s [Member<'v>],
    parent: Option<&'s Scope<'s, 'v>>,
    /// The object beyond an array.
    outer: Option<&'s Scope<'s, 'v>>,
    of_many: OnceCell<Capture<'static>>,
    /// Whether PGM's headers are among its members, or within one of them, in a form of their own.
    has_headers: OnceCell<bool>,
    /// Whether one of its texts was read as a request.
    is_searched: Cell<bool>,
}

/// A longer text is neither a path nor an address.
const MAX_DETAIL: usize = 8192;

/// Names of each field, the best first.
const METHOD: &[&str] =
    &["method", "httpmethod", "requestmethod", "httprequestmethod", "verb", "imtmethod", "m"];
const PATH: &[&str] = &[
    "path",
    "url",
    "uri",
    "originalurl",
    "requesturl",
    "requesturi",
    "httprequesturi",
    "httprequestfulluri",
    "rawpath",
    "pathname",
    "urlpath",
    "requestpath",
    "webhookurl",
    "endpoint",
    "p",
];
const REMOTE: &[&str] = &[
    "remote",
    "remoteaddr",
    "remoteaddress",
    "remoteip",
    "ip",
    "clientip",
    "sourceip",
    "clientaddress",
    "sourceaddress",
    "ipaddress",
    "origin",
];
const RECEIVED: &[&str] = &[
    "receivedat",
    "capturedatunixmilli",
    "capturedat",
    "createdat",
    "starteddatetime",
    "loggeddate",
    "requesttimeepoch",
    "timeepoch",
    "timestampstart",
    "timestamp",
    "receivedtime",
    "requesttime",
    "datetime",
    "created",
    "createdon",
    "date",
    "start",
    "startedat",
    "ts",
    "time",
];

impl<'s, 'v> Scope<'s, 'v> {
    fn new(members: &'s [Member<'v>], parent: Option<&'s Self>, outer: Option<&'s Self>) -> Self {
        let (of_many, has_headers) = (OnceCell::new(), OnceCell::new());
        Self { members, parent, outer, of_many, has_headers, is_searched: Cell::new(false) }
    }

    /// Whether a text within may be read as a request: no object around it has PGM's headers in
    /// another place, is PGM's body, or had a text that was one.
    fn may_search(&self) -> bool {
        let has_headers =
            || self.members.iter().any(|member| has_pgm_name(member.value) || member.is_pgm);
        !self.is_searched.get()
            && !are_of_envelope(self.members)
            && !self.has_headers.get_or_init(has_headers)
            && self.parent.or(self.outer).is_none_or(Self::may_search)
    }

    /// What is said of a request besides its headers and body; here, deeper, or further out.
    fn details(&self) -> Capture<'v> {
        let own = self.own_details();
        let Some(outer) = self.parent.map(Scope::of_many) else { return own };
        Capture {
            method: own.method.or_else(|| outer.method.clone()),
            path: own.path.or_else(|| outer.path.clone()),
            remote: own.remote.or_else(|| outer.remote.clone()),
            received_at: own.received_at.or(outer.received_at),
            ..own
        }
    }

    /// The same for an object that may hold many requests: what it says is found once.
    fn of_many(&self) -> &Capture<'static> {
        self.of_many.get_or_init(|| self.details().into_owned())
    }

    fn own_details(&self) -> Capture<'v> {
        let method = |text: &'v str| {
            let is_method = (3..=16).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphabetic());
            let is_upper = text.bytes().all(|byte| byte.is_ascii_uppercase());
            let method = || if is_upper { text.into() } else { text.to_ascii_uppercase().into() };
            is_method.then(method)
        };
        let filled =
            |text: &'v str| (1..=MAX_DETAIL).contains(&text.len()).then_some(Cow::Borrowed(text));
        Capture {
            method: self.first(METHOD, &method),
            path: self.first(PATH, &filled),
            remote: self.first(REMOTE, &filled),
            received_at: self.first(RECEIVED, &decode::date),
            ..Capture::default()
        }
    }

    /// The value of the best name that is accepted, here or deeper.
    fn first<T>(&self, names: &[&str], accept: &dyn Fn(&'v str) -> Option<T>) -> Option<T> {
        best(self.members, names, accept).or_else(|| self.nested(names, accept))
    }

    /// Parts of a request's object that hold its fields one level deeper (AWS).
    fn nested<T>(&self, names: &[&str], accept: &dyn Fn(&'v str) -> Option<T>) -> Option<T> {
        let context = self.members.iter().find(|member| member.name == "requestContext")?.value;
        let inner = ["http", "identity"].into_iter().filter_map(|name| context.get(name));
        std::iter::once(context)
            .chain(inner)
            .find_map(|object| best(&members(object)?, names, accept))
    }
}

/// The value of the best name that is accepted. The names of these fields say nothing else.
fn best<'v, T>(
    members: &[Member<'v>],
    mut names: &[&str],
    accept: &dyn Fn(&'v str) -> Option<T>,
) -> Option<T> {
    let mut best = None;
    for member in members.iter().filter(|member| member.role == FieldRole::Other) {
        let folded = &*member.folded;
        let Some(rank) = names.iter().position(|name| *name == folded) else { continue };
        // Postman's and MockServer's URLs are objects that hold the text.
        let text = member.value.scalar().or_else(|| member.value.get("raw")?.scalar());
        if let Some(accepted) = text.and_then(accept) {
            best = Some(accepted);
            // Of the other members only those of a better name count.
            names = &names[..rank];
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_names() {
        for (name, role) in [
            ("headers", FieldRole::Headers { whole: false }),
            ("rawHeaders", FieldRole::Headers { whole: true }),
            ("multiValueHeaders", FieldRole::Headers { whole: true }),
            ("__IMTHEADERS__", FieldRole::Headers { whole: false }),
            ("request_headers", FieldRole::Headers { whole: false }),
            ("response", FieldRole::NotReceived),
            ("responseDefinition", FieldRole::NotReceived),
            ("response_headers", FieldRole::NotReceived),
            ("respHeaders", FieldRole::NotReceived),
            ("reply_headers", FieldRole::NotReceived),
            ("returnedHeaders", FieldRole::NotReceived),
            ("expected", FieldRole::NotReceived),
            ("httpRequestAndHttpNotReceived", FieldRole::Other),
            ("requests", FieldRole::Other),
            ("rawBody", FieldRole::Body(0)),
            ("request_payload_base64", FieldRole::Body(0)),
            ("body", FieldRole::Body(1)),
            ("bodySize", FieldRole::Other),
            ("isBase64Encoded", FieldRole::Other),
            ("postData", FieldRole::Body(1)),
        ] {
            assert_eq!(FieldRole::of(name), role, "{name}");
        }
    }
}
