//! How text becomes bytes, in encodings other than UTF-8 and written out as hex, base64 or lists, and
//! how it is escaped for URLs, HTML, JSON, mails and shells; and back.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};

/// Code page 437, which American consoles of Windows use. Of this and the other encodings with one
/// byte per letter, here are the letters up to the last byte; those before them are ASCII.
const CODE_PAGE_437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// Code page 850, which Western European consoles of Windows use.
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

/// The encodings with one byte per letter besides Latin-1.
const CODE_PAGES: [(&str, &str); 6] = [
    ("Windows-1252", WINDOWS_1252),
    ("Windows-1250", WINDOWS_1250),
    ("Latin-2", ISO_8859_2),
    ("code page 850", CODE_PAGE_850),
    ("code page 852", CODE_PAGE_852),
    ("code page 437", CODE_PAGE_437),
];

/// The text in Latin-1 and in each code page, where they have all its letters, with the name of the
/// encoding.
pub(super) fn in_code_pages(text: &str) -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let pages = CODE_PAGES.map(|(name, page)| (name, in_code_page(text, page)));
    let exact = std::iter::once(("Latin-1", to_latin1(text))).chain(pages);
    exact.filter_map(|(name, bytes)| Some((name, bytes?)))
}

/// The bytes read as Latin-1 and in each code page.
pub(super) fn from_code_pages(bytes: &[u8]) -> impl Iterator<Item = String> {
    let pages = CODE_PAGES.map(|(_, page)| from_code_page(bytes, page));
    std::iter::once(from_latin1(bytes)).chain(pages)
}

/// The text in every encoding with one byte per letter that has all its letters, or in which
/// programs replace or cut the letters that it lacks, with the name of the encoding.
pub(super) fn single_byte(text: &str) -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let units = |byte: fn(u16) -> u8| text.encode_utf16().map(byte).collect();
    let lossy = [
        // As .NET and Java write it.
        (
            "ASCII with question marks",
            units(|unit| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?')),
        ),
        (
            "ASCII with a question mark for each byte",
            text.bytes().map(|byte| if byte.is_ascii() { byte } else { b'?' }).collect(),
        ),
        // Buffer.from(text, 'binary') and 'ascii' of Node.
        ("the low 8 bits of each letter", units(|unit| unit.to_le_bytes()[0])),
        ("the low 7 bits of each letter", units(|unit| unit.to_le_bytes()[0] & 0x7f)),
        ("ASCII without the other letters", text.bytes().filter(u8::is_ascii).collect()),
    ];
    in_code_pages(text).chain(lossy)
}

/// The text in the encoding that ends with these letters, if it has all of the text's.
fn in_code_page(text: &str, letters: &str) -> Option<Vec<u8>> {
    let first = 0x100 - letters.chars().count();
    let byte = |letter: char| {
        let place = || letters.chars().position(|known| known == letter);
        let same = u8::try_from(letter).ok().filter(|&byte| usize::from(byte) < first);
        same.or_else(|| u8::try_from(first + place()?).ok())
    };
    text.chars().map(byte).collect()
}

/// The bytes read in the encoding that ends with these letters.
fn from_code_page(bytes: &[u8], letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let first = 0x100 - letters.len();
    let place = |byte: u8| usize::from(byte).checked_sub(first);
    let letter = |byte: u8| place(byte).and_then(|place| letters.get(place).copied());
    bytes.iter().map(|&byte| letter(byte).unwrap_or(byte.into())).collect()
}

/// Latin-1, in which every byte is a letter.
pub(super) fn to_latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|letter| u8::try_from(letter).ok()).collect()
}

/// The bytes read as Latin-1.
pub(super) fn from_latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// UTF-16 and UTF-32, little-endian and big-endian, with and without byte order mark.
pub(super) const WIDE: [fn(&str) -> Vec<u8>; 8] = [
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
pub(super) fn from_utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, []) = bytes.as_chunks::<2>() else { return None };
    let units: Vec<u16> = units.iter().map(|unit| order(*unit)).collect();
    let text = String::from_utf16(&units).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    (!text.is_empty() && !text.contains('\0')).then(|| text.to_owned())
}

/// The text in the other Unicode normalization forms.
pub(super) fn normalized(text: &str) -> Vec<String> {
    vec![
        ComposingNormalizer::new_nfc().normalize(text).into_owned(),
        DecomposingNormalizer::new_nfd().normalize(text).into_owned(),
        ComposingNormalizer::new_nfkc().normalize(text).into_owned(),
        DecomposingNormalizer::new_nfkd().normalize(text).into_owned(),
    ]
}

/// Decodes base64 in the usual or the URL-safe alphabet, with or without padding.
pub(super) fn base64_decoded(text: &[u8]) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let standard = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    let url_safe = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
    standard.decode(text).or_else(|_| url_safe.decode(text)).ok()
}

/// Decodes base32 (RFC 4648), with or without padding.
pub(super) fn base32_decoded(text: &str) -> Option<Vec<u8>> {
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

/// `AB-CD-EF`, `ab:cd:ef`, `ab cd ef`, `0xab, 0xcd`, `0xab0xcd`, and the dashes of a GUID.
pub(super) fn from_separated_hex(text: &str) -> Option<Vec<u8>> {
    let separator = |letter: char| matches!(letter, '-' | ':' | ' ' | '_' | ',' | '\n');
    let bare = text.replace("0x", "").replace("0X", "");
    let marked = bare.len() + 4 <= text.len();
    let between = text.contains(separator) && text.trim_matches(separator) == text || marked;
    between.then(|| hex::decode(bare.replace(separator, "")).ok())?
}

/// `[145, 206, …]`, `[-111, -50, …]`, `145,206,…`, `<<145, 206, …>>`, `Array(-111, -50, …)`, `<Buffer 91 ce …>`,
/// `{"type":"Buffer","data":[…]}`, `{"0":145,"1":206,…}`, and CryptoJS' words of 32 bits,
/// `{"words":[…],"sigBytes":16}`.
pub(super) fn from_byte_list(text: &str) -> Option<Vec<u8>> {
    if let Some((_, words)) = text.split_once("\"words\"") {
        let words = words.split(['[', ']']).nth(1)?.split(',');
        let bytes = |word: &str| word.trim().parse().ok().map(i32::to_be_bytes);
        return Some(words.map(bytes).collect::<Option<Vec<_>>>()?.concat());
    }
    if let Some(hex) = text.strip_prefix("<Buffer ").and_then(|rest| rest.strip_suffix('>')) {
        return hex::decode(hex.replace(' ', "")).ok();
    }
    let list = text.rsplit_once(['[', '{', '(']).map_or(text, |(_, list)| list);
    let list = list.trim_start_matches("<<").trim_matches(|c: char| "]})> \"".contains(c));
    let byte = |item: &str| {
        let number = item.rsplit_once(':').map_or(item, |(_, number)| number).trim();
        let signed = || number.parse::<i8>().ok().map(i8::cast_unsigned);
        number.parse::<u8>().ok().or_else(signed)
    };
    let separators = if list.contains(',') { &[','][..] } else { &[' '] };
    list.split(separators).map(byte).collect()
}

/// `\x91\xce_`, as Python, Ruby and C print bytes.
pub(super) fn from_escaped_bytes(text: &str) -> Option<Vec<u8>> {
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

/// Decodes `%41`; `None` when there is no escape, or an incomplete one.
pub(super) fn url_decoded(text: &[u8]) -> Option<Vec<u8>> {
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
pub(super) fn form_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let changed = (spaced != text).then_some(spaced);
    let decoded = changed.as_deref().and_then(url_decoded);
    decoded.or(changed)
}

/// Encodes everything but ASCII letters, digits and the characters in `kept` as `%41`.
pub(super) fn url_encoded(text: &[u8], kept: &str) -> String {
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
    ("&apos;", "'"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

/// Decodes HTML entities.
pub(super) fn html_decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut parts = text.split("&#");
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter = |number: &str| {
            let hex = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
            hex.unwrap_or_else(|| number.parse()).ok().and_then(char::from_u32)
        };
        let entity = part.split_once(';').and_then(|(it, rest)| Some((letter(it)?, rest)));
        match entity {
            Some((letter, rest)) => {
                decoded.push(letter);
                decoded += rest;
            }
            None => decoded = decoded + "&#" + part,
        }
    }
    ENTITIES.iter().fold(decoded, |text, (entity, plain)| text.replace(entity, plain))
}

/// The text that a JSON string literal with this content stands for.
pub(super) fn json_decoded(text: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{text}\"")).ok()
}

/// Replaces each non-ASCII character by `\u0142`, as Python, PHP and .NET write JSON.
pub(super) fn ascii_escaped(text: &str) -> String {
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

/// Without the sequences that color the text of a terminal or mark what was pasted into it.
pub(super) fn without_escape_sequences(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let sequence = part.strip_prefix('[').unwrap_or(part);
        let end = sequence.find(|letter: char| letter.is_ascii_alphabetic() || letter == '~');
        plain += end.and_then(|end| sequence.get(end + 1..)).unwrap_or(sequence);
    }
    let pasted = plain.strip_prefix("200~").and_then(|rest| rest.strip_suffix("201~"));
    pasted.map(str::to_owned).unwrap_or(plain)
}

/// Decodes `=3D`, as mails in quoted-printable have it.
pub(super) fn from_quoted_printable(text: &str) -> Option<String> {
    let decoded = url_decoded(text.replace('%', "%25").replace('=', "%").as_bytes())?;
    String::from_utf8(decoded).ok()
}

/// With the control characters as escapes again, which a program took for them.
pub(super) fn reescaped(text: &str) -> Option<String> {
    let escape = |letter: char| match letter {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\0' => "\\0".to_owned(),
        '\u{7}' => "\\a".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\u{1b}' => "\\e".to_owned(),
        other => other.to_string(),
    };
    let has_control = text.trim().contains(char::is_control);
    has_control.then(|| text.chars().map(escape).collect())
}

/// Without this character wherever it escapes the next one.
pub(super) fn without_escapes(text: &str, mark: char) -> String {
    let mut letters = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let escaped = if letter == mark { letters.next() } else { None };
        plain.push(escaped.unwrap_or(letter));
    }
    plain
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
            (CODE_PAGE_437, "Ç£éä\u{a0}", [0x80, 0x9c, 0x82, 0x84, 0xff]),
            (CODE_PAGE_850, "Ç£éä\u{a0}", [0x80, 0x9c, 0x82, 0x84, 0xff]),
            (CODE_PAGE_852, "Çśąź\u{a0}", [0x80, 0x98, 0xa5, 0xab, 0xff]),
        ] {
            assert_eq!(in_code_page(text, page).as_deref(), Some(&bytes[..]), "{text}");
        }
        assert_eq!(in_code_page("ł", WINDOWS_1252), None);
        assert_eq!(from_code_page(b"a\x80\xff", WINDOWS_1252), "a€ÿ");
        assert_eq!(from_code_page(b"a\x80\xa1", ISO_8859_2), "a\u{80}Ą");
    }
}
