//! The hash functions that a signature may have been made with.

use hmac::digest::Digest;
use hmac::digest::block_api::BlockSizeUser;
use hmac::{KeyInit, Mac, SimpleHmac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A hash function; the length of a digest tells which one made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// Runs a generic function with the type that a [`Hash`] stands for.
macro_rules! with_hash {
    ($hash:expr, $function:ident($($argument:expr),*)) => {
        match $hash {
            Hash::Md5 => $function::<Md5>($($argument),*),
            Hash::Sha1 => $function::<Sha1>($($argument),*),
            Hash::Sha224 => $function::<Sha224>($($argument),*),
            Hash::Sha256 => $function::<Sha256>($($argument),*),
            Hash::Sha384 => $function::<Sha384>($($argument),*),
            Hash::Sha512 => $function::<Sha512>($($argument),*),
        }
    };
}

impl Hash {
    /// The function whose digests have this many bytes.
    pub fn of_length(bytes: usize) -> Option<Self> {
        match bytes {
            16 => Some(Self::Md5),
            20 => Some(Self::Sha1),
            28 => Some(Self::Sha224),
            32 => Some(Self::Sha256),
            48 => Some(Self::Sha384),
            64 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Whether the digest of these parts, one after the other, is `wanted`.
    pub fn gives(self, parts: &[&[u8]], wanted: &[u8]) -> bool {
        with_hash!(self, plain(parts, wanted))
    }

    /// The same for the digest of the lower-case hex digits of the digest.
    pub fn gives_twice(self, parts: &[&[u8]], wanted: &[u8]) -> bool {
        with_hash!(self, twice(parts, wanted))
    }

    /// The same for HMAC.
    pub fn gives_hmac(self, key: &[u8], parts: &[&[u8]], wanted: &[u8]) -> bool {
        with_hash!(self, keyed(key, parts, wanted))
    }
}

fn chained<D: Digest>(parts: &[&[u8]]) -> D {
    parts.iter().fold(D::new(), |digest, part| digest.chain_update(part))
}

fn plain<D: Digest>(parts: &[&[u8]], wanted: &[u8]) -> bool {
    chained::<D>(parts).finalize().as_slice() == wanted
}

fn twice<D: Digest>(parts: &[&[u8]], wanted: &[u8]) -> bool {
    let once = hex::encode(chained::<D>(parts).finalize());
    D::digest(once).as_slice() == wanted
}

fn keyed<D: Digest + BlockSizeUser>(key: &[u8], parts: &[&[u8]], wanted: &[u8]) -> bool {
    // HMAC takes a key of any length.
    SimpleHmac::<D>::new_from_slice(key).is_ok_and(|mac| {
        let mac = parts.iter().fold(mac, |mac, part| mac.chain_update(part));
        mac.finalize().into_bytes().as_slice() == wanted
    })
}
