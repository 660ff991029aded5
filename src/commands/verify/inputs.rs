//! What there is to read: the files that were named, and those in folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::VerifyArgs;
use crate::commands::error::CliError;

/// Stands for standard input.
const STDIN: &str = "-";

/// Something to read.
#[derive(Debug)]
pub(super) struct Input {
    /// What it is called in reports.
    pub(super) name: String,
    pub(super) from: From,
    /// Whether it was named itself; what merely lies in a folder may be something else.
    pub(super) named: bool,
}

#[derive(Debug)]
pub(super) enum From {
    Stdin,
    File(PathBuf),
    /// A folder that gives no files.
    Unlisted(io::Error),
}

/// Standard input can be read only once.
pub(super) fn one_reader_of_stdin(args: &VerifyArgs) -> Result<(), CliError> {
    let is_stdin = |path: &Path| path == Path::new(STDIN);
    let files = args.files.iter().filter(|file| is_stdin(file)).count();
    let secrets = args.others.also_secret_file.iter().map(|named| &named.file);
    let secrets = secrets.chain(&args.secret.secret_file).filter(|file| is_stdin(file)).count();
    let body = usize::from(args.shown.body.as_deref() == Some(STDIN));
    if files + secrets + body > 1 {
        return Err(CliError::new("standard input can be read only once, and - is given twice")
            .help("put the secret into PGWH_SECRET or a file"));
    }
    Ok(())
}

/// All files, those of folders in the order of their names.
pub(super) fn expand(paths: &[PathBuf]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path == Path::new(STDIN) {
            let name = "standard input".to_owned();
            inputs.push(Input { name, from: From::Stdin, named: true });
        } else if path.is_dir() {
            let before = inputs.len();
            folder(path, true, &mut inputs);
            if inputs.len() == before {
                let error = io::Error::other("there is no file in it");
                inputs.push(unlisted(path, error, true));
            }
        } else {
            inputs.push(file(path.clone(), true));
        }
    }
    inputs
}

fn file(path: PathBuf, named: bool) -> Input {
    Input { name: path.display().to_string(), from: From::File(path), named }
}

fn unlisted(path: &Path, error: io::Error, named: bool) -> Input {
    Input { name: path.display().to_string(), from: From::Unlisted(error), named }
}

/// Links to folders are not followed: they may lead around in a circle.
fn folder(path: &Path, named: bool, inputs: &mut Vec<Input>) {
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return inputs.push(unlisted(path, error, named)),
    };
    entries.retain(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => folder(&entry.path(), false, inputs),
            // Pipes and sockets would be waited for.
            _ if !entry.path().is_file() => {}
            _ => inputs.push(file(entry.path(), false)),
        }
    }
}
