//! A way in which the given secret and the one that signed may differ.

use super::secret_given::GIVEN;
use super::secret_signed::SIGNED;
use crate::verify::FindingKind;

/// One row of the tables of secrets.
pub(super) struct SecretHypothesis {
    /// What to report when it is the cause.
    pub kind: &'static FindingKind,
    /// Whether it is also tried together with a second mistake.
    pub combines: bool,
    variants: fn(&[u8]) -> Vec<Vec<u8>>,
}

/// A mistake that is common enough to come together with another.
pub(super) const fn likely(
    kind: &'static FindingKind,
    variants: fn(&[u8]) -> Vec<Vec<u8>>,
) -> SecretHypothesis {
    SecretHypothesis { kind, combines: true, variants }
}

/// A mistake that is only tried alone: it is rare, or has very many variants.
pub(super) const fn unlikely(
    kind: &'static FindingKind,
    variants: fn(&[u8]) -> Vec<Vec<u8>>,
) -> SecretHypothesis {
    SecretHypothesis { kind, combines: false, variants }
}

/// A longer secret, in bytes, is a whole file and only tried as it is.
const MAX_SECRET: usize = 4096;

impl SecretHypothesis {
    /// All rows, the likely ones first.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        GIVEN.iter().chain(SIGNED)
    }

    /// What the signer may have used in place of `secret`, without `secret` itself.
    pub fn variants(&self, secret: &[u8]) -> Vec<Vec<u8>> {
        if secret.len() > MAX_SECRET {
            return Vec::new();
        }
        let mut variants = (self.variants)(secret);
        variants.retain(|variant| variant != secret);
        variants.dedup();
        variants
    }
}

/// Applies a function to the secret as text; no variants when it is not UTF-8.
pub(super) fn text(secret: &[u8], make: impl FnOnce(&str) -> Vec<String>) -> Vec<Vec<u8>> {
    let made = std::str::from_utf8(secret).map(make).unwrap_or_default();
    made.into_iter().map(String::into_bytes).collect()
}
