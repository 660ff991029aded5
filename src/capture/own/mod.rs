//! pgwh's own capture format: one JSON object a line (NDJSON).
//!
//! Lines as [`Line`] writes them are read by [`scan`], which allocates nothing; all others, by
//! hand or by another tool, by [`read`]. Both take headers and body literally: nothing in them
//! is guessed at, so that every request reads back as it was written.

mod cursor;
mod headers;
mod json;
mod line;
mod scan;
mod typed;

pub use line::Line;
pub(super) use scan::{Before, scan};
pub(super) use typed::{Failure, read};
