//! The way through a document, from request to request.

use std::borrow::Cow;
use std::fmt;

use super::super::decode::{self, InflateBudget, MAX_DEPTH, MAX_NESTED_STRINGS};
use super::super::header::has_pgm;
use super::super::literal::parse_json;
use super::super::message;
use super::super::value::Value;
use super::super::{Body, Capture, Fault, Item, Location};
use super::body::{self, holds_envelope};
use super::fields::{FieldRole, Member, Scope, members};
use super::flatted;
use super::headers;
use super::printed::{Part, Printed, literals, may_print_part, names_pgm};
use super::request::{self, Request, recognise};

/// Finds requests and hands them to a visitor.
pub(crate) struct Walk<'w> {
    visitor: &'w mut dyn FnMut(Item<'_>),
    /// Line of the file, in files that are read by lines.
    line: Option<u64>,
    budget: InflateBudget,
    /// Headers without a body, or a body without headers: the other part may be next to it.
    held: Option<Capture<'static>>,
}

/// Where the walk is.
#[derive(Clone, Copy)]
struct Context<'s, 'v> {
    path: &'s JsonPath<'s>,
    depth: usize,
    /// Levels of JSON within strings.
    strings: usize,
    /// The text of the value, if that is all the tool kept.
    source: Option<&'v str>,
    scope: Option<&'s Scope<'s, 'v>>,
}

impl<'s, 'v> Context<'s, 'v> {
    fn root(path: &'s JsonPath<'s>, source: Option<&'v str>) -> Self {
        Self { path, depth: 0, strings: 0, source, scope: None }
    }

    /// One level deeper.
    fn inner<'i>(
        self,
        path: &'i JsonPath<'i>,
        scope: Option<&'i Scope<'i, 'v>>,
    ) -> Context<'i, 'v> {
        Context { path, depth: self.depth + 1, strings: self.strings, source: None, scope }
    }
}

impl<'w> Walk<'w> {
    pub(crate) fn new(visitor: &'w mut dyn FnMut(Item<'_>)) -> Self {
        Self { visitor, line: None, budget: InflateBudget::new(), held: None }
    }

    /// Visits every request of a document, which starts at `line` in files of several. `source`
    /// is the text that it was parsed from, if that is what the tool received.
    pub(crate) fn document(&mut self, value: &Value<'_>, source: Option<&str>, line: Option<u64>) {
        self.line = line;
        self.root(value, source);
        self.flush();
    }

    /// Visits the requests of a row of a table; the next row may hold the other part of the last.
    pub(crate) fn row(&mut self, row: &Value<'_>, line: u64) {
        self.line = Some(line);
        self.root(row, None);
    }

    /// Visits the requests that a text prints as literals; `None`, and nothing visited, when it
    /// prints no headers of PGM's. `line` returns the number of the line at an offset.
    pub(crate) fn printed(&mut self, text: &str, mut line: impl FnMut(usize) -> u64) -> Option<()> {
        names_pgm(text).then_some(())?;
        let literals = literals(text);
        literals.iter().any(|printed| names_pgm(printed.source)).then_some(())?;
        let mut last = None;
        for printed in &literals {
            self.line = Some(line(printed.start));
            // Programs print the headers once more as part of something else.
            let headers = headers::of(&printed.value).filter(|headers| has_pgm(headers));
            if headers.is_none() || headers != last {
                self.literal(printed, Context::root(&JsonPath::Root, printed.json()));
            }
            last = headers.or(last);
        }
        self.flush();
        Some(())
    }

    /// Visits the requests of a value, but for one whose other part may follow.
    fn root(&mut self, value: &Value<'_>, source: Option<&str>) {
        self.value(value, Context::root(&JsonPath::Root, source));
    }

    /// Visits the requests of one of several values that a file is made of.
    pub(crate) fn element(&mut self, value: &Value<'_>, index: usize) {
        self.line = None;
        self.value(value, Context::root(&JsonPath::Index(&JsonPath::Root, index), None));
        self.flush();
    }

    /// Visits a capture, or holds it until its other part was found: tools note headers and body
    /// one after the other.
    fn found(&mut self, capture: Capture<'_>) {
        let is_part = match capture.body {
            Some(_) => capture.headers.is_empty(),
            None => has_pgm(&capture.headers),
        };
        match self.held.take() {
            Some(held) if is_part && held.headers.is_empty() != capture.headers.is_empty() => {
                let capture = capture.into_owned();
                let (headers, body) =
                    if held.headers.is_empty() { (capture, held) } else { (held, capture) };
                self.capture(Capture { body: body.body, ..headers });
            }
            held => {
                held.into_iter().for_each(|held| self.capture(held));
                if is_part {
                    let location = Location { line: self.line, ..capture.location.clone() };
                    self.held = Some(Capture { location, ..capture }.into_owned());
                } else {
                    self.capture(capture);
                }
            }
        }
    }

    /// Visits a capture that is still held: it has no other part.
    pub(crate) fn flush(&mut self) {
        if let Some(held) = self.held.take() {
            self.capture(held);
        }
    }

    /// Visits a capture that was read without a document; skips it if it is not PGM's.
    pub(crate) fn capture(&mut self, capture: Capture<'_>) {
        let body = capture.body.as_ref();
        let is_pgm =
            has_pgm(&capture.headers) || body.is_some_and(|body| holds_envelope(&body.bytes));
        (self.visitor)(if is_pgm { Item::Capture(capture) } else { Item::Skipped });
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        (self.visitor)(Item::Fault(fault));
    }

    /// For readers that take messages apart themselves.
    pub(crate) fn budget(&mut self) -> &mut InflateBudget {
        &mut self.budget
    }

    fn value<'v>(&mut self, value: &'v Value<'v>, context: Context<'_, 'v>) {
        if context.depth >= MAX_DEPTH {
            return;
        }
        match value {
            Value::Object(_) => self.object(value, context),
            Value::Array(elements) => {
                if let Some(object) = headers::attributes(elements) {
                    let (path, depth, strings) = (context.path, context.depth, context.strings);
                    let scope = context.scope.copied();
                    let scope = scope.as_ref();
                    return self
                        .object(&object, Context { path, depth, strings, source: None, scope });
                }
                if let Some(value) = flatted::resolve(elements) {
                    let (path, depth, strings) = (context.path, context.depth + 1, context.strings);
                    let scope = None;
                    return self
                        .value(&value, Context { path, depth, strings, source: None, scope });
                }
                for (index, element) in elements.iter().enumerate() {
                    let path = JsonPath::Index(context.path, index);
                    self.value(element, context.inner(&path, None));
                }
            }
            Value::String(text) => self.text(text, context),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn object<'v>(&mut self, object: &'v Value<'v>, context: Context<'_, 'v>) {
        let Some(members) = members(object) else { return self.collection(object, context) };
        let scope = Scope { members: &members, parent: context.scope };
        if let Some(request) = recognise(object, &members, context.source, &mut self.budget) {
            return self.request(request, scope, context);
        }
        let split = self.split_request(&members);
        for member in &members {
            if member.role == FieldRole::NotReceived {
                continue;
            }
            let path = JsonPath::Key(context.path, member.name);
            let inner = context.inner(&path, Some(&scope));
            match &split {
                Some((owner, body)) if *owner == member.name => {
                    self.request_without_body(member.value, body.clone(), inner);
                }
                // The body of its neighbour: not a request by itself.
                Some(_) if matches!(member.role, FieldRole::Body(_)) => {}
                _ => self.value(member.value, inner),
            }
        }
    }

    /// An object of more members than a request has.
    fn collection<'v>(&mut self, object: &'v Value<'v>, context: Context<'_, 'v>) {
        for (name, value) in object.members() {
            if FieldRole::of(name) != FieldRole::NotReceived {
                let path = JsonPath::Key(context.path, name);
                self.value(value, context.inner(&path, None));
            }
        }
    }

    /// A member that holds headers and no body, where the body is a sibling of it (Node-RED's
    /// `req` and `payload`): its name and that body.
    fn split_request<'v>(&mut self, all: &[Member<'v>]) -> Option<(&'v str, Body<'v>)> {
        all.iter().find(|member| matches!(member.role, FieldRole::Body(_)))?;
        let owner = all.iter().find(|member| {
            let plain = matches!(member.role, FieldRole::Other | FieldRole::Body(_));
            plain && member.value.is_object() && {
                let inner = members(member.value).unwrap_or_default();
                recognise(member.value, &inner, None, &mut self.budget)
                    .is_some_and(|request| request.body.is_none() && !request.headers.is_empty())
            }
        })?;
        let others = all.iter().filter(|member| member.name != owner.name);
        let body = request::content(others, &mut self.budget)?;
        Some((owner.name, body))
    }

    fn request_without_body<'v>(
        &mut self,
        object: &'v Value<'v>,
        body: Body<'v>,
        context: Context<'_, 'v>,
    ) {
        let members = members(object).unwrap_or_default();
        let scope = Scope { members: &members, parent: context.scope };
        if let Some(request) = recognise(object, &members, None, &mut self.budget) {
            self.request(Request { body: Some(body), ..request }, scope, context);
        }
    }

    fn request(&mut self, request: Request<'_>, scope: Scope<'_, '_>, context: Context<'_, '_>) {
        let path = Cow::Owned(context.path.to_string());
        self.found(Capture {
            location: Location { line: self.line, path },
            received_at: scope.received_at(),
            method: scope.method(),
            path: scope.path(),
            remote: scope.remote(),
            headers: request.headers,
            body: request.body,
        });
    }

    /// A string outside of any request: it may hold a log's record, or a message.
    fn text(&mut self, text: &str, context: Context<'_, '_>) {
        let start = text.trim_start();
        if start.starts_with(['{', '[']) {
            if context.strings < MAX_NESTED_STRINGS
                && let Ok(value) = parse_json(text)
            {
                let exact = !text.contains('\u{fffd}');
                let source = exact.then(|| text.trim_ascii());
                let (strings, depth) = (context.strings + 1, context.depth + 1);
                let scope = context.scope.copied();
                let scope = scope.as_ref();
                self.value(&value, Context { strings, depth, source, scope, path: context.path });
            } else if may_print_part(text) {
                self.literals(text, context);
            }
        } else if message::is_request(start.as_bytes()) {
            self.message(start.as_bytes(), context);
        } else if body::looks_like_base64(text)
            && context.strings < MAX_NESTED_STRINGS
            && let Some(bytes) = decode::base64(text)
        {
            let bytes = decode::gunzip(&bytes, &mut self.budget).unwrap_or(bytes);
            if let Ok(text) = std::str::from_utf8(&bytes) {
                self.text(text, Context { strings: context.strings + 1, source: None, ..context });
            }
        } else if may_print_part(text) {
            self.literals(text, context);
        }
    }

    /// A line of a log (`Headers {"host": …}`), or an object as a program printed it.
    fn literals(&mut self, text: &str, context: Context<'_, '_>) {
        let scope = context.scope.copied();
        for printed in literals(text).iter().filter(|_| context.strings < MAX_NESTED_STRINGS) {
            let (strings, depth) = (context.strings + 1, context.depth + 1);
            let (source, scope) = (printed.json(), scope.as_ref());
            self.literal(printed, Context { strings, depth, source, scope, path: context.path });
        }
    }

    fn literal<'v>(&mut self, printed: &'v Printed<'_>, context: Context<'_, 'v>) {
        let location = Location { line: self.line, path: context.path.to_string().into() };
        match printed.part(&mut self.budget) {
            Part::NotReceived => {}
            Part::Headers(headers) => {
                self.found(Capture { location, headers, ..Capture::default() });
            }
            Part::Body(body) => {
                self.found(Capture { location, body: Some(body), ..Capture::default() });
            }
            Part::Other => self.value(&printed.value, context),
        }
    }

    fn message(&mut self, bytes: &[u8], context: Context<'_, '_>) {
        let Some(capture) = message::message(bytes, &mut self.budget) else { return };
        let received_at = context.scope.and_then(Scope::received_at);
        let remote = context.scope.and_then(Scope::remote);
        let location = Location { line: self.line, path: context.path.to_string().into() };
        self.found(Capture { location, received_at, remote, ..capture });
    }
}

/// One step within a document and the way to it; lives on the walker's stack.
#[derive(Debug, Clone, Copy)]
enum JsonPath<'p> {
    /// The document itself.
    Root,
    /// A member of an object.
    Key(&'p JsonPath<'p>, &'p str),
    /// An element of an array, from 0.
    Index(&'p JsonPath<'p>, usize),
}

/// `log.entries[3].request`; keys that are not plain words are quoted: `a["b c"]`.
impl fmt::Display for JsonPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_word = |key: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-$@".contains(&byte);
            !key.is_empty() && key.bytes().all(allowed)
        };
        match self {
            Self::Root => Ok(()),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
            Self::Key(parent, key) if !is_word(key) => write!(f, "{parent}[{key:?}]"),
            Self::Key(Self::Root, key) => f.write_str(key),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::JsonPath::*;

    #[test]
    fn paths_as_text() {
        assert_eq!(Root.to_string(), "");
        let log = Key(&Root, "log");
        let entries = Key(&log, "entries");
        assert_eq!(Key(&Index(&entries, 3), "request").to_string(), "log.entries[3].request");
        assert_eq!(Key(&Index(&Root, 0), "a b\n").to_string(), r#"[0]["a b\n"]"#);
    }
}
