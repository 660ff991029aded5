//! Reads keys and values of a TOML file, and says where in it something is wrong.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::{Item, TableLike};

use crate::text::nearest;

/// Why pgwh.toml cannot be used. Quotes no value of it but the one that is wrong, as a secret may
/// stand where none belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Line and column, counted from 1, in characters; `None` when it is about the whole file.
    pub location: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// What the user can do about it.
    pub help: Vec<String>,
}

/// The text of a file, for errors that name a location in it.
#[derive(Clone, Copy)]
pub(super) struct TomlText<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

/// A table whose keys are all known.
pub(super) struct KnownTable<'a> {
    file: TomlText<'a>,
    /// Its name in errors, such as `[send]`.
    label: &'static str,
    table: &'a dyn TableLike,
    span: Option<Range<usize>>,
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some((line, column)) = self.location {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl ConfigError {
    /// About the file as a whole.
    pub(super) fn whole(path: &Path, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), location: None, message: message.into(), help: Vec::new() }
    }

    /// Adds something that the user can do.
    pub(super) fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }
}

impl<'a> TomlText<'a> {
    /// An error about the bytes of `span`.
    pub(super) fn error(
        self,
        span: Option<Range<usize>>,
        message: impl Into<String>,
    ) -> ConfigError {
        let location = span.map(|span| location(self.text, span.start));
        ConfigError { location, ..ConfigError::whole(self.path, message) }
    }

    /// The table in `item`, which has none but the `known` keys.
    pub(super) fn table(
        self,
        label: &'static str,
        item: &'a Item,
        known: &[&str],
    ) -> Result<KnownTable<'a>, ConfigError> {
        match item.as_table_like() {
            Some(table) => self.known(label, table, item.span(), known),
            None => Err(self.error(item.span(), format!("{label} holds keys, not a value"))),
        }
    }

    /// The same for a table itself.
    pub(super) fn known(
        self,
        label: &'static str,
        table: &'a dyn TableLike,
        span: Option<Range<usize>>,
        known: &[&str],
    ) -> Result<KnownTable<'a>, ConfigError> {
        let Some((key, _)) = table.iter().find(|(key, _)| !known.contains(key)) else {
            return Ok(KnownTable { file: self, label, table, span });
        };
        let span = table.key(key).and_then(toml_edit::Key::span);
        let error = self.error(span, format!("{label} has no key {key}"));
        let error = match nearest(key, known) {
            Some(nearest) => error.help(format!("did you mean {nearest}?")),
            None => error,
        };
        Err(error.help(format!("its keys are {}", known.join(", "))))
    }
}

impl<'a> KnownTable<'a> {
    /// The value of a key, where it is set.
    pub(super) fn get(&self, key: &str) -> Option<&'a Item> {
        self.table.get(key)
    }

    /// The value of a key that must be set.
    pub(super) fn required(&self, key: &str, example: &str) -> Result<&'a Item, ConfigError> {
        let missing = || {
            self.file
                .error(self.span.clone(), format!("{} needs {key}", self.label))
                .help(format!("as in {key} = {example}"))
        };
        self.get(key).ok_or_else(missing)
    }

    /// A text.
    pub(super) fn text(&self, key: &str, item: &'a Item) -> Result<&'a str, ConfigError> {
        item.as_str().ok_or_else(|| self.error(item, format!("{key} is a text in quotes")))
    }

    /// A text that is not empty.
    pub(super) fn non_empty(&self, key: &str, item: &'a Item) -> Result<String, ConfigError> {
        match self.text(key, item)? {
            "" => Err(self.error(item, format!("{key} is empty"))),
            text => Ok(text.to_owned()),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &str, item: &'a Item) -> Result<Vec<String>, ConfigError> {
        let wrong = || self.error(item, format!("{key} is a list of texts"));
        let array = item.as_array().ok_or_else(wrong)?;
        array.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    /// A text that `parse` accepts.
    pub(super) fn parsed<T>(
        &self,
        key: &str,
        item: &'a Item,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        parse(self.text(key, item)?).map_err(|why| self.error(item, format!("{key}: {why}")))
    }

    /// A whole number that is not negative, where the key is set.
    pub(super) fn number(&self, key: &str) -> Result<Option<u32>, ConfigError> {
        let Some(item) = self.get(key) else { return Ok(None) };
        let number = item.as_integer().and_then(|number| number.try_into().ok());
        number.map(Some).ok_or_else(|| self.error(item, format!("{key} is a number, 0 or more")))
    }

    /// An error about a value.
    pub(super) fn error(&self, item: &Item, message: impl Into<String>) -> ConfigError {
        self.file.error(item.span(), message)
    }
}

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
