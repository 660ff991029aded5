//! Reading keys and values with the place they stand at.

use std::ops::Range;
use std::path::Path;

use toml_edit::{Item, TableLike};

use super::ConfigError;
use crate::text::nearest;

/// The text of a file, for errors that name a place in it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

/// A table whose keys are known.
pub(super) struct Fields<'a> {
    source: Source<'a>,
    /// What it is called in errors: `[send]`.
    label: &'static str,
    table: &'a dyn TableLike,
    span: Option<Range<usize>>,
}

impl<'a> Source<'a> {
    pub(super) fn error(
        self,
        span: Option<Range<usize>>,
        message: impl Into<String>,
    ) -> ConfigError {
        ConfigError::at(self.path, self.text, span, message)
    }

    /// A table that holds none but the `known` keys.
    pub(super) fn fields(
        self,
        label: &'static str,
        item: &'a Item,
        known: &[&str],
    ) -> Result<Fields<'a>, ConfigError> {
        match item.as_table_like() {
            Some(table) => self.known(label, table, item.span(), known),
            None => Err(self.error(item.span(), format!("{label} holds keys, not a value"))),
        }
    }

    /// The same for a table that is at hand.
    pub(super) fn known(
        self,
        label: &'static str,
        table: &'a dyn TableLike,
        span: Option<Range<usize>>,
        known: &[&str],
    ) -> Result<Fields<'a>, ConfigError> {
        match table.iter().find(|(key, _)| !known.contains(key)) {
            Some((key, _)) => Err(self.unknown(label, table, key, known)),
            None => Ok(Fields { source: self, label, table, span }),
        }
    }

    fn unknown(self, label: &str, table: &dyn TableLike, key: &str, known: &[&str]) -> ConfigError {
        let span = table.key(key).and_then(toml_edit::Key::span);
        let error = self.error(span, format!("{label} has no key {key}"));
        let error = match nearest(key, known) {
            Some(nearest) => error.help(format!("did you mean {nearest}?")),
            None => error,
        };
        error.help(format!("its keys are {}", known.join(", ")))
    }
}

impl<'a> Fields<'a> {
    pub(super) fn get(&self, key: &str) -> Option<&'a Item> {
        self.table.get(key)
    }

    /// The value of a key that must be there.
    pub(super) fn required(&self, key: &str, example: &str) -> Result<&'a Item, ConfigError> {
        let missing = || {
            self.source
                .error(self.span.clone(), format!("{} needs {key}", self.label))
                .help(format!("as in {key} = {example}"))
        };
        self.get(key).ok_or_else(missing)
    }

    /// A text.
    pub(super) fn text(&self, key: &str, item: &'a Item) -> Result<&'a str, ConfigError> {
        item.as_str().ok_or_else(|| self.wrong(item, format!("{key} is a text in quotes")))
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &str, item: &'a Item) -> Result<Vec<String>, ConfigError> {
        let wrong = || self.wrong(item, format!("{key} is a list of texts"));
        let array = item.as_array().ok_or_else(wrong)?;
        array.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    /// A text that `parse` understands.
    pub(super) fn parsed<T>(
        &self,
        key: &str,
        item: &'a Item,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        parse(self.text(key, item)?).map_err(|why| self.wrong(item, format!("{key}: {why}")))
    }

    /// A whole number that is not negative.
    pub(super) fn number(&self, key: &str, item: &'a Item) -> Result<u32, ConfigError> {
        let number = item.as_integer().and_then(|number| number.try_into().ok());
        number.ok_or_else(|| self.wrong(item, format!("{key} is a number, 0 or more")))
    }

    /// An error about a value.
    pub(super) fn wrong(&self, item: &Item, message: impl Into<String>) -> ConfigError {
        self.source.error(item.span(), message)
    }
}
