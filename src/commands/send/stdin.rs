//! Standard input can be read once.

use std::path::PathBuf;

use crate::cli::SendArgs;
use crate::commands::failure::Failure;

/// Refuses two flags that both want it.
pub(super) fn one_reader(args: &SendArgs) -> Result<(), Failure> {
    let dash = |path: &Option<PathBuf>| path.as_deref().is_some_and(|p| p.as_os_str() == "-");
    let readers = [
        ("--data", args.payload.data.as_deref() == Some("-")),
        ("--body", args.payload.body.as_deref() == Some("-")),
        ("--from", dash(&args.from)),
        ("--secret-file", dash(&args.secret.secret_file)),
    ];
    let readers: Vec<_> =
        readers.iter().filter(|(_, reads)| *reads).map(|(flag, _)| *flag).collect();
    if readers.len() < 2 {
        return Ok(());
    }
    Err(Failure::new(format!("{} cannot both read standard input", readers.join(" and ")))
        .help("put one of them into a file"))
}
