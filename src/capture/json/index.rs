//! Where the values of a short text stand, found in the same pass that checks that it is JSON.

use super::super::limits;
use super::node::Node;
use super::pass::Pass;

/// Where a value, or a member's name, stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many of the parts behind this one are within it, or [`ESCAPED`](Self::ESCAPED); the
    /// parent while it is open.
    pub(super) within: u32,
}

impl Part {
    /// A string with escapes: no number of parts, as nothing is within a string.
    pub(super) const ESCAPED: u32 = u32::MAX;

    pub(super) fn is_escaped(self) -> bool {
        self.within == Self::ESCAPED
    }

    /// How many parts it takes, with those within it.
    pub(super) fn parts(self) -> usize {
        if self.is_escaped() { 1 } else { self.within as usize + 1 }
    }
}

/// The parts of a text in the order in which they start. Its memory is used again for the next.
#[derive(Debug, Default)]
pub(crate) struct Index(Vec<Part>);

impl Index {
    /// The only value of a text. `None` when that is not JSON, or too long to be indexed.
    pub(crate) fn parse<'a>(&'a mut self, text: &'a str) -> Option<Node<'a>> {
        self.0.clear();
        if text.len() > limits::INDEXED {
            return None;
        }
        Pass::new(text, &mut self.0).document()?;
        Node::indexed(text, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value with all that is in it, read by either kind of node.
    fn outline(node: Node<'_>) -> String {
        let members = node.members().map(|(name, value)| format!("{name}={}", outline(value)));
        let elements = node.elements().map(outline);
        let inner: Vec<_> = members.chain(elements).collect();
        format!("{}<{}>", String::from_utf8_lossy(node.raw()), inner.join("|"))
    }

    #[test]
    fn agrees_with_serde_json() {
        let mut index = Index::default();
        let seeds = [
            r#" { "a" : [1, "x", {"b":null} ] , "\u0062\n":true, "a":-2.50e+7,"":{},"c":[[],{}]} "#,
            r#"["ż\\","\"",false,0,-0.1,1E9,[0]]"#,
            "12",
        ];
        for seed in seeds {
            assert!(index.parse(seed).is_some(), "{seed}");
            for at in 0..seed.len() {
                for byte in "\"\\{}[],:01-.eutfn \t\u{c}\u{1}x".bytes() {
                    let mut text = seed.as_bytes().to_vec();
                    text[at] = byte;
                    let Ok(text) = std::str::from_utf8(&text) else { continue };
                    let plain = Node::parse(text.as_bytes()).ok().map(outline);
                    assert_eq!(index.parse(text).map(outline), plain, "{text}");
                }
            }
        }
    }

    #[test]
    fn brackets_without_end_and_long_texts() {
        let mut index = Index::default();
        assert!(index.parse(&"[".repeat(200_000)).is_none());
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert!(index.parse(&deep).is_some());
        assert!(index.parse(&" ".repeat(limits::INDEXED + 1)).is_none());
        assert!(index.parse("").is_none());
    }
}
