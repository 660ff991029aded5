//! Standard input can be read once.

use std::path::PathBuf;

use super::failure::Failure;
use crate::cli::{PayloadArgs, SecretArgs};

/// Refuses flags that both want it: those of the payload, of the secret, and one more.
pub(super) fn one_reader(
    payload: &PayloadArgs,
    secret: &SecretArgs,
    from: Option<&PathBuf>,
) -> Result<(), Failure> {
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
    Err(Failure::new(format!("{} cannot both read standard input", readers.join(" and ")))
        .help("put one of them into a file"))
}
