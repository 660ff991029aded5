//! One header as it stands in a file, its name not normalised before somebody asks for it.

use std::borrow::Cow;

use super::names::{header_name, pgm_header};

/// A header, borrowed where it stands without escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    known: Option<&'static str>,
}

impl<'a> Header<'a> {
    pub(super) fn new(name: Cow<'a, str>, value: Cow<'a, str>) -> Self {
        let known = pgm_header(&name);
        Self { name, value, known }
    }

    /// The name in the form in which names compare.
    pub(super) fn name(&self) -> Cow<'_, str> {
        header_name(&self.name)
    }

    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    /// The same header with a value of its own.
    pub(super) fn with_value(&self, value: &str) -> Self {
        Self { name: self.name.clone(), value: value.to_owned().into(), known: self.known }
    }

    /// Which of PGM's headers it is.
    pub(crate) fn known(&self) -> Option<&'static str> {
        self.known
    }

    /// The normalised name, and the value.
    pub(crate) fn to_pair(&self) -> (String, String) {
        (self.name().into_owned(), self.value.clone().into_owned())
    }

    pub(super) fn into_owned(self) -> Header<'static> {
        let (name, value) = (self.name.into_owned().into(), self.value.into_owned().into());
        Header { name, value, known: self.known }
    }
}

/// Whether any of them is one of PGM's.
pub(super) fn has_pgm(headers: &[Header<'_>]) -> bool {
    headers.iter().any(|header| header.known.is_some())
}

/// Adds those whose names are not there yet.
pub(super) fn merge<'a>(known: &mut Vec<Header<'a>>, more: Vec<Header<'a>>) {
    if known.is_empty() {
        *known = more;
        return;
    }
    let before = known.len();
    for header in more {
        let name = header.name();
        if !known[..before].iter().any(|known| known.name() == name) {
            drop(name);
            known.push(header);
        }
    }
}
