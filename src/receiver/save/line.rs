//! A received request as a line of the capture file.

use std::borrow::Cow;

use crate::capture::Line;
use crate::receiver::Received;

/// The line, with its line feed.
pub(in crate::receiver) fn line(received: &Received) -> Vec<u8> {
    let remote = received.remote().to_string();
    let headers: Vec<_> =
        received.headers().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
    let line = Line {
        received_at: received.received_at(),
        method: received.method(),
        path: received.path(),
        remote: Some(&remote),
        headers: &headers,
        body: received.body(),
    };
    line.to_json().into_bytes()
}
