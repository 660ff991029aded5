//! A received request as a line of the capture file.

use std::borrow::Cow;

use crate::capture::Line;
use crate::receiver::Received;

/// Appends the line, with its line feed.
pub(super) fn append_line(received: &Received, lines: &mut Vec<u8>) {
    let headers: Vec<_> =
        received.headers().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
    let line = Line {
        received_at: received.received_at(),
        method: received.method(),
        path: received.path(),
        remote: Some(&received.caller.text),
        headers: &headers,
        body: received.body(),
    };
    line.append_to(lines);
}
