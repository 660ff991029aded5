//! A request's status in marks and words.

use crate::delivery::AttemptOutcome;
use crate::report::{Palette, escape};
use crate::requests::{RequestRow, Status};

/// One character that says how it stands.
pub(super) fn mark(status: Status) -> &'static str {
    match status {
        Status::Delivered => "✓",
        Status::Failed | Status::Unreachable => "✗",
        Status::Sending => "…",
        Status::Interrupted => "?",
    }
}

/// The word for it; the first two are PGM's own.
pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Delivered => "successful",
        Status::Failed => "failed",
        Status::Unreachable => "unreachable",
        Status::Sending => "sending",
        Status::Interrupted => "interrupted",
    }
}

/// Paints text in the colour of a status.
pub(super) fn paint(status: Status, text: &str, palette: Palette) -> String {
    match status {
        Status::Delivered => palette.success(text),
        Status::Failed | Status::Unreachable => palette.error(text),
        Status::Sending | Status::Interrupted => palette.warning(text),
    }
}

/// The event, or what a load run sent.
pub(super) fn event(entry: &RequestRow) -> String {
    let event = escape(entry.event.as_deref().unwrap_or("-"));
    if entry.load.is_some() { format!("load: {event}") } else { event }
}

/// What came back last, as short as can be: an HTTP status, or why there is none.
pub(super) fn answer(entry: &RequestRow) -> String {
    if let Some(load) = entry.load {
        return format!("{} failed", load.failed);
    }
    match (entry.status, entry.outcome, entry.http_status) {
        (Status::Sending | Status::Interrupted, _, _) => word(entry.status).to_owned(),
        (_, Some(AttemptOutcome::Responded), Some(status)) => status.to_string(),
        (_, Some(AttemptOutcome::TimedOut), _) => "timed out".to_owned(),
        (_, Some(AttemptOutcome::Refused), _) => "no connection".to_owned(),
        (_, Some(AttemptOutcome::Dns), _) => "unknown host".to_owned(),
        (_, Some(AttemptOutcome::Tls), _) => "TLS failed".to_owned(),
        (_, Some(AttemptOutcome::Responded | AttemptOutcome::Broken), _) => "broke off".to_owned(),
        (_, None, _) => word(entry.status).to_owned(),
    }
}
