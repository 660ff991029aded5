//! Method, path, address and time, wherever a tool notes them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::super::date;
use super::super::json::Node;
use super::super::limits;
use super::names::{Folded, Role, pgm_header};

/// A member of an object, with all that its name says.
pub(super) struct Member<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Node<'a>,
    pub(super) role: Role,
    /// Whether the name is that of one of PGM's headers.
    pub(super) is_pgm: bool,
    folded: Folded,
}

impl Member<'_> {
    /// The name in lower case, without separators.
    pub(super) fn folded(&self) -> &str {
        self.folded.as_str()
    }
}

/// The members of an object, in order.
pub(super) type Members<'a> = Vec<Member<'a>>;

/// The first `most` members of an object. Of repeated ones the last counts, as it does for
/// nearly every JSON parser.
pub(super) fn members(object: Node<'_>, most: usize) -> Members<'_> {
    let mut all: Members<'_> = Vec::with_capacity(8);
    for (name, value) in object.members().take(most) {
        if let Some(known) = all.iter_mut().find(|known| known.name == name) {
            known.value = value;
            continue;
        }
        let folded = Folded::new(&name).unwrap_or(Folded::NONE);
        let role = Role::of_folded(folded.as_str());
        let is_pgm = pgm_header(&name).is_some();
        all.push(Member { name, value, role, is_pgm, folded });
    }
    all
}

/// An object on the way to a request, innermost first; ends at the nearest array, since what
/// stands outside of that is not one request's.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'a> {
    pub(super) members: &'s Members<'a>,
    pub(super) parent: Option<&'s Scope<'s, 'a>>,
}

const METHOD: &[&str] = &["method", "httpmethod", "requestmethod", "verb", "imtmethod", "m"];
const PATH: &[&str] = &[
    "path",
    "url",
    "uri",
    "originalurl",
    "requesturl",
    "requesturi",
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

/// Parts of a request's object that hold its fields one level deeper (AWS).
const NESTED: &[&str] = &["requestContext", "http", "identity"];

impl<'a> Scope<'_, 'a> {
    pub(super) fn method(&self) -> Option<String> {
        let plausible = |text: &str| {
            (3..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
        };
        self.first(METHOD, &|text| plausible(text).then(|| text.to_ascii_uppercase()))
    }

    pub(super) fn path(&self) -> Option<String> {
        self.first(PATH, &|text| (!text.is_empty()).then(|| text.to_owned()))
    }

    pub(super) fn remote(&self) -> Option<String> {
        self.first(REMOTE, &|text| (!text.is_empty()).then(|| text.to_owned()))
    }

    pub(super) fn received_at(&self) -> Option<DateTime<Utc>> {
        self.first(RECEIVED, &date::from_text)
    }

    /// The first of `names`, in their order, whose value is accepted; here, deeper, or further
    /// out.
    fn first<T>(&self, names: &[&str], accept: &dyn Fn(&str) -> Option<T>) -> Option<T> {
        among(self.members, names, accept)
            .or_else(|| self.nested(names, accept))
            .or_else(|| self.parent?.first(names, accept))
    }

    fn nested<T>(&self, names: &[&str], accept: &dyn Fn(&str) -> Option<T>) -> Option<T> {
        let context = self.members.iter().find(|member| member.name == NESTED[0])?.value;
        let inner = NESTED[1..].iter().filter_map(|name| context.get(name));
        std::iter::once(context)
            .chain(inner)
            .find_map(|node| among(&members(node, limits::MEMBERS), names, accept))
    }
}

fn among<T>(
    members: &Members<'_>,
    names: &[&str],
    accept: &dyn Fn(&str) -> Option<T>,
) -> Option<T> {
    let mut best: Option<(usize, T)> = None;
    for member in members {
        let folded = member.folded();
        let known = names.iter().position(|name| *name == folded);
        let Some(rank) = known else { continue };
        if best.as_ref().is_some_and(|(known, _)| *known <= rank) {
            continue;
        }
        // Postman's and MockServer's URLs are objects that hold the text.
        let node = member.value;
        let text = node.scalar().or_else(|| node.get("raw")?.scalar());
        if let Some(value) = text.and_then(|text| accept(&text)) {
            best = Some((rank, value));
        }
    }
    best.map(|(_, value)| value)
}
