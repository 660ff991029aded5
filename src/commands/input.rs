//! Reading what a flag points to: a file, standard input, or the text itself.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::failure::Failure;

/// The text itself, the bytes of `@FILE`, or standard input for `-`.
pub(super) fn text_or_file(flag: &str, value: &str) -> Result<Vec<u8>, Failure> {
    match (value, value.strip_prefix('@')) {
        ("-", _) => stdin(flag),
        (_, Some(path)) => file(flag, Path::new(path)),
        (text, None) => Ok(text.as_bytes().to_vec()),
    }
}

/// The bytes of a file, or standard input for `-`.
pub(super) fn file_or_stdin(flag: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") { stdin(flag) } else { file(flag, path) }
}

fn file(flag: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path)
        .map_err(|error| Failure::new(format!("{flag}: cannot read {}: {error}", path.display())))
}

fn stdin(flag: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::new(format!("{flag}: cannot read standard input: {error}"))),
    }
}
