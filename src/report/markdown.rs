//! Text for Markdown.

use super::escape;

/// Foreign text of one or more lines as text of a table's cell, in which nothing is markup.
pub(super) fn escape_cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            escaped.push_str("<br>");
        }
        for c in escape(line).chars() {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '@' => {
                    escaped.extend(['\\', c]);
                }
                c => escaped.push(c),
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_foreign_is_markup() {
        assert_eq!(
            escape_cell("a|b <img> [x](y)\n*c* \u{1b}"),
            "a\\|b &lt;img> \\[x\\](y)<br>\\*c\\* \\\\u{1b}"
        );
    }
}
