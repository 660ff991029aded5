//! Detects requests within documents of any shape: a few rules about names and values that
//! serve for every tool, rather than one case a tool.

mod body;
mod fields;
mod headers;
mod request;
mod walk;

pub(super) use body::is_envelope;
pub(super) use fields::is_capture_column;
pub(super) use walk::Walk;
