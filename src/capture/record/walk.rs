//! The way through a JSON document, from request to request.

use super::super::json::{Index, Node};
use super::super::unpack::Budget;
use super::super::view::Source;
use super::super::{Body, Capture, CaptureRef, Fault, Item, Place, limits};
use super::envelope::holds_envelope;
use super::fields::{Members, Scope, members};
use super::header::has_pgm;
use super::names::pgm_header;
use super::path::Path;
use super::request::{self, Request};
use super::role::Role;

/// Finds requests and hands them on.
pub(crate) struct Walk<'w> {
    visit: &'w mut dyn FnMut(Item<'_>),
    /// Line of the file, in files that are read by lines.
    pub(super) line: Option<u64>,
    pub(super) budget: Budget,
    index: Index,
}

/// Where the walk stands.
#[derive(Clone, Copy)]
pub(super) struct Here<'s, 'a> {
    pub(super) path: &'s Path<'s>,
    pub(super) depth: usize,
    /// Levels of JSON within strings.
    pub(super) strings: usize,
    /// Whether the value is all that the tool kept: nothing has laid it out anew.
    pub(super) whole: bool,
    pub(super) scope: Option<&'s Scope<'s, 'a>>,
}

impl<'w> Walk<'w> {
    pub(crate) fn new(visit: &'w mut dyn FnMut(Item<'_>)) -> Self {
        Self { visit, line: None, budget: Budget::new(), index: Index::default() }
    }

    /// Hands on every request of a document, which starts at `line` in files that are read by
    /// lines.
    pub(crate) fn document(&mut self, node: Node<'_>, line: Option<u64>) {
        self.line = line;
        let here = Here { path: &Path::Root, depth: 0, strings: 0, whole: true, scope: None };
        self.value(node, here);
    }

    /// Hands on the requests of one of several documents that a file is made of.
    pub(crate) fn element(&mut self, node: Node<'_>, index: usize) {
        self.line = None;
        let path = Path::Index(&Path::Root, index);
        self.value(node, Here { path: &path, depth: 0, strings: 0, whole: false, scope: None });
    }

    /// Hands on a capture if it is PGM's; `path` is where it stands within its document or line.
    pub(crate) fn emit(&mut self, capture: &Capture, line: Option<u64>, path: &str) {
        if is_pgm(capture) {
            self.hand_on(capture, line, path);
        } else {
            (self.visit)(Item::Skipped);
        }
    }

    fn hand_on(&mut self, capture: &Capture, line: Option<u64>, path: &str) {
        (self.visit)(Item::Capture(capture.view_at(Place { line, path })));
    }

    pub(super) fn value(&mut self, node: Node<'_>, here: Here<'_, '_>) {
        // Without a quote there is no name and no text in it, however many brackets there are.
        if here.depth >= limits::DEPTH || memchr::memchr(b'"', node.raw()).is_none() {
            return;
        }
        let is_container = node.is_object() || node.is_array();
        if !is_container || node.is_indexed() {
            return self.known(node, here);
        }
        let mut index = std::mem::take(&mut self.index);
        self.known(index.parse(node.text_as_spelt()).unwrap_or(node), here);
        self.index = index;
    }

    /// A value whose parts are known, unless it is a long one.
    fn known(&mut self, node: Node<'_>, here: Here<'_, '_>) {
        if node.is_object() {
            self.object(node, here);
        } else if node.is_array() {
            for (index, element) in node.elements().enumerate() {
                let path = Path::Index(here.path, index);
                let depth = here.depth + 1;
                self.value(element, Here { path: &path, depth, whole: false, scope: None, ..here });
            }
        } else if let Some((text, exact)) = node.exact_text() {
            self.text(&text, exact, here);
        }
    }

    fn object(&mut self, node: Node<'_>, here: Here<'_, '_>) {
        let members = members(node, limits::MEMBERS + 1);
        if members.len() > limits::MEMBERS {
            drop(members);
            return self.collection(node, here);
        }
        let scope = Scope { members: &members, parent: here.scope };
        if let Some(request) = request::recognise(node, &members, here.whole, &mut self.budget) {
            return self.request(request, scope, here);
        }
        let split = self.split_request(&members);
        for member in &members {
            if member.role == Role::Response {
                continue;
            }
            let path = Path::Key(here.path, &member.name);
            let inner = Here { path: &path, depth: here.depth + 1, whole: false, ..here };
            let inner = Here { scope: Some(&scope), ..inner };
            match &split {
                Some((owner, body)) if *owner == member.name => {
                    self.request_without_body(member.value, body.clone(), inner);
                }
                // The body of its neighbour: no request by itself.
                Some(_) if matches!(member.role, Role::Body(_)) => {}
                _ => self.value(member.value, inner),
            }
        }
    }

    /// An object of more members than a request has.
    fn collection(&mut self, node: Node<'_>, here: Here<'_, '_>) {
        for (name, value) in node.members() {
            if Role::of(&name) != Role::Response {
                let path = Path::Key(here.path, &name);
                let depth = here.depth + 1;
                self.value(value, Here { path: &path, depth, whole: false, scope: None, ..here });
            }
        }
    }

    /// A member that holds headers and no body, where the body is a sibling of it (Node-RED's
    /// `req` and `payload`): its name and that body.
    fn split_request<'m>(&mut self, all: &'m Members<'_>) -> Option<(&'m str, Body)> {
        all.iter().find(|member| matches!(member.role, Role::Body(_)))?;
        let owner = all.iter().find(|member| {
            let plain = matches!(member.role, Role::Other | Role::Body(_));
            plain && member.value.is_object() && {
                let inner = members(member.value, limits::MEMBERS);
                request::recognise(member.value, &inner, false, &mut self.budget)
                    .is_some_and(|request| request.body.is_none() && !request.headers.is_empty())
            }
        })?;
        let others = all.iter().filter(|member| member.name != owner.name);
        let body = request::content(others, &mut self.budget)?;
        Some((owner.name.as_ref(), body))
    }

    fn request_without_body(&mut self, node: Node<'_>, body: Body, here: Here<'_, '_>) {
        let members = members(node, limits::MEMBERS);
        let scope = Scope { members: &members, parent: here.scope };
        if let Some(request) = request::recognise(node, &members, false, &mut self.budget) {
            self.request(Request { body: Some(body), ..request }, scope, here);
        }
    }

    fn request(&mut self, request: Request<'_>, scope: Scope<'_, '_>, here: Here<'_, '_>) {
        let body = request.body.as_ref();
        if !has_pgm(&request.headers) && !body.is_some_and(|body| holds_envelope(&body.bytes)) {
            return (self.visit)(Item::Skipped);
        }
        let path = here.path.to_string();
        (self.visit)(Item::Capture(CaptureRef {
            place: Place { line: self.line, path: &path },
            received_at: scope.received_at(),
            body: body.map(Body::view),
            source: Source::Found { headers: &request.headers, scope: &scope },
        }));
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        (self.visit)(Item::Fault(fault));
    }

    /// For readers of other shapes that take messages apart themselves.
    pub(crate) fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }
}

/// Whether a request is, or claims to be, PGM's: it has one of the headers, or the envelope.
pub(crate) fn is_pgm(capture: &Capture) -> bool {
    capture.headers.iter().any(|(name, _)| pgm_header(name).is_some())
        || capture.body.as_ref().is_some_and(|body| holds_envelope(&body.bytes))
}
