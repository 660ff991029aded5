//! One JSON value, where it stands.

use std::borrow::Cow;

use serde::de::{Error, IgnoredAny};

use super::index::Part;
use super::items::Items;
use super::scan::string_end;
use super::unescape;

/// A JSON value within the bytes of its document, without white space around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'a> {
    text: &'a str,
    index: Option<Indexed<'a>>,
}

/// A document and, of its index, the part that is the value and those within it.
#[derive(Debug, Clone, Copy)]
struct Indexed<'a> {
    document: &'a str,
    parts: &'a [Part],
}

impl<'a> Node<'a> {
    /// The only value of a text, checked in a pass that builds nothing and does not recurse.
    ///
    /// # Errors
    /// When the text is not UTF-8 or not JSON, or something follows.
    pub(crate) fn parse(text: &'a [u8]) -> Result<Self, serde_json::Error> {
        let Ok(text) = std::str::from_utf8(text) else {
            return Err(serde_json::Error::custom("not UTF-8"));
        };
        serde_json::from_str::<IgnoredAny>(text)?;
        Ok(Self::sought(text.trim_ascii()))
    }

    /// The value of a text that is JSON, as far as one knows.
    pub(crate) fn unchecked(text: &'a [u8]) -> Self {
        Self::sought(std::str::from_utf8(text).unwrap_or_default().trim_ascii())
    }

    /// A value whose parts are found when they are asked for.
    pub(super) fn sought(text: &'a str) -> Self {
        Self { text, index: None }
    }

    /// The value of a document whose parts are known.
    pub(super) fn indexed(document: &'a str, parts: &'a [Part]) -> Option<Self> {
        Self::first_of(document, parts).map(|(node, _)| node)
    }

    /// The first value among the parts of a document, and the parts behind it.
    pub(super) fn first_of(document: &'a str, parts: &'a [Part]) -> Option<(Self, &'a [Part])> {
        let part = parts.first()?;
        let text = document.get(part.start as usize..part.end as usize)?;
        let (parts, behind) = parts.split_at_checked(part.parts())?;
        Some((Self { text, index: Some(Indexed { document, parts }) }, behind))
    }

    /// Whether its parts are known.
    pub(crate) fn is_indexed(self) -> bool {
        self.index.is_some()
    }

    /// The text as it stands in the document.
    pub(crate) fn text_as_spelt(self) -> &'a str {
        self.text
    }

    /// The bytes as they stand in the document.
    pub(crate) fn raw(self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn first(self) -> Option<u8> {
        self.text.as_bytes().first().copied()
    }

    pub(crate) fn is_object(self) -> bool {
        self.first() == Some(b'{')
    }

    pub(crate) fn is_array(self) -> bool {
        self.first() == Some(b'[')
    }

    pub(crate) fn is_true(self) -> bool {
        self.text == "true"
    }

    /// The members of an object, in order, repeats and all; none of anything else.
    pub(crate) fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Node<'a>)> {
        self.items(self.is_object()).filter_map(|item| Some((item.key?.meaning().0, item.value)))
    }

    /// The elements of an array; none of anything else.
    pub(crate) fn elements(self) -> impl Iterator<Item = Node<'a>> {
        self.items(self.is_array()).map(|item| item.value)
    }

    /// What is in a container of the right kind; else nothing.
    fn items(self, right: bool) -> Items<'a> {
        let keys = self.is_object();
        match self.index {
            _ if !right => Items::Sought { text: "", at: 0, keys },
            Some(Indexed { document, parts }) => {
                Items::Indexed { document, parts: parts.get(1..).unwrap_or_default(), keys }
            }
            None => Items::Sought { text: self.text, at: 1, keys },
        }
    }

    /// The value of the first member of this name.
    pub(crate) fn get(self, name: &str) -> Option<Self> {
        self.members().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// What a string stands for.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        (self.first() == Some(b'"')).then(|| self.meaning().0)
    }

    /// What a string stands for, and whether nothing of it was lost: neither here nor, as a
    /// replacement character shows, in the tool that wrote it.
    pub(crate) fn exact_text(self) -> Option<(Cow<'a, str>, bool)> {
        let (text, clean) = (self.first() == Some(b'"')).then(|| self.meaning())?;
        let whole = clean && !text.contains('\u{fffd}');
        Some((text, whole))
    }

    /// What a string stands for, and whether all its escapes were known.
    fn meaning(self) -> (Cow<'a, str>, bool) {
        let inside = self.text.strip_prefix('"').unwrap_or(self.text);
        let inside = inside.strip_suffix('"').unwrap_or(inside);
        if !self.is_escaped(inside) {
            return (Cow::Borrowed(inside), true);
        }
        // Room for what is copied beyond the end and dropped again.
        let mut out = Vec::with_capacity(inside.len() + 16);
        let known = unescape(inside, &mut out);
        // Escapes stand for whole characters, so this never fails.
        (Cow::Owned(String::from_utf8(out).unwrap_or_default()), known)
    }

    /// Whether there are escapes in a string, as its index says or what is inside shows.
    fn is_escaped(self, inside: &str) -> bool {
        match self.index.and_then(|index| index.parts.first()) {
            Some(part) => part.is_escaped(),
            None => memchr::memchr(b'\\', inside.as_bytes()).is_some(),
        }
    }

    /// A string, or a number, `true` or `false` as it is spelt.
    pub(crate) fn scalar(self) -> Option<Cow<'a, str>> {
        match self.first()? {
            b'"' => self.text(),
            b'{' | b'[' | b'n' => None,
            _ => Some(Cow::Borrowed(self.text)),
        }
    }

    /// The value without the white space between its parts; all else as it is spelt.
    pub(crate) fn compact(self) -> Vec<u8> {
        let bytes = self.raw();
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let end = if *byte == b'"' { string_end(bytes, at) } else { at + 1 };
            if !byte.is_ascii_whitespace() {
                out.extend_from_slice(&bytes[at..end.min(bytes.len())]);
            }
            at = end;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_elements_and_scalars() {
        let node =
            Node::parse(br#" { "a" : [1, "x", {"b":null} ] , "\u0062":true, "a":2 } "#).unwrap();
        let keys: Vec<_> = node.members().map(|(key, _)| key.into_owned()).collect();
        assert_eq!(keys, ["a", "b", "a"]);
        let list = node.get("a").unwrap();
        let scalars: Vec<_> = list.elements().map(Node::scalar).collect();
        assert_eq!(scalars, [Some("1".into()), Some("x".into()), None]);
        assert!(node.get("b").unwrap().is_true());
        assert_eq!(list.members().count() + node.elements().count(), 0);
        assert_eq!(list.compact(), br#"[1,"x",{"b":null}]"#);
    }

    #[test]
    fn no_text_makes_it_run_on_or_panic() {
        for text in
            ["", "{", "{\"a", "{\"a\"", "{\"a\":", "{:}", "[,,", "{,", "{1:2", "[\"\\", "{\"a\":}"]
        {
            let node = Node::unchecked(text.as_bytes());
            assert!(node.members().count() + node.elements().count() < 3, "{text}");
            let _ = (node.text(), node.scalar(), node.compact());
        }
    }

    #[test]
    fn loss_is_told() {
        let exact = |text| Node::parse(text).unwrap().exact_text().unwrap().1;
        assert!(exact("\"ż\\n\"".as_bytes()));
        for lossy in [&b"\"\\ud800\""[..], "\"\u{fffd}\"".as_bytes()] {
            assert!(!exact(lossy));
        }
    }
}
