//! What the headers of an answer say about what follows them.

use hyper::StatusCode;

use super::NotHttp;
use super::body::Body;
use super::chunks::Chunks;
use super::head::TOO_LARGE;

/// Bytes of a header's name at most: more do not fit the type of names.
const LONGEST_NAME: usize = 0xffff;
/// The longest body that can be counted.
const LONGEST_BODY: u64 = u64::MAX - 2;

/// What the headers say about the rest of the answer.
#[derive(Default)]
pub(super) struct Rest {
    /// `None` within for one that is no number, or two that differ.
    length: Option<Option<u64>>,
    /// Whether the last of the encodings is `chunked`, if there are any.
    is_chunked: Option<bool>,
    asks_to_close: bool,
    asks_to_keep: bool,
}

impl Rest {
    pub(super) fn of(headers: &[httparse::Header<'_>]) -> Result<Self, NotHttp> {
        let mut rest = Self::default();
        for header in headers {
            if header.name.len() > LONGEST_NAME {
                return Err(NotHttp(TOO_LARGE));
            }
            rest.take(header.name, header.value);
        }
        Ok(rest)
    }

    fn take(&mut self, name: &str, value: &[u8]) {
        // The lengths differ, so that most headers are passed over at a glance.
        if name.eq_ignore_ascii_case("content-length") {
            for length in value.split(|byte| *byte == b',') {
                let length = digits(length.trim_ascii());
                let is_same = self.length.is_none_or(|before| before == length);
                self.length = Some(length.filter(|_| is_same));
            }
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            let last = value.rsplit(|byte| *byte == b',').next().unwrap_or_default();
            let is_chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
            self.is_chunked = Some(value.is_ascii() && is_chunked);
        } else if name.eq_ignore_ascii_case("connection") {
            self.asks_to_close |= has_token(value, b"close");
            self.asks_to_keep |= has_token(value, b"keep-alive");
        }
    }

    /// Whether the connection stays (RFC 9112, 9.3).
    pub(super) fn keeps(&self, is_1_0: bool) -> bool {
        !self.asks_to_close && (!is_1_0 || self.asks_to_keep)
    }

    /// How the body comes (RFC 9112, 6.3).
    pub(super) fn body(&self, status: StatusCode, is_1_0: bool) -> Result<Body, NotHttp> {
        if status.is_informational() || matches!(status.as_u16(), 204 | 304) {
            return Ok(Body::Length(0));
        }
        match (self.is_chunked, self.length) {
            (Some(_), _) if is_1_0 => Err(NotHttp("unexpected transfer-encoding parsed")),
            (Some(true), _) => Ok(Body::Chunked(Chunks::default())),
            (Some(false), _) | (None, None) => Ok(Body::ToEnd),
            (None, Some(None)) => Err(NotHttp("invalid content-length parsed")),
            (None, Some(Some(length))) if length > LONGEST_BODY => Err(NotHttp(TOO_LARGE)),
            (None, Some(Some(length))) => Ok(Body::Length(length)),
        }
    }
}

/// Whether a list names this, in any case. One that is not plain ASCII names nothing.
pub(super) fn has_token(list: &[u8], token: &[u8]) -> bool {
    let mut parts = list.split(|byte| *byte == b',');
    list.is_ascii() && parts.any(|part| part.trim_ascii().eq_ignore_ascii_case(token))
}

/// A number of nothing but digits.
fn digits(text: &[u8]) -> Option<u64> {
    let number = |so_far: u64, digit: &u8| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        so_far.checked_mul(10)?.checked_add(digit)
    };
    if text.is_empty() { None } else { text.iter().try_fold(0, number) }
}
