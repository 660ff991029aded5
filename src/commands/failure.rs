//! The former name of [`CliError`], until all callers have changed.

pub(super) use super::error::CliError as Failure;
