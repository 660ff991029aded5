//! Method, path, address and time, wherever a tool notes them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::super::date;
use super::super::json::Node;
use super::super::limits;
use super::folded::Folded;
use super::names::pgm_header;
use super::role::Role;

/// A member of an object, with all that its name says.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Node<'a>,
    pub(super) role: Role,
    /// Whether the name is that of one of PGM's headers.
    pub(super) is_pgm: bool,
    /// How good a time of receipt it is.
    received: Option<u8>,
}

impl Member<'_> {
    /// The name in lower case, without separators.
    pub(super) fn folded(&self) -> Folded {
        Folded::new(&self.name).unwrap_or(Folded::NONE)
    }
}

/// The members of an object, in order.
pub(crate) type Members<'a> = Vec<Member<'a>>;

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
        let received = received_rank(folded.as_str());
        all.push(Member { name, value, role, is_pgm, received });
    }
    all
}

/// An object on the way to a request, innermost first; ends at the nearest array, since what
/// stands outside of that is not one request's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'s, 'a> {
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

/// How good a time of receipt a member of this name is; 0 is best.
fn received_rank(folded: &str) -> Option<u8> {
    Some(match folded {
        "receivedat" => 0,
        "capturedatunixmilli" => 1,
        "capturedat" => 2,
        "createdat" => 3,
        "starteddatetime" => 4,
        "loggeddate" => 5,
        "requesttimeepoch" => 6,
        "timeepoch" => 7,
        "timestampstart" => 8,
        "timestamp" => 9,
        "receivedtime" => 10,
        "requesttime" => 11,
        "datetime" => 12,
        "created" => 13,
        "createdon" => 14,
        "date" => 15,
        "start" => 16,
        "startedat" => 17,
        "ts" => 18,
        "time" => 19,
        _ => return None,
    })
}

/// Parts of a request's object that hold its fields one level deeper (AWS).
const NESTED: &[&str] = &["requestContext", "http", "identity"];

type Rank<'r> = &'r dyn Fn(&Member<'_>) -> Option<u8>;
type Accept<'r, T> = &'r dyn Fn(&str) -> Option<T>;

impl<'a> Scope<'_, 'a> {
    pub(crate) fn method(&self) -> Option<String> {
        let plausible = |text: &str| {
            (3..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
        };
        self.named(METHOD, &|text| plausible(text).then(|| text.to_ascii_uppercase()))
    }

    pub(crate) fn path(&self) -> Option<String> {
        self.named(PATH, &|text| (!text.is_empty()).then(|| text.to_owned()))
    }

    pub(crate) fn remote(&self) -> Option<String> {
        self.named(REMOTE, &|text| (!text.is_empty()).then(|| text.to_owned()))
    }

    pub(super) fn received_at(&self) -> Option<DateTime<Utc>> {
        self.first(&|member| member.received, &date::from_text)
    }

    /// The first of `names`, in their order, whose value is accepted.
    fn named<T>(&self, names: &[&str], accept: Accept<'_, T>) -> Option<T> {
        let rank = |member: &Member<'_>| {
            let folded = member.folded();
            names.iter().zip(0..).find(|(name, _)| **name == folded.as_str()).map(|(_, rank)| rank)
        };
        self.first(&rank, accept)
    }

    /// The value of the lowest rank that is accepted; here, deeper, or further out.
    fn first<T>(&self, rank: Rank<'_>, accept: Accept<'_, T>) -> Option<T> {
        among(self.members, rank, accept)
            .or_else(|| self.nested(rank, accept))
            .or_else(|| self.parent?.first(rank, accept))
    }

    fn nested<T>(&self, rank: Rank<'_>, accept: Accept<'_, T>) -> Option<T> {
        let context = self.members.iter().find(|member| member.name == NESTED[0])?.value;
        let inner = NESTED[1..].iter().filter_map(|name| context.get(name));
        std::iter::once(context)
            .chain(inner)
            .find_map(|node| among(&members(node, limits::MEMBERS), rank, accept))
    }
}

fn among<T>(members: &Members<'_>, rank: Rank<'_>, accept: Accept<'_, T>) -> Option<T> {
    let mut best: Option<(u8, T)> = None;
    for member in members {
        let Some(rank) = rank(member) else { continue };
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
