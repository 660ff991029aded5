//! Text for XML, which cannot carry every character, not even escaped.

/// Foreign text as XML text or as an attribute's value.
pub(super) fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.extend(c.escape_default()),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_xml_cannot_carry() {
        assert_eq!(
            escape_xml("a<b>&\"c\"\n\u{1b}\r\u{ffff}ż"),
            "a&lt;b&gt;&amp;&quot;c&quot;&#10;\\u{1b}\\r\u{fffd}ż"
        );
    }
}
