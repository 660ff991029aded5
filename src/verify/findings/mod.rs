//! Every finding: its id, how much it matters, and its texts. This is the only place for these
//! texts; `docs/findings.md` is generated from them by a test.

mod capture;
mod secret;
mod signature;
mod signed_with;
mod signing;

pub(in crate::verify) use self::{capture::*, secret::*, signature::*, signed_with::*, signing::*};

use super::finding::FindingKind;
use crate::text::nearest;

impl FindingKind {
    /// Every kind, grouped by what it is about.
    pub fn families() -> [(&'static str, &'static [&'static Self]); 6] {
        [
            ("The capture", CAPTURE),
            ("The secret that was given", SECRET),
            ("The secret that the signature was made with", SIGNED_WITH),
            ("The formula", SIGNING),
            ("The request id", REQUEST_ID),
            ("The form of the digest", SIGNATURE),
        ]
    }

    /// Every kind, in the order of the families.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        Self::families().into_iter().flat_map(|(_, kinds)| kinds).copied()
    }

    /// The kind with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().find(|kind| kind.id == id)
    }

    /// The kind whose id is most similar to this one, if any is similar.
    pub fn nearest(id: &str) -> Option<&'static Self> {
        let ids: Vec<_> = Self::all().map(|kind| kind.id).collect();
        nearest(id, &ids).and_then(Self::find)
    }
}

/// Declares kinds, and a list of them.
macro_rules! findings {
    ($all:ident: $($name:ident = $id:literal, $severity:ident, $message:literal, $help:literal, $explanation:literal;)*) => {
        $(pub(in crate::verify) static $name: crate::verify::FindingKind =
            crate::verify::FindingKind {
                id: $id,
                severity: crate::verify::Severity::$severity,
                message: $message,
                help: $help,
                explanation: $explanation,
            };
        )*
        pub(super) static $all: &[&crate::verify::FindingKind] = &[$(&$name),*];
    };
}
use findings;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_kebab_case() {
        let mut seen = std::collections::HashSet::new();
        for kind in FindingKind::all() {
            assert!(seen.insert(kind.id), "{} is declared twice", kind.id);
            let kebab =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(kind.id.bytes().all(kebab), "{}", kind.id);
            for text in [kind.message, kind.help, kind.explanation] {
                assert!(text.ends_with(['.', '?']) && !text.contains("  "), "{}: {text}", kind.id);
            }
        }
    }

    #[test]
    fn a_misspelt_id_finds_its_kind() {
        assert_eq!(
            FindingKind::nearest("secret-newlines").map(|kind| kind.id),
            Some("secret-newline")
        );
        assert!(FindingKind::nearest("qqqqqqqqqq").is_none());
    }
}
