//! An answer as it comes.

use super::head::{self, Head, TOO_LARGE};
use super::{Body, NotHttp, OfSuccess};

/// What is said of a connection that ends where an answer should be.
pub(in super::super) const CLOSED: &str = "connection closed before message completed";
/// Bytes of a head at most.
pub(in super::super) const LONGEST_HEAD: usize = 8192 + 4096 * 100;
/// A head that is longer than this is looked at again only where it may have come to its end:
/// the time that takes must not grow with the square of its length.
const SHORT: usize = 4096;

/// Takes one answer in, however its bytes are cut.
#[derive(Debug)]
pub(in super::super) struct Reader {
    of_success: OfSuccess,
    /// Once the head is in.
    body: Option<Body>,
    keeps: bool,
    /// How much of the head was looked at.
    seen: usize,
}

/// What the next bytes are.
#[derive(Debug)]
pub(in super::super) enum Event<'a> {
    /// No event yet: more bytes are needed.
    More,
    /// A head that only announces the real one, or nothing but a part of the framing.
    Skipped,
    Head(Head),
    /// Content of the body.
    Content(&'a [u8]),
    /// The answer is complete.
    End,
}

impl Reader {
    pub(in super::super) fn new(of_success: OfSuccess) -> Self {
        Self { of_success, body: None, keeps: false, seen: 0 }
    }

    /// Takes the next event from the start of `bytes`: how many of them it was. The others are to
    /// be given again, with more behind them where it was none.
    pub(in super::super) fn next<'a>(
        &mut self,
        bytes: &'a [u8],
    ) -> Result<(usize, Event<'a>), NotHttp> {
        let Some(body) = &mut self.body else { return self.head(bytes) };
        if body.is_complete() {
            return Ok((0, Event::End));
        }
        if bytes.is_empty() {
            return Ok((0, Event::More));
        }
        let (used, content) = body.next(bytes)?;
        Ok((used, if content.is_empty() { Event::Skipped } else { Event::Content(content) }))
    }

    fn head<'a>(&mut self, bytes: &'a [u8]) -> Result<(usize, Event<'a>), NotHttp> {
        let parsed = match self.is_worth_a_look(bytes) {
            true => head::parse(bytes, self.of_success)?,
            false => None,
        };
        let Some(parsed) = parsed else {
            self.seen = bytes.len();
            let is_too_long = bytes.len() >= LONGEST_HEAD;
            return if is_too_long { Err(NotHttp(TOO_LARGE)) } else { Ok((0, Event::More)) };
        };
        self.seen = 0;
        if parsed.head.is_informational() {
            return Ok((parsed.length, Event::Skipped));
        }
        (self.body, self.keeps) = (Some(parsed.body), parsed.keeps);
        Ok((parsed.length, Event::Head(parsed.head)))
    }

    /// Whether there may be a whole head, or so few bytes that it costs little to see that it is
    /// none.
    fn is_worth_a_look(&self, bytes: &[u8]) -> bool {
        let new = &bytes[self.seen.saturating_sub(3).min(bytes.len())..];
        let ends = |at: usize| {
            let rest = &new[at + 1..];
            rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
        };
        !bytes.is_empty()
            && (self.seen == 0 || bytes.len() <= SHORT || memchr::memchr_iter(b'\n', new).any(ends))
    }

    /// The connection ended: whether that was the end of the answer as well.
    pub(in super::super) fn end(&mut self) -> Result<(), NotHttp> {
        self.keeps = false;
        self.body.as_ref().map_or(Err(NotHttp(CLOSED)), Body::end)
    }

    /// Whether the answer leaves the connection for another one.
    pub(in super::super) fn keeps(&self) -> bool {
        self.keeps
    }
}
