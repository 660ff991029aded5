//! YAML: exports of Insomnia, VCR's and Betamax's cassettes, screens that show their data like it.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::super::decode::MAX_DEPTH;
use super::super::detect::{Walk, names_pgm};
use super::super::value::Value;
use super::SourceText;

/// Reads the documents of a YAML text; `None` when it is not YAML, or has no structure in which
/// headers could be told from other text.
pub(super) fn read(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    (names_pgm(text) && is_structured(text)).then_some(())?;
    for document in documents(text)? {
        walk.document(&document, None, None);
    }
    Some(())
}

/// Whether a text has keys with values on the lines below them, which plain header lines and notes
/// do not have.
fn is_structured(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        let opens = line.trim_end().ends_with(':') || line.trim_start().starts_with("- ");
        if opens && lines.peek().is_some_and(|next| next.starts_with([' ', '-'])) {
            return true;
        }
    }
    false
}

/// What is open while a document is read.
enum Open {
    Sequence(Vec<Value<'static>>),
    /// Members, and the key that waits for its value.
    Mapping(Vec<(Cow<'static, str>, Value<'static>)>, Option<Cow<'static, str>>),
}

/// The documents of a text; `None` when it is not YAML. Aliases and what is nested deeper than a
/// request can be are null.
fn documents(text: &str) -> Option<Vec<Value<'static>>> {
    let (mut documents, mut open) = (Vec::new(), Vec::new());
    for event in Parser::new_from_str(text) {
        let (event, _) = event.ok()?;
        let value = match event {
            Event::Scalar(text, style, ..) => scalar(&text, style),
            Event::Alias(_) => Value::Null,
            Event::SequenceStart(..) => {
                open.push(Open::Sequence(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Mapping(Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop()? {
                _ if open.len() >= MAX_DEPTH => Value::Null,
                Open::Sequence(elements) => Value::Array(elements),
                Open::Mapping(members, _) => Value::Object(members),
            },
            _ => continue,
        };
        match open.last_mut() {
            None => documents.push(value),
            Some(Open::Sequence(elements)) => elements.push(value),
            Some(Open::Mapping(members, key)) => match (key.take(), value) {
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
fn scalar(text: &str, style: ScalarStyle) -> Value<'static> {
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
    fn documents_become_values() {
        let text = "a: [1, ~]\nb:\n  - c: 'x'\n    d: |-\n      {\"e\":\n      1}\n---\n- 00e1\n";
        let read = documents(text).unwrap();
        let json: Vec<_> =
            read.iter().map(|value| String::from_utf8(value.to_json()).unwrap()).collect();
        assert_eq!(json, [r#"{"a":["1",null],"b":[{"c":"x","d":"{\"e\":\n1}"}]}"#, r#"["00e1"]"#]);
    }

    #[test]
    fn other_texts_are_not_yaml() {
        assert_eq!(documents("just words"), None);
        assert_eq!(documents("a: b: c"), None);
        assert_eq!(documents("{"), None);
        assert!(!is_structured("X-PerfectGym-Request: 1\nX-PerfectGym-Signature: 2\n"));
    }
}
