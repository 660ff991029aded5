//! Headers in a list, each an object, a pair, a line, or a name and a value in turn.

use std::borrow::Cow;

use super::super::json::Node;
use super::folded::Folded;
use super::header::Header;
use super::headers::{Headers, is_header_name, of_lines, owned, push};

/// `[{name, value}]`, `[{Key, Value: […]}]`, `[{name: value}]`, `[[name, value]]`,
/// `["Name: value"]`, `["Name", "value", …]`.
pub(super) fn of_list(list: Node<'_>) -> Option<Headers<'_>> {
    let mut headers = Headers::with_capacity(16);
    let mut flat = Vec::new();
    for element in list.elements() {
        if element.is_object() {
            named(element, &mut headers)?;
        } else if element.is_array() {
            let mut parts = element.elements();
            let name = parts.next()?.scalar()?;
            one_or_more(parts.next()?, name, &mut headers)?;
            if parts.next().is_some() {
                return None;
            }
        } else {
            flat.push(element.scalar()?);
        }
    }
    if flat.is_empty() {
        return Some(headers);
    }
    if flat.iter().all(|line| line.contains(": ")) {
        return of_lines(&flat.join("\n")).map(owned);
    }
    let mut flat = flat.into_iter();
    while let Some(name) = flat.next() {
        let value = flat.next()?;
        if !is_header_name(&name) {
            return None;
        }
        push(&mut headers, name, value);
    }
    Some(headers)
}

/// `{name|key|header, value|values}`, or an object of one member.
fn named<'a>(element: Node<'a>, headers: &mut Headers<'a>) -> Option<()> {
    let (mut name, mut value, mut only, mut count) = (None, None, None, 0);
    for (key, node) in element.members() {
        match part_of(&key)? {
            Part::Name => name = node.scalar(),
            Part::Value => value = Some(node),
            Part::Other => {}
        }
        count += 1;
        if count == 1 {
            only = Some((key, node));
        }
    }
    match (name, value, only) {
        (Some(name), Some(value), _) => one_or_more(value, name, headers),
        // Postman's and HAR's entries may lack a value.
        (Some(_), None, _) if count > 1 => Some(()),
        (_, _, Some((name, value))) if count == 1 => one_or_more(value, name, headers),
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

fn one_or_more<'a>(value: Node<'a>, name: Cow<'a, str>, headers: &mut Headers<'a>) -> Option<()> {
    if value.is_object() {
        return None;
    }
    if !value.is_array() {
        push(headers, name, value.scalar().unwrap_or_default());
        return Some(());
    }
    for one in value.elements() {
        headers.push(Header::new(name.clone(), one.scalar()?));
    }
    Some(())
}
