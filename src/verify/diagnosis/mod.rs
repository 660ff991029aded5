//! Why a signature is invalid: secrets × request ids × formulas × forms of the digest, each a
//! table.
//!
//! A signature that results from another calculation than PGM's shows the mistake. All single
//! mistakes are tried, then pairs of the likely ones; the form of the digest and the hash function
//! follow from the text of the signature. A diagnosis never makes a capture valid.
//!
//! Here: the rows of the tables, and the hash functions that a signature may have been made with.

mod digests;
mod encodings;
mod formula;
mod inputs;
mod search;
mod secret_given;
mod secret_signed;

use std::ops::Deref;

use hmac::digest::block_api::BlockSizeUser;
use hmac::digest::consts::{U16, U20};
use hmac::{KeyInit, Mac, SimpleHmac, digest};

pub(super) use digests::look_of_signature;
pub use search::{Diagnoser, Recipe};

use super::FindingKind;

/// The parts of a capture that a diagnosis needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The request id as captured.
    pub request_id: &'a str,
    /// The signature as captured, which fits no accepted secret.
    pub signature: &'a str,
    /// The body, if there is one.
    pub body: Option<&'a [u8]>,
    /// The other headers, which may be empty: the signer may have used one of them as the id.
    pub headers: &'a [(String, String)],
}

/// A part of what is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Id,
    Secret,
    Body,
    /// The body written again in another form.
    Rewritten,
    Event,
    /// `triggeredDate`, or a time from another header, in all its forms.
    Time,
    Text(&'static str),
}

/// The values of the inputs in one calculation.
#[derive(Clone, Copy, Default)]
struct InputValues<'a> {
    id: &'a [u8],
    secret: &'a [u8],
    body: Option<&'a [u8]>,
    rewritten: Option<&'a [u8]>,
    event: Option<&'a str>,
    time: Option<&'a str>,
}

impl<'a> InputValues<'a> {
    fn of(&self, input: Input) -> Option<&'a [u8]> {
        match input {
            Input::Id => Some(self.id),
            Input::Secret => Some(self.secret),
            Input::Body => self.body,
            Input::Rewritten => self.rewritten,
            Input::Event => self.event.map(str::as_bytes),
            Input::Time => self.time.map(str::as_bytes),
            Input::Text(text) => Some(text.as_bytes()),
        }
    }
}

/// One row of the tables of secrets.
#[derive(Debug)]
struct SecretHypothesis {
    /// What to report when it is the cause.
    kind: &'static FindingKind,
    /// Whether it is also tried together with a second mistake.
    combines: bool,
    variants: fn(&[u8]) -> Vec<Vec<u8>>,
}

/// A mistake that is common enough to come together with another.
const fn likely(
    kind: &'static FindingKind,
    variants: fn(&[u8]) -> Vec<Vec<u8>>,
) -> SecretHypothesis {
    SecretHypothesis { kind, combines: true, variants }
}

/// A mistake that is only tried alone: it is rare, or has very many variants.
const fn unlikely(
    kind: &'static FindingKind,
    variants: fn(&[u8]) -> Vec<Vec<u8>>,
) -> SecretHypothesis {
    SecretHypothesis { kind, combines: false, variants }
}

/// A longer secret, in bytes, is a whole file and only tried as it is.
const MAX_SECRET: usize = 4096;

impl SecretHypothesis {
    /// What the signer may have used in place of `secret`, without `secret` itself.
    fn variants(&self, secret: &[u8]) -> Vec<Vec<u8>> {
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
fn text(secret: &[u8], make: impl FnOnce(&str) -> Vec<String>) -> Vec<Vec<u8>> {
    let made = std::str::from_utf8(secret).map(make).unwrap_or_default();
    made.into_iter().map(String::into_bytes).collect()
}

/// Declares the functions: name, type and usual name.
macro_rules! hash_functions {
    ($($name:ident: $digest:ty, $text:literal;)*) => {
        /// A hash function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Hash {
            $($name,)*
            Crc32,
        }

        impl Hash {
            const ALL: &[Self] = &[$(Self::$name,)* Self::Crc32];

            /// The usual name.
            fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Crc32 => "CRC-32",
                }
            }

            /// The length of a digest, in bytes.
            fn len(self) -> usize {
                match self {
                    $(Self::$name => <$digest as digest::Digest>::output_size(),)*
                    Self::Crc32 => 4,
                }
            }

            /// The digest of some bytes.
            fn digest(self, bytes: &[u8]) -> Digest {
                match self {
                    $(Self::$name => Digest::new(&<$digest as digest::Digest>::digest(bytes)),)*
                    Self::Crc32 => Digest::new(&crc32fast::hash(bytes).to_be_bytes()),
                }
            }

            /// Their HMAC, if there is one with this function.
            fn hmac(self, key: &[u8], bytes: &[u8]) -> Option<Digest> {
                match self {
                    $(Self::$name => keyed::<$digest>(key, bytes),)*
                    Self::Crc32 => None,
                }
            }
        }
    };
}

// The most common function of each length comes first.
hash_functions! {
    Md5: md5::Md5, "MD5";
    Sha1: sha1::Sha1, "SHA-1";
    Sha224: sha2::Sha224, "SHA-224";
    Sha256: sha2::Sha256, "SHA-256";
    Sha384: sha2::Sha384, "SHA-384";
    Sha512: sha2::Sha512, "SHA-512";
    Sha512Half: sha2::Sha512_256, "SHA-512/256";
    Sha3Short: sha3::Sha3_224, "SHA3-224";
    Sha3: sha3::Sha3_256, "SHA3-256";
    Sha3Long: sha3::Sha3_384, "SHA3-384";
    Sha3Longest: sha3::Sha3_512, "SHA3-512";
    Keccak: sha3::Keccak256, "Keccak-256";
    KeccakLong: sha3::Keccak512, "Keccak-512";
    Blake2s: blake2::Blake2s256, "BLAKE2s";
    Blake2b: blake2::Blake2b512, "BLAKE2b";
    Blake2bMiddle: blake2::Blake2b256, "BLAKE2b-256";
    Blake2bMd5Size: blake2::Blake2b<U16>, "BLAKE2b-128";
    Blake2bSha1Size: blake2::Blake2b<U20>, "BLAKE2b-160";
    Ripemd160: ripemd::Ripemd160, "RIPEMD-160";
    Ripemd128: ripemd::Ripemd128, "RIPEMD-128";
    Ripemd256: ripemd::Ripemd256, "RIPEMD-256";
    Ripemd320: ripemd::Ripemd320, "RIPEMD-320";
    Md4: md4::Md4, "MD4";
}

impl Hash {
    /// The functions whose digests have this many bytes, the most common one first.
    fn of_length(bytes: usize) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |hash| hash.len() == bytes)
    }
}

fn keyed<D: digest::Digest + BlockSizeUser>(key: &[u8], bytes: &[u8]) -> Option<Digest> {
    let mac = SimpleHmac::<D>::new_from_slice(key).ok()?;
    Some(Digest::new(&mac.chain_update(bytes).finalize().into_bytes()))
}

/// A digest of any of the functions.
#[derive(Debug, Clone, Copy)]
pub struct Digest {
    bytes: [u8; 64],
    length: usize,
}

impl Digest {
    fn new(digest: &[u8]) -> Self {
        let (mut bytes, length) = ([0; 64], digest.len().min(64));
        bytes.iter_mut().zip(digest).for_each(|(byte, digit)| *byte = *digit);
        Self { bytes, length }
    }
}

impl Deref for Digest {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}
