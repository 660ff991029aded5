//! HTTP/1.1 as a line speaks it: one request, one answer. Bytes in, events out, no I/O.

mod body;
mod chunks;
#[cfg(fuzzing)]
pub mod fuzzed;
mod head;
mod reader;
mod request;
mod rest;

use body::Body;
pub(super) use head::{Head, OfSuccess};
pub(super) use reader::{CLOSED, Event, LONGEST_HEAD, Reader};
pub(super) use request::{asks_to_close, write};

/// What is wrong with the bytes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotHttp(pub(super) &'static str);
