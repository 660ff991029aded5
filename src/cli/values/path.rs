//! Paths that may come from the environment, where an empty variable means none.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};

/// Takes any path, also the empty one; whoever uses it takes that for none.
pub(in crate::cli) fn path_or_nothing() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}
