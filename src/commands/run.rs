//! From a command line to an exit code.

use std::ffi::OsString;
use std::io::{self, IsTerminal};

use super::failure::Failure;
use super::{
    Exit, check_target, completions, demo, events, listen, requests, send, sign, verify, webhook,
};
use crate::cli::{self, ColorArg, Invocation, Invoked};
use crate::report::{Output, Palette, failure};

/// Runs the command line, the program's own name first.
pub fn run(line: impl IntoIterator<Item = OsString>) -> Exit {
    let invocation = match cli::parse(line) {
        Ok(invocation) => invocation,
        Err(error) => return explain(&error),
    };
    let mut output = output(invocation.color);
    match dispatch(invocation, &mut output).and_then(|exit| written(&output).map(|()| exit)) {
        Ok(exit) => exit,
        Err(Failure { message, help }) => {
            output.note(&failure(&message, &help, output.note_palette()));
            Exit::Usage
        }
    }
}

fn dispatch(invocation: Invocation, output: &mut Output) -> Result<Exit, Failure> {
    match invocation.command {
        Invoked::Demo(_) => demo::run(output),
        Invoked::Events(args) => events::run(&args, output),
        Invoked::Sign(args) => sign::run(&args, output),
        Invoked::CheckTarget(args) => check_target::run(&args, output),
        Invoked::Send(args) => send::run(args, output),
        Invoked::Webhook(args) => webhook::run(&args, output),
        Invoked::Requests(args) => requests::run(args, output),
        Invoked::Listen(args) => listen::run(&args, output),
        Invoked::Completions(args) => completions::run(&args, output),
        Invoked::Verify(args) => verify::run(&args, output),
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
