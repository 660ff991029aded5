//! What the table knows a request by.

use crate::verify::seed::Seed;

/// What a request is known by: hashes of its id, signature and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Never 0, which marks an empty entry.
    pub(super) id: u64,
    /// 24 bits; 0 when there is no signature.
    pub(super) signature: u32,
    /// 0 when there is no body.
    pub(super) body: u32,
}

impl Key {
    /// `body` is a hash already: that of its value, or of its bytes when it is not JSON.
    pub(in crate::verify) fn new(
        seed: &Seed,
        id: &str,
        signature: Option<&str>,
        body: Option<u64>,
    ) -> Self {
        // Hex of either case is the same signature.
        let signature =
            signature.map(|signature| match <&[u8; 32]>::try_from(signature.as_bytes()) {
                Ok(digits) => seed.bytes(1, &digits.map(|digit| digit.to_ascii_lowercase())),
                Err(_) => seed.bytes(1, signature.to_ascii_lowercase().as_bytes()),
            });
        Self {
            id: seed.bytes(0, id.as_bytes()).max(1),
            signature: signature.map_or(0, |hash| (hash as u32 >> 8).max(1)),
            body: body.map_or(0, |hash| (hash as u32).max(1)),
        }
    }
}
