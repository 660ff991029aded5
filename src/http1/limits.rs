//! The limits of a response, and the errors of one that breaks them or HTTP.

/// Most headers of a response, and most lines of its trailers.
pub(super) const MAX_HEADERS: usize = 100;
/// Most bytes of a head.
pub(super) const MAX_HEAD_BYTES: usize = 8192 + 4096 * 100;
/// Most interim (1xx) responses before the real one.
pub(super) const MAX_INTERIM: u32 = 100;
/// Most bytes of a header's name.
pub(super) const MAX_NAME_BYTES: usize = 0xffff;
/// The longest body that can be counted.
pub(super) const MAX_BODY_BYTES: u64 = u64::MAX - 2;

/// The error of a connection that ends before a response.
pub(super) const CLOSED: &str = "connection closed before message completed";
/// The error of a head that is larger than it may be.
pub(super) const TOO_LARGE: &str = "message head is too large";
/// The error of a body that is shorter than its length.
pub(super) const CUT_SHORT: &str = "end of file before message length reached";

/// What is wrong with the bytes of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidResponse(pub(super) &'static str);
