//! Where the webhook's secret comes from.

use std::path::Path;

use super::failure::Failure;
use super::input;
use crate::cli::SecretArgs;
use crate::pgm::{InvalidSecret, Secret};
use crate::report::Output;

/// The environment variable that holds the secret when no flag names another source.
pub(super) const VARIABLE: &str = "PGWH_SECRET";

/// The secret, from the flags or the environment.
pub(super) fn required(args: &SecretArgs, output: &mut Output) -> Result<Secret, Failure> {
    optional(args, output)?.ok_or_else(missing)
}

/// There is no secret; and the ways to give one.
pub(super) fn missing() -> Failure {
    Failure::new("no secret: PGM signs every request with the webhook's secret")
        .help("--secret-file FILE reads it from a file, --secret-file - from standard input")
        .help(format!("{VARIABLE}=… in the environment"))
        .help("--secret TEXT, which other users of this machine can see")
}

/// The secret, if there is any; an empty one is an error wherever it comes from.
pub(super) fn optional(args: &SecretArgs, output: &mut Output) -> Result<Option<Secret>, Failure> {
    if let Some(secret) = typed(args, output)? {
        return Ok(Some(secret));
    }
    let Some(secret) = std::env::var_os(VARIABLE) else { return Ok(None) };
    Secret::new(secret.into_encoded_bytes()).map(Some).map_err(|why| invalid(VARIABLE, why))
}

/// The secret that the flags give, if they do: it goes before every other.
pub(super) fn typed(args: &SecretArgs, output: &mut Output) -> Result<Option<Secret>, Failure> {
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

/// The secret in a file that a flag names.
pub(super) fn from_file(flag: &str, path: &Path) -> Result<Secret, Failure> {
    let bytes = input::file_or_stdin(flag, path)?;
    Secret::from_file(bytes).map_err(|why| invalid(flag, why))
}

fn invalid(source: &str, why: InvalidSecret) -> Failure {
    Failure::new(format!("the secret from {source} {why}"))
        .help("copy it from the webhook's form in PGM")
}
