//! Why a signature is invalid: secrets × request ids × formulas × forms of the digest, each a
//! table.
//!
//! A signature that results from another calculation than PGM's shows the mistake. All single
//! mistakes are tried, then pairs of the likely ones; the form of the digest and the hash function
//! follow from the text of the signature. A diagnosis never makes a capture valid.
//!
//! Here: what all tables use. How text becomes bytes, in encodings other than UTF-8 and escaped for
//! URLs, HTML and JSON, and back; and how bytes become a digest, with each hash function that a
//! signature may have been made with.

mod digests;
mod formula;
mod inputs;
mod search;
mod secret_given;
mod secret_signed;

use std::ops::Deref;

use hmac::digest::block_api::BlockSizeUser;
use hmac::digest::consts::{U16, U20};
use hmac::{KeyInit, Mac, SimpleHmac, digest};
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};

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

/// Code page 850, which Western European consoles of Windows use. Of this and the other encodings
/// with one byte per letter, here are the letters up to the last byte; those before them are ASCII.
const CODE_PAGE_850: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// Code page 852, which Polish consoles of Windows use.
const CODE_PAGE_852: &str = "\
    ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
    └┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}";

/// Windows-1250. Bytes without a letter are control characters, here and below, as on the web.
const WINDOWS_1250: &str = "\
    €\u{81}‚\u{83}„…†‡\u{88}‰Š‹ŚŤŽŹ\u{90}‘’“”•–—\u{98}™š›śťžź\u{a0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{ad}®Ż°±˛ł´µ¶·¸\
    ąş»Ľ˝ľżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";

/// Windows-1252.
const WINDOWS_1252: &str = "\
    €\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸\
    ¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";

/// ISO 8859-2, without its control characters.
const ISO_8859_2: &str = "\
    \u{a0}Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u{ad}ŽŻ°ą˛ł´ľśˇ¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđń\
    ňóôőö÷řůúűüýţ˙";

/// The text in every encoding with one byte per letter that has all its letters, or in which
/// programs replace or cut the letters that it lacks.
fn single_byte(text: &str) -> Vec<Vec<u8>> {
    let pages = [WINDOWS_1252, WINDOWS_1250, ISO_8859_2, CODE_PAGE_850, CODE_PAGE_852];
    let pages = pages.into_iter().map(|page| in_code_page(text, page));
    let exact = std::iter::once(to_latin1(text)).chain(pages).flatten();
    let units = |byte: fn(u16) -> u8| text.encode_utf16().map(byte).collect();
    let lossy = [
        // ASCII with question marks, as .NET and Java write it.
        units(|unit| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?')),
        text.bytes().map(|byte| if byte.is_ascii() { byte } else { b'?' }).collect(),
        // The low bits alone: Buffer.from(text, 'binary') and 'ascii' of Node.
        units(|unit| unit.to_le_bytes()[0]),
        units(|unit| unit.to_le_bytes()[0] & 0x7f),
        text.bytes().filter(u8::is_ascii).collect(),
    ];
    exact.chain(lossy).collect()
}

/// The text in the encoding that ends with these letters, if it has all of the text's.
fn in_code_page(text: &str, letters: &str) -> Option<Vec<u8>> {
    let first = 0x100 - letters.chars().count();
    let byte = |letter: char| {
        let place = || letters.chars().position(|known| known == letter);
        let ascii = u8::try_from(letter).ok().filter(u8::is_ascii);
        ascii.or_else(|| u8::try_from(first + place()?).ok())
    };
    text.chars().map(byte).collect()
}

/// Latin-1, in which every byte is a letter.
fn to_latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|letter| u8::try_from(letter).ok()).collect()
}

/// Windows-1252.
fn to_windows_1252(text: &str) -> Option<Vec<u8>> {
    in_code_page(text, WINDOWS_1252)
}

/// The bytes read as Latin-1.
fn from_latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// The bytes read as Windows-1252.
fn from_windows_1252(bytes: &[u8]) -> String {
    let upper = |byte: u8| WINDOWS_1252.chars().nth(byte.checked_sub(0x80)?.into());
    bytes.iter().map(|&byte| upper(byte).unwrap_or(byte.into())).collect()
}

/// UTF-16 and UTF-32, little-endian and big-endian, with and without byte order mark.
const WIDE: [fn(&str) -> Vec<u8>; 8] = [
    |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    |text| marked(text).encode_utf16().flat_map(u16::to_le_bytes).collect(),
    |text| marked(text).encode_utf16().flat_map(u16::to_be_bytes).collect(),
    |text| text.chars().map(u32::from).flat_map(u32::to_le_bytes).collect(),
    |text| text.chars().map(u32::from).flat_map(u32::to_be_bytes).collect(),
    |text| marked(text).chars().map(u32::from).flat_map(u32::to_le_bytes).collect(),
    |text| marked(text).chars().map(u32::from).flat_map(u32::to_be_bytes).collect(),
];

fn marked(text: &str) -> String {
    format!("\u{feff}{text}")
}

/// The text of UTF-16 in this byte order, without its byte order mark. With a NUL in it, it is
/// not text.
fn from_utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, []) = bytes.as_chunks::<2>() else { return None };
    let units: Vec<u16> = units.iter().map(|unit| order(*unit)).collect();
    let text = String::from_utf16(&units).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    (!text.is_empty() && !text.contains('\0')).then(|| text.to_owned())
}

/// The text in the other Unicode normalization forms.
fn normalized(text: &str) -> Vec<String> {
    vec![
        ComposingNormalizer::new_nfc().normalize(text).into_owned(),
        DecomposingNormalizer::new_nfd().normalize(text).into_owned(),
        ComposingNormalizer::new_nfkc().normalize(text).into_owned(),
        DecomposingNormalizer::new_nfkd().normalize(text).into_owned(),
    ]
}

/// Decodes `%41`; `None` when there is no escape, or an incomplete one.
fn url_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        decoded.push(byte);
        if byte == b'%' {
            let (digits, after) = rest.split_first_chunk::<2>()?;
            let mut value = [0];
            hex::decode_to_slice(digits, &mut value).ok()?;
            decoded.pop();
            decoded.extend(value);
            rest = after;
        }
    }
    (decoded != text).then_some(decoded)
}

/// Does the same, with `+` for a space, as in forms.
fn form_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let changed = (spaced != text).then_some(spaced);
    let decoded = changed.as_deref().and_then(url_decoded);
    decoded.or(changed)
}

/// Encodes everything but ASCII letters, digits and the characters in `kept` as `%41`.
fn url_encoded(text: &[u8], kept: &str) -> String {
    let encode = |&byte: &u8| match byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte)
    {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.iter().map(encode).collect()
}

/// The entities for the characters that HTML reserves. `&amp;` is decoded last.
const ENTITIES: &[(&str, &str)] = &[
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&#x2F;", "/"),
    ("&#x3D;", "="),
    ("&#x60;", "`"),
    ("&#43;", "+"),
    ("&#x2B;", "+"),
    ("&apos;", "'"),
    ("&nbsp;", " "),
    ("&#38;", "&"),
    ("&amp;", "&"),
];

/// Decodes HTML entities.
fn html_decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// The text that a JSON string literal with this content stands for.
fn json_decoded(text: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{text}\"")).ok()
}

/// Replaces each non-ASCII character by `\u0142`, as Python, PHP and .NET write JSON.
fn ascii_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
        } else {
            let mut units = [0; 2];
            let units = letter.encode_utf16(&mut units).iter();
            escaped.extend(units.map(|unit| format!("\\u{unit:04x}")));
        }
    }
    escaped
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_their_bytes_in_each_code_page() {
        for (page, text, bytes) in [
            (WINDOWS_1250, "€śąź˙", [0x80, 0x9c, 0xb9, 0x9f, 0xff]),
            (WINDOWS_1252, "€œé\u{90}ÿ", [0x80, 0x9c, 0xe9, 0x90, 0xff]),
            (ISO_8859_2, "\u{a0}śąź˙", [0xa0, 0xb6, 0xb1, 0xbc, 0xff]),
            (CODE_PAGE_850, "Ç£éä\u{a0}", [0x80, 0x9c, 0x82, 0x84, 0xff]),
            (CODE_PAGE_852, "Çśąź\u{a0}", [0x80, 0x98, 0xa5, 0xab, 0xff]),
        ] {
            assert_eq!(in_code_page(text, page).as_deref(), Some(&bytes[..]), "{text}");
        }
        assert_eq!(in_code_page("ł", WINDOWS_1252), None);
        assert_eq!(from_windows_1252(b"a\x80\xff"), "a€ÿ");
    }
}
