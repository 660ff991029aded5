//! Detects requests within documents of any shape: a few rules about names and values that
//! serve for every tool, rather than one case a tool.

mod body;
mod fields;
mod headers;
mod names;
mod request;
mod walk;

pub(super) use body::is_envelope;
pub(super) use headers::of_lines as headers_of_lines;
pub(super) use names::{header_name, is_capture_column, pgm_header};
pub(super) use walk::Walk;
