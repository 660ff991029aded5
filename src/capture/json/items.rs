//! What stands directly within a container.

use super::index::Part;
use super::node::Node;
use super::scan::{skip_space, string_end, value_end};

pub(super) struct Item<'a> {
    /// With its quotes; only in objects.
    pub(super) key: Option<Node<'a>>,
    pub(super) value: Node<'a>,
}

/// The items of a container, from the index if there is one, else found on the way.
pub(super) enum Items<'a> {
    Indexed { document: &'a str, parts: &'a [Part], keys: bool },
    Sought { text: &'a str, at: usize, keys: bool },
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        match self {
            Self::Indexed { document, parts, keys } => {
                let mut key = None;
                if *keys {
                    let (name, rest) = Node::first_of(document, parts)?;
                    key = Some(name);
                    *parts = rest;
                }
                let (value, rest) = Node::first_of(document, parts)?;
                *parts = rest;
                Some(Item { key, value })
            }
            Self::Sought { text, at, keys } => seek(text, at, *keys),
        }
    }
}

/// The item behind `at` in a container.
fn seek<'a>(text: &'a str, from: &mut usize, keys: bool) -> Option<Item<'a>> {
    let bytes = text.as_bytes();
    let mut at = skip_space(bytes, *from);
    if bytes.get(at) == Some(&b',') {
        at = skip_space(bytes, at + 1);
    }
    if matches!(bytes.get(at)?, b'}' | b']') {
        return None;
    }
    let mut key = None;
    if keys {
        let end = string_end(bytes, at);
        key = text.get(at..end).map(Node::sought);
        at = skip_space(bytes, skip_space(bytes, end) + 1);
    }
    let end = value_end(bytes, at);
    // Only in a text that is not JSON can a value be empty; there is no going on there.
    let value = text.get(at..end).filter(|value| !value.is_empty())?;
    *from = end;
    Some(Item { key, value: Node::sought(value) })
}
