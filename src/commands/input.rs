//! What the user provides: a text, a file, standard input, or JSON from an editor.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::error::CliError;
use super::system;
use crate::capture::{self, Capture, ReadOutcome};
use crate::files;
use crate::report::Output;

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
    fs::read(path).map_err(|error| cannot_read(flag, &path.display().to_string(), &error))
}

fn stdin(flag: &str) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(cannot_read(flag, "standard input", &error)),
    }
}

fn cannot_read(flag: &str, what: &str, error: &io::Error) -> CliError {
    CliError::new(format!("{flag}: cannot read {what}: {}", files::error_text(error)))
}

/// The captures in the file of `--from`.
pub(super) fn captures(
    path: &Path,
    output: &mut Output,
) -> Result<Vec<Capture<'static>>, CliError> {
    let bytes = file_or_stdin("--from", path)?;
    let ReadOutcome { captures, faults, .. } = capture::read(&bytes).map_err(|error| {
        let message = format!("--from: {}: {error}", path.display());
        error.help().into_iter().fold(CliError::new(message), CliError::help)
    })?;
    for fault in &faults {
        output.warn(format!("skipped {}: {fault}", path.display()));
    }
    if captures.is_empty() {
        let message = format!("--from: {} has no request of PGM's", path.display());
        return Err(CliError::new(message)
            .help("`pgwh send --save FILE` writes captures that can be sent again"));
    }
    Ok(captures)
}

/// Standard input can be read once: refuses two flags that would both read it.
pub(super) fn check_single_stdin(
    readers: impl IntoIterator<Item = &'static str>,
) -> Result<(), CliError> {
    let readers: Vec<_> = readers.into_iter().collect();
    if readers.len() < 2 {
        return Ok(());
    }
    Err(CliError::new(format!("{} cannot both read standard input", readers.join(" and ")))
        .help("read one of them from a file"))
}

/// Opens JSON in `$VISUAL` or `$EDITOR` and returns what was saved. As long as that is not a JSON
/// object, the user is asked whether to edit it again.
pub(super) fn edit_json(json: &Value, output: &mut Output) -> Result<Value, CliError> {
    let editor = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    let editor = editor.map(|editor| editor.trim().to_owned()).find(|editor| !editor.is_empty());
    let Some(editor) = editor else {
        return Err(CliError::new("--edit: neither $VISUAL nor $EDITOR names an editor")
            .help("EDITOR=nano pgwh send …")
            .help("or change single values with --set PATH=VALUE"));
    };
    let file = TempFile::new(&serde_json::to_string_pretty(json)?)?;
    loop {
        open_editor(&editor, &file.0)?;
        let text = fs::read(&file.0).map_err(|error| cannot_use(&file.0, &error))?;
        let problem = match serde_json::from_slice(&text) {
            Ok(edited @ Value::Object(_)) => return Ok(edited),
            Ok(_) => "it is not a JSON object".to_owned(),
            Err(error) => format!("it is not JSON: {error}"),
        };
        if !io::stdin().is_terminal() {
            return Err(CliError::new(format!("--edit: {problem}")));
        }
        output.warn(problem);
        output.stderr("Edit it again? [Y/n] ");
        let mut reply = String::new();
        io::stdin().lock().read_line(&mut reply)?;
        if reply.trim().eq_ignore_ascii_case("n") || reply.is_empty() {
            return Err(CliError::new("--edit: nothing was sent"));
        }
    }
}

/// A file for its owner alone, which is deleted when it is dropped.
struct TempFile(PathBuf);

impl TempFile {
    fn new(text: &str) -> Result<Self, CliError> {
        let path = std::env::temp_dir().join(format!("pgwh-{}.json", system::new_request_id()));
        let file = files::private().write(true).create_new(true).open(&path);
        let mut file = file.map_err(|error| cannot_use(&path, &error))?;
        let edited = Self(path);
        writeln!(file, "{text}").map_err(|error| cannot_use(&edited.0, &error))?;
        Ok(edited)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Runs the editor as git does: by the shell, because its command may have arguments.
fn open_editor(editor: &str, path: &Path) -> Result<(), CliError> {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.arg("/C").arg(editor);
        command
    } else {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{editor} \"$1\"")).arg("sh");
        command
    };
    let status = command.arg(path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(CliError::new(format!("--edit: the editor {editor} failed ({status})"))
            .help("nothing was sent")),
        Err(error) => {
            let error = files::error_text(&error);
            Err(CliError::new(format!("--edit: cannot run {editor}: {error}")))
        }
    }
}

fn cannot_use(path: &Path, error: &io::Error) -> CliError {
    let error = files::error_text(error);
    CliError::new(format!("--edit: cannot use {}: {error}", path.display()))
}
