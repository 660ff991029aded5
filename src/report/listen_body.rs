//! A received body for people.

use serde_json::Value;

use super::escape_block;

/// Lines of a body that are shown; the file that `--save` writes has all of it.
const LINES: usize = 200;

/// The lines of a body: JSON indented, its numbers and the order of its keys unchanged; other
/// text as it is.
pub(super) fn shown_body(body: &[u8]) -> Vec<String> {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(json) => format!("{json:#}"),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    let escaped = escape_block(&text);
    let mut lines: Vec<_> = escaped.lines().take(LINES).map(str::to_owned).collect();
    let more = escaped.lines().count().saturating_sub(LINES);
    if more > 0 {
        lines.push(format!("… {more} more lines"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_nothing_steers_the_terminal() {
        assert_eq!(
            shown_body(br#"{"b":1.50,"a":"\u001b"}"#)[1..3],
            ["  \"b\": 1.50,", "  \"a\": \"\\u001b\""]
        );
        assert_eq!(shown_body(b"\x1b[2J\xff\nx"), ["\\u{1b}[2J\u{fffd}", "x"]);
        assert_eq!(shown_body("a\n".repeat(300).as_bytes()).last().unwrap(), "… 100 more lines");
        assert!(shown_body(b"").is_empty());
    }
}
