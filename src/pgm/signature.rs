//! `X-PerfectGym-Signature`: MD5 of the request id, a colon and the secret (documented).

use std::fmt;

use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

use super::{RequestId, Secret};

/// The signature of a request id under a secret. It covers neither the body nor the time nor
/// the URL: whoever saw one pair of id and signature can send any body with it.
#[derive(Clone, Copy)]
pub struct Signature([u8; 16]);

impl Signature {
    /// Computes MD5 over the bytes `id:secret`.
    pub fn new(id: &RequestId, secret: &Secret) -> Self {
        Self::over(id.as_str().as_bytes(), secret)
    }

    /// The same for an id as some tool captured it, which no header might be able to carry.
    pub fn over(id: &[u8], secret: &Secret) -> Self {
        let mut md5 = Md5::new();
        md5.update(id);
        md5.update(b":");
        md5.update(secret.expose());
        Self(md5.finalize().into())
    }

    /// Whether `given`, the header's value as it was received, is this signature. Hex digits
    /// may be of either case, as the documentation does not fix it; the digests are compared
    /// in constant time.
    pub fn matches(&self, given: &str) -> bool {
        let digest = <&[u8; 32]>::try_from(given.as_bytes()).ok().and_then(from_hex);
        digest.is_some_and(|digest| {
            u128::from_le_bytes(self.0).ct_eq(&u128::from_le_bytes(digest)).into()
        })
    }
}

/// The bytes of hex digits of either case. Written so that the compiler takes all digits at
/// once: this runs for each of millions of captures, and the `hex` crate takes five times as long.
fn from_hex(digits: &[u8; 32]) -> Option<[u8; 16]> {
    let values = digits.map(|digit| {
        let number = digit.wrapping_sub(b'0');
        let letter = (digit | 0x20).wrapping_sub(b'a');
        match (number < 10, letter < 6) {
            (true, _) => number,
            (_, true) => letter + 10,
            _ => 0xff,
        }
    });
    let valid = values.iter().fold(0, |all, value| all | value) < 16;
    let (pairs, _) = values.as_chunks::<2>();
    let mut bytes = [0; 16];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = high << 4 | low & 0xf;
    }
    valid.then_some(bytes)
}

/// Lower-case hex, the form in which pgwh sends it (our choice: the case is not documented).
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 32];
        // Cannot fail: there is room for two digits a byte, and they are ASCII.
        hex::encode_to_slice(self.0, &mut digits).map_err(|_| fmt::Error)?;
        f.write_str(std::str::from_utf8(&digits).map_err(|_| fmt::Error)?)
    }
}

/// The expected signature is as good as the secret for its request id, so `Debug` hides it.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(id: &str, secret: &str) -> Signature {
        Signature::new(&RequestId::new(id).unwrap(), &Secret::new(secret).unwrap())
    }

    #[test]
    fn hex_case_does_not_matter_but_everything_else_does() {
        let ours = signature("1", "s");
        // printf "%s" 1:s | md5sum
        assert_eq!(ours.to_string(), "b814e8a178517eeb9b0da8eeb20a0df2");
        assert!(ours.matches(&ours.to_string()));
        assert!(ours.matches(&ours.to_string().to_uppercase()));
        for wrong in ["", "0", &format!(" {ours}"), &format!("{ours}0"), "ż", &"g".repeat(32)] {
            assert!(!ours.matches(wrong), "{wrong:?}");
        }
        assert!(!ours.matches(&signature("2", "s").to_string()));
    }
}
