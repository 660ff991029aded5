//! Detects requests within documents of any shape: a few rules about names and values that
//! serve for every tool, rather than one case a tool.

mod body;
mod fields;
mod flatted;
mod headers;
mod printed;
mod request;
mod walk;

pub(super) use body::{envelope_within, is_envelope};
pub(super) use fields::is_capture_column;
pub(super) use headers::holds_headers;
pub(super) use printed::names_pgm;
pub(super) use walk::Walk;
