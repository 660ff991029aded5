//! Reads TOML files whose keys are all known, and says where in one something is wrong.

use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::{fmt, fs, io};

use toml_edit::{Document, Item, TableLike};

use crate::files::error_text;
use crate::text::{Diagnostic, nearest};

/// Why a file cannot be used. Quotes no value of it but the one that is wrong, as a secret may stand
/// where none belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlFileError(Diagnostic);

/// The text of a file, for errors that name a location in it.
#[derive(Clone, Copy)]
pub struct TomlText<'a> {
    /// The file.
    pub path: &'a Path,
    /// What it says, without a byte order mark.
    pub text: &'a str,
}

/// Reads the text of a file, from a pipe too.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub fn read_toml(path: &Path) -> Result<String, TomlFileError> {
    decode_toml(path, fs::read(path))
}

/// The text of a file whose bytes were read.
///
/// # Errors
/// When they could not be read, or are not UTF-8.
pub fn decode_toml(path: &Path, read: io::Result<Vec<u8>>) -> Result<String, TomlFileError> {
    let failed = |error| format!("cannot read {}: {}", path.display(), error_text(error));
    let bytes = read.map_err(|error| TomlFileError(failed(error).into()))?;
    // Editors on Windows like to put a byte order mark first.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match std::str::from_utf8(text) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(TomlFileError::whole(path, "it is not UTF-8 text")),
    }
}

/// A table whose keys are all known.
pub struct KnownTable<'a> {
    file: TomlText<'a>,
    /// Its name in errors, such as `[send]`.
    label: &'static str,
    table: &'a dyn TableLike,
    span: Option<Range<usize>>,
}

impl std::error::Error for TomlFileError {}

/// The error with its file and location, and what the user can do about it.
impl From<TomlFileError> for Diagnostic {
    fn from(error: TomlFileError) -> Self {
        error.0
    }
}

impl fmt::Display for TomlFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl TomlFileError {
    /// About the file as a whole.
    pub fn whole(path: &Path, message: impl Into<Diagnostic>) -> Self {
        Self::at(&path.display().to_string(), message)
    }

    fn at(place: &str, message: impl Into<Diagnostic>) -> Self {
        let Diagnostic { message, help } = message.into();
        Self(Diagnostic { message: format!("{place}: {message}"), help })
    }

    /// Adds something that the user can do.
    #[must_use]
    pub fn help(self, line: impl Into<String>) -> Self {
        Self(self.0.help(line))
    }
}

impl<'a> TomlText<'a> {
    /// The file's contents.
    ///
    /// # Errors
    /// When it is not TOML.
    pub fn document(self) -> Result<Document<&'a str>, TomlFileError> {
        Document::parse(self.text)
            .map_err(|error| self.error(error.span(), error.message().replace('\n', ", ")))
    }

    /// An error about the bytes of `span`.
    pub fn error(
        self,
        span: Option<Range<usize>>,
        message: impl Into<Diagnostic>,
    ) -> TomlFileError {
        let Some(span) = span else { return TomlFileError::whole(self.path, message) };
        let (line, column) = location(self.text, span.start);
        TomlFileError::at(&format!("{}:{line}:{column}", self.path.display()), message)
    }

    /// The table in `item`, which has none but the `known` keys.
    pub fn table(
        self,
        label: &'static str,
        item: &'a Item,
        known: &[&str],
    ) -> Result<KnownTable<'a>, TomlFileError> {
        match item.as_table_like() {
            Some(table) => self.known(label, table, item.span(), known),
            None => Err(self.error(item.span(), format!("{label} holds keys, not a value"))),
        }
    }

    /// The same for a table itself.
    pub fn known(
        self,
        label: &'static str,
        table: &'a dyn TableLike,
        span: Option<Range<usize>>,
        known: &[&str],
    ) -> Result<KnownTable<'a>, TomlFileError> {
        let Some((key, _)) = table.iter().find(|(key, _)| !known.contains(key)) else {
            return Ok(KnownTable { file: self, label, table, span });
        };
        let span = table.key(key).and_then(toml_edit::Key::span);
        let message = Diagnostic::new(format!("{label} has no key {key}"))
            .suggest(nearest(key, known))
            .help(format!("its keys are {}", known.join(", ")));
        Err(self.error(span, message))
    }
}

impl<'a> KnownTable<'a> {
    /// The value of a key, where it is set.
    pub fn get(&self, key: &str) -> Option<&'a Item> {
        self.table.get(key)
    }

    /// The value of a key that must be set.
    pub fn required(&self, key: &str, example: &str) -> Result<&'a Item, TomlFileError> {
        let missing = || {
            self.file
                .error(self.span.clone(), format!("{} needs {key}", self.label))
                .help(format!("as in {key} = {example}"))
        };
        self.get(key).ok_or_else(missing)
    }

    /// A text.
    pub fn text(&self, key: &str, item: &'a Item) -> Result<&'a str, TomlFileError> {
        item.as_str().ok_or_else(|| self.error(item, format!("{key} is a text in quotes")))
    }

    /// A text that is not empty.
    pub fn non_empty(&self, key: &str, item: &'a Item) -> Result<String, TomlFileError> {
        match self.text(key, item)? {
            "" => Err(self.error(item, format!("{key} is empty"))),
            text => Ok(text.to_owned()),
        }
    }

    /// A list of texts.
    pub fn texts(&self, key: &str, item: &'a Item) -> Result<Vec<String>, TomlFileError> {
        let wrong = || self.error(item, format!("{key} is a list of texts"));
        let array = item.as_array().ok_or_else(wrong)?;
        array.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    /// A text that `parse` accepts.
    pub fn parsed<T, E: fmt::Display>(
        &self,
        key: &str,
        item: &'a Item,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, TomlFileError> {
        parse(self.text(key, item)?).map_err(|why| self.error(item, format!("{key}: {why}")))
    }

    /// A whole number of a range, where the key is set.
    pub fn number(
        &self,
        key: &str,
        range: RangeInclusive<u32>,
    ) -> Result<Option<u32>, TomlFileError> {
        let Some(item) = self.get(key) else { return Ok(None) };
        let number = item.as_integer().and_then(|number| u32::try_from(number).ok());
        let wrong = || {
            self.error(
                item,
                match (*range.start(), *range.end()) {
                    (from, u32::MAX) => format!("{key} is a number, {from} or more"),
                    (from, to) => format!("{key} is a number from {from} to {to}"),
                },
            )
        };
        number.filter(|number| range.contains(number)).map(Some).ok_or_else(wrong)
    }

    /// Whether a key is true; false where it is not set.
    pub fn flag(&self, key: &str) -> Result<bool, TomlFileError> {
        let Some(item) = self.get(key) else { return Ok(false) };
        item.as_bool().ok_or_else(|| self.error(item, format!("{key} is true or false")))
    }

    /// An error about a value.
    pub fn error(&self, item: &Item, message: impl Into<Diagnostic>) -> TomlFileError {
        self.file.error(item.span(), message)
    }
}

/// Line and column, counted from 1, in characters.
fn location(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_counted_in_characters() {
        let text = "a = 1\nżółw = 2\n";
        assert_eq!(location(text, 0), (1, 1));
        assert_eq!(location(text, text.find('=').unwrap()), (1, 3));
        assert_eq!(location(text, text.rfind('=').unwrap()), (2, 6));
    }
}
