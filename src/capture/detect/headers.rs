//! Headers in every form in which tools keep them.

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::header::{
    NameContext, fold, has_pgm, is_header_name, is_like_pgm, is_pgm_id, is_pgm_signature,
    may_name_pgm, may_repeat, normalize, of_lines,
};
use super::super::literal::parse_prefix;
use super::super::serialized::untyped;
use super::super::{HeaderPairs, MAX_DEPTH, Value, count_work, decode, owned_pairs, parse_json};
use super::{FieldRole, Member, envelope_member, is_envelope, is_flattened};
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER, is_pgm_header};

/// The headers of several containers; of the later ones only those whose names are new, and
/// PGM's where they contradict the earlier ones.
fn merge<'v>(mut containers: Vec<HeaderPairs<'v>>) -> Option<HeaderPairs<'v>> {
    if containers.len() < 2 {
        return containers.pop();
    }
    let mut merged = HeaderPairs::new();
    let mut names = HashSet::new();
    let mut pgm = HashSet::new();
    for headers in containers {
        let before = merged.len();
        for (name, value) in headers {
            count_work(name.len());
            let is_new = !names.contains(&name);
            let contradicts = is_pgm_header(&name)
                && !value.is_empty()
                && pgm.insert((name.clone(), value.clone()));
            if is_new || contradicts {
                merged.push((name, value));
            }
        }
        names.extend(merged[before..].iter().map(|(name, _)| name.clone()));
    }
    Some(merged)
}

/// Whether a value is a container of headers, PGM's among them, and of nothing else.
pub(in crate::capture) fn holds_headers(value: &Value<'_>) -> bool {
    let is_body = |name: &str| matches!(FieldRole::of(name), FieldRole::Body(0 | 1));
    of(value).is_some_and(|headers| has_pgm(&headers))
        && !value.members().iter().any(|(name, _)| is_body(name))
}

/// All headers of a request's object: those of its containers, and its own members if PGM's are
/// among them. `None` when there is no header at all.
pub(super) fn of_members<'v>(members: &[Member<'v>], envelope: bool) -> Option<HeaderPairs<'v>> {
    let mut containers = Vec::new();
    // Containers that keep repeats apart count first; of the others, only new names are added.
    for whole in [true, false] {
        for member in members {
            if member.role != (FieldRole::Headers { whole }) {
                continue;
            }
            // Several of one name are the lines of one container.
            let same = || members.iter().filter(|other| other.name == member.name);
            containers.extend(match (same().next(), same().nth(1)) {
                (_, None) => of(member.value),
                (Some(first), _) if std::ptr::eq(first, member) => {
                    of_text_lines(same().filter_map(|line| line.value.as_str()))
                }
                _ => None,
            });
        }
    }
    if containers.is_empty() && !envelope {
        containers.extend(by_content(members));
    }
    if is_flattened(members) {
        containers.push(own_headers(members, envelope));
    }
    merge(containers)
}

/// A container under a name that says nothing: the only member that holds PGM's headers.
fn by_content<'v>(members: &[Member<'v>]) -> Option<HeaderPairs<'v>> {
    let mut found = None;
    for member in members {
        if member.role != FieldRole::Other || member.is_pgm || !may_hold_pgm(member.value) {
            continue;
        }
        let Some(headers) = of(member.value).filter(|headers| has_pgm(headers)) else { continue };
        if found.replace(headers).is_some() {
            // Several: a collection of requests, not one.
            return None;
        }
    }
    found
}

/// Whether a value is worth taking for headers: an object that has PGM's among its members, and
/// neither a body nor headers of its own, which would make it a request; or a text or list that
/// names them.
fn may_hold_pgm(value: &Value<'_>) -> bool {
    if let Some(text) = value.as_str().filter(|text| text.trim_start().starts_with('{'))
        && let Ok(inner) = parse_json(text)
    {
        return may_hold_pgm(&inner);
    }
    let is_part =
        |name: &str| matches!(FieldRole::of(name), FieldRole::Body(_) | FieldRole::Headers { .. });
    match value {
        Value::Object(members) => {
            members.iter().any(|(name, _)| is_like_pgm(name))
                && !members.iter().any(|(name, _)| is_part(name))
        }
        Value::Array(elements) => elements.iter().any(names_pgm),
        text => names_pgm(text),
    }
}

/// Whether a value has PGM's name in it, in an element or a member at most.
fn names_pgm(value: &Value<'_>) -> bool {
    let named = |value: &Value<'_>| value.as_str().is_some_and(may_name_pgm);
    match value {
        Value::Object(members) => {
            members.iter().any(|(name, value)| may_name_pgm(name) || named(value))
        }
        Value::Array(elements) => elements.first().is_some_and(named),
        value => named(value),
    }
}

/// The members that can be headers: single values, and lists of them.
fn own_headers<'v>(members: &[Member<'v>], envelope: bool) -> HeaderPairs<'v> {
    let mut headers = Vec::new();
    for member in members {
        let is_part = matches!(member.role, FieldRole::Body(_) | FieldRole::NotReceived)
            || !may_repeat(member.name, member.value.elements().len());
        if is_part || envelope && envelope_member(member.name).is_some() {
            continue;
        }
        let name = Cow::Borrowed(member.name);
        let values = member.value.scalar().into_iter();
        let values = values.chain(member.value.elements().iter().filter_map(Value::scalar));
        headers.extend(values.map(|value| (name.clone(), value.into())));
    }
    unlisted(normalize(headers, NameContext::Members))
}

/// PGM's headers in a table with names of its own (`request_id`, `signature`, `payload`): the only
/// members of such names, with values such as PGM sends.
pub(super) fn of_own_table<'v>(members: &[Member<'v>]) -> Option<HeaderPairs<'v>> {
    let only = |names: [&str; 4], is_value: fn(&str) -> bool| {
        let mut named = members.iter().filter(|member| names.contains(&&*member.folded));
        let value = named.next()?.value.as_str()?.trim();
        (named.next().is_none() && is_value(value)).then_some(Cow::Borrowed(value))
    };
    let ids = ["requestid", "webhookrequestid", "pgmrequestid", "perfectgymrequestid"];
    let signatures = ["signature", "webhooksignature", "pgmsignature", "perfectgymsignature"];
    Some(vec![
        (REQUEST_ID_HEADER.into(), only(ids, is_pgm_id)?),
        (SIGNATURE_HEADER.into(), only(signatures, is_pgm_signature)?),
    ])
}

/// Takes PGM's values out of lists of one that were printed (`["1"]`, `['1']`, `('1',)`), as tracing
/// tools and columns of databases keep them. Only if both are such lists.
fn unlisted(mut headers: HeaderPairs<'_>) -> HeaderPairs<'_> {
    let is_list = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
        value.starts_with(['[', '(']) && is_pgm_header(name)
    };
    if headers.iter().filter(|header| is_list(header)).count() < 2 {
        return headers;
    }
    for header in headers.iter_mut().filter(|header| is_list(header)) {
        let only = match parse_prefix(&header.1) {
            Some((Value::Array(elements), length)) if length == header.1.len() => {
                match &elements[..] {
                    [Value::String(only)] => Some(only.to_string()),
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(only) = only {
            header.1 = only.into();
        }
    }
    headers
}

/// The headers that a value holds; `None` when it holds anything else.
pub(super) fn of<'v>(value: &'v Value<'_>) -> Option<HeaderPairs<'v>> {
    // A container in a container.
    let inner =
        value.members().iter().find(|(name, _)| matches!(&*fold(name), "headers" | "header"));
    let has_body = || {
        let is_body = |name: &str| matches!(FieldRole::of(name), FieldRole::Body(_));
        value.members().iter().any(|(name, value)| is_body(name) || is_envelope(value))
    };
    if let Some((_, inner @ (Value::Object(_) | Value::Array(_)))) = inner
        && !has_body()
        && let Some(headers) = of(inner).filter(|headers| has_pgm(headers))
    {
        return Some(headers);
    }
    match value {
        Value::Object(members) => match &members[..] {
            // `<headers><entry key="Host">`
            [(_, list @ Value::Array(_))] if list.elements().iter().any(Value::is_object) => {
                of_list(list).or_else(|| of_map(value))
            }
            _ => of_map(value),
        },
        Value::Array(_) => of_list(value),
        Value::String(text) => match text.trim_start().as_bytes().first()? {
            // JSON in a string; a string within it is not a map or a list any more.
            b'{' | b'[' => {
                let inner = parse_json(text).ok()?;
                let headers = if matches!(inner, Value::Object(_)) {
                    of_map(&inner)
                } else {
                    of_list(&inner)
                };
                headers.map(owned_pairs)
            }
            // The head of a message in base64.
            b'U' if text.starts_with("UE9TV") => {
                let head = String::from_utf8(decode::base64(text, false)?).ok()?;
                of_lines(&head).map(owned_pairs)
            }
            // hstore, a column type of PostgreSQL.
            b'"' if text.contains("=>") => {
                let braced = format!("{{{text}}}");
                let (map, _) = parse_prefix(&braced)?;
                of_map(&map).map(owned_pairs)
            }
            // tshark's http.request.line, in fields.
            _ if text.contains("\\r\\n") && !text.contains('\n') => {
                of_lines(&text.replace("\\r\\n,", "\n").replace("\\r\\n", "\n")).map(owned_pairs)
            }
            _ => of_lines(text),
        },
        _ => None,
    }
}

/// `{name: value}`, `{name: [values]}`, `{name: {value}}`, `{name: [{key, value}]}`.
fn of_map<'v>(map: &'v Value<'_>) -> Option<HeaderPairs<'v>> {
    let mut headers = Vec::with_capacity(map.members().len());
    for (name, value) in map.members() {
        let name = Cow::Borrowed(&**name);
        match value {
            Value::Array(values) if !may_repeat(&name, values.len()) => return None,
            Value::Array(values) => {
                for value in values {
                    let value = value.scalar().or_else(|| inner_value(value))?;
                    headers.push((name.clone(), value.into()));
                }
            }
            // A map of things that are no headers is not a map of headers.
            Value::Object(_) => headers.push((name, inner_value(value)?.into())),
            value => headers.extend(value.scalar().map(|value| (name, value.into()))),
        }
    }
    Some(unlisted(normalize(headers, NameContext::Map)))
}

fn inner_value<'v>(object: &'v Value<'_>) -> Option<&'v str> {
    let is_value = |name: &str| matches!(&*fold(name), "value" | "equalto" | "stringvalue");
    object.members().iter().find(|(name, _)| is_value(name))?.1.scalar()
}

/// `[{name, value}]`, `[{Key, Value: […]}]`, `[{name: value}]`, `[[name, value]]`,
/// `["Name: value"]`, `["Name", "value", …]`.
fn of_list<'v>(list: &'v Value<'_>) -> Option<HeaderPairs<'v>> {
    let mut headers = Vec::with_capacity(list.elements().len());
    let mut flat = Vec::new();
    for element in list.elements() {
        match element {
            Value::Object(_) => of_entry(element, &mut headers)?,
            Value::Array(pair) => match &pair[..] {
                [name, value] => push_values(name.scalar()?, value, &mut headers)?,
                _ => return None,
            },
            _ => flat.push(element.scalar()?),
        }
    }
    if flat.is_empty() {
        return Some(unlisted(normalize(headers, NameContext::Entries)));
    }
    if flat.iter().all(|line| line.contains(": ")) {
        return of_text_lines(flat.into_iter());
    }
    if flat.len() % 2 != 0 {
        return None;
    }
    for pair in flat.chunks_exact(2) {
        if !is_header_name(pair[0]) || is_like_pgm(pair[1]) {
            return None;
        }
        headers.push((pair[0].into(), pair[1].into()));
    }
    Some(normalize(headers, NameContext::Entries))
}

/// Texts of one line each.
fn of_text_lines<'v>(lines: impl Iterator<Item = &'v str>) -> Option<HeaderPairs<'static>> {
    let lines: Vec<_> = lines.map(|line| line.trim_end_matches(['\r', '\n'])).collect();
    of_lines(&lines.join("\n")).map(owned_pairs)
}

/// `{name|key|header, value|values}`, or an object of one member.
fn of_entry<'v>(entry: &'v Value<'_>, headers: &mut HeaderPairs<'v>) -> Option<()> {
    let is_name = |key: &str| match key {
        "name" | "key" | "header" | "headername" | "field" | "n" | "k" => Some(true),
        "value" | "values" | "headervalue" | "v" | "val" => Some(false),
        _ => None,
    };
    let (mut name, mut value) = (None, None);
    for (key, inner) in entry.members() {
        match is_name(key).or_else(|| is_name(&fold(key))) {
            Some(true) => name = inner.scalar(),
            Some(false) => value = Some(inner),
            None => {}
        }
    }
    match (name, value, entry.members()) {
        (Some(name), Some(value), _) => push_values(name, value, headers),
        (_, _, [(name, value)]) => push_values(name, value, headers),
        // Postman's and HAR's entries may lack a value.
        (Some(_), None, _) => Some(()),
        _ => None,
    }
}

/// A list of attributes (`[{key, value}]`, OpenTelemetry's among them) that names PGM's headers, as
/// the object that it stands for.
pub(super) fn attributes<'v>(elements: &'v [Value<'v>]) -> Option<Value<'v>> {
    elements.iter().any(names_pgm).then_some(())?;
    let member = |element: &'v Value<'v>| {
        let name = element.get("key").or_else(|| element.get("name"))?.as_str()?;
        let value = element.get("value").or_else(|| element.get("values"))?;
        let value = match untyped(value.clone(), MAX_DEPTH) {
            Value::Array(mut values) if values.len() == 1 => values.pop()?,
            value => value,
        };
        Some((Cow::Borrowed(name), value))
    };
    let members: Vec<_> = elements.iter().filter_map(member).collect();
    // Wireshark's fields may lack a name.
    (members.len() * 2 > elements.len()).then_some(Value::Object(members))
}

fn push_values<'v>(
    name: &'v str,
    value: &'v Value<'_>,
    headers: &mut HeaderPairs<'v>,
) -> Option<()> {
    let name = Cow::Borrowed(name);
    match value {
        Value::Object(_) => return None,
        Value::Array(values) if !may_repeat(&name, values.len()) => return None,
        Value::Array(values) => {
            for value in values {
                headers.push((name.clone(), value.scalar()?.into()));
            }
        }
        value => headers.push((name, value.scalar().unwrap_or_default().into())),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Vec<(String, String)>> {
        let value = parse_json(json).unwrap();
        let headers = of(&value)?.into_iter();
        Some(headers.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    #[test]
    fn every_form_of_the_same_headers() {
        let expected = [("host", "h"), ("x-a", "1"), ("x-a", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        for json in [
            r#"{"Host":"h","X-A":["1","2"]}"#,
            r#"{"host":["h"],"x_a":["1","2"]}"#,
            r#"{"host":"h","x-a":"1","x-a":"2"}"#,
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
}
