//! Payloads for people: a body as a block of text, and what differs between two.

use serde_json::{Value, json};

use super::json::json_line;
use super::{Palette, escape, escape_block};
use crate::payload::{Change, Difference};

const INDENT: &str = "  ";

/// A body as lines of text, each with a line feed: JSON indented and painted, other text as it is,
/// escaped.
pub(super) fn payload_block(body: &[u8], palette: Palette) -> String {
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
        Err(_) => format!("{}\n", palette.dim(&format!("({} bytes, not text)", body.len()))),
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

/// What differs between two payloads, a line for each value.
pub fn payload_differences(differences: &[Difference], palette: Palette) -> String {
    let line = |difference: &Difference| {
        let path = escape(&difference.path.to_string());
        let path = palette.highlight(if path.is_empty() { "(the whole body)" } else { &path });
        let value = |value: &Value| escape(&value.to_string());
        match &difference.change {
            Change::Added(new) => format!("{} {path}: {}\n", palette.success("+"), value(new)),
            Change::Removed(old) => format!("{} {path}: {}\n", palette.error("-"), value(old)),
            Change::Changed(old, new) => {
                format!("{} {path}: {} → {}\n", palette.warning("~"), value(old), value(new))
            }
        }
    };
    differences.iter().map(line).collect()
}

/// The same as a line of JSON for each value.
pub fn payload_differences_json(differences: &[Difference]) -> String {
    let line = |difference: &Difference| {
        let (change, first, second) = match &difference.change {
            Change::Added(new) => ("added", None, Some(new)),
            Change::Removed(old) => ("removed", Some(old), None),
            Change::Changed(old, new) => ("changed", Some(old), Some(new)),
        };
        json_line(&json!({
            "type": "difference",
            "path": difference.path.to_string(),
            "change": change,
            "first": first,
            "second": second,
        }))
    };
    differences.iter().map(line).collect()
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
            payload_block(body, Palette::PLAIN),
            "{\n  \"event\": \"Test\",\n  \"data\": {\n    \"amount\": 33.780,\n    \"list\": [\n      \
             1,\n      null\n    ],\n    \"none\": {}\n  }\n}\n"
        );
    }

    #[test]
    fn what_is_no_json_stays_and_nothing_steers_the_terminal() {
        assert_eq!(payload_block(b"Ok", Palette::PLAIN), "Ok\n");
        assert_eq!(payload_block(b"", Palette::PLAIN), "(empty)\n");
        assert_eq!(payload_block(b"\xff", Palette::PLAIN), "(1 bytes, not text)\n");
        assert_eq!(payload_block(b"a\x1b[31m", Palette::PLAIN), "a\\u{1b}[31m\n");
        assert!(
            !payload_block("{\"a\":\"\u{9b}31m\"}".as_bytes(), Palette::PLAIN).contains('\u{9b}')
        );
    }
}
