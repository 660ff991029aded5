//! Errors of commands, exit code 2: of the work, and of command lines that cannot be parsed.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

use crate::report::Output;
use crate::text::{Diagnostic, nearest};

/// A command's error: what is wrong, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CliError(pub Diagnostic);

impl CliError {
    /// An error without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Diagnostic::new(message))
    }

    /// Adds a line of help.
    pub fn help(self, line: impl Into<String>) -> Self {
        Self(self.0.help(line))
    }

    /// Adds "did you mean …?" where there is a likely name.
    pub fn suggest(self, nearest: Option<&str>) -> Self {
        Self(self.0.suggest(nearest))
    }
}

impl From<Diagnostic> for CliError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(diagnostic)
    }
}

/// Errors whose own text says enough.
impl<E: std::error::Error> From<E> for CliError {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// Words that other tools have for what pgwh calls differently, and what to type.
const SYNONYMS: [(&str, &str); 14] = [
    ("--endpoint", "--url <URL>"),
    ("--target", "--url <URL>"),
    ("--uri", "--url <URL>"),
    ("--host", "--addr <ADDR:PORT>"),
    ("--port", "--addr <ADDR:PORT>"),
    ("receive", "pgwh listen"),
    ("serve", "pgwh listen"),
    ("server", "pgwh listen"),
    ("trigger", "pgwh send <EVENT>"),
    ("replay", "pgwh send --from <CAPTURE>, or pgwh requests retry <ID>"),
    ("resend", "pgwh send --from <CAPTURE>, or pgwh requests retry <ID>"),
    ("retry", "pgwh requests retry <ID>"),
    ("scenario", "pgwh play <NAME>"),
    ("story", "pgwh play <NAME>"),
];

/// Shows why a line of the command `tree` cannot be parsed.
pub(super) fn show_usage_error(
    error: Error,
    tree: Command,
    line: &[OsString],
    is_json: bool,
    output: &mut Output,
) {
    let error = with_likely_suggestions(error, tree, line);
    if is_json {
        return output.fail(diagnostic(&error));
    }
    let text = error.render();
    output.stderr(&match output.stderr_palette().on {
        true => text.ansi().to_string(),
        false => text.to_string(),
    });
}

/// Replaces clap's suggestions, which need little likeness, by likely ones of the command `tree`.
fn with_likely_suggestions(mut error: Error, mut tree: Command, line: &[OsString]) -> Error {
    let (invalid, suggested) = match error.kind() {
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        ErrorKind::InvalidSubcommand => {
            (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand)
        }
        _ => return error,
    };
    let Some(ContextValue::String(word)) = error.get(invalid) else { return error };
    let word = word.clone();
    tree.build();
    let command = typed_command(&tree, line);
    let known = match suggested {
        ContextKind::SuggestedArg => long_flags(command),
        _ => command.get_subcommands().map(|command| command.get_name().to_owned()).collect(),
    };
    error.remove(suggested);
    error.remove(ContextKind::Suggested);
    let usage = command.clone().render_usage();
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    if let Some(synonym) = synonym(&word, &known) {
        let tip = ContextValue::StyledStrs(vec![format!("did you mean {synonym}?").into()]);
        error.insert(ContextKind::Suggested, tip);
    } else if let Some(nearest) = nearest_word(&word, &known) {
        error.insert(suggested, ContextValue::String(nearest.to_owned()));
    }
    error
}

/// The command that a line gets to: `pgwh webhook add …` gets to `add`.
fn typed_command<'a>(tree: &'a Command, line: &[OsString]) -> &'a Command {
    line.iter().skip(1).fold(tree, |command, word| {
        word.to_str().and_then(|word| command.find_subcommand(word)).unwrap_or(command)
    })
}

fn long_flags(command: &Command) -> Vec<String> {
    let flags = command.get_arguments().filter_map(|arg| arg.get_long());
    flags.map(|flag| format!("--{flag}")).collect()
}

/// What a word of other tools is called here; a flag only where the command has it.
fn synonym(word: &str, known: &[&str]) -> Option<&'static str> {
    let (_, here) = SYNONYMS.iter().find(|(synonym, _)| *synonym == word)?;
    let flag = here.split(' ').next().filter(|flag| flag.starts_with("--"));
    flag.is_none_or(|flag| known.contains(&flag)).then_some(*here)
}

/// The nearest known word. The dashes of flags do not count: all have them.
fn nearest_word<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let bare: Vec<_> = known.iter().map(|known| known.trim_start_matches('-')).collect();
    let found = nearest(word.trim_start_matches('-'), &bare)?;
    known.iter().find(|known| known.trim_start_matches('-') == found).copied()
}

/// What clap says for people, `error: …` and then tips and usage, in parts.
fn diagnostic(error: &Error) -> Diagnostic {
    let text = error.render().to_string();
    let (message, help) = text.split_once("\n\n").unwrap_or((&text, ""));
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let help = help.lines().map(str::trim).filter(|line| !line.is_empty());
    Diagnostic { message: message.trim_end().to_owned(), help: help.map(str::to_owned).collect() }
}
