//! The digests that the text of a signature may stand for.

use super::Hash;
use uuid::{Builder, Uuid};

use super::encodings::{
    base32_decoded, base64_decoded, from_byte_list, from_escaped_bytes, from_separated_hex,
    html_decoded, to_latin1, url_decoded,
};
use crate::pgm::is_invisible;
use crate::verify::{Finding, FindingKind, findings};

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
    if text.len() > MAX_TEXT || is_certainly_no_digest(text) {
        return candidates.0;
    }
    let mut text = text.to_owned();
    let mut kinds = Vec::new();
    if is_tool_output(&text) {
        // certutil of older Windows writes each byte apart.
        let is_byte = |word: &&str| word.len() == 2 && hex::decode(word).is_ok();
        let bytes: String = text.split_ascii_whitespace().filter(is_byte).collect();
        if bytes.len() >= 32 {
            candidates.read(&bytes, &[&findings::SIGNATURE_TOOL_OUTPUT]);
        }
        candidates.read_parts(&text, &findings::SIGNATURE_TOOL_OUTPUT, &kinds);
        return candidates.0;
    }
    if let Some(once) = half(&text) {
        text = once;
        kinds.push(&findings::SIGNATURE_PREFIXED);
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
        let signed = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if hex && text.to_ascii_lowercase().contains("ffffff")
            || signed && !hex && (16..=48).contains(&digits)
            || hex && digits == 32 && has_no_high_bits(text)
        {
            let kinds = with(kinds, &findings::SIGNATURE_BYTES);
            self.add(Hash::Md5, Reach::OneMistake, &kinds, text_of(text, is_signed_hex));
        }
        let decimal = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if decimal && (24..=64).contains(&digits) {
            let kinds = with(kinds, &findings::SIGNATURE_BYTES);
            self.add(Hash::Md5, Reach::OneMistake, &kinds, text_of(text, is_decimal_bytes));
        }
        if text.contains(['e', 'E']) && text.parse::<f64>().is_ok_and(|number| number > 1e30) {
            let kinds = with(kinds, &findings::SIGNATURE_NUMBER);
            self.add(Hash::Md5, Reach::OneMistake, &kinds, text_of(text, is_rounded));
        }
        let version = Uuid::try_parse(text).map_or(0, |uuid| uuid.get_version_num());
        let named = [(3, Hash::Md5), (5, Hash::Sha1)].into_iter();
        let named = named.filter(|(number, _)| digits >= 36 && *number == version);
        for (_, hash) in named {
            let kinds = with(kinds, &findings::SIGNATURE_DASHES);
            self.add(hash, Reach::Full, &kinds, text_of(text, is_named_uuid));
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
    (Some(&findings::SIGNATURE_BASE64), from_base64),
    (Some(&findings::SIGNATURE_HEX_TWICE), |text| hex_text(&hex::decode(text).ok()?)),
    (Some(&findings::SIGNATURE_BYTES), |text| from_byte_list(text).filter(|list| list.len() >= 16)),
    (Some(&findings::SIGNATURE_BYTES), from_escaped_bytes),
    (Some(&findings::SIGNATURE_BYTES), from_raw_bytes),
    (Some(&findings::SIGNATURE_BYTES), |text| url_decoded(text.as_bytes())),
    (Some(&findings::SIGNATURE_NUMBER), from_number),
];

fn hex_text(bytes: &[u8]) -> Option<Vec<u8>> {
    hex::decode(bytes.trim_ascii()).ok()
}

/// Base64 or base32 of the bytes or of their hex digits, once or twice.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let bytes = base64_decoded(text.as_bytes()).or_else(|| base32_decoded(text))?;
    let twice = || (bytes.len() == 24).then(|| base64_decoded(&bytes)).flatten();
    hex_text(&bytes).or_else(twice).or(Some(bytes))
}

/// The same digest twice, one after the other.
fn half(text: &str) -> Option<String> {
    let (first, second) = text.split_at_checked(text.len() / 2)?;
    (first == second && first.len() >= 32).then(|| first.to_owned())
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
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        // A CRC-32, as PHP and Python return it.
        9..=10 => text.parse::<u32>().ok().map(|value| value.to_be_bytes().to_vec()),
        33.. => text.parse::<u128>().ok().map(|value| value.to_be_bytes().to_vec()),
        _ => None,
    }
}

/// Other orders of the bytes of an MD5: as .NET's `Guid` prints them, all reversed, those of each
/// 32-bit word reversed, the digits of each byte swapped, and all digits reversed.
static BYTE_ORDERS: &[fn(&[u8]) -> Vec<u8>] = &[
    |bytes| {
        let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
        order.iter().filter_map(|&position: &usize| bytes.get(position).copied()).collect()
    },
    |bytes| bytes.iter().rev().copied().collect(),
    |bytes| bytes.chunks(4).flat_map(|word| word.iter().rev().copied()).collect(),
    |bytes| bytes.iter().map(|byte| byte.rotate_left(4)).collect(),
    |bytes| bytes.iter().rev().map(|byte| byte.rotate_left(4)).collect(),
];

/// Each byte in hex without a leading zero.
fn is_unpadded(digest: &[u8], text: &str) -> bool {
    let written: String = digest.iter().map(|byte| format!("{byte:x}")).collect();
    written == text
}

/// Each byte as a signed number in hex: `ffffff91` for 91, as Java's `Integer.toHexString` and C's
/// `%02x` of a `char` write it; `-6f`, as `toString(16)` of Apps Script's signed bytes does; or the
/// last two characters of that, or its digits without the sign.
fn is_signed_hex(digest: &[u8], text: &str) -> bool {
    let forms: [fn(i8) -> String; 5] = [
        |byte| format!("{:02x}", i32::from(byte)),
        |byte| format!("{:x}", i32::from(byte)),
        |byte| format!("{}{:x}", if byte < 0 { "-" } else { "" }, byte.unsigned_abs()),
        |byte| match (byte, byte.unsigned_abs()) {
            (..0, size @ ..16) => format!("-{size:x}"),
            (_, size) => format!("{size:02x}"),
        },
        |byte| format!("{:02x}", byte.unsigned_abs()),
    ];
    forms
        .iter()
        .any(|form| digest.iter().map(|byte| form(byte.cast_signed())).collect::<String>() == text)
}

/// Whether these hex digits are of bytes up to 128, as the sizes of signed ones are: a digest has
/// such bytes only by a rare chance.
fn has_no_high_bits(text: &str) -> bool {
    hex::decode(text).is_ok_and(|bytes| bytes.iter().all(|byte| *byte <= 128))
}

/// Each byte as a decimal number, with or without a sign, one after the other.
fn is_decimal_bytes(digest: &[u8], text: &str) -> bool {
    let unsigned: String = digest.iter().map(u8::to_string).collect();
    let signed = || digest.iter().map(|byte| byte.cast_signed().to_string()).collect::<String>();
    unsigned == text || signed() == text
}

/// The digest as a number with the 53 bits that floating point keeps of it.
fn is_rounded(digest: &[u8], text: &str) -> bool {
    let bytes = digest.try_into().map(u128::from_be_bytes);
    bytes.is_ok_and(|number| text.parse() == Ok(number as f64))
}

/// A UUID made from a name, which has a version and a variant in place of six bits of the digest.
fn is_named_uuid(digest: &[u8], text: &str) -> bool {
    let bytes = digest.first_chunk::<16>().copied();
    let uuid = bytes.map(|bytes| match digest.len() {
        16 => Builder::from_md5_bytes(bytes).into_uuid(),
        _ => Builder::from_sha1_bytes(bytes).into_uuid(),
    });
    uuid.is_some() && uuid == Uuid::try_parse(text).ok()
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
    // The line break that base64 of Python and Ruby ends with.
    if let Some(line) = text.strip_suffix("\\n") {
        return Some(line.strip_suffix("\\r").unwrap_or(line).to_owned());
    }
    let url = url_decoded(text.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
    let again = url.as_deref().and_then(|text| url_decoded(text.as_bytes()));
    let twice = again.and_then(|bytes| String::from_utf8(bytes).ok());
    let html = || Some(html_decoded(text)).filter(|decoded| decoded != text);
    twice.or(url).or_else(html)
}

/// `md5=…`, `sha256:…`, `Signature …`, `0x…`, `\x…`, `v1,…`, `MD5-…`, `md5…`, and an id with a colon.
fn without_prefix(text: &str) -> Option<String> {
    const MAX_NAME: usize = 40;
    for mark in ["0x", "0X", "\\x"] {
        // Bytes that are escaped one by one have the mark before each.
        if let Some(digits) = text.strip_prefix(mark).filter(|digits| !digits.contains(mark)) {
            return Some(digits.to_owned());
        }
    }
    for name in ["md5", "MD5", "sha1", "SHA1", "sha256", "SHA256", "sha512", "SHA512"] {
        let Some(rest) = text.strip_prefix(name) else { continue };
        let rest = rest.strip_prefix(['-', '_']).unwrap_or(rest);
        if rest.len() >= 24 && rest.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
            return Some(rest.to_owned());
        }
    }
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')?;
    let (name, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix(['=', ':', ' ', ','])?.trim_start();
    (!name.is_empty() && name.len() <= MAX_NAME && !rest.is_empty()).then(|| rest.to_owned())
}

/// The signature is not a digest in any form.
pub(super) fn malformed(signature: &str) -> Vec<Finding> {
    let kind = look_of_signature(signature).unwrap_or(&findings::SIGNATURE_MALFORMED);
    let length = signature.chars().count();
    vec![Finding::new(kind).with("characters", length.to_string())]
}

/// Whether a text can only be a password hash or a token, although a part of it may look like a
/// digest.
fn is_certainly_no_digest(text: &str) -> bool {
    let text = text.trim();
    let token = text.rsplit(' ').next().unwrap_or_default();
    let parts: Vec<_> = token.split('.').collect();
    is_password_hash(text) || matches!(parts[..], [head, _, _] if head.starts_with("eyJ"))
}

/// Whether this is a password hash: `$2b$12$…`, `$argon2id$v=19$…`, `pbkdf2_sha256$600000$…`,
/// `scrypt:32768:8:1$…`, `{SSHA}…`.
fn is_password_hash(text: &str) -> bool {
    let is_name = |name: &str| {
        let letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        !name.is_empty() && name.len() <= 16 && name.chars().all(letter)
    };
    let crypt = text.strip_prefix('$').and_then(|rest| rest.split_once('$'));
    let starts = ["pbkdf2", "bcrypt", "scrypt:", "argon2", "{SSHA", "{CRYPT"];
    crypt.is_some_and(|(name, rest)| is_name(name) && rest.len() >= 20)
        || text.contains(['$', '}']) && starts.iter().any(|start| text.starts_with(start))
}

/// What a text that is not a digest looks like.
pub(in crate::verify) fn look_of_signature(text: &str) -> Option<&'static FindingKind> {
    let text = text.trim();
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    let printed = [
        "[object ",
        "System.Byte",
        "[B@",
        "<hashlib",
        "<md5 ",
        "<built-in",
        "<_hashlib",
        "function ",
        "Promise {",
        "#<OpenSSL",
        "#<Digest",
        "java.",
        "<Hash",
        "MD5 {",
        "CoreWrapper",
        "<function",
        "<bound method",
        "Uint8Array",
        "ArrayBuffer",
        "&{",
        "Hash {",
        "{}",
        "System.",
        "%!",
        "<memory at",
        "MD5 Message Digest",
        "Microsoft.PowerShell.",
    ];
    let words = ["Array", "Object", "Hash", "16 bytes", "{}"];
    let template = text.contains("${")
        || text.contains("{{")
        || text.contains("#{")
        || text.contains("<%")
        || text.contains("%s")
        || text.contains("{0}");
    if is_password_hash(text) {
        Some(&findings::SIGNATURE_PASSWORD_HASH)
    } else if starts(&["eyJ", "Bearer ", "Basic ", "-----BEGIN"]) {
        Some(&findings::SIGNATURE_TOKEN)
    } else if starts(&printed) || words.contains(&text) || template {
        Some(&findings::SIGNATURE_NOT_COMPUTED)
    } else {
        None
    }
}
