//! Captures: requests that some receiver saw, in whatever format a tool saved them. Pure.
//!
//! A file's [`Layout`] says how to read it. Files by lines, of any length, go through a
//! [`LineSplitter`] and [`read_lines`], on as many threads as one likes; all others are held in
//! memory and go through [`read_whole`]. [`read`] does either, for files of modest size.
//!
//! All readers end in one tree of values (`value`), in which a few rules about names and values
//! find the requests (`detect`).

mod decode;
mod detect;
mod header;
mod item;
mod lines;
mod literal;
mod message;
mod ndjson;
mod quoted;
mod serialized;
mod value;
mod whole;

pub use decode::MAX_LINE;
pub use item::{Body, Capture, Fault, Format, Item, Location, NoCapture};
pub use lines::{Chunk, Layout, LineSplitter, read_lines};
pub(crate) use literal::parse_json;
pub use ndjson::CaptureRecord;
pub(crate) use value::Value;
pub use whole::{ReadError, ReadOutcome, read, read_whole};
