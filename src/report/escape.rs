//! Text that came from outside must not steer the terminal.

use serde::Serialize;

/// One line of foreign text: control characters, line breaks and characters that reorder or
/// hide text become visible escapes such as `\u{1b}`.
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|c| push(&mut shown, c));
    shown
}

/// Foreign text of several lines: the same, but line feeds (after a carriage return or not)
/// and tabs stay.
pub fn escape_block(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            other => push(&mut shown, other),
        }
    }
    shown
}

/// A value as one line of JSON, which is fit for a terminal too. Text and finite numbers always
/// have a JSON form.
pub(super) fn json_line(value: &impl Serialize) -> String {
    escape_json(serde_json::to_string(value).unwrap_or_default()) + "\n"
}

/// JSON in which such characters are written as JSON's own escapes: the same value, and no harm
/// to a terminal that it is printed to.
fn escape_json(json: String) -> String {
    if !json.contains(is_risky) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_risky(c) {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units).iter();
            escaped.extend(units.map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn push(shown: &mut String, c: char) {
    if is_risky(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
}

fn is_risky(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Zero width, direction and invisible operators; line and paragraph separators;
            // the byte order mark; interlinear annotations; tags.
            '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(escape("\u{1b}[31mżółć\r\n\u{9b}2J"), "\\u{1b}[31mżółć\\r\\n\\u{9b}2J");
        assert_eq!(escape("a\u{202e}b\u{200b}"), "a\\u{202e}b\\u{200b}");
        assert_eq!(escape_json("\"\u{9b}\u{e0041}ż\"".to_owned()), "\"\\u009b\\udb40\\udc41ż\"");
        assert_eq!(escape_block("a\r\nb\tc\u{7}\rd"), "a\nb\tc\\u{7}\\rd");
    }
}
