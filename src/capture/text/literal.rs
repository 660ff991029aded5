//! Literals of JavaScript, Python and Ruby, as `console.log`, `print` and `inspect` show
//! objects: rewritten as JSON.

/// Rewrites a literal as JSON, as far as it is one: what comes out may still be no JSON.
pub(crate) fn to_json(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '"' | '\'' | '`' => string(rest, c, &mut json)?,
            // Node shows buffers like this.
            '<' => buffer(rest, &mut json)?,
            '=' if rest.starts_with("=>") => {
                json.push(':');
                &rest[2..]
            }
            ',' => {
                // JSON knows no comma before a closing bracket.
                if !rest[1..].trim_start().starts_with(['}', ']', ')']) {
                    json.push(',');
                }
                &rest[1..]
            }
            '(' | ')' => &rest[1..],
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '-' | '+') => {
                word(rest, &mut json)
            }
            c => {
                json.push(c);
                &rest[c.len_utf8()..]
            }
        };
    }
    Some(json)
}

/// A quoted string with the escapes that these languages share with JSON, and `\x41`, `\'`.
fn string<'a>(text: &'a str, quote: char, json: &mut String) -> Option<&'a str> {
    let mut value = Vec::new();
    let mut chars = text[1..].char_indices();
    let end = loop {
        let (at, c) = chars.next()?;
        let mut buffer = [0; 4];
        match c {
            c if c == quote => break at + 2,
            '\\' => match chars.next()?.1 {
                'n' => value.push(b'\n'),
                'r' => value.push(b'\r'),
                't' => value.push(b'\t'),
                'x' => {
                    let digits = text.get(at + 3..at + 5)?;
                    value.push(u8::from_str_radix(digits, 16).ok()?);
                    chars.nth(1)?;
                }
                'u' => {
                    let code = u32::from_str_radix(text.get(at + 3..at + 7)?, 16).ok()?;
                    let char = char::from_u32(code).unwrap_or('\u{fffd}');
                    value.extend(char.encode_utf8(&mut buffer).bytes());
                    chars.nth(3)?;
                }
                c => value.extend(c.encode_utf8(&mut buffer).bytes()),
            },
            c => value.extend(c.encode_utf8(&mut buffer).bytes()),
        }
    };
    json.push_str(&serde_json::to_string(&String::from_utf8_lossy(&value)).ok()?);
    Some(&text[end..])
}

/// `<Buffer 7b 7d>` as a list of bytes. One that Node cut short is no JSON.
fn buffer<'a>(text: &'a str, json: &mut String) -> Option<&'a str> {
    let (hex, rest) = text.strip_prefix("<Buffer ")?.split_once('>')?;
    let bytes: Option<Vec<u8>> =
        hex.split_whitespace().map(|digits| u8::from_str_radix(digits, 16).ok()).collect();
    json.push_str(&serde_json::to_string(&bytes?).ok()?);
    Some(rest)
}

/// A bare word: a number or a constant as a value, text as a key; a prefix of a string
/// (Python's `b'…'`) or a name before a bracket (`Headers {`) is left out.
fn word<'a>(text: &'a str, json: &mut String) -> &'a str {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '+' | '.');
    let end = text.find(|c: char| !part(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let next = rest.trim_start().chars().next();
    match word {
        _ if next == Some(':') && !rest.trim_start().starts_with("::") => {
            json.push('"');
            json.push_str(word);
            json.push('"');
        }
        "true" | "True" => json.push_str("true"),
        "false" | "False" => json.push_str("false"),
        "null" | "None" | "nil" | "undefined" => json.push_str("null"),
        number if number.parse::<f64>().is_ok() => json.push_str(number),
        _ => {}
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::to_json;

    #[test]
    fn literals_of_three_languages() {
        for (literal, json) in [
            (
                "{ a: 'b', 'c-d': [1, -2.5,], e: undefined, }",
                r#"{ "a": "b", "c-d": [1, -2.5], "e": null }"#,
            ),
            (
                r#"{'a': b'{"x":1}', 'b': True, 'c': None}"#,
                r#"{"a": "{\"x\":1}", "b": true, "c": null}"#,
            ),
            (r#"{"a"=>"b", "c" => nil}"#, r#"{"a":"b", "c" : null}"#),
            ("{ body: <Buffer 7b 7d> }", r#"{ "body": [123,125] }"#),
            (r"{'a': 'it\'s \x41 \u017c'}", r#"{"a": "it's A ż"}"#),
            ("Headers({'a': (1, 2)})", r#"{"a": 1, 2}"#),
        ] {
            assert_eq!(to_json(literal).unwrap(), json, "{literal}");
        }
    }

    #[test]
    fn what_is_torn_or_cut_is_none() {
        for text in ["'", "{'a", r"'\", r"'\x4'", r"'\u12", "<Buffer 7b ... 9 more bytes>", "<a>"] {
            assert_eq!(to_json(text), None, "{text}");
        }
    }
}
