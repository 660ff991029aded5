//! XML: what Burp, ZAP, Charles and JMeter save. And HTML, of which only the text counts.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::decode::MAX_DEPTH;
use super::super::detect::Walk;
use super::super::value::Value;
use super::{SourceText, search, streams};

/// Reads an XML document, or the text of a page; `None` when it is neither.
pub(super) fn read(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let start = input.text.trim_start();
    start.starts_with('<').then_some(())?;
    let head = start.get(..200).unwrap_or(start).to_ascii_lowercase();
    if head.contains("<html") || head.contains("<!doctype html") {
        let text = page_text(start);
        let page = SourceText { bytes: text.as_bytes(), text: &text };
        return streams::read_printed(page, walk).or_else(|| search::read(page, walk));
    }
    walk.document(&document(start)?, None, None);
    Some(())
}

/// An element that is not closed yet.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(Cow<'static, str>, Value<'static>)>,
    children: Vec<(Cow<'static, str>, Value<'static>)>,
    text: String,
}

/// A document as a tree: elements are members, repeated ones a list. An element with text alone is
/// that text, and an entry if it has a name; one without text and children is its attributes. `None` when it is not XML.
fn document(text: &str) -> Option<Value<'static>> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(element(&start)?),
            Event::Empty(start) => {
                let element = element(&start)?;
                open.last_mut()?.close(element);
            }
            Event::End(_) => {
                let element = open.pop()?;
                let parent = open.last_mut()?;
                parent.close(element);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::CData(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
            Event::GeneralRef(reference) => {
                let name = reference.decode().ok()?;
                let named = quick_xml::escape::resolve_predefined_entity(&name);
                let text = &mut open.last_mut()?.text;
                match reference.resolve_char_ref().ok()? {
                    Some(char) => text.push(char),
                    None => text.push_str(named.unwrap_or_default()),
                }
            }
            Event::Eof => break,
            _ => {}
        }
        (open.len() <= MAX_DEPTH).then_some(())?;
    }
    let root = open.pop()?;
    (open.is_empty() && !root.children.is_empty()).then(|| root.into_value())
}

fn element(start: &BytesStart<'_>) -> Option<Element> {
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut element = Element { name: name(start.local_name().as_ref()), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = quick_xml::escape::unescape(&value).map_or(value.clone(), Cow::into_owned);
        let key = name(attribute.key.local_name().as_ref());
        element.attributes.push((key.into(), Value::String(value.into())));
    }
    Some(element)
}

impl Element {
    fn close(&mut self, element: Self) {
        let name = Cow::Owned(element.name.clone());
        self.children.push((name, element.into_value()));
    }

    fn into_value(self) -> Value<'static> {
        let mut members = self.attributes;
        if self.children.is_empty() && (!self.text.trim().is_empty() || members.is_empty()) {
            let text = Value::String(self.text.into());
            if !members.iter().any(|(name, _)| matches!(&**name, "name" | "key")) {
                return text;
            }
            // `<header name="Host">h</header>`
            members.push(("value".into(), text));
            return Value::Object(members);
        }
        let mut lists: Vec<(Cow<'static, str>, Vec<Value<'static>>)> = Vec::new();
        for (name, value) in self.children {
            // Elements of one name usually stand together.
            match lists.iter_mut().rev().take(64).find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => lists.push((name, vec![value])),
            }
        }
        members.extend(lists.into_iter().map(|(name, mut values)| match values.len() {
            1 => (name, values.pop().unwrap_or(Value::Null)),
            _ => (name, Value::Array(values)),
        }));
        Value::Object(members)
    }
}

/// The text of a page, each element on a line of its own but for those that only mark text.
fn page_text(html: &str) -> String {
    const INLINE: [&str; 8] = ["span", "b", "i", "a", "em", "strong", "code", "mark"];
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let tag = rest[open + 1..open + close].trim_start_matches('/');
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !INLINE.contains(&name.to_ascii_lowercase().as_str()) {
            // Cells of a row stay on a line.
            text.push(if name.eq_ignore_ascii_case("td") { '\t' } else { '\n' });
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    // Names that are no entities of XML must not keep the others as they are.
    let text = text.replace("&nbsp;", " ");
    match quick_xml::escape::unescape(&text) {
        Ok(plain) => plain.into_owned(),
        Err(_) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_become_values() {
        let xml = "<?xml version=\"1.0\"?><items v='1&amp;2'><item><a t=\"x\">b&lt;&#233;</a></item>\
                   <item><h n=\"k\"/><h n=\"l\"/><c><![CDATA[{\"d\":1}]]></c></item></items>";
        let json = String::from_utf8(document(xml).unwrap().to_json()).unwrap();
        assert_eq!(
            json,
            r#"{"items":{"v":"1&2","item":[{"a":"b<é"},{"h":[{"n":"k"},{"n":"l"}],"c":"{\"d\":1}"}]}}"#
        );
        for torn in ["", "<a>", "<a></b>", "text", "<a", &"<a>".repeat(10_000)] {
            assert_eq!(document(torn), None);
        }
    }

    #[test]
    fn pages_become_text() {
        let html = "<html><table><tr><td>Name</td><td>a &amp; <b>b</b></td></tr></table>";
        assert_eq!(page_text(html).split_whitespace().collect::<Vec<_>>(), ["Name", "a", "&", "b"]);
    }
}
