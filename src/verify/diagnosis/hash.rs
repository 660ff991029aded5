//! The hash functions that a signature may have been made with.

use hmac::digest::Digest;
use hmac::digest::block_api::BlockSizeUser;
use hmac::digest::consts::{U16, U20};
use hmac::{KeyInit, Mac, SimpleHmac};

/// Declares the functions: name, type and usual name.
macro_rules! hash_functions {
    ($($name:ident: $digest:ty, $text:literal;)*) => {
        /// A hash function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Hash {
            $($name,)*
            Crc32,
        }

        impl Hash {
            const ALL: &[Self] = &[$(Self::$name,)* Self::Crc32];

            /// The usual name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Crc32 => "CRC-32",
                }
            }

            /// The length of a digest, in bytes.
            pub fn len(self) -> usize {
                match self {
                    $(Self::$name => <$digest as Digest>::output_size(),)*
                    Self::Crc32 => 4,
                }
            }

            /// The digest of the concatenated parts.
            pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
                match self {
                    $(Self::$name => plain::<$digest>(parts),)*
                    Self::Crc32 => crc32(parts),
                }
            }

            /// The HMAC of the concatenated parts, if there is one with this function.
            pub fn hmac(self, key: &[u8], parts: &[&[u8]]) -> Option<Vec<u8>> {
                match self {
                    $(Self::$name => keyed::<$digest>(key, parts),)*
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
    pub fn of_length(bytes: usize) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |hash| hash.len() == bytes)
    }
}

fn plain<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().fold(D::new(), |digest, part| digest.chain_update(part)).finalize().to_vec()
}

fn keyed<D: Digest + BlockSizeUser>(key: &[u8], parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mac = SimpleHmac::<D>::new_from_slice(key).ok()?;
    let mac = parts.iter().fold(mac, |mac, part| mac.chain_update(part));
    Some(mac.finalize().into_bytes().to_vec())
}

fn crc32(parts: &[&[u8]]) -> Vec<u8> {
    let mut crc = crc32fast::Hasher::new();
    parts.iter().for_each(|part| crc.update(part));
    crc.finalize().to_be_bytes().to_vec()
}
