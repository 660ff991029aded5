//! Requests in text that is not JSON: one small reader a family.

mod csv;
mod curl;
mod search;
mod streams;

pub(super) use csv::is_table;

use super::detect::Walk;
use super::format::Format;

/// A text, and the bytes that it was read from, which need not be UTF-8.
#[derive(Clone, Copy)]
pub(super) struct SourceText<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) text: &'a str,
}

/// Visits the requests of a text; `None`, and nothing visited, when it has another format.
type ReadText = fn(SourceText<'_>, &mut Walk<'_>) -> Option<()>;

/// Reads a text with the first reader that knows it; `None` when none does. The order matters
/// where one format can occur within another.
pub(super) fn read(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<Format> {
    let readers: [(Format, ReadText); 7] = [
        (Format::MitmproxyFlow, streams::read_flows),
        (Format::EventStream, streams::read_events),
        (Format::CurlVerbose, curl::read_verbose),
        (Format::CurlCommand, curl::read_commands),
        (Format::Http, streams::read_messages),
        (Format::Csv, csv::read),
        (Format::Text, search::read),
    ];
    readers.into_iter().find(|(_, reader)| reader(input, walk).is_some()).map(|(format, _)| format)
}

/// Searches a text for PGM's header names; `None` when it has none.
pub(super) fn search(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<Format> {
    search::read(input, walk).map(|()| Format::Text)
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
