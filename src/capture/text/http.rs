//! HTTP/1 messages as text, one after the other.

use super::super::detect::Walk;
use super::super::message::{MessageReader, next_message, starts_message};
use super::super::{Capture, Location};
use super::{LineNumbers, SourceText};

/// Reads the requests of a text of messages, whatever is around and between them. Returns `None`
/// when there is none. A response's head and body are skipped.
pub(super) fn read(SourceText { bytes, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let mut numbers = LineNumbers::default();
    let mut reader = MessageReader::new(bytes);
    let mut at = if starts_message(bytes) { 0 } else { next_message(bytes) };
    let mut found = None;
    while at < bytes.len() {
        if let Some(message) = reader.request(at) {
            let end = at + message.length;
            let only = found.is_none() && bytes[end..].trim_ascii().is_empty();
            let location = match only {
                true => Location::default(),
                false => Location::line(numbers.at(bytes, at)),
            };
            let capture = message.into_capture(walk.budget());
            walk.capture(Capture { location, ..capture });
            found = Some(());
            at = end;
        } else {
            at += reader.response_length(at).unwrap_or(1);
        }
        let rest = &bytes[at..];
        at += if starts_message(rest) { 0 } else { next_message(rest) };
    }
    found
}
