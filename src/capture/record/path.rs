//! The way to a value within a document, written out only when somebody asks.

use std::fmt;

/// One step and the way to it; lives on the walker's stack.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Path<'p> {
    /// The document itself.
    Root,
    /// A member of an object.
    Key(&'p Path<'p>, &'p str),
    /// An element of an array, from 0.
    Index(&'p Path<'p>, usize),
}

/// `log.entries[3].request`; keys that are no plain words are quoted: `a["b c"]`.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
            Self::Key(parent, key) if !is_word(key) => write!(f, "{parent}[{key:?}]"),
            Self::Key(Self::Root, key) => f.write_str(key),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
        }
    }
}

fn is_word(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$@".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::Path::*;

    #[test]
    fn written_out() {
        assert_eq!(Root.to_string(), "");
        let log = Key(&Root, "log");
        let entries = Key(&log, "entries");
        assert_eq!(Key(&Index(&entries, 3), "request").to_string(), "log.entries[3].request");
        assert_eq!(Key(&Index(&Root, 0), "a b\n").to_string(), r#"[0]["a b\n"]"#);
    }
}
