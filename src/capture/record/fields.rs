//! Method, path, address and time, wherever a tool notes them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::super::date;
use super::super::json::Node;
use super::names::Folded;

/// The members of an object, in order.
pub(super) type Members<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

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
        among(self.members.iter().map(|(name, node)| (name.as_ref(), *node)), names, accept)
            .or_else(|| self.nested(names, accept))
            .or_else(|| self.parent?.first(names, accept))
    }

    fn nested<T>(&self, names: &[&str], accept: &dyn Fn(&str) -> Option<T>) -> Option<T> {
        let (_, context) = self.members.iter().find(|(name, _)| name == NESTED[0])?;
        let inner = NESTED[1..].iter().filter_map(|name| context.get(name));
        std::iter::once(*context).chain(inner).find_map(|node| {
            let members: Members<'a> = node.members().collect();
            among(members.iter().map(|(name, node)| (name.as_ref(), *node)), names, accept)
        })
    }
}

fn among<'m, T>(
    members: impl Iterator<Item = (&'m str, Node<'m>)>,
    names: &[&str],
    accept: &dyn Fn(&str) -> Option<T>,
) -> Option<T> {
    let mut best: Option<(usize, T)> = None;
    for (name, node) in members {
        let Some(folded) = Folded::new(name) else { continue };
        let Some(rank) = names.iter().position(|known| *known == folded.as_str()) else { continue };
        if best.as_ref().is_some_and(|(known, _)| *known <= rank) {
            continue;
        }
        // Postman's and MockServer's URLs are objects that hold the text.
        let text = node.scalar().or_else(|| node.get("raw")?.scalar());
        if let Some(value) = text.and_then(|text| accept(&text)) {
            best = Some((rank, value));
        }
    }
    best.map(|(_, value)| value)
}
