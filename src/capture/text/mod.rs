//! Requests in text that is not JSON: one small reader a family.

mod command;
mod csv;
mod flow;
pub(super) mod http;
mod literal;
mod loose;
mod sse;
mod transcript;

pub(super) use csv::is_table;
pub(super) use literal::to_json;

use super::record::Walk;
use super::shape::Shape;

/// A text, and the bytes that it was read from, which need not be UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) text: &'a str,
}

type Reader = fn(Input<'_>, &mut Walk<'_>) -> Option<()>;

/// Reads a text with the first family that knows it; `None` when none does. The order matters
/// where one family's text can stand within another's.
pub(super) fn read(input: Input<'_>, walk: &mut Walk<'_>) -> Option<Shape> {
    let readers: [(Shape, Reader); 7] = [
        (Shape::Flow, flow::read),
        (Shape::Sse, sse::read),
        (Shape::Transcript, transcript::read),
        (Shape::Command, command::read),
        (Shape::Http, http::read),
        (Shape::Csv, csv::read),
        (Shape::Text, loose::read),
    ];
    readers.into_iter().find(|(_, reader)| reader(input, walk).is_some()).map(|(shape, _)| shape)
}

/// Reads a text by the headers that it names; `None` when it names none.
pub(super) fn read_loose(input: Input<'_>, walk: &mut Walk<'_>) -> Option<Shape> {
    loose::read(input, walk).map(|()| Shape::Text)
}

/// Numbers of lines at offsets that only grow: what was counted is not counted again.
#[derive(Default)]
pub(super) struct LineNumbers {
    offset: usize,
    feeds: u64,
}

impl LineNumbers {
    /// The number of the line, from 1, at an offset.
    pub(super) fn at(&mut self, bytes: &[u8], offset: usize) -> u64 {
        let new = bytes.get(self.offset..offset).unwrap_or_default();
        self.feeds += memchr::memchr_iter(b'\n', new).count() as u64;
        self.offset = self.offset.max(offset);
        self.feeds + 1
    }
}
