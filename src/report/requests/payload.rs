//! Bodies for people: JSON indented and painted, other text as it is, escaped.

use serde_json::Value;

use crate::report::{Palette, escape, escape_block};

const INDENT: &str = "  ";

/// A body as lines of text, each with a line feed.
pub(super) fn lines(body: &[u8], palette: Palette) -> String {
    if body.is_empty() {
        return format!("{}\n", palette.dim("(empty)"));
    }
    if let Ok(json @ (Value::Object(_) | Value::Array(_))) = serde_json::from_slice(body) {
        let mut text = String::new();
        push(&mut text, &json, 0, palette);
        return text + "\n";
    }
    match std::str::from_utf8(body) {
        Ok(text) => format!("{}\n", escape_block(text).trim_end_matches('\n')),
        Err(_) => format!("{}\n", palette.dim(&format!("({} bytes, no text)", body.len()))),
    }
}

fn push(text: &mut String, value: &Value, depth: usize, palette: Palette) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            text.push_str("{\n");
            for (n, (key, value)) in fields.iter().enumerate() {
                separate(text, n);
                *text += &INDENT.repeat(depth + 1);
                *text += &format!("{}: ", palette.highlight(&quoted(key)));
                push(text, value, depth + 1, palette);
            }
            *text += &format!("\n{}}}", INDENT.repeat(depth));
        }
        Value::Array(items) if !items.is_empty() => {
            text.push_str("[\n");
            for (n, item) in items.iter().enumerate() {
                separate(text, n);
                *text += &INDENT.repeat(depth + 1);
                push(text, item, depth + 1, palette);
            }
            *text += &format!("\n{}]", INDENT.repeat(depth));
        }
        Value::String(string) => *text += &palette.success(&quoted(string)),
        Value::Null => *text += &palette.dim("null"),
        plain => *text += &plain.to_string(),
    }
}

fn separate(text: &mut String, n: usize) {
    if n > 0 {
        text.push_str(",\n");
    }
}

/// A JSON string whose characters cannot steer a terminal.
fn quoted(string: &str) -> String {
    escape(&Value::from(string).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_numbers_stay_as_they_are() {
        let body = br#"{"event":"Test","data":{"amount":33.780,"list":[1,null],"none":{}}}"#;
        assert_eq!(
            lines(body, Palette::PLAIN),
            "{\n  \"event\": \"Test\",\n  \"data\": {\n    \"amount\": 33.780,\n    \"list\": [\n      \
             1,\n      null\n    ],\n    \"none\": {}\n  }\n}\n"
        );
    }

    #[test]
    fn what_is_no_json_stays_and_nothing_steers_the_terminal() {
        assert_eq!(lines(b"Ok", Palette::PLAIN), "Ok\n");
        assert_eq!(lines(b"", Palette::PLAIN), "(empty)\n");
        assert_eq!(lines(b"\xff", Palette::PLAIN), "(1 bytes, no text)\n");
        assert_eq!(lines(b"a\x1b[31m", Palette::PLAIN), "a\\u{1b}[31m\n");
        assert!(!lines("{\"a\":\"\u{9b}31m\"}".as_bytes(), Palette::PLAIN).contains('\u{9b}'));
    }
}
