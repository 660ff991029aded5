//! Captures: requests that some receiver saw, in whatever shape a tool saved them. Pure.
//!
//! A file's [`Form`] tells how to read it. Files by lines, of any length, go through a
//! [`Splitter`] and [`read_lines`], on as many threads as one likes; all others are held in
//! memory and go through [`read_whole`]. [`read`] does either, for files of modest size.

mod date;
mod form;
mod json;
mod limits;
mod lines;
mod own;
mod place;
mod record;
mod request;
mod shape;
mod spelling;
mod splitter;
mod text;
mod unpack;
mod view;
mod whole;

pub use form::Form;
pub use limits::LINE as MAX_LINE;
pub use lines::read_lines;
pub use own::Line;
pub use place::{Fault, Place};
pub use request::{Body, Capture};
pub use shape::{Nothing, Shape};
pub use spelling::{Quoted, Spelling};
pub use splitter::{Chunk, Splitter};
pub use view::{BodyRef, CaptureRef, Item};
pub use whole::{ReadError, Reading, read, read_whole};
