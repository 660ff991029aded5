//! Documents in other notations than JSON: XML (Burp, ZAP, Charles, JMeter, Wireshark's PDML), HTML,
//! of which only the text counts, and YAML (Insomnia, cassettes of VCR).

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use saphyr_parser::{Event as YamlEvent, Parser, ScalarStyle};

use super::super::detect::Walk;
use super::super::header::names_pgm;
use super::super::{Format, MAX_DEPTH, Value};
use super::tables;
use super::{SourceText, read_messages, read_words};

/// Reads a document in one of these notations; `None` when the text is none.
pub(super) fn read(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<Format> {
    read_xml(input, walk)
        .map(|()| Format::Xml)
        .or_else(|| read_yaml(input, walk).map(|()| Format::Yaml))
}

/// Reads an XML document, or the text of a page; `None` when it is neither.
fn read_xml(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let start = input.text.trim_start();
    start.starts_with('<').then_some(())?;
    match xml_tree(start).filter(|_| !is_page(start)) {
        Some(tree) => walk.document(&tree, None, None),
        None => {
            let text = page_text(start);
            let page = SourceText { bytes: text.as_bytes(), text: &text };
            read_messages(page, walk)
                .or_else(|| tables::read_printed(page, true, walk))
                .or_else(|| read_words(page, walk))?;
        }
    }
    Some(())
}

/// Whether a document is one of HTML, or a part of one.
fn is_page(start: &str) -> bool {
    const PARTS: [&str; 11] =
        ["html", "body", "div", "pre", "p", "table", "tr", "dl", "ul", "span", "section"];
    let head = start.get(..200).unwrap_or(start).to_ascii_lowercase();
    let first = head.get(1..).unwrap_or_default();
    let first = first.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    PARTS.contains(&first) || head.contains("<html") || head.contains("<!doctype html")
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
fn xml_tree(text: &str) -> Option<Value<'static>> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    // Wireshark shows the bytes of a message also as those of its packets.
    let has_messages = text.contains("<proto name=\"http\"");
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
                if !has_messages || !element.is_of_packet() {
                    parent.close(element);
                }
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
    /// Whether it is a field of Wireshark's of what TCP carried.
    fn is_of_packet(&self) -> bool {
        let name = self.attributes.iter().find(|(name, _)| name == "name");
        name.and_then(|(_, value)| value.as_str()).is_some_and(|name| name.starts_with("tcp."))
    }

    fn close(&mut self, element: Self) {
        let name = Cow::Owned(element.name.clone());
        self.children.push((name, element.into_value()));
    }

    /// Wireshark's `<field name="http.host" show="h" value="68"/>`: the value is the hex of the bytes,
    /// and what is shown may have lost some of them.
    fn show_field(&mut self) {
        let of = |name: &str| {
            let attribute = self.attributes.iter().find(|(known, _)| *known == name);
            attribute.and_then(|(_, value)| value.as_str().map(str::to_owned))
        };
        let Some(shown) = of("name").and_then(|_| of("show")) else { return };
        let bytes = of("value").and_then(|value| hex::decode(value).ok());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let value = text.filter(|text| text.contains(shown.trim_end())).unwrap_or(shown);
        self.attributes.retain(|(name, _)| name == "name");
        self.attributes.push(("value".into(), Value::String(value.into())));
    }

    fn into_value(mut self) -> Value<'static> {
        self.show_field();
        let mut members = self.attributes;
        if self.children.is_empty() && (!self.text.trim().is_empty() || members.is_empty()) {
            let text = Value::String(self.text.into());
            let is_name =
                |name: &str| ["name", "key"].iter().any(|known| name.eq_ignore_ascii_case(known));
            if !members.iter().any(|(name, _)| is_name(name)) {
                return text;
            }
            // `<header name="Host">h</header>`
            members.push(("value".into(), text));
            return Value::Object(members);
        }
        let children = match key_values(&self.children) {
            Some(pairs) => pairs,
            None => self.children,
        };
        let mut lists: Vec<(Cow<'static, str>, Vec<Value<'static>>)> = Vec::new();
        for (name, value) in children {
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

/// `<key>Host</key><string>h</string>…`, as Apple's property lists have it, as members.
fn key_values(
    children: &[(Cow<'static, str>, Value<'static>)],
) -> Option<Vec<(Cow<'static, str>, Value<'static>)>> {
    let pair = |pair: &[(Cow<'_, str>, Value<'static>)]| match pair {
        [(name, Value::String(key)), (_, value)] if name == "key" => {
            Some((key.clone(), value.clone()))
        }
        _ => None,
    };
    children.chunks(2).map(pair).collect()
}

/// The text of a page, each element on a line of its own but for those that only mark text.
fn page_text(html: &str) -> String {
    const INLINE: [&str; 8] = ["span", "b", "i", "a", "em", "strong", "code", "mark"];
    let mut text = String::with_capacity(html.len());
    let (mut rest, mut in_row) = (html, false);
    while let Some(open) = rest.find('<') {
        // White space around the cells of a row.
        let is_around = in_row && rest[..open].trim().is_empty() && text.ends_with('\t');
        text.push_str(if is_around { "" } else { &rest[..open] });
        let Some(close) = rest[open..].find('>') else { break };
        let tag = &rest[open + 1..open + close];
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        // The cells of a row stay on a line, a term with its meaning, and what begins in a cell.
        let is_inside = text.ends_with('\t') && !tag.starts_with('/') || tag == "/dt";
        match name.as_str() {
            "td" | "th" | "dd" => text.push('\t'),
            "tr" => {
                in_row = !tag.starts_with('/');
                text.push('\n');
            }
            name if INLINE.contains(&name) || is_inside => {}
            _ => text.push('\n'),
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

/// Reads the documents of a YAML text; `None` when it is not YAML, or has no structure in which
/// headers could be told from other text.
fn read_yaml(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    (names_pgm(text) && is_yaml_structure(text)).then_some(())?;
    for document in yaml_trees(text)? {
        walk.document(&document, None, None);
    }
    Some(())
}

/// Whether a text has keys with values on the lines below them, which plain header lines and notes
/// do not have.
fn is_yaml_structure(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        let opens = line.trim_end().ends_with(':') || line.trim_start().starts_with("- ");
        if opens && lines.peek().is_some_and(|next| next.starts_with([' ', '-'])) {
            return true;
        }
    }
    false
}

/// Sequences and mappings within each other: a text that has more is something else.
const MAX_OPEN: usize = 128;

/// What is open while a document is read.
enum OpenNode {
    Sequence(Vec<Value<'static>>),
    /// Members, and the key that waits for its value.
    Mapping(Vec<(Cow<'static, str>, Value<'static>)>, Option<Cow<'static, str>>),
}

/// The documents of a text; `None` when it is not YAML. Aliases and what is nested deeper than a
/// request can be are null.
fn yaml_trees(text: &str) -> Option<Vec<Value<'static>>> {
    let (mut documents, mut open) = (Vec::new(), Vec::new());
    for event in Parser::new_from_str(text) {
        // The parser's time grows with the depth.
        (open.len() <= MAX_OPEN).then_some(())?;
        let (event, _) = event.ok()?;
        let value = match event {
            YamlEvent::Scalar(text, style, ..) => yaml_scalar(&text, style),
            YamlEvent::Alias(_) => Value::Null,
            YamlEvent::SequenceStart(..) => {
                open.push(OpenNode::Sequence(Vec::new()));
                continue;
            }
            YamlEvent::MappingStart(..) => {
                open.push(OpenNode::Mapping(Vec::new(), None));
                continue;
            }
            YamlEvent::SequenceEnd | YamlEvent::MappingEnd => match open.pop()? {
                _ if open.len() >= MAX_DEPTH => Value::Null,
                OpenNode::Sequence(elements) => Value::Array(elements),
                OpenNode::Mapping(members, _) => Value::Object(members),
            },
            _ => continue,
        };
        match open.last_mut() {
            None => documents.push(value),
            Some(OpenNode::Sequence(elements)) => elements.push(value),
            Some(OpenNode::Mapping(members, key)) => match (key.take(), value) {
                (Some(name), value) => members.push((name, value)),
                (None, Value::String(name) | Value::Number(name)) => *key = Some(name),
                (None, _) => *key = Some("".into()),
            },
        }
    }
    let has_structure = |value: &Value<'_>| matches!(value, Value::Object(_) | Value::Array(_));
    documents.iter().any(has_structure).then_some(documents)
}

/// Words without quotes are text here, even if they look like numbers: a digest may.
fn yaml_scalar(text: &str, style: ScalarStyle) -> Value<'static> {
    match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null") => Value::Null,
        (ScalarStyle::Plain, "true") => Value::Bool(true),
        (ScalarStyle::Plain, "false") => Value::Bool(false),
        _ => Value::String(text.to_owned().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_becomes_a_value() {
        let xml = "<?xml version=\"1.0\"?><items v='1&amp;2'><item><a t=\"x\">b&lt;&#233;</a></item>\
                   <item><h n=\"k\"/><h n=\"l\"/><c><![CDATA[{\"d\":1}]]></c></item></items>";
        let json = xml_tree(xml).unwrap().to_string();
        assert_eq!(
            json,
            r#"{"items":{"v":"1&2","item":[{"a":"b<é"},{"h":[{"n":"k"},{"n":"l"}],"c":"{\"d\":1}"}]}}"#
        );
        for torn in ["", "<a>", "<a></b>", "text", "<a", &"<a>".repeat(10_000)] {
            assert_eq!(xml_tree(torn), None);
        }
    }

    #[test]
    fn pages_become_text() {
        let html = "<html><table><tr><td>Name</td><td>a &amp; <b>b</b></td></tr></table>";
        assert_eq!(page_text(html).split_whitespace().collect::<Vec<_>>(), ["Name", "a", "&", "b"]);
        let html =
            "<dl><dt>A</dt><dd>1</dd></dl><tr><th>B</th><td><pre>\"2\"</pre></td></tr>\n<tr><td>C";
        let lines = page_text(html).replace('\t', " ");
        let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
        assert_eq!(lines.collect::<Vec<_>>(), ["A 1", "B  \"2\"", "C"]);
    }

    #[test]
    fn yaml_becomes_values() {
        let text = "a: [1, ~]\nb:\n  - c: 'x'\n    d: |-\n      {\"e\":\n      1}\n---\n- 00e1\n";
        let read = yaml_trees(text).unwrap();
        let json: Vec<_> = read.iter().map(|value| value.to_string()).collect();
        assert_eq!(json, [r#"{"a":["1",null],"b":[{"c":"x","d":"{\"e\":\n1}"}]}"#, r#"["00e1"]"#]);
    }

    #[test]
    fn other_texts_are_not_yaml() {
        assert_eq!(yaml_trees("just words"), None);
        assert_eq!(yaml_trees("a: b: c"), None);
        assert_eq!(yaml_trees("{"), None);
        assert!(!is_yaml_structure("X-PerfectGym-Request: 1\nX-PerfectGym-Signature: 2\n"));
    }
}
