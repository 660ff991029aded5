//! Requests within JSON of any shape: a few rules about names and values that serve for every
//! tool, rather than one case a tool.

mod body;
mod containers;
mod envelope;
mod fields;
mod folded;
mod header;
mod header_list;
mod headers;
mod names;
mod path;
mod request;
mod role;
mod strings;
mod walk;
mod wrapper;

pub(super) use envelope::is_envelope;
pub(super) use fields::Scope;
pub(super) use header::Header;
pub(super) use headers::of_text as headers_of_text;
pub(super) use names::{header_name, is_capture_column, pgm_header};
pub(super) use walk::{Walk, is_pgm};
