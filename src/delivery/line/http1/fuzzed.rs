//! The reader of answers as the fuzzer sees it.

use super::{Event, Reader};

/// What the reader made of some bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The status, once the head was in.
    pub status: Option<u16>,
    /// The content so far.
    pub body: Vec<u8>,
    /// How many bytes were taken, unless they are no answer.
    pub taken: usize,
    /// Whether the answer is complete.
    pub is_complete: bool,
    /// Whether the bytes are no answer.
    pub is_broken: bool,
    /// Whether the end of the connection would complete it.
    pub may_end: bool,
}

/// Reads an answer that comes in these pieces.
///
/// # Panics
/// When the reader does not keep its word.
#[allow(clippy::panic, reason = "that is how a fuzzer hears of it")]
pub fn read_answer<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Reading {
    let (mut reader, mut reading) = (Reader::new(OfSuccess::Everything), Reading::default());
    let mut unread = Vec::new();
    for piece in pieces {
        unread.extend_from_slice(piece);
        loop {
            let Ok((used, event)) = reader.next(&unread) else {
                return Reading { is_broken: true, taken: 0, ..reading };
            };
            match event {
                Event::More if used == 0 => break,
                Event::End => {
                    assert_eq!(used, 0);
                    return Reading { is_complete: true, ..reading };
                }
                Event::Head(head) if reading.status.is_none() => {
                    reading.status = Some(head.status.as_u16());
                }
                Event::Content(content) if !content.is_empty() => {
                    reading.body.extend_from_slice(content);
                }
                Event::Skipped if used > 0 => {}
                event => panic!("{event:?} of {used} bytes"),
            }
            unread.drain(..used);
            reading.taken += used;
        }
    }
    reading.may_end = reader.end().is_ok();
    reading
}
