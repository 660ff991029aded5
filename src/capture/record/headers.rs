//! Headers in every form in which tools keep them.

use super::super::json::Node;
use super::names::{Folded, header_name, pgm_header};

type Pairs = Vec<(String, String)>;

/// The headers that a value holds, names normalised; `None` when it holds anything else.
pub(super) fn of(value: Node<'_>) -> Option<Pairs> {
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
            if inner.is_object() { of_map(inner) } else { of_list(inner) }
        }
        _ => of_text(&text),
    }
}

/// Adds a header, its name normalised. A proxy may have joined repeats with commas.
pub(super) fn push(pairs: &mut Pairs, name: &str, value: &str) {
    let name = header_name(name);
    if value.contains(',') && pgm_header(&name).is_some() {
        let parts: Vec<_> = value.split(',').map(str::trim).collect();
        if parts.iter().all(|part| is_id_or_digest(part)) || all_equal(&parts) {
            pairs.extend(parts.into_iter().map(|part| (name.clone(), part.to_owned())));
            return;
        }
    }
    pairs.push((name, value.to_owned()));
}

fn all_equal(parts: &[&str]) -> bool {
    parts.windows(2).all(|two| two[0] == two[1])
}

/// Of the length and the letters of a UUID or an MD5: no value by itself that has a comma.
fn is_id_or_digest(part: &str) -> bool {
    matches!(part.len(), 32 | 36) && part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// `{name: value}`, `{name: [values]}`, `{name: {value}}`, `{name: [{key, value}]}`.
fn of_map(map: Node<'_>) -> Option<Pairs> {
    let mut pairs = Pairs::new();
    for (name, value) in map.members() {
        if let Some(value) = value.scalar() {
            push(&mut pairs, &name, &value);
        } else if value.is_array() {
            let values = value.elements().map(|one| one.scalar().or_else(|| inner_value(one)));
            for value in values {
                pairs.push((header_name(&name), value?.into_owned()));
            }
        } else if value.is_object() {
            // A map of things that are no headers is no map of headers.
            push(&mut pairs, &name, &inner_value(value)?);
        }
    }
    Some(pairs)
}

fn inner_value(object: Node<'_>) -> Option<std::borrow::Cow<'_, str>> {
    let is_value = |name: &str| matches!(name, "value" | "Value" | "equalTo" | "stringValue");
    object.members().find(|(name, _)| is_value(name))?.1.scalar()
}

/// `[{name, value}]`, `[{Key, Value: […]}]`, `[{name: value}]`, `[[name, value]]`,
/// `["Name: value"]`, `["Name", "value", …]`.
fn of_list(list: Node<'_>) -> Option<Pairs> {
    let mut pairs = Pairs::new();
    let mut flat = Vec::new();
    for element in list.elements() {
        if element.is_object() {
            named(element, &mut pairs)?;
        } else if element.is_array() {
            let mut parts = element.elements();
            let name = parts.next()?.scalar()?;
            one_or_more(parts.next()?, &name, &mut pairs)?;
            if parts.next().is_some() {
                return None;
            }
        } else {
            flat.push(element.scalar()?);
        }
    }
    if flat.is_empty() {
        return Some(pairs);
    }
    if flat.iter().all(|line| line.contains(": ")) {
        return of_text(&flat.join("\n"));
    }
    let names_and_values = flat.chunks_exact(2);
    if !names_and_values.remainder().is_empty() {
        return None;
    }
    for two in names_and_values {
        if !is_header_name(&two[0]) {
            return None;
        }
        push(&mut pairs, &two[0], &two[1]);
    }
    Some(pairs)
}

/// `{name|key|header, value|values}`, or an object of one member.
fn named(element: Node<'_>, pairs: &mut Pairs) -> Option<()> {
    let (mut name, mut value, mut only, mut count) = (None, None, None, 0);
    for (key, node) in element.members() {
        match part_of(&key)? {
            Part::Name => name = node.scalar(),
            Part::Value => value = Some(node),
            Part::Other => {}
        }
        count += 1;
        only = Some((key, node));
    }
    match (name, value, only) {
        (Some(name), Some(value), _) => one_or_more(value, &name, pairs),
        // Postman's and HAR's entries may lack a value.
        (Some(_), None, _) if count > 1 => Some(()),
        (_, _, Some((name, value))) if count == 1 => one_or_more(value, &name, pairs),
        _ => None,
    }
}

/// What a member of an entry is.
enum Part {
    Name,
    Value,
    Other,
}

fn part_of(key: &str) -> Option<Part> {
    // The two that nearly all tools use, before the names are folded.
    match key {
        "name" => return Some(Part::Name),
        "value" => return Some(Part::Value),
        _ => {}
    }
    Some(match Folded::new(key)?.as_str() {
        "name" | "key" | "header" | "headername" | "field" | "n" | "k" => Part::Name,
        "value" | "values" | "headervalue" | "v" | "val" => Part::Value,
        _ => Part::Other,
    })
}

fn one_or_more(value: Node<'_>, name: &str, pairs: &mut Pairs) -> Option<()> {
    if value.is_object() {
        return None;
    }
    if !value.is_array() {
        push(pairs, name, &value.scalar().unwrap_or_default());
        return Some(());
    }
    for one in value.elements() {
        pairs.push((header_name(name), one.scalar()?.into_owned()));
    }
    Some(())
}

/// `Name: value` lines, LF or CRLF; a request line before them and blank lines at the ends
/// are passed over. `None` when a line is anything else.
pub(crate) fn of_text(text: &str) -> Option<Pairs> {
    let mut pairs = Pairs::new();
    for (index, line) in text.trim().lines().enumerate() {
        // HTTP/2's `:method` and the like start with their colon.
        let colon = line.get(1..).and_then(|rest| rest.find(':')).map(|at| at + 1);
        match colon.map(|at| (&line[..at], &line[at + 1..])) {
            Some((name, value)) if is_header_name(name) => push(&mut pairs, name, value.trim()),
            _ if index == 0 && line.contains(" HTTP/") => {}
            _ => return None,
        }
    }
    (!pairs.is_empty()).then_some(pairs)
}

/// Whether this can be a header's name; spaces are let pass, as some tools write them.
fn is_header_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~: ".contains(&byte);
    let name = name.trim_end();
    !name.is_empty() && name.len() <= 200 && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Vec<(String, String)>> {
        of(Node::parse(json.as_bytes()).unwrap())
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
            push(&mut pairs, "X-PerfectGym-Signature", value);
            pairs.len()
        };
        let digest = "b814e8a178517eeb9b0da8eeb20a0df2";
        assert_eq!(values(&format!("{digest}, {digest}")), 2);
        assert_eq!(values("a,a"), 2);
        assert_eq!(values("a,b"), 1);
        let mut pairs = Vec::new();
        push(&mut pairs, "accept", "a, a");
        assert_eq!(pairs.len(), 1);
    }
}
