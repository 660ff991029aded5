//! Files that hold one JSON value a line, read piece by piece.

use std::ops::Range;

use memchr::memmem::Finder;

use super::json::{Index, Node};
use super::own;
use super::record::{Walk, is_pgm};
use super::view::Source;
use super::{BodyRef, CaptureRef, Fault, Item, Place};

/// Reads whole lines and hands on what they hold, in order. pgwh's own lines are read without
/// an allocation a line, all others as documents of any shape. Empty lines are passed over. Gives
/// the number of the line behind them.
pub fn read_lines(bytes: &[u8], first_line: u64, mut visit: impl FnMut(Item<'_>)) -> u64 {
    // One pass for all lines; only if it fails, one a line.
    let all = std::str::from_utf8(bytes).ok();
    let mut before = own::Before::default();
    let mut buffer = Vec::new();
    let mut any = AnyLine { ours: Finder::new("\"receivedAt\""), index: Index::default() };
    let mut from = 0;
    let mut number = first_line;
    while from < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |feed| from + feed);
        let line = bytes[from..end].strip_suffix(b"\r").unwrap_or(&bytes[from..end]);
        let text = all.and_then(|all| all.get(from..from + line.len()));
        let text = text.or_else(|| std::str::from_utf8(line).ok());
        match text.and_then(|text| own::scan(text, &mut before, &mut buffer)) {
            Some(scanned) if scanned.request_id.is_some() || scanned.signature.is_some() => {
                visit(Item::Capture(CaptureRef {
                    place: Place { line: Some(number), path: "" },
                    received_at: scanned.received_at,
                    body: Some(BodyRef { spelling: scanned.body, exact: true }),
                    source: Source::Own {
                        request_id: scanned.request_id,
                        signature: scanned.signature,
                        line,
                    },
                }));
            }
            _ => any.read(line, text, number, &mut visit),
        }
        from = end + 1;
        number += 1;
    }
    number
}

/// Reads lines that the fast reader does not.
struct AnyLine {
    /// What only a line that is ours can have; looking for it costs next to nothing.
    ours: Finder<'static>,
    index: Index,
}

impl AnyLine {
    /// `text` is the line if it is UTF-8.
    fn read(
        &mut self,
        line: &[u8],
        text: Option<&str>,
        number: u64,
        visit: &mut dyn FnMut(Item<'_>),
    ) {
        let may_be_own = self.ours.find(line).is_some();
        let own = if may_be_own { own::read(line) } else { Err(own::Failure::Other) };
        match own {
            Ok(capture) if is_pgm(&capture) => {
                let place = Place { line: Some(number), path: "" };
                return visit(Item::Capture(capture.view_at(place)));
            }
            Ok(_) => return visit(Item::Skipped),
            Err(own::Failure::Base64) => return visit(fault(number, "bodyBase64 is not base64")),
            Err(own::Failure::Other) => {}
        }
        let range = json_range(line);
        let json = &line[range.clone()];
        if json.is_empty() {
            // A log's line of words. If it names our headers, it should not go unnoticed.
            if contains_name(line) {
                visit(fault(number, "names a PerfectGym header, but holds no JSON"));
            }
            return;
        }
        match checked(json, text.and_then(|text| text.get(range)), &mut self.index) {
            Ok(node) => Walk::new(visit).document(node, Some(number)),
            Err(mut fault) => {
                fault.line = number;
                fault.column += line.len() - json.len();
                visit(Item::Fault(fault));
            }
        }
    }
}

fn fault(line: u64, message: &str) -> Item<'static> {
    Item::Fault(Fault { line, column: 1, message: message.to_owned(), torn: false })
}

/// The value of a line; `text` is that of `json`, if it is UTF-8.
fn checked<'a>(
    json: &'a [u8],
    text: Option<&'a str>,
    index: &'a mut Index,
) -> Result<Node<'a>, Fault> {
    if let Some(node) = text.and_then(|text| index.parse(text)) {
        return Ok(node);
    }
    // Too long for the index, or not JSON: then this says why.
    Node::parse(json).map_err(|error| {
        let utf8 = std::str::from_utf8(json).err().map(|error| error.valid_up_to() + 1);
        let column = utf8.unwrap_or(error.column());
        Fault { line: 0, column, message: json_message(&error), torn: error.is_eof() }
    })
}

/// What `serde_json` says, without its place, which is within the line.
pub(super) fn json_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}

/// The JSON of a line: the line, or in a log what follows its time and level. Empty if none.
pub(super) fn json_of(line: &[u8]) -> &[u8] {
    &line[json_range(line)]
}

fn json_range(line: &[u8]) -> Range<usize> {
    // RFC 7464 starts each record with this.
    let start = line.strip_prefix(b"\x1e").unwrap_or(line).trim_ascii_start();
    let end = line.trim_ascii_end().len();
    let from = (line.len() - start.len()).min(end);
    let json = &line[from..end];
    if matches!(json.first(), Some(b'{' | b'[' | b'"')) && !json.starts_with(b"[2") {
        return from..end;
    }
    from + memchr::memchr(b'{', json).unwrap_or(json.len())..end
}

fn contains_name(line: &[u8]) -> bool {
    line.windows(10).any(|ten| ten.eq_ignore_ascii_case(b"perfectgym"))
}
