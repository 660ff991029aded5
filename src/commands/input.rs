//! What a flag refers to: the text itself, a file, or standard input.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::cli::{PayloadArgs, SecretArgs};

/// The text itself, the bytes of `@FILE`, or standard input for `-`.
pub(super) fn text_or_file(flag: &str, value: &str) -> Result<Vec<u8>, CliError> {
    match (value, value.strip_prefix('@')) {
        ("-", _) => stdin(flag),
        (_, Some(path)) => file(flag, Path::new(path)),
        (text, None) => Ok(text.as_bytes().to_vec()),
    }
}

/// The bytes of a file, or standard input for `-`.
pub(super) fn file_or_stdin(flag: &str, path: &Path) -> Result<Vec<u8>, CliError> {
    if path == Path::new("-") { stdin(flag) } else { file(flag, path) }
}

fn file(flag: &str, path: &Path) -> Result<Vec<u8>, CliError> {
    fs::read(path)
        .map_err(|error| CliError::new(format!("{flag}: cannot read {}: {error}", path.display())))
}

fn stdin(flag: &str) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(CliError::new(format!("{flag}: cannot read standard input: {error}"))),
    }
}

/// Standard input can be read once: refuses two flags that would both read it.
pub(super) fn check_single_stdin(
    payload: &PayloadArgs,
    secret: &SecretArgs,
    from: Option<&PathBuf>,
) -> Result<(), CliError> {
    let dash = |path: Option<&PathBuf>| path.is_some_and(|path| path.as_os_str() == "-");
    let readers = [
        ("--data", payload.data.as_deref() == Some("-")),
        ("--body", payload.body.as_deref() == Some("-")),
        ("--from", dash(from)),
        ("--secret-file", dash(secret.secret_file.as_ref())),
    ];
    let readers: Vec<_> =
        readers.iter().filter(|(_, reads)| *reads).map(|(flag, _)| *flag).collect();
    if readers.len() < 2 {
        return Ok(());
    }
    Err(CliError::new(format!("{} cannot both read standard input", readers.join(" and ")))
        .help("read one of them from a file"))
}
