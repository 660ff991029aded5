//! How long a body is, and the pieces of it.

use super::NotHttp;
use super::chunks::Chunks;

/// What is said of a body that is shorter than its length.
pub(super) const CUT: &str = "end of file before message length reached";

/// The body of an answer, or what of it is still to come.
#[derive(Debug)]
pub(in super::super) enum Body {
    /// So many bytes more.
    Length(u64),
    Chunked(Chunks),
    /// All that comes until the connection ends.
    ToEnd,
}

impl Body {
    /// Whether all of it has come.
    pub(super) fn is_complete(&self) -> bool {
        match self {
            Self::Length(left) => *left == 0,
            Self::Chunked(chunks) => chunks.is_complete(),
            Self::ToEnd => false,
        }
    }

    /// Takes some of `bytes`: how many, and what of them is content.
    pub(super) fn next<'a>(&mut self, bytes: &'a [u8]) -> Result<(usize, &'a [u8]), NotHttp> {
        match self {
            Self::Length(left) => {
                let here = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
                *left -= here as u64;
                Ok((here, &bytes[..here]))
            }
            Self::Chunked(chunks) => chunks.next(bytes),
            Self::ToEnd => Ok((bytes.len(), bytes)),
        }
    }

    /// What the end of the connection means.
    pub(super) fn end(&self) -> Result<(), NotHttp> {
        match self {
            Self::Length(0) | Self::ToEnd => Ok(()),
            Self::Length(_) => Err(NotHttp(CUT)),
            Self::Chunked(chunks) => Err(chunks.cut()),
        }
    }
}
