//! Walks through a document, and visits each request in it.

use std::borrow::Cow;
use std::fmt;

use super::super::decode::{self, InflateBudget};
use super::super::header::{fold, has_pgm, is_pgm_id, names_pgm};
use super::super::serialized::resolve_flatted;
use super::super::{
    Body, Capture, Fault, Item, Location, MAX_DEPTH, Value, message, owned_pairs, parse_json,
};
use super::printed::{self, Part};
use super::search;
use super::{
    CUT_APART, FieldRole, Member, Scope, are_of_envelope, body, headers, holds_envelope,
    is_envelope, is_next, is_next_object, is_placeholder, is_same_body, members,
};
use crate::pgm::is_pgm_header;
use crate::text::shown_name;

/// Levels of JSON inside a JSON string (`{"log":"{\"message\":\"{…`). Container logs have two.
const MAX_NESTED_STRINGS: usize = 4;

/// Finds requests and hands them to a visitor.
pub(crate) struct Walk<'w> {
    visitor: &'w mut dyn FnMut(Item<'_>),
    /// Line of the file, in files that are read by lines.
    line: Option<u64>,
    budget: InflateBudget,
    /// Joins parts; without it, they are visited as parts.
    joiner: Option<PartJoiner>,
}

/// Joins the headers of a request and its body, which tools note one after the other: in two records
/// of a log, or in several, one for each header.
#[derive(Debug, Default)]
pub struct PartJoiner {
    /// Headers without a body, or a body without headers: the other part may be next to it.
    held: Option<Capture<'static>>,
    /// Whether parts may be there twice: programs print headers and bodies once more as part of
    /// something else, or in another form.
    repeats: bool,
    /// The last capture that was joined of two parts.
    joined: Option<Capture<'static>>,
    /// Whether the last capture that was joined had its headers first.
    headers_first: bool,
}

impl PartJoiner {
    /// Takes the next part of the file. Returns a request that is known to be whole by now, this one
    /// or the one before it.
    pub fn add(&mut self, part: Capture<'_>) -> Option<Item<'static>> {
        // The body of the last request once more, parsed or raw: not that of the next one.
        if self.held.is_none() && self.headers_first && self.is_repeated_body(&part) {
            return None;
        }
        match self.held.take() {
            Some(held) if held.headers.is_empty() != part.headers.is_empty() => {
                let part = part.into_owned();
                self.headers_first = !held.headers.is_empty();
                let (headers, body) = if self.headers_first { (held, part) } else { (part, held) };
                let capture = Capture { body: body.body, ..headers };
                self.joined = Some(match self.repeats {
                    true => capture.clone(),
                    false => Capture { body: capture.body.clone(), ..Capture::default() },
                });
                Some(finished(capture))
            }
            Some(held) if self.repeats && is_same_part(&held, &part) => {
                self.held = Some(held);
                None
            }
            // Each header in a record of its own.
            Some(held) if is_other_half(&held, &part) => {
                let headers = [held.headers, owned_pairs(part.headers)].concat();
                self.held = Some(Capture { headers, ..held });
                None
            }
            held => {
                self.held = held;
                let before = self.flush();
                self.held = Some(part.into_owned());
                before
            }
        }
    }

    /// Takes a request that is whole. Returns a part that is still held, as it has no other part.
    fn add_whole(&mut self, capture: &Capture<'_>) -> Option<Item<'static>> {
        if !self.repeats {
            return self.flush();
        }
        if self.held.as_ref().is_some_and(|held| is_same_part(held, capture)) {
            self.held = None;
        }
        let before = self.flush();
        self.joined = Some(capture.clone().into_owned());
        self.headers_first = true;
        before
    }

    /// Returns a part that is still held, as it has no other part, unless it repeats a part of the
    /// last request.
    pub fn flush(&mut self) -> Option<Item<'static>> {
        let held = self.held.take()?;
        let is_repeated = |joined: &Capture<'_>| {
            self.is_repeated_body(&held) || held.body.is_none() && held.headers == joined.headers
        };
        let is_repeated = self.repeats && self.joined.as_ref().is_some_and(is_repeated);
        (!is_repeated).then(|| finished(held))
    }

    /// Whether a part has the body of the last request that was joined.
    fn is_repeated_body(&self, part: &Capture<'_>) -> bool {
        let known = self.joined.as_ref().and_then(|joined| joined.body.as_ref());
        known
            .zip(part.body.as_ref())
            .is_some_and(|(known, body)| is_same_body(&known.bytes, &body.bytes))
    }
}

/// Whether two parts have the same headers, or the same body.
fn is_same_part(left: &Capture<'_>, right: &Capture<'_>) -> bool {
    match (&left.body, &right.body) {
        (Some(left), Some(right)) => is_same_body(&left.bytes, &right.bytes),
        (None, None) => left.headers == right.headers,
        _ => false,
    }
}

/// A capture that is whole. A text may have a literal whose value goes on in another line, which no
/// header's does.
fn finished(capture: Capture<'_>) -> Item<'_> {
    let is_cut_apart = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
        is_pgm_header(name) && value.trim().contains('\n')
    };
    if !capture.headers.iter().any(is_cut_apart) {
        return judged(capture);
    }
    let line = capture.location.line.unwrap_or(1);
    Item::Fault(Fault { line, column: 1, message: CUT_APART.to_owned(), torn: false })
}

/// A capture, or a request that is skipped as it is not PGM's.
fn judged(mut capture: Capture<'_>) -> Item<'_> {
    if capture.body.take_if(|body| is_placeholder(&body.bytes)).is_some() {
        capture.body_left_out = true;
    }
    let body = capture.body.as_ref();
    let is_pgm = has_pgm(&capture.headers) || body.is_some_and(|body| holds_envelope(&body.bytes));
    match is_pgm {
        true => Item::Capture(capture),
        false => Item::Skipped { is_next: body.is_some_and(|body| is_next(&body.bytes)) },
    }
}

/// Where the walk is.
#[derive(Clone, Copy)]
struct Context<'s, 'v> {
    path: &'s JsonPath<'s>,
    depth: usize,
    /// Levels of JSON within strings.
    strings: usize,
    /// Whether the value was written out of a list of values that refer to each other.
    is_resolved: bool,
    /// The text of the value, if that is all the tool kept.
    source: Option<&'v str>,
    scope: Option<&'s Scope<'s, 'v>>,
    /// The object beyond an array.
    outer: Option<&'s Scope<'s, 'v>>,
}

impl<'s, 'v> Context<'s, 'v> {
    fn root(path: &'s JsonPath<'s>, source: Option<&'v str>) -> Self {
        Self { path, depth: 0, strings: 0, is_resolved: false, source, scope: None, outer: None }
    }

    /// One level deeper.
    fn inner<'i>(self, path: &'i JsonPath<'i>, scope: Option<&'i Scope<'i, 'v>>) -> Context<'i, 'v>
    where
        's: 'i,
    {
        let outer = self.scope.or(self.outer);
        Context { path, depth: self.depth + 1, source: None, scope, outer, ..self }
    }

    /// In the JSON or the literals of a string.
    fn within_string(self) -> Self {
        let (strings, depth) = (self.strings + 1, self.depth + 1);
        Self { strings, depth, source: None, ..self }
    }
}

impl<'w> Walk<'w> {
    pub(crate) fn new(visitor: &'w mut dyn FnMut(Item<'_>)) -> Self {
        let (budget, joiner) = (InflateBudget::default(), Some(PartJoiner::default()));
        Self { visitor, line: None, budget, joiner }
    }

    /// A walk through a piece of a file: it visits parts of requests as they are, as the other part may
    /// be in another piece.
    pub(crate) fn of_piece(visitor: &'w mut dyn FnMut(Item<'_>)) -> Self {
        Self { joiner: None, ..Self::new(visitor) }
    }

    /// Visits every request of a document, which starts at `line` in files of several. `source`
    /// is the text that it was parsed from, if that is what the tool received.
    pub(crate) fn document(&mut self, value: &Value<'_>, source: Option<&str>, line: Option<u64>) {
        self.record(value, source, line);
        self.flush();
    }

    /// Does the same for one of several records, such as the lines of a log. One may hold the headers
    /// of a request and the next one its body; [`flush`](Self::flush) ends them.
    pub(crate) fn record(&mut self, value: &Value<'_>, source: Option<&str>, line: Option<u64>) {
        self.line = line;
        self.value(value, Context::root(&JsonPath::Root, source));
    }

    /// Does the same for a line of a log that is no JSON: returns whether it prints headers of PGM's.
    pub(crate) fn record_text(&mut self, text: &str, line: u64) -> bool {
        let parts = printed::parts(text, &mut self.budget);
        let prints = parts.iter().any(|(_, part)| matches!(part, Part::Headers(_)));
        self.line = Some(line);
        for (_, part) in parts.iter().filter(|_| prints) {
            self.part(part, Context::root(&JsonPath::Root, None));
        }
        prints
    }

    /// Visits the requests of the rows of a table, each with the number of its line. One row may hold
    /// the headers of a request and the next one its body.
    pub(crate) fn rows<'v>(&mut self, rows: impl Iterator<Item = (u64, Value<'v>)>) {
        for (line, row) in rows {
            self.record(&row, None, Some(line));
        }
        self.flush();
    }

    /// Visits the requests that a text prints as literals; `None`, and nothing visited, when it
    /// prints no headers of PGM's. `line` returns the number of the line at an offset.
    pub(crate) fn printed(&mut self, text: &str, mut line: impl FnMut(usize) -> u64) -> Option<()> {
        names_pgm(text).then_some(())?;
        let parts = printed::parts(text, &mut self.budget);
        let names_headers = |part: &Part<'_>| match part {
            Part::Headers(_) | Part::NotReceived => true,
            Part::Body(_) => false,
            Part::Other(_, source, _) => names_pgm(source),
        };
        parts.iter().any(|(_, part)| names_headers(part)).then_some(())?;
        self.joiner = Some(PartJoiner { repeats: true, ..PartJoiner::default() });
        for (start, part) in parts {
            self.line = Some(line(start));
            self.part(&part, Context::root(&JsonPath::Root, None));
        }
        self.flush();
        Some(())
    }

    /// Visits the requests whose headers a text names; `None` when it names none. `line` returns the
    /// number of the line at an offset.
    pub(crate) fn searched(
        &mut self,
        text: &str,
        mut line: impl FnMut(usize) -> u64,
    ) -> Option<()> {
        let found = search::requests_of(text);
        let only = found.len() == 1;
        let is_found = !found.is_empty();
        for (at, request) in found {
            let line = line(at);
            let location = if only { Location::default() } else { Location::line(line) };
            match request {
                Ok(request) => self.capture(Capture { location, ..request }),
                Err(message) => self.fault(Fault { line, column: 1, message, torn: false }),
            }
        }
        is_found.then_some(())
    }

    /// Visits a capture, or holds it until its other part was found: tools note headers and body
    /// one after the other.
    fn found(&mut self, capture: Capture<'_>) {
        let is_part = match capture.body {
            Some(_) => capture.headers.is_empty(),
            None => has_pgm(&capture.headers),
        };
        if !is_part {
            let joiner = self.joiner.as_mut();
            let before = joiner.and_then(|joiner| joiner.add_whole(&capture));
            before.into_iter().for_each(&mut *self.visitor);
            return (self.visitor)(finished(capture));
        }
        match &mut self.joiner {
            Some(joiner) => joiner.add(capture).into_iter().for_each(&mut *self.visitor),
            None => (self.visitor)(Item::Part(capture)),
        }
    }

    /// Visits a capture that is still held.
    pub(crate) fn flush(&mut self) {
        let held = self.joiner.as_mut().and_then(PartJoiner::flush);
        held.into_iter().for_each(&mut *self.visitor);
    }

    /// Visits a message that was read without a document; its body may be packed.
    pub(crate) fn message(&mut self, message: Capture<'_>) {
        let capture = body::unpacked(message, &mut self.budget);
        self.capture(capture);
    }

    /// Visits a capture that was read without a document; skips it if it is not PGM's.
    pub(crate) fn capture(&mut self, capture: Capture<'_>) {
        (self.visitor)(judged(capture));
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        (self.visitor)(Item::Fault(fault));
    }

    fn value<'v>(&mut self, value: &'v Value<'v>, context: Context<'_, 'v>) {
        if context.depth >= MAX_DEPTH {
            return;
        }
        match value {
            Value::Object(_) => self.object(value, context),
            Value::Array(elements) => {
                if let Some(object) = headers::attributes(elements) {
                    return self.object(&object, Context { source: None, ..context });
                }
                if !context.is_resolved
                    && let Some(value) = resolve_flatted(elements)
                {
                    let inner = context.inner(context.path, None);
                    return self.value(&value, Context { is_resolved: true, ..inner });
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
        let scope = Scope::new(&members, context.scope, context.outer);
        if let Some(request) = recognise(object, &members, context.source, &mut self.budget) {
            return self.request(request, &scope, context);
        }
        let split = self.split_request(&members);
        let has_headers = |member: &Member<'_>| matches!(member.role, FieldRole::Headers { .. });
        let is_response = members.iter().any(has_headers)
            && is_response(&members)
            && headers::of_members(&members, false).is_some_and(|headers| has_pgm(&headers));
        for member in &members {
            let is_part = matches!(member.role, FieldRole::Headers { .. } | FieldRole::Body(_));
            if member.role == FieldRole::NotReceived || is_response && is_part {
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
        let body = body::of_members(others, &mut self.budget)?;
        Some((owner.name, body))
    }

    fn request_without_body<'v>(
        &mut self,
        object: &'v Value<'v>,
        body: Body<'v>,
        context: Context<'_, 'v>,
    ) {
        let members = members(object).unwrap_or_default();
        let scope = Scope::new(&members, context.scope, context.outer);
        if let Some(request) = recognise(object, &members, None, &mut self.budget) {
            self.request(Capture { body: Some(body), ..request }, &scope, context);
        }
    }

    fn request(&mut self, request: Capture<'_>, scope: &Scope<'_, '_>, context: Context<'_, '_>) {
        let (location, Capture { headers, body, .. }) = (self.location(context), request);
        let body_left_out = body.is_none() && are_of_envelope(scope.members);
        self.found(Capture { location, headers, body, body_left_out, ..scope.details() });
    }

    fn location<'p>(&self, context: Context<'p, '_>) -> Location<'p> {
        let path = match context.path {
            // The path of most requests is one key, and needs no text of its own.
            JsonPath::Key(JsonPath::Root, key) if key.len() <= SHORT && is_word(key) => {
                Cow::Borrowed(*key)
            }
            path => Cow::Owned(path.to_string()),
        };
        Location { line: self.line, path }
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
                self.value(&value, Context { source, ..context.within_string() });
            } else {
                self.literals(text, context);
            }
        } else if message::is_request(start.as_bytes()) {
            self.message_within(start.as_bytes(), context);
        } else if context.strings < MAX_NESTED_STRINGS
            && let Some(bytes) = decode::base64(text, false)
        {
            let bytes = self.budget.gunzip(&bytes).unwrap_or(bytes);
            if let Ok(text) = std::str::from_utf8(&bytes) {
                self.text(text, Context { strings: context.strings + 1, source: None, ..context });
            }
        } else {
            self.literals(text, context);
        }
    }

    /// A line of a log (`Headers {"host": …}`), or an object as a program printed it.
    fn literals(&mut self, text: &str, context: Context<'_, '_>) {
        if context.strings < MAX_NESTED_STRINGS {
            let parts = printed::parts(text, &mut self.budget);
            let names_headers = |part: &Part<'_>| match part {
                Part::Headers(_) => true,
                Part::Body(_) | Part::NotReceived => false,
                Part::Other(_, source, _) => names_pgm(source),
            };
            let has_headers = parts.iter().any(|(_, part)| names_headers(part));
            if !has_headers && names_pgm(text) && self.prose(text, context) {
                return;
            }
            for (_, part) in parts {
                self.part(&part, context.within_string());
            }
        }
    }

    /// Reads a text as if it were a file: the requests in it, or what follows the names of PGM's headers.
    /// Returns whether there were any. What a body says, and what an object has elsewhere, is left out.
    fn prose(&mut self, text: &str, context: Context<'_, '_>) -> bool {
        let messages = message::requests(text.as_bytes()).map(|(_, message)| message);
        let mut found: Vec<_> = messages.filter(|message| has_pgm(&message.headers)).collect();
        if found.is_empty() {
            let searched = search::requests_of(text).into_iter();
            let searched = searched.filter_map(|(_, request)| request.ok());
            found.extend(searched.filter(|request| {
                request.request_ids().any(is_pgm_id) && request.signatures().next().is_some()
            }));
        }
        let scope = context.scope.or(context.outer);
        if found.is_empty() || context.path.is_in_body() || !scope.is_none_or(Scope::may_search) {
            return !found.is_empty();
        }
        scope.into_iter().for_each(|scope| scope.is_searched.set(true));
        for request in found {
            let details = context.scope.map(Scope::of_many).cloned().unwrap_or_default();
            let request = body::unpacked(request, &mut self.budget);
            let location = self.location(context);
            let Capture { method, path, headers, body, body_left_out, .. } = request;
            let (method, path) = (method.or(details.method), path.or(details.path));
            self.found(Capture { location, method, path, headers, body, body_left_out, ..details });
        }
        true
    }

    fn part<'v>(&mut self, part: &'v Part<'_>, context: Context<'_, 'v>) {
        let location = self.location(context);
        match part {
            Part::NotReceived => {}
            Part::Headers(headers) => {
                self.found(Capture { location, headers: headers.clone(), ..Capture::default() });
            }
            Part::Body(body) => {
                self.found(Capture { location, body: Some(body.clone()), ..Capture::default() });
            }
            Part::Other(value, source, is_json) => {
                self.value(value, Context { source: is_json.then_some(*source), ..context });
            }
        }
    }

    fn message_within(&mut self, bytes: &[u8], context: Context<'_, '_>) {
        let Some(message) = message::message(bytes) else { return };
        let Capture { method, path, headers, body, .. } = body::unpacked(message, &mut self.budget);
        let details = context.scope.map(Scope::of_many).cloned().unwrap_or_default();
        let location = self.location(context);
        self.found(Capture { location, method, path, headers, body, ..details });
    }
}

/// Whether one of two captures has the request id alone, and the other one the signature alone.
fn is_other_half(left: &Capture<'_>, right: &Capture<'_>) -> bool {
    let has = |capture: &Capture<'_>| {
        (capture.request_ids().next().is_some(), capture.signatures().next().is_some())
    };
    matches!(
        (has(left), has(right)),
        ((true, false), (false, true)) | ((false, true), (true, false))
    )
}

/// Recognises a request in an object that has a container of headers, or PGM's headers among its
/// own members, or is PGM's envelope. `source` is the text of the object if that is all the
/// tool kept, so that an envelope has its own spelling. The capture has headers and body alone.
fn recognise<'v>(
    object: &'v Value<'_>,
    members: &[Member<'v>],
    source: Option<&'v str>,
    budget: &mut InflateBudget,
) -> Option<Capture<'v>> {
    let envelope = is_envelope(object);
    let headers = headers::of_members(members, envelope);
    if envelope {
        let body = Some(body::of_envelope(object, members, headers.is_some(), source));
        let headers = headers.unwrap_or_default();
        return Some(Capture { headers, body, ..Capture::default() });
    }
    let Some(headers) = headers.filter(|headers| !headers.is_empty()) else {
        if let Some(headers) = headers::of_own_table(members)
            && let Some(body) = body::of_members(members.iter(), budget)
            && holds_envelope(&body.bytes)
        {
            return Some(Capture { headers, body: Some(body), ..Capture::default() });
        }
        is_next_object(object).then_some(())?;
        let body = Some(body::of_envelope(object, members, false, None));
        return Some(Capture { body, ..Capture::default() });
    };
    let is_response = is_response(members);
    // Bodies of responses are not read.
    if is_response && !has_pgm(&headers) {
        return None;
    }
    let body = body::of_members(members.iter(), budget);
    // Not the `data` of an envelope that is not there as a whole.
    let body = body.filter(|body| {
        let is_data = |member: &Member<'_>| {
            member.name == "data" && member.value.to_string().as_bytes() == &*body.bytes
        };
        body.exact || !are_of_envelope(members) || !members.iter().any(is_data)
    });
    // A log of requests may have the status of each response.
    let is_received = || {
        let is_request = |member: &Member<'_>| {
            matches!(member.role, FieldRole::Headers { .. }) && member.folded.contains("request")
        };
        !shows_response(members)
            && (members.iter().any(is_request)
                || body.as_ref().is_some_and(|body| holds_envelope(&body.bytes)))
    };
    if is_response && !is_received() {
        return None;
    }
    Some(Capture { headers, body, ..Capture::default() })
}

/// Whether the object has a member that only a client's object for a response has.
fn shows_response(members: &[Member<'_>]) -> bool {
    let known = ["statustext", "statusmessage", "reasonphrase", "redirected"];
    members.iter().any(|member| known.contains(&&*member.folded))
}

/// Whether the object tells a status and no method, as responses do.
fn is_response(members: &[Member<'_>]) -> bool {
    let named = |names: &[&str], member: &Member<'_>| names.contains(&&*member.folded);
    let is_method = |member| named(&["method", "httpmethod", "requestmethod"], member);
    let is_code = |digits: &str| digits.parse().is_ok_and(|status| (100..600).contains(&status));
    let is_status = |member: &Member<'_>| match member.value {
        Value::Number(digits) => named(&["status", "statuscode"], member) && is_code(digits),
        // Go prints no types.
        Value::String(digits) => named(&["statuscode"], member) && is_code(digits),
        _ => false,
    };
    !members.iter().any(is_method) && members.iter().any(is_status)
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

impl JsonPath<'_> {
    /// Whether a member on the way, the last one not counted, is said to be a body; not where the last one
    /// is said to be a text for people.
    fn is_in_body(&self) -> bool {
        const TEXTS: [&str; 6] = ["content", "value", "text", "plain", "html", "markdown"];
        let mut path = match self {
            Self::Key(parent, name) if !TEXTS.contains(&&*fold(name)) => *parent,
            Self::Index(parent, _) => *parent,
            _ => return false,
        };
        loop {
            path = match path {
                Self::Root => return false,
                Self::Key(_, name) if fold(name).ends_with("body") => return true,
                Self::Key(parent, _) | Self::Index(parent, _) => parent,
            };
        }
    }
}

/// `log.entries[3].request`; keys that are not plain words are quoted: `a["b c"]`.
impl fmt::Display for JsonPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
            Self::Key(parent, key) => match (parent, &*shown_name(key)) {
                (parent, key) if !is_word(key) => write!(f, "{parent}[{key:?}]"),
                (Self::Root, key) => f.write_str(key),
                (parent, key) => write!(f, "{parent}.{key}"),
            },
        }
    }
}

/// A longer key may have to be cut.
const SHORT: usize = 100;

/// Whether a key needs no quotes in a path.
fn is_word(key: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-$@".contains(&byte);
    !key.is_empty() && key.bytes().all(allowed)
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
