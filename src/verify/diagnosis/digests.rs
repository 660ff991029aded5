//! The digests that the text of a signature may stand for.

use super::Hash;
use super::encodings::{base64_decoded, html_decoded, to_latin1, url_decoded};
use crate::pgm::is_invisible;
use crate::verify::{FindingKind, findings};

/// How far the search goes with a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// PGM's formula only.
    Documented,
    /// One mistake besides the form of the digest.
    OneMistake,
    /// Everything.
    Full,
}

/// A digest that a text may stand for.
#[derive(Debug)]
pub(super) struct DigestCandidate {
    pub hash: Hash,
    /// What is unusual about the form in which the digest is written.
    pub kinds: Vec<&'static FindingKind>,
    pub reach: Reach,
    written: DigestForm,
}

#[derive(Debug)]
enum DigestForm {
    /// All of its bytes, or the first ones.
    Bytes(Vec<u8>),
    /// A text that does not tell all of them, and how to compare it.
    Text(String, fn(&[u8], &str) -> bool),
}

impl DigestCandidate {
    /// Whether it tells all bytes of a digest.
    pub fn is_whole(&self) -> bool {
        matches!(&self.written, DigestForm::Bytes(bytes) if bytes.len() == self.hash.len())
    }

    /// Whether it is this digest.
    pub fn matches(&self, digest: &[u8]) -> bool {
        match &self.written {
            DigestForm::Bytes(bytes) => digest.starts_with(bytes),
            DigestForm::Text(text, is_form_of) => is_form_of(digest, text),
        }
    }
}

/// A longer text, in bytes, is not a digest in any form.
const MAX_TEXT: usize = 2048;

/// Every digest that `text` may stand for, the likely ones first. Usually there is one in full
/// reach, or none.
pub(super) fn digest_candidates(text: &str) -> Vec<DigestCandidate> {
    let mut candidates = CandidateList::default();
    if text.len() > MAX_TEXT {
        return candidates.0;
    }
    let mut text = text.to_owned();
    let mut kinds = Vec::new();
    if is_tool_output(&text) {
        candidates.read_parts(&text, &findings::SIGNATURE_TOOL_OUTPUT, &kinds);
        return candidates.0;
    }
    candidates.read(&text, &kinds);
    for (kind, unwrap) in WRAPPINGS {
        if let Some(inside) = unwrap(&text) {
            text = inside;
            kinds.push(kind);
            candidates.read(&text, &kinds);
        }
    }
    if candidates.0.is_empty() {
        candidates.read_parts(&text, &findings::SIGNATURE_PREFIXED, &kinds);
    }
    candidates.read_damaged(&text, &kinds);
    candidates.0
}

/// Wrappings of the text, from the outside in: each returns what is inside, if there is one.
static WRAPPINGS: &[(&FindingKind, fn(&str) -> Option<String>)] = &[
    (&findings::SIGNATURE_WHITESPACE, without_blanks),
    (&findings::SIGNATURE_PRINTED, inside_literal),
    (&findings::SIGNATURE_QUOTED, inside_quotes),
    (&findings::SIGNATURE_ESCAPED, unescaped),
    (&findings::SIGNATURE_PREFIXED, without_prefix),
    (&findings::SIGNATURE_PREFIXED, without_prefix),
];

#[derive(Default)]
struct CandidateList(Vec<DigestCandidate>);

impl CandidateList {
    /// Reads the text in every form that keeps all bytes of a digest.
    fn read(&mut self, text: &str, kinds: &[&'static FindingKind]) {
        for (kind, decode) in FORMS {
            let Some(bytes) = decode(text) else { continue };
            let kinds: Vec<_> = kinds.iter().copied().chain(*kind).collect();
            self.add_bytes(bytes, &kinds);
        }
    }

    fn add_bytes(&mut self, bytes: Vec<u8>, kinds: &[&'static FindingKind]) {
        let known =
            |known: &DigestCandidate| matches!(&known.written, DigestForm::Bytes(b) if *b == bytes);
        if self.0.iter().any(known) {
            return;
        }
        for (position, hash) in Hash::of_length(bytes.len()).enumerate() {
            let reach = if position == 0 { Reach::Full } else { Reach::OneMistake };
            // A checksum fits some calculation by chance when there are many.
            let reach = if hash == Hash::Crc32 { Reach::Documented } else { reach };
            self.add(hash, reach, kinds, DigestForm::Bytes(bytes.clone()));
        }
        if bytes.len() != Hash::Md5.len() {
            return;
        }
        for order in BYTE_ORDERS {
            let kinds = with(kinds, &findings::SIGNATURE_BYTE_ORDER);
            self.add(Hash::Md5, Reach::OneMistake, &kinds, DigestForm::Bytes(order(&bytes)));
        }
        for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha512] {
            let kinds = with(kinds, &findings::SIGNATURE_CUT);
            self.add(hash, Reach::OneMistake, &kinds, DigestForm::Bytes(bytes.clone()));
        }
    }

    fn add(
        &mut self,
        hash: Hash,
        reach: Reach,
        kinds: &[&'static FindingKind],
        written: DigestForm,
    ) {
        self.0.push(DigestCandidate { hash, kinds: kinds.to_vec(), reach, written });
    }

    /// Reads the parts of a longer text, such as the output of md5sum or another product's header.
    fn read_parts(
        &mut self,
        text: &str,
        kind: &'static FindingKind,
        kinds: &[&'static FindingKind],
    ) {
        let kinds = with(kinds, kind);
        let is_inside = |letter: char| letter.is_ascii_alphanumeric() || "+/-_=".contains(letter);
        for part in text.split(|letter| !is_inside(letter)).filter(|part| part.len() >= 16) {
            let value =
                part.split_once('=').map(|(_, value)| value).filter(|value| value.len() > 2);
            [Some(part), value].into_iter().flatten().for_each(|part| self.read(part, &kinds));
        }
    }

    /// Reads a text that does not tell all bytes of a digest.
    fn read_damaged(&mut self, text: &str, kinds: &[&'static FindingKind]) {
        let digits = text.len();
        let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let text_of = |text: &str, form| DigestForm::Text(text.to_ascii_lowercase(), form);
        let full = |length: usize| {
            Hash::of_length(length).next().filter(|hash| hex && digits < 2 * hash.len())
        };
        for hash in [16, 20, 32, 64].into_iter().filter_map(full) {
            let missing = 2 * hash.len() - digits;
            let padded = hex::decode("0".repeat(missing) + text);
            if let (1..=4, Ok(bytes)) = (missing, padded) {
                let kinds = with(kinds, &findings::SIGNATURE_ZEROS_LOST);
                self.add(hash, Reach::OneMistake, &kinds, DigestForm::Bytes(bytes));
            }
            if missing <= hash.len() / 3 {
                let kinds = with(kinds, &findings::SIGNATURE_ZEROS_LOST);
                self.add(hash, Reach::OneMistake, &kinds, text_of(text, is_unpadded));
            }
        }
        if hex && text.to_ascii_lowercase().contains("ffffff") {
            let kinds = with(kinds, &findings::SIGNATURE_BYTES);
            self.add(Hash::Md5, Reach::OneMistake, &kinds, text_of(text, is_signed_hex));
        }
        if hex && (12..32).contains(&digits) {
            let kinds = with(kinds, &findings::SIGNATURE_CUT);
            self.add(Hash::Md5, Reach::Documented, &kinds, text_of(text, is_part));
        }
        let looks_hex = |letter: &char| lookalike(*letter).is_ascii_hexdigit();
        let length = text.chars().count();
        if (31..=33).contains(&length) && text.chars().filter(looks_hex).count() + 1 >= length {
            let kinds = with(kinds, &findings::SIGNATURE_ALTERED);
            self.add(Hash::Md5, Reach::Documented, &kinds, text_of(text, is_close));
        }
        if text.contains('\u{fffd}') {
            let kinds = with(kinds, &findings::SIGNATURE_BYTES);
            let written = DigestForm::Text(text.to_owned(), |digest, text| {
                String::from_utf8_lossy(digest) == text
            });
            self.add(Hash::Md5, Reach::OneMistake, &kinds, written);
        }
    }
}

fn with(kinds: &[&'static FindingKind], kind: &'static FindingKind) -> Vec<&'static FindingKind> {
    kinds.iter().copied().chain([kind]).collect()
}

/// The forms that keep all bytes, and what is unusual about them.
static FORMS: &[(Option<&FindingKind>, fn(&str) -> Option<Vec<u8>>)] = &[
    (None, |text| hex::decode(text).ok()),
    (Some(&findings::SIGNATURE_DASHES), from_separated_hex),
    (Some(&findings::SIGNATURE_BASE64), |text| Some(from_base64(text)?.0)),
    (Some(&findings::SIGNATURE_HEX_TWICE), |text| hex_text(&hex::decode(text).ok()?)),
    (Some(&findings::SIGNATURE_BYTES), from_byte_list),
    (Some(&findings::SIGNATURE_BYTES), from_escaped_bytes),
    (Some(&findings::SIGNATURE_BYTES), from_raw_bytes),
    (Some(&findings::SIGNATURE_NUMBER), from_number),
];

fn hex_text(bytes: &[u8]) -> Option<Vec<u8>> {
    hex::decode(bytes.trim_ascii()).ok()
}

/// `AB-CD-EF`, `ab:cd:ef`, `ab cd ef`, `0xab, 0xcd`, `0xab0xcd`, and the dashes of a GUID.
fn from_separated_hex(text: &str) -> Option<Vec<u8>> {
    let separator = |letter: char| matches!(letter, '-' | ':' | ' ' | '_' | ',' | '\n');
    let bare = text.replace("0x", "").replace("0X", "");
    let marked = bare.len() + 4 <= text.len();
    let between = text.contains(separator) && text.trim_matches(separator) == text || marked;
    between.then(|| hex::decode(bare.replace(separator, "")).ok())?
}

/// Base64 of the bytes or of their hex digits, once or twice. The second value tells whether it
/// was of hex digits.
fn from_base64(text: &str) -> Option<(Vec<u8>, bool)> {
    let bytes = base64_decoded(text.as_bytes()).or_else(|| from_base32(text))?;
    if let Some(digest) = hex_text(&bytes) {
        return Some((digest, true));
    }
    let twice = (bytes.len() == 24).then(|| base64_decoded(&bytes)).flatten();
    Some((twice.unwrap_or(bytes), false))
}

/// RFC 4648, with or without padding.
fn from_base32(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u64, 0);
    for digit in digits.bytes() {
        let value = match digit.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            number @ b'2'..=b'7' => number - b'2' + 26,
            _ => return None,
        };
        bits = (bits << 5 | u64::from(value)) & 0xffff;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    Some(bytes)
}

/// `[145, 206, …]`, `[-111, -50, …]`, `145,206,…`, `<<145, 206, …>>`, `<Buffer 91 ce …>`,
/// `{"type":"Buffer","data":[…]}`, `{"0":145,"1":206,…}`, and CryptoJS' words of 32 bits,
/// `{"words":[…],"sigBytes":16}`.
fn from_byte_list(text: &str) -> Option<Vec<u8>> {
    if let Some((_, words)) = text.split_once("\"words\"") {
        let words = words.split(['[', ']']).nth(1)?.split(',');
        let bytes = |word: &str| word.trim().parse().ok().map(i32::to_be_bytes);
        return Some(words.map(bytes).collect::<Option<Vec<_>>>()?.concat());
    }
    if let Some(hex) = text.strip_prefix("<Buffer ").and_then(|rest| rest.strip_suffix('>')) {
        return hex::decode(hex.replace(' ', "")).ok();
    }
    let list = text.rsplit_once(['[', '{']).map_or(text, |(_, list)| list);
    let list = list.trim_start_matches("<<").trim_matches(|c: char| "]})> \"".contains(c));
    let byte = |item: &str| {
        let number = item.rsplit_once(':').map_or(item, |(_, number)| number).trim();
        let signed = || number.parse::<i8>().ok().map(i8::cast_unsigned);
        number.parse::<u8>().ok().or_else(signed)
    };
    let separators = if list.contains(',') { &[','][..] } else { &[' '] };
    let bytes: Vec<u8> = list.split(separators).map(byte).collect::<Option<_>>()?;
    (bytes.len() >= 16).then_some(bytes)
}

/// `\x91\xce_`, as Python, Ruby and C print bytes.
fn from_escaped_bytes(text: &str) -> Option<Vec<u8>> {
    if !text.contains('\\') {
        return None;
    }
    let (mut bytes, mut letters) = (Vec::new(), text.chars());
    while let Some(letter) = letters.next() {
        let byte = match letter {
            '\\' => match letters.next()? {
                'x' => {
                    let digits: String = letters.by_ref().take(2).collect();
                    u8::from_str_radix(&digits, 16).ok()?
                }
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'a' => 7,
                'b' => 8,
                'v' => 11,
                'f' => 12,
                'e' => 27,
                '0' => 0,
                other => u8::try_from(other).ok()?,
            },
            other => u8::try_from(other).ok()?,
        };
        bytes.push(byte);
    }
    Some(bytes)
}

/// The bytes themselves, one letter each.
fn from_raw_bytes(text: &str) -> Option<Vec<u8>> {
    to_latin1(text).filter(|bytes| bytes.len() == 16 && !bytes.is_ascii())
}

/// The digest as one decimal number, or as a negative hexadecimal one, as Java's BigInteger
/// prints it.
fn from_number(text: &str) -> Option<Vec<u8>> {
    if let Some(digits) = text.strip_prefix('-') {
        let decimal = || digits.parse().ok().filter(|_| digits.len() > 32);
        let value: u128 = decimal().or_else(|| u128::from_str_radix(digits, 16).ok())?;
        return Some(value.wrapping_neg().to_be_bytes().to_vec());
    }
    let decimal = text.len() > 32 && text.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| text.parse::<u128>().ok())?.map(|value| value.to_be_bytes().to_vec())
}

/// Other orders of the bytes of an MD5: as .NET's `Guid` prints them, all reversed, those of each
/// 32-bit word reversed, and the digits of each byte swapped.
static BYTE_ORDERS: &[fn(&[u8]) -> Vec<u8>] = &[
    |bytes| {
        let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
        order.iter().filter_map(|&position: &usize| bytes.get(position).copied()).collect()
    },
    |bytes| bytes.iter().rev().copied().collect(),
    |bytes| bytes.chunks(4).flat_map(|word| word.iter().rev().copied()).collect(),
    |bytes| bytes.iter().map(|byte| byte.rotate_left(4)).collect(),
];

/// Each byte in hex without a leading zero.
fn is_unpadded(digest: &[u8], text: &str) -> bool {
    let written: String = digest.iter().map(|byte| format!("{byte:x}")).collect();
    written == text
}

/// Each byte as a signed number in hex: `ffffff91` for 91, as Java's `Integer.toHexString` and C's
/// `%02x` of a `char` write it.
fn is_signed_hex(digest: &[u8], text: &str) -> bool {
    let signed = digest.iter().map(|byte| i32::from(byte.cast_signed()));
    let padded: String = signed.clone().map(|byte| format!("{byte:02x}")).collect();
    padded == text || signed.map(|byte| format!("{byte:x}")).collect::<String>() == text
}

/// The first, the last or the middle digits.
fn is_part(digest: &[u8], text: &str) -> bool {
    let digits = hex::encode(digest);
    let middle = digits.get(8..24) == Some(text);
    middle || digits.starts_with(text) || digits.ends_with(text)
}

/// All digits but one that is wrong, missing or too much, two that are swapped, or letters and
/// digits that look alike.
fn is_close(digest: &[u8], text: &str) -> bool {
    let digits = hex::encode(digest);
    let looks: String = text.chars().map(lookalike).collect();
    digits == looks || strsim::osa_distance(&digits, text) <= 1
}

fn lookalike(letter: char) -> char {
    match letter {
        'o' | 'о' => '0',
        'l' | 'i' | '|' => '1',
        's' => '5',
        'z' => '2',
        'g' | 'q' => '9',
        'а' => 'a',
        'с' => 'c',
        'е' => 'e',
        other => other,
    }
}

/// The output of md5sum, openssl, certutil or Get-FileHash.
fn is_tool_output(text: &str) -> bool {
    let openssl = text.contains(")= ") || text.contains(") = ");
    let behind = text.trim_start_matches(|letter: char| letter.is_ascii_hexdigit());
    let sum = behind.len() < text.len() && (behind.starts_with("  ") || behind.starts_with(" *"));
    openssl || sum || ["Algorithm", "certutil", "CertUtil"].iter().any(|word| text.contains(word))
}

fn without_blanks(text: &str) -> Option<String> {
    let visible: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
    let inside = visible.trim();
    let raw = text.chars().any(|letter| ('\u{80}'..='\u{ff}').contains(&letter));
    (inside.len() < text.len() && !raw).then(|| inside.to_owned())
}

/// What stands inside a value as a program prints it: `b'…'`, `["…"]`, `Some("…")`.
fn inside_literal(text: &str) -> Option<String> {
    const LITERALS: &[(&str, &str)] = &[
        ("b'", "'"),
        ("b\"", "\""),
        ("u'", "'"),
        ("bytearray(b'", "')"),
        ("[\"", "\"]"),
        ("['", "']"),
        ("Some(\"", "\")"),
        ("Some(", ")"),
        ("Optional[", "]"),
        ("Just \"", "\""),
        ("(\"", "\")"),
        ("('", "',)"),
        ("('", "')"),
        ("{\"", "\"}"),
        ("#<", ">"),
    ];
    let inside = |(open, close): &(&str, &str)| text.strip_prefix(open)?.strip_suffix(close);
    LITERALS.iter().find_map(inside).map(str::to_owned)
}

fn inside_quotes(text: &str) -> Option<String> {
    const QUOTES: &[(char, char)] =
        &[('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('<', '>'), ('(', ')')];
    let inside = |(open, close): &(char, char)| text.strip_prefix(*open)?.strip_suffix(*close);
    Some(QUOTES.iter().find_map(inside)?.trim().to_owned())
}

fn unescaped(text: &str) -> Option<String> {
    let url = url_decoded(text.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
    let again = url.as_deref().and_then(|text| url_decoded(text.as_bytes()));
    let twice = again.and_then(|bytes| String::from_utf8(bytes).ok());
    let html = || Some(html_decoded(text)).filter(|decoded| decoded != text);
    twice.or(url).or_else(html)
}

/// `md5=…`, `sha256:…`, `Signature …`, `0x…`, `v1,…`.
fn without_prefix(text: &str) -> Option<String> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return Some(digits.to_owned());
    }
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')?;
    let (name, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix(['=', ':', ' ', ','])?.trim_start();
    (!name.is_empty() && name.len() <= 24 && !rest.is_empty()).then(|| rest.to_owned())
}
