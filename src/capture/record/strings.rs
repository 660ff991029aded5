//! Requests within strings: records of logs, and HTTP messages.

use super::super::json::Node;
use super::super::text::http;
use super::super::unpack;
use super::super::{Capture, limits};
use super::fields::Scope;
use super::walk::{Here, Walk};

impl Walk<'_> {
    /// A string outside of any request: what it holds may be a log's record, or a message.
    pub(super) fn text(&mut self, text: &str, exact: bool, here: Here<'_, '_>) {
        let start = text.trim_start();
        if start.starts_with(['{', '[']) {
            if here.strings < limits::STRINGS
                && let Ok(node) = Node::parse(text.as_bytes())
            {
                let strings = here.strings + 1;
                let depth = here.depth + 1;
                self.value(node, Here { strings, depth, whole: exact, ..here });
            }
        } else if http::is_request(start.as_bytes()) {
            self.messages(start.as_bytes(), here);
        } else if start.starts_with("UE9TV")
            && let Some(bytes) = unpack::base64(text)
        {
            // `POST`, in base64.
            self.messages(&bytes, here);
        }
    }

    fn messages(&mut self, bytes: &[u8], here: Here<'_, '_>) {
        let Some(message) = http::message(bytes) else { return };
        let received_at = here.scope.and_then(Scope::received_at);
        let remote = here.scope.and_then(Scope::remote);
        let capture = Capture { received_at, remote, ..message.into_capture(&mut self.budget) };
        let path = here.path.to_string();
        self.emit(&capture, self.line, &path);
    }
}
