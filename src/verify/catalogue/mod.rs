//! Every finding there is: its id, how much it matters, and what to say. The one place for
//! these texts; `docs/verify.md` lists the same ids, and a test compares them.

mod body;
mod headers;
mod id;
mod recurrence;
mod secret;
mod signature;
mod signing;
mod unexplained;

/// The kinds by name, for those who report them.
pub(super) mod kinds {
    pub(in crate::verify) use super::{
        body::*, headers::*, id::*, recurrence::*, secret::*, signature::*, signing::*,
        unexplained::*,
    };
}

use super::finding::Severity;
use crate::nearest::nearest;

/// What a finding of one id says, whatever the capture.
#[derive(Debug)]
pub struct Kind {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The sentence of a finding that has no better one.
    pub message: &'static str,
    /// What to do about it.
    pub hint: &'static str,
    /// The longer text: what is known, why it happens, how to tell.
    pub explanation: &'static str,
}

impl Kind {
    /// Every kind, sorted by id within its family.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        [
            headers::ALL,
            signature::ALL,
            id::ALL,
            secret::ALL,
            signing::ALL,
            unexplained::ALL,
            recurrence::ALL,
            body::ALL,
        ]
        .into_iter()
        .flatten()
        .copied()
    }

    /// The kind of this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().find(|kind| kind.id == id)
    }

    /// The kind whose id looks most like this, if one does.
    pub fn nearest(id: &str) -> Option<&'static Self> {
        let ids: Vec<_> = Self::all().map(|kind| kind.id).collect();
        nearest(id, &ids).and_then(Self::find)
    }
}

/// Declares kinds, and a list `ALL` that cannot forget one.
macro_rules! catalogue {
    ($($name:ident = $id:literal, $severity:ident, $message:literal, $hint:literal, $explanation:literal;)*) => {
        $(pub(in crate::verify) static $name: super::Kind = super::Kind {
            id: $id,
            severity: crate::verify::Severity::$severity,
            message: $message,
            hint: $hint,
            explanation: $explanation,
        };)*
        pub(super) static ALL: &[&super::Kind] = &[$(&$name),*];
    };
}
use catalogue;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case_and_of_one_kind_only() {
        let mut seen = std::collections::HashSet::new();
        for kind in Kind::all() {
            assert!(seen.insert(kind.id), "{} is there twice", kind.id);
            let kebab =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(kind.id.bytes().all(kebab), "{}", kind.id);
            for text in [kind.message, kind.hint, kind.explanation] {
                assert!(text.ends_with(['.', '?']) && !text.contains("  "), "{}: {text}", kind.id);
            }
        }
    }

    #[test]
    fn a_misspelt_id_finds_its_kind() {
        assert_eq!(Kind::nearest("secret-newlines").map(|kind| kind.id), Some("secret-newline"));
        assert!(Kind::nearest("qqqqqqqqqq").is_none());
    }
}
