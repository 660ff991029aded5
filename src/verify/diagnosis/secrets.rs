//! Other spellings of a secret: what the signer may have used in place of the given one. A new
//! suspect is one row.

use base64::Engine;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};
use md5::{Digest, Md5};
use sha2::Sha256;

use super::{encodings, escapes};
use crate::verify::{FindingKind, findings};

/// A way in which the given secret and the signer's may differ.
pub(super) struct Suspect {
    /// What to say when it is the cause.
    pub kind: &'static FindingKind,
    /// What the signer may have used.
    make: fn(&[u8]) -> Vec<Vec<u8>>,
}

const fn row(kind: &'static FindingKind, make: fn(&[u8]) -> Vec<Vec<u8>>) -> Suspect {
    Suspect { kind, make }
}

/// A secret longer than this, in bytes, is only tried as it is: it is a whole file.
const LONGEST: usize = 4096;

/// First what the given secret may have too much of, then what the signer's may have.
pub(super) static SUSPECTS: &[Suspect] = &[
    row(&findings::SECRET_NEWLINE, |secret| vec![without_end(secret, b"\n")]),
    row(&findings::SECRET_CRLF, |secret| vec![without_end(secret, b"\r\n")]),
    row(&findings::SECRET_SPACES, |secret| vec![without_spaces(secret)]),
    row(&findings::SECRET_QUOTES, unquoted),
    row(&findings::SECRET_BOM, |secret| part(secret.strip_prefix(BOM))),
    // Before the invisible characters, as its NUL bytes are such.
    row(&findings::SECRET_UTF16, from_utf16),
    row(&findings::SECRET_INVISIBLE, |secret| {
        text(secret, |text| vec![text.replace(INVISIBLE, "")])
    }),
    row(&findings::SECRET_ESCAPED_NEWLINE, without_escaped_newline),
    row(&findings::SECRET_ENV_LINE, value_of_line),
    row(&findings::SECRET_LINES, lines),
    row(&findings::SECRET_URL_ESCAPED, |secret| {
        [escapes::url_decoded(secret), escapes::form_decoded(secret)]
            .into_iter()
            .flatten()
            .collect()
    }),
    row(&findings::SECRET_HTML_ESCAPED, |secret| {
        text(secret, |text| vec![escapes::html_decoded(text)])
    }),
    row(&findings::SECRET_JSON_ESCAPED, |secret| {
        text(secret, |text| escapes::json_decoded(text).into_iter().collect())
    }),
    row(&findings::SECRET_BASE64, |secret| {
        let decoders =
            [BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD];
        decoders.iter().filter_map(|decoder| decoder.decode(secret).ok()).take(1).collect()
    }),
    row(&findings::SECRET_HEX, |secret| hex::decode(secret).into_iter().collect()),
    row(&findings::SECRET_MISREAD, misread),
    row(&findings::SIGNED_WITH_NEWLINE, |secret| around(secret, &[(b"", b"\n")])),
    row(&findings::SIGNED_WITH_CRLF, |secret| around(secret, &[(b"", b"\r\n"), (b"", b"\r")])),
    row(&findings::SIGNED_WITH_SPACES, |secret| {
        around(secret, &[(b"", b" "), (b" ", b""), (b" ", b" "), (b"", b"\t"), (b"\t", b"")])
    }),
    row(&findings::SIGNED_WITH_QUOTES, |secret| {
        around(secret, &[(b"\"", b"\""), (b"'", b"'"), (b"`", b"`")])
    }),
    row(&findings::SIGNED_WITH_BOM, |secret| around(secret, &[(BOM, b"")])),
    row(&findings::SIGNED_WITH_URL_ESCAPED, |secret| {
        // JavaScript, .NET, Python, and forms, of which .NET's have lower-case digits.
        let kept = ["-_.!~*'()", "-_.~", "-_.~/"];
        let mut encoded: Vec<_> = kept.map(|kept| escapes::url_encoded(secret, kept)).into();
        let form = escapes::url_encoded(secret, "-_.*").replace("%20", "+");
        encoded.extend([lower_escapes(&form), form]);
        encoded.into_iter().map(String::into_bytes).collect()
    }),
    row(&findings::SIGNED_WITH_HTML_ESCAPED, |secret| {
        let styles = ["&#39;", "&#x27;", "&apos;", "'"];
        text(secret, |text| styles.iter().map(|style| escapes::html_encoded(text, style)).collect())
    }),
    row(&findings::SIGNED_WITH_JSON_ESCAPED, |secret| {
        text(secret, |text| vec![escapes::json_encoded(text), escapes::json_encoded_ascii(text)])
    }),
    row(&findings::SIGNED_WITH_BASE64, |secret| {
        let encoders = [BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE];
        encoders.iter().map(|encoder| encoder.encode(secret).into_bytes()).collect()
    }),
    row(&findings::SIGNED_WITH_HEX, |secret| {
        vec![hex::encode(secret).into_bytes(), hex::encode_upper(secret).into_bytes()]
    }),
    row(&findings::SIGNED_WITH_UTF16, |secret| {
        let orders: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
        let text = std::str::from_utf8(secret).ok();
        text.iter().flat_map(|text| orders.map(|order| encodings::to_utf16(text, order))).collect()
    }),
    row(&findings::SIGNED_WITH_LATIN1, |secret| {
        let Ok(text) = std::str::from_utf8(secret) else { return Vec::new() };
        let one_byte_a_letter = [
            encodings::to_latin1(text),
            encodings::to_windows_1252(text),
            encodings::to_windows_1250(text),
            Some(encodings::to_ascii(text)),
        ];
        one_byte_a_letter.into_iter().flatten().collect()
    }),
    row(&findings::SIGNED_WITH_MISREAD, |secret| {
        let texts = [encodings::from_latin1(secret), encodings::from_windows_1252(secret)];
        texts.map(String::into_bytes).into()
    }),
    row(&findings::SIGNED_WITH_OTHER_CASE, |secret| {
        text(secret, |text| vec![text.to_uppercase(), text.to_lowercase()])
    }),
    row(&findings::SIGNED_WITH_HASHED_SECRET, |secret| {
        let md5 = hex::encode(Md5::digest(secret));
        vec![
            md5.to_uppercase().into_bytes(),
            md5.into_bytes(),
            hex::encode(Sha256::digest(secret)).into_bytes(),
        ]
    }),
    row(&findings::SIGNED_WITHOUT_SECRET, |_| {
        let words = ["", "undefined", "null", "None", "nil", "NULL", "NaN", "[object Object]"];
        words.map(|word| word.as_bytes().to_vec()).into()
    }),
];

impl Suspect {
    /// What the signer may have used in place of `secret`, without `secret` itself.
    pub fn candidates(&self, secret: &[u8]) -> Vec<Vec<u8>> {
        if secret.len() > LONGEST {
            return Vec::new();
        }
        let mut candidates = (self.make)(secret);
        candidates.retain(|candidate| candidate != secret);
        candidates.dedup();
        candidates
    }
}

/// UTF-8's byte order mark.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Zero-width and no-break spaces, a BOM in the middle, soft hyphen, NUL.
const INVISIBLE: &[char] =
    &['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{a0}', '\u{ad}', '\0'];

/// Applies a function to the secret as text; no candidates when it is not UTF-8.
fn text(secret: &[u8], make: impl FnOnce(&str) -> Vec<String>) -> Vec<Vec<u8>> {
    let made = std::str::from_utf8(secret).map(make).unwrap_or_default();
    made.into_iter().map(String::into_bytes).collect()
}

fn part(part: Option<&[u8]>) -> Vec<Vec<u8>> {
    part.map(<[u8]>::to_vec).into_iter().collect()
}

fn around(secret: &[u8], pairs: &[(&[u8], &[u8])]) -> Vec<Vec<u8>> {
    pairs.iter().map(|(before, after)| [before, secret, after].concat()).collect()
}

/// Without any of these bytes at the end.
fn without_end(secret: &[u8], unwanted: &[u8]) -> Vec<u8> {
    let end = secret.iter().rposition(|byte| !unwanted.contains(byte)).map_or(0, |last| last + 1);
    secret.get(..end).unwrap_or_default().to_vec()
}

fn without_spaces(secret: &[u8]) -> Vec<u8> {
    let blank = b" \t\x0b\x0c";
    let start = secret.iter().position(|byte| !blank.contains(byte)).unwrap_or(secret.len());
    without_end(secret.get(start..).unwrap_or_default(), blank)
}

/// Without the quotes at both ends, or at one of them.
fn unquoted(secret: &[u8]) -> Vec<Vec<u8>> {
    const QUOTES: &[(char, char)] =
        &[('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('„', '”'), ('‘', '’'), ('«', '»')];
    text(secret, |text| {
        let both = |(open, close): &(char, char)| text.strip_prefix(*open)?.strip_suffix(*close);
        let one = |(open, close): &(char, char)| {
            text.strip_prefix(*open).or_else(|| text.strip_suffix(*close))
        };
        let candidates = QUOTES.iter().filter_map(both).chain(QUOTES.iter().filter_map(one));
        candidates.map(str::to_owned).collect()
    })
}

fn without_escaped_newline(secret: &[u8]) -> Vec<Vec<u8>> {
    let ends: [&[u8]; 3] = [b"\\r\\n", b"\\n", b"\\r"];
    part(ends.iter().find_map(|end| secret.strip_suffix(*end)))
}

/// What stands behind the first `=` or `:` of a line that begins with a name, quoted or not.
fn value_of_line(secret: &[u8]) -> Vec<Vec<u8>> {
    text(secret, |text| {
        let named = |sign| {
            let (name, value) = text.split_once(sign)?;
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-. ".contains(letter);
            (!name.is_empty() && name.chars().all(is_name)).then(|| value.trim().to_owned())
        };
        ['=', ':'].into_iter().filter_map(named).collect()
    })
}

/// Each of the first lines of several.
fn lines(secret: &[u8]) -> Vec<Vec<u8>> {
    const LINES: usize = 20;
    text(secret, |text| {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines: Vec<_> = lines.take(LINES).map(str::to_owned).collect();
        if lines.len() > 1 { lines } else { Vec::new() }
    })
}

fn from_utf16(secret: &[u8]) -> Vec<Vec<u8>> {
    let orders = [u16::from_le_bytes, u16::from_be_bytes];
    let texts = orders.into_iter().filter_map(|order| encodings::from_utf16(secret, order));
    texts.map(String::into_bytes).collect()
}

/// The secret was read as one byte a letter and written as UTF-8, or never became UTF-8.
fn misread(secret: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(secret) else {
        let texts = [encodings::from_latin1(secret), encodings::from_windows_1252(secret)];
        return texts.map(String::into_bytes).into();
    };
    let bytes = [encodings::to_latin1(text), encodings::to_windows_1252(text)];
    let utf8 = |bytes: &Vec<u8>| std::str::from_utf8(bytes).is_ok();
    bytes.into_iter().flatten().filter(utf8).collect()
}

/// `%2B` as `%2b`: .NET's older functions write lower case.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        lower.push('%');
        lower.push_str(&digits.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}
