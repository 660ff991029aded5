//! The members of an object with what their names say: method, path, address and time of a
//! request, wherever a tool notes them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::super::date;
use super::super::decode::MAX_MEMBERS;
use super::super::header::{PgmName, fold};
use super::super::value::Value;
use super::field_role::FieldRole;

/// A member of an object, with all that its name says.
#[derive(Debug)]
pub(super) struct Member<'v> {
    pub(super) name: &'v str,
    /// The name in lower case, without separators.
    pub(super) folded: Cow<'v, str>,
    pub(super) value: &'v Value<'v>,
    pub(super) role: FieldRole,
    /// Whether the name is that of one of PGM's headers.
    pub(super) is_pgm: bool,
}

/// The members of an object, in order. Of repeated ones the last counts, as it does for nearly
/// every JSON parser; but PGM's headers are all kept. `None` when there are more than a
/// request has.
pub(super) fn members<'v>(object: &'v Value<'_>) -> Option<Vec<Member<'v>>> {
    if object.members().len() > MAX_MEMBERS {
        return None;
    }
    let mut all: Vec<Member<'v>> = Vec::with_capacity(object.members().len());
    for (name, value) in object.members() {
        let is_pgm = PgmName::of(name).is_some();
        if !is_pgm && let Some(known) = all.iter_mut().find(|known| known.name == name) {
            known.value = value;
            continue;
        }
        let folded = fold(name);
        let role = FieldRole::of_folded(&folded);
        all.push(Member { name, folded, value, role, is_pgm });
    }
    Some(all)
}

/// An object on the way to a request, innermost first; ends at the nearest array, since what
/// is outside of that does not belong to one request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s, 'v> {
    pub(super) members: &'s [Member<'v>],
    pub(super) parent: Option<&'s Scope<'s, 'v>>,
}

/// Names of each field, the best first.
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

impl<'v> Scope<'_, 'v> {
    pub(super) fn method(&self) -> Option<Cow<'v, str>> {
        self.first(METHOD, &|text| {
            let is_method = (3..=16).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphabetic());
            let is_upper = text.bytes().all(|byte| byte.is_ascii_uppercase());
            let method = || if is_upper { text.into() } else { text.to_ascii_uppercase().into() };
            is_method.then(method)
        })
    }

    pub(super) fn path(&self) -> Option<Cow<'v, str>> {
        self.first(PATH, &filled)
    }

    pub(super) fn remote(&self) -> Option<Cow<'v, str>> {
        self.first(REMOTE, &filled)
    }

    pub(super) fn received_at(&self) -> Option<DateTime<Utc>> {
        self.first(RECEIVED, &date::parse)
    }

    /// The value of the best name that is accepted; here, deeper, or further out.
    fn first<T>(&self, names: &[&str], accept: &dyn Fn(&'v str) -> Option<T>) -> Option<T> {
        let own = self.members.iter().map(|member| (&*member.folded, member.value));
        best(own, names, accept)
            .or_else(|| self.nested(names, accept))
            .or_else(|| self.parent?.first(names, accept))
    }

    /// Parts of a request's object that hold its fields one level deeper (AWS).
    fn nested<T>(&self, names: &[&str], accept: &dyn Fn(&'v str) -> Option<T>) -> Option<T> {
        let context = self.members.iter().find(|member| member.name == "requestContext")?.value;
        let inner = ["http", "identity"].into_iter().filter_map(|name| context.get(name));
        std::iter::once(context).chain(inner).find_map(|object| {
            let folded: Vec<_> =
                object.members().iter().map(|(name, value)| (fold(name), value)).collect();
            best(folded.iter().map(|(name, value)| (&**name, *value)), names, accept)
        })
    }
}

fn filled(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty()).then_some(text.into())
}

fn best<'n, 'v: 'n, T>(
    members: impl Iterator<Item = (&'n str, &'v Value<'v>)>,
    names: &[&str],
    accept: &dyn Fn(&'v str) -> Option<T>,
) -> Option<T> {
    let mut best: Option<(usize, T)> = None;
    for (folded, value) in members {
        let Some(rank) = names.iter().position(|name| *name == folded) else { continue };
        if best.as_ref().is_some_and(|(known, _)| *known <= rank) {
            continue;
        }
        // Postman's and MockServer's URLs are objects that hold the text.
        let text = value.scalar().or_else(|| value.get("raw")?.scalar());
        if let Some(accepted) = text.and_then(accept) {
            best = Some((rank, accepted));
        }
    }
    best.map(|(_, value)| value)
}
