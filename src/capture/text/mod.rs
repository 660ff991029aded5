//! Requests in text that is not JSON: one small reader a family.

mod csv;
mod curl;
mod hexdump;
mod php;
mod search;
mod streams;
mod xml;
mod yaml;

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
    let readers: [(Format, ReadText); 12] = [
        (Format::MitmproxyFlow, streams::read_flows),
        (Format::PhpSerialized, php::read),
        (Format::EventStream, streams::read_events),
        (Format::CurlVerbose, curl::read_verbose),
        (Format::CurlCommand, curl::read_commands),
        (Format::HexDump, hexdump::read),
        (Format::Http, streams::read_messages),
        (Format::Xml, xml::read),
        (Format::Yaml, yaml::read),
        (Format::Csv, csv::read),
        (Format::Text, streams::read_printed),
        (Format::Text, search::read),
    ];
    readers.into_iter().find(|(_, reader)| reader(input, walk).is_some()).map(|(format, _)| format)
}

/// Reads a text for what programs print in it, or else for PGM's header names; `None` when it has
/// neither.
pub(super) fn search(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<Format> {
    csv::read(input, walk)
        .or_else(|| streams::read_printed(input, walk))
        .or_else(|| search::read(input, walk))
        .map(|()| Format::Text)
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
