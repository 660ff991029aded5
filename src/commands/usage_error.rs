//! Command lines that cannot be parsed: what clap says, with likely suggestions only.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Error};

use crate::cli::Cli;
use crate::text::{Diagnostic, nearest};

/// Words that other tools have for what pgwh calls differently, and what to type.
const SYNONYMS: [(&str, &str); 12] = [
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
];

/// Replaces clap's suggestions, which need little likeness, by likely ones.
pub(super) fn with_likely_suggestions(mut error: Error, line: &[OsString]) -> Error {
    let (invalid, suggested) = match error.kind() {
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        ErrorKind::InvalidSubcommand => {
            (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand)
        }
        _ => return error,
    };
    let Some(ContextValue::String(word)) = error.get(invalid) else { return error };
    let word = word.clone();
    let mut tree = Cli::command();
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

/// Whether a line that cannot be parsed asks for JSON.
pub(super) fn asks_for_json(line: &[OsString]) -> bool {
    line.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
        || line.iter().any(|word| word == "--format=json")
}

/// What clap says for people, `error: …` and then tips and usage, in parts.
pub(super) fn diagnostic(error: &Error) -> Diagnostic {
    let text = error.render().to_string();
    let (message, help) = text.split_once("\n\n").unwrap_or((&text, ""));
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let help = help.lines().map(str::trim).filter(|line| !line.is_empty());
    Diagnostic { message: message.trim_end().to_owned(), help: help.map(str::to_owned).collect() }
}
