//! From a command line to an exit code.

use std::ffi::OsString;
use std::io::{self, IsTerminal};

use clap::Parser;

use super::failure::Failure;
use super::{
    Exit, check_target, completions, demo, events, listen, requests, send, sign, verify, webhook,
};
use crate::cli::{Cli, ColorArg, Command};
use crate::report::{Output, Palette, failure};

/// Runs the command line, the program's own name first.
pub fn run(line: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(line) {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    let mut output = output(cli.color);
    match dispatch(cli.command, &mut output).and_then(|exit| written(&output).map(|()| exit)) {
        Ok(exit) => exit,
        Err(Failure { message, help }) => {
            output.note(&failure(&message, &help, output.note_palette()));
            Exit::Usage
        }
    }
}

fn dispatch(command: Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::Demo(_) => demo::run(output),
        Command::Events(args) => events::run(&args, output),
        Command::Sign(args) => sign::run(&args, output),
        Command::CheckTarget(args) => check_target::run(&args, output),
        Command::Send(args) => send::run(args, output),
        Command::Webhook(args) => webhook::run(&args, output),
        Command::Requests(args) => requests::run(args, output),
        Command::Listen(args) => listen::run(&args, output),
        Command::Completions(args) => completions::run(&args, output),
        Command::Verify(args) => verify::run(&args, output),
    }
}

/// `--help` and `--version` go to stdout, errors to stderr; a closed pipe is no error.
fn explain(error: &clap::Error) -> Exit {
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Yes }
}

fn written(output: &Output) -> Result<(), Failure> {
    match output.error() {
        Some(error) => Err(Failure::new(format!("cannot write the answer: {error}"))),
        None => Ok(()),
    }
}

fn output(color: ColorArg) -> Output {
    let palette = |is_terminal| Palette { on: is_coloured(color, is_terminal, &env) };
    let (answers, notes) =
        (palette(io::stdout().is_terminal()), palette(io::stderr().is_terminal()));
    if answers.on || notes.on {
        // The library's own guess would look at stdout only; each stream is decided here.
        colored::control::set_override(true);
    }
    Output::new(answers, notes)
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn is_coloured(color: ColorArg, is_terminal: bool, env: &dyn Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    match color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto if set("NO_COLOR") => false,
        ColorArg::Auto
            if env("CLICOLOR_FORCE").is_some_and(|value| !["", "0"].contains(&&*value)) =>
        {
            true
        }
        ColorArg::Auto => is_terminal && env("TERM").as_deref() != Some("dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_follows_the_flag_then_the_environment_then_the_terminal() {
        let decide = |color, is_terminal, name: &str, value: &str| {
            is_coloured(color, is_terminal, &|wanted| (wanted == name).then(|| value.to_owned()))
        };
        assert!(decide(ColorArg::Always, false, "NO_COLOR", "1"));
        assert!(!decide(ColorArg::Never, true, "CLICOLOR_FORCE", "1"));
        assert!(!decide(ColorArg::Auto, true, "NO_COLOR", "1"));
        assert!(decide(ColorArg::Auto, true, "NO_COLOR", ""));
        assert!(decide(ColorArg::Auto, false, "CLICOLOR_FORCE", "1"));
        assert!(!decide(ColorArg::Auto, false, "CLICOLOR_FORCE", "0"));
        assert!(!decide(ColorArg::Auto, true, "TERM", "dumb"));
        assert!(!decide(ColorArg::Auto, false, "TERM", "xterm"));
    }
}
