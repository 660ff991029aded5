//! Escapes of URLs, HTML and JSON, as the programs that people use write and read them.

/// `%41` and, as in forms, `+`; `None` when there is no escape or a broken one.
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

/// The same with `+` for a space, as in forms.
pub(super) fn form_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let changed = (spaced != text).then_some(spaced);
    let decoded = changed.as_deref().and_then(url_decoded);
    decoded.or(changed)
}

/// All but letters, digits and what is `kept` as `%41`.
pub(super) fn url_encoded(text: &[u8], kept: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for &byte in text {
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode_upper([byte]));
        }
    }
    encoded
}

/// The entities that stand for the characters that HTML reserves; `&amp;` is the last to be
/// undone and the first to be done.
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
    ("&amp;", "&"),
];

/// Without entities.
pub(super) fn html_decoded(text: &str) -> String {
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// With the entities that most template engines write: `apostrophe` is theirs for `'`.
pub(super) fn html_encoded(text: &str, apostrophe: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', apostrophe)
}

/// What a text between the quotes of JSON stands for.
pub(super) fn json_decoded(text: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{text}\"")).ok()
}

/// The text between the quotes of JSON, non-ASCII characters as they are.
pub(super) fn json_encoded(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or_default().to_owned()
}

/// The same with `\u0142` for each non-ASCII character, as Python and .NET write it.
pub(super) fn json_encoded_ascii(text: &str) -> String {
    let mut encoded = String::new();
    let mut units = [0; 2];
    for letter in json_encoded(text).chars() {
        if letter.is_ascii() {
            encoded.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut units) {
                encoded.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    encoded
}
