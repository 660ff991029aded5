//! Where a response's body ends, and whether its connection stays.

use super::chunked::ChunkedDecoder;
use super::limits::{CUT_SHORT, InvalidResponse, MAX_BODY_BYTES, MAX_NAME_BYTES, TOO_LARGE};

/// What the headers say about what follows them.
#[derive(Default)]
pub(super) struct Framing {
    /// `None` within for a length that is no number, or two that differ.
    length: Option<Option<u64>>,
    /// Whether the last of the encodings is `chunked`, if there are any.
    is_chunked: Option<bool>,
    asks_to_close: bool,
    asks_to_keep: bool,
}

impl Framing {
    pub(super) fn read(headers: &[httparse::Header<'_>]) -> Result<Self, InvalidResponse> {
        let mut framing = Self::default();
        for header in headers {
            if header.name.len() > MAX_NAME_BYTES {
                return Err(InvalidResponse(TOO_LARGE));
            }
            framing.add(header.name, header.value);
        }
        Ok(framing)
    }

    fn add(&mut self, name: &str, value: &[u8]) {
        // The three names differ in length, so most headers are dismissed by it.
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
    pub(super) fn keeps_connection(&self, is_1_0: bool) -> bool {
        !self.asks_to_close && (!is_1_0 || self.asks_to_keep)
    }

    /// How the body comes (RFC 9112, 6.3).
    pub(super) fn body(&self, status: u16, is_1_0: bool) -> Result<BodyFraming, InvalidResponse> {
        if status < 200 || matches!(status, 204 | 304) {
            return Ok(BodyFraming::Length(0));
        }
        match (self.is_chunked, self.length) {
            (Some(_), _) if is_1_0 => Err(InvalidResponse("unexpected transfer-encoding parsed")),
            (Some(true), _) => Ok(BodyFraming::Chunked(ChunkedDecoder::default())),
            (Some(false), _) | (None, None) => Ok(BodyFraming::UntilClose),
            (None, Some(None)) => Err(InvalidResponse("invalid content-length parsed")),
            (None, Some(Some(length))) if length > MAX_BODY_BYTES => {
                Err(InvalidResponse(TOO_LARGE))
            }
            (None, Some(Some(length))) => Ok(BodyFraming::Length(length)),
        }
    }
}

/// Whether a list has this token, in any case. A list that is not plain ASCII has none.
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

/// What of a body is still to come.
#[derive(Debug)]
pub(super) enum BodyFraming {
    /// This many bytes.
    Length(u64),
    Chunked(ChunkedDecoder),
    /// Everything until the connection ends.
    UntilClose,
}

impl BodyFraming {
    pub(super) fn is_complete(&self) -> bool {
        match self {
            Self::Length(remaining) => *remaining == 0,
            Self::Chunked(decoder) => decoder.is_complete(),
            Self::UntilClose => false,
        }
    }

    /// Takes some of `bytes`; returns how many, and the content in them.
    pub(super) fn next<'a>(
        &mut self,
        bytes: &'a [u8],
    ) -> Result<(usize, &'a [u8]), InvalidResponse> {
        match self {
            Self::Length(remaining) => {
                let here = usize::try_from(*remaining).map_or(bytes.len(), |n| n.min(bytes.len()));
                *remaining -= here as u64;
                Ok((here, &bytes[..here]))
            }
            Self::Chunked(decoder) => decoder.next(bytes),
            Self::UntilClose => Ok((bytes.len(), bytes)),
        }
    }

    /// The connection ended.
    pub(super) fn end(&self) -> Result<(), InvalidResponse> {
        match self {
            Self::Length(0) | Self::UntilClose => Ok(()),
            Self::Length(_) => Err(InvalidResponse(CUT_SHORT)),
            Self::Chunked(decoder) => Err(decoder.cut_short()),
        }
    }
}
