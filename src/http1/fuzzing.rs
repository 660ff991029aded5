//! The response reader as the fuzzer sees it.

use super::response::{BodyPolicy, ResponseEvent, ResponseReader};

/// What the reader made of some bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ParsedResponse {
    /// The status, once the head has come.
    pub status: Option<u16>,
    /// The content so far.
    pub body: Vec<u8>,
    /// How many bytes were used, unless they are not a response.
    pub used: usize,
    /// Whether the response is complete.
    pub is_complete: bool,
    /// Whether the bytes are not a response.
    pub is_broken: bool,
    /// Whether the end of the connection would complete it.
    pub may_end: bool,
}

/// Reads a response that comes in these pieces.
///
/// # Panics
/// When the reader breaks its contract.
#[allow(clippy::panic, reason = "a fuzzer reports panics")]
pub fn read_response<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> ParsedResponse {
    let mut reader = ResponseReader::new(BodyPolicy::Full);
    let mut parsed = ParsedResponse::default();
    let mut unread = Vec::new();
    for piece in pieces {
        unread.extend_from_slice(piece);
        loop {
            let Ok((used, event)) = reader.next(&unread) else {
                return ParsedResponse { is_broken: true, used: 0, ..parsed };
            };
            match event {
                ResponseEvent::NeedsMore if used == 0 => break,
                ResponseEvent::End => {
                    assert_eq!(used, 0);
                    return ParsedResponse { is_complete: true, ..parsed };
                }
                ResponseEvent::Head(head) if parsed.status.is_none() => {
                    parsed.status = Some(head.status)
                }
                ResponseEvent::Content(content) if !content.is_empty() => {
                    parsed.body.extend_from_slice(content);
                }
                ResponseEvent::Skipped if used > 0 => {}
                event => panic!("{event:?} of {used} bytes"),
            }
            unread.drain(..used);
            parsed.used += used;
        }
    }
    parsed.may_end = reader.end().is_ok();
    parsed
}
