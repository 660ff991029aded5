//! Headers in every form in which tools keep them.

use std::borrow::Cow;

use super::super::json::Node;
use super::header::Header;
use super::header_list::of_list;

pub(super) type Headers<'a> = Vec<Header<'a>>;

/// The headers that a value holds; `None` when it holds anything else.
pub(super) fn of(value: Node<'_>) -> Option<Headers<'_>> {
    if value.is_object() {
        return of_map(value);
    }
    if value.is_array() {
        return of_list(value);
    }
    let text = value.text()?;
    match text.trim_start().as_bytes().first()? {
        // A level of JSON in a string; a string within it is no map or list any more.
        b'{' | b'[' => {
            let inner = Node::parse(text.as_bytes()).ok()?;
            let headers = if inner.is_object() { of_map(inner) } else { of_list(inner) };
            headers.map(owned)
        }
        _ => of_lines(&text).map(owned),
    }
}

pub(super) fn owned(headers: Headers<'_>) -> Headers<'static> {
    headers.into_iter().map(Header::into_owned).collect()
}

/// Adds a header. A proxy may have joined repeats with commas.
pub(super) fn push<'a>(headers: &mut Headers<'a>, name: Cow<'a, str>, value: Cow<'a, str>) {
    let header = Header::new(name, value);
    if header.known().is_some() && header.value().contains(',') {
        let parts: Vec<_> = header.value().split(',').map(str::trim).collect();
        if parts.iter().all(|part| is_id_or_digest(part)) || all_equal(&parts) {
            headers.extend(parts.into_iter().map(|part| header.with_value(part)));
            return;
        }
    }
    headers.push(header);
}

fn all_equal(parts: &[&str]) -> bool {
    parts.windows(2).all(|two| two[0] == two[1])
}

/// Of the length and the letters of a UUID or an MD5: no value by itself that has a comma.
fn is_id_or_digest(part: &str) -> bool {
    matches!(part.len(), 32 | 36) && part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// `{name: value}`, `{name: [values]}`, `{name: {value}}`, `{name: [{key, value}]}`.
fn of_map(map: Node<'_>) -> Option<Headers<'_>> {
    let mut headers = Headers::with_capacity(16);
    for (name, value) in map.members() {
        if let Some(value) = value.scalar() {
            push(&mut headers, name, value);
        } else if value.is_array() {
            let values = value.elements().map(|one| one.scalar().or_else(|| inner_value(one)));
            for value in values {
                headers.push(Header::new(name.clone(), value?));
            }
        } else if value.is_object() {
            // A map of things that are no headers is no map of headers.
            push(&mut headers, name, inner_value(value)?);
        }
    }
    Some(headers)
}

fn inner_value(object: Node<'_>) -> Option<Cow<'_, str>> {
    let is_value = |name: &str| matches!(name, "value" | "Value" | "equalTo" | "stringValue");
    object.members().find(|(name, _)| is_value(name))?.1.scalar()
}

/// `Name: value` lines, LF or CRLF; a request line before them and blank lines at the ends
/// are passed over. `None` when a line is anything else.
pub(super) fn of_lines(text: &str) -> Option<Headers<'_>> {
    let mut headers = Headers::new();
    for (index, line) in text.trim().lines().enumerate() {
        // HTTP/2's `:method` and the like start with their colon.
        let colon = line.get(1..).and_then(|rest| rest.find(':')).map(|at| at + 1);
        match colon.map(|at| (&line[..at], &line[at + 1..])) {
            Some((name, value)) if is_header_name(name) => {
                push(&mut headers, name.into(), value.trim().into());
            }
            _ if index == 0 && line.contains(" HTTP/") => {}
            _ => return None,
        }
    }
    (!headers.is_empty()).then_some(headers)
}

/// The headers of a text of `Name: value` lines, names normalised.
pub(crate) fn of_text(text: &str) -> Option<Vec<(String, String)>> {
    Some(of_lines(text)?.iter().map(Header::to_pair).collect())
}

/// Whether this can be a header's name; spaces are let pass, as some tools write them.
pub(super) fn is_header_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~: ".contains(&byte);
    let name = name.trim_end();
    !name.is_empty() && name.len() <= 200 && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Vec<(String, String)>> {
        let headers = of(Node::parse(json.as_bytes()).unwrap())?;
        Some(headers.iter().map(Header::to_pair).collect())
    }

    #[test]
    fn every_form_of_the_same_headers() {
        let expected = [("host", "h"), ("x-a", "1"), ("x-a", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        for json in [
            r#"{"Host":"h","X-A":["1","2"]}"#,
            r#"{"host":["h"],"x_a":["1","2"]}"#,
            r#"{"host":[{"key":"Host","value":"h"}],"x-a":[{"key":"X-A","value":"1"},{"value":"2"}]}"#,
            r#"{"host":{"equalTo":"h"},"x-a":["1","2"]}"#,
            r#"[{"name":"Host","value":"h"},{"name":"X-A","value":"1"},{"name":"X-A","value":"2"}]"#,
            r#"[{"Key":"Host","Value":["h"]},{"Key":"X-A","Value":["1","2"]}]"#,
            r#"[{"name":"Host","values":["h"]},{"key":"X-A","values":["1","2"]}]"#,
            r#"[{"Host":"h"},{"X-A":["1","2"]}]"#,
            r#"[["Host","h"],["X-A","1"],["X-A","2"]]"#,
            r#"[["Host","h"],["X-A",["1","2"]]]"#,
            r#"["Host","h","X-A","1","X-A","2"]"#,
            r#"["Host: h","X-A: 1","X-A: 2"]"#,
            r#""Host: h\r\nX-A: 1\nX-A:2\n""#,
            r#""POST / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\n\r\n""#,
            r#""{\"host\":\"h\",\"x-a\":[\"1\",\"2\"]}""#,
        ] {
            assert_eq!(read(json).as_deref(), Some(&expected[..]), "{json}");
        }
    }

    #[test]
    fn what_holds_no_headers() {
        for json in [
            "1",
            "null",
            r#""text""#,
            r#""a{b: 1""#,
            r#"["a"]"#,
            r#"["{", "}"]"#,
            r#"{"a":{"b":{}}}"#,
            r#"[{"a":1,"b":2}]"#,
            r#"[["a","b","c"]]"#,
            r#""\"[]\"""#,
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn joined_repeats_come_apart_where_no_single_value_has_a_comma() {
        let values = |value: &str| {
            let mut pairs = Vec::new();
            push(&mut pairs, "X-PerfectGym-Signature".into(), value.into());
            pairs.len()
        };
        let digest = "b814e8a178517eeb9b0da8eeb20a0df2";
        assert_eq!(values(&format!("{digest}, {digest}")), 2);
        assert_eq!(values("a,a"), 2);
        assert_eq!(values("a,b"), 1);
        let mut pairs = Vec::new();
        push(&mut pairs, "accept".into(), "a, a".into());
        assert_eq!(pairs.len(), 1);
    }
}
