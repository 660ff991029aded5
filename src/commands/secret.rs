//! Where the webhook's secret comes from.

use std::path::Path;

use super::error::CliError;
use super::input;
use crate::cli::SecretArgs;
use crate::pgm::{InvalidSecret, Secret};
use crate::report::Output;

/// The environment variable with the secret, where no flag names another source.
pub(super) const VARIABLE: &str = "PGWH_SECRET";

/// The secret, from the flags or the environment.
pub(super) fn required(args: &SecretArgs, output: &mut Output) -> Result<Secret, CliError> {
    optional(args, output)?.ok_or_else(missing)
}

/// The error when there is no secret, with the ways to give one.
pub(super) fn missing() -> CliError {
    CliError::new("no secret: PGM signs every request with the webhook's secret")
        .help(
            "read it from a file with --secret-file FILE, from standard input with --secret-file -",
        )
        .help(format!("or set {VARIABLE} in the environment"))
        .help("or use --secret TEXT, which other users of this machine can see")
}

/// The secret from the flags or the environment, if there is one; an empty one is an error.
pub(super) fn optional(args: &SecretArgs, output: &mut Output) -> Result<Option<Secret>, CliError> {
    if let Some(secret) = typed(args, output)? {
        return Ok(Some(secret));
    }
    let Some(secret) = std::env::var_os(VARIABLE) else { return Ok(None) };
    Secret::new(secret.into_encoded_bytes()).map(Some).map_err(|why| invalid(VARIABLE, why))
}

/// The secret of the flags, if there is one. It takes precedence over every other.
pub(super) fn typed(args: &SecretArgs, output: &mut Output) -> Result<Option<Secret>, CliError> {
    if let Some(path) = &args.secret_file {
        return from_file("--secret-file", path).map(Some);
    }
    let Some(secret) = &args.secret else { return Ok(None) };
    let text = "--secret shows the secret to other users of this machine; \
                --secret-file or PGWH_SECRET does not";
    output.warn(text);
    Secret::new(secret.as_bytes()).map(Some).map_err(|why| invalid("--secret", why))
}

/// The flag or variable that the secret comes from.
pub(super) fn source(args: &SecretArgs) -> &'static str {
    match args {
        SecretArgs { secret_file: Some(_), .. } => "--secret-file",
        SecretArgs { secret: Some(_), .. } => "--secret",
        _ => VARIABLE,
    }
}

/// The secret in a file.
pub(super) fn from_file(flag: &str, path: &Path) -> Result<Secret, CliError> {
    let bytes = input::file_or_stdin(flag, path)?;
    Secret::from_file(bytes).map_err(|why| invalid(flag, why))
}

fn invalid(source: &str, why: InvalidSecret) -> CliError {
    CliError::new(format!("the secret from {source} {why}"))
        .help("copy it from the webhook's form in PGM")
}

/// Warns of a secret that looks mangled. It is used as it is.
pub(super) fn warn_if_mangled(secret: &Secret, source: &str, output: &mut Output) {
    if let Some(suspicion) = secret.suspicion() {
        output.warn(format!(
            "the secret from {source} looks mangled: it {suspicion}; it is used as it is"
        ));
    }
}
