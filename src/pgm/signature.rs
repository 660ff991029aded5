//! `X-PerfectGym-Signature`: MD5 of the request id, a colon and the secret (documented).

use std::fmt;

use md5::block_api::compress;
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
        let secret = secret.expose();
        if let Some(digest) = of_one_block(id, secret) {
            return Self(digest);
        }
        let mut md5 = Md5::new();
        md5.update(id);
        md5.update(b":");
        md5.update(secret);
        Self(md5.finalize().into())
    }

    /// Whether `given`, the header's value as it was received, is this signature. Hex digits
    /// may be of either case, as the documentation does not fix it; the digests are compared
    /// in constant time.
    pub fn matches(&self, given: &str) -> bool {
        let given = <&[u8; 32]>::try_from(given.as_bytes());
        given.is_ok_and(|given| {
            let given = given.map(|digit| digit.to_ascii_lowercase());
            let words = self.hex().zip(given.as_chunks().0);
            words
                .fold(0, |all, (own, given)| all | own ^ u64::from_le_bytes(*given))
                .ct_eq(&0)
                .into()
        })
    }

    /// The digits, eight by eight.
    fn hex(&self) -> impl Iterator<Item = u64> {
        self.0.as_chunks().0.iter().map(|four| eight_digits(*four))
    }
}

/// MD5 of a text so short that one block holds it with its padding, as nearly all do. Without the
/// buffer that a text of any length goes through.
fn of_one_block(id: &[u8], secret: &[u8]) -> Option<[u8; 16]> {
    let mut block = [0; 64];
    let (text, length) = block.split_last_chunk_mut::<8>()?;
    let bytes = id.len() + 1 + secret.len();
    *text.get_mut(bytes)? = 0x80;
    let (before, behind) = text.get_mut(..bytes)?.split_at_mut_checked(id.len())?;
    let (colon, behind) = behind.split_first_mut()?;
    before.copy_from_slice(id);
    *colon = b':';
    behind.copy_from_slice(secret);
    *length = (bytes as u64 * 8).to_le_bytes();
    // As RFC 1321 says.
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    compress(&mut state, &[block]);
    let mut digest = [0; 16];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_le_bytes();
    }
    Some(digest)
}

/// Four bytes in lower-case hex, the first digit in the lowest byte. All digits at once: this runs
/// for each of millions of captures, and takes the `hex` crate many times as long.
fn eight_digits(bytes: [u8; 4]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A byte in every second one, then its halves in two.
    let bytes = u64::from(u32::from_le_bytes(bytes));
    let bytes = (bytes | bytes << 16) & 0x0000_ffff_0000_ffff;
    let bytes = (bytes | bytes << 8) & 0x00ff_00ff_00ff_00ff;
    let digits = (bytes >> 4 | bytes << 8) & (0xf * ONES);
    let letters = ((digits + 6 * ONES) >> 4) & ONES;
    digits + u64::from(b'0') * ONES + letters * u64::from(b'a' - b'0' - 10)
}

/// Lower-case hex, the form in which pgwh sends it (our choice: the case is not documented).
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In one piece, so that a text it is added to grows once.
        let mut digits = [0; 32];
        for (to, eight) in digits.as_chunks_mut().0.iter_mut().zip(self.hex()) {
            *to = eight.to_le_bytes();
        }
        // Cannot fail: digits are ASCII.
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
    fn a_text_of_any_length_is_hashed_as_md5_has_it() {
        for (id, secret) in (0..70).flat_map(|id| (1..70).map(move |secret| (id, secret))) {
            let (id, secret) = ("i".repeat(id), "s".repeat(secret));
            let expected: [u8; 16] = Md5::digest(format!("{id}:{secret}")).into();
            let ours = Signature::over(id.as_bytes(), &Secret::new(secret).unwrap());
            assert_eq!(ours.to_string(), hex::encode(expected));
        }
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
