//! Encodings of one byte a letter, and UTF-16, as Windows programs use them.

/// What Windows-1252 has at 0x80 to 0x9f, where Latin-1 has control characters; a NUL where it
/// has nothing.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The Polish letters of Windows-1250 (PGM's vendor is Polish); ó and Ó are as in Latin-1.
const WINDOWS_1250: &[(char, u8)] = &[
    ('ą', 0xb9),
    ('ć', 0xe6),
    ('ę', 0xea),
    ('ł', 0xb3),
    ('ń', 0xf1),
    ('ś', 0x9c),
    ('ź', 0x9f),
    ('ż', 0xbf),
    ('Ą', 0xa5),
    ('Ć', 0xc6),
    ('Ę', 0xca),
    ('Ł', 0xa3),
    ('Ń', 0xd1),
    ('Ś', 0x8c),
    ('Ź', 0x8f),
    ('Ż', 0xaf),
];

/// Latin-1, of which every byte is a letter.
pub(super) fn to_latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|letter| u8::try_from(letter).ok()).collect()
}

/// Windows-1252.
pub(super) fn to_windows_1252(text: &str) -> Option<Vec<u8>> {
    let byte = |letter| match WINDOWS_1252.iter().position(|&known| known == letter) {
        Some(position) if letter != '\0' => u8::try_from(0x80 + position).ok(),
        _ => u8::try_from(letter).ok(),
    };
    text.chars().map(byte).collect()
}

/// Windows-1250, as far as Polish needs it.
pub(super) fn to_windows_1250(text: &str) -> Option<Vec<u8>> {
    let byte = |letter: char| {
        let polish = WINDOWS_1250.iter().find(|(known, _)| *known == letter);
        let same = matches!(letter, '\0'..='\x7f' | 'ó' | 'Ó');
        polish.map(|(_, byte)| *byte).or_else(|| u8::try_from(letter).ok().filter(|_| same))
    };
    text.chars().map(byte).collect()
}

/// ASCII with a question mark for each UTF-16 unit of another letter, as .NET writes it.
pub(super) fn to_ascii(text: &str) -> Vec<u8> {
    let byte = |unit| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?');
    text.encode_utf16().map(byte).collect()
}

/// The text of bytes that are taken for Latin-1.
pub(super) fn from_latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// The text of bytes that are taken for Windows-1252.
pub(super) fn from_windows_1252(bytes: &[u8]) -> String {
    let letter = |&byte: &u8| {
        let special = WINDOWS_1252.get(usize::from(byte).wrapping_sub(0x80)).copied();
        special.filter(|&letter| letter != '\0').unwrap_or(char::from(byte))
    };
    bytes.iter().map(letter).collect()
}

/// UTF-16 in this order of bytes, without a byte order mark.
pub(super) fn to_utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

/// The text of UTF-16 in this order of bytes, without its byte order mark. A NUL in it says
/// that it is no text.
pub(super) fn from_utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, []) = bytes.as_chunks::<2>() else { return None };
    let units: Vec<u16> = units.iter().map(|unit| order(*unit)).collect();
    let text = String::from_utf16(&units).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    (!text.is_empty() && !text.contains('\0')).then(|| text.to_owned())
}
