//! From a command line to an exit code.

use std::ffi::OsString;
use std::io::{self, IsTerminal};

use clap::Parser;

use super::error::CliError;
use super::{
    Exit, check_target, completions, demo, events, listen, requests, runtime, scaffold, send, sign,
    usage_error, verify, webhook,
};
use crate::cli::{Cli, ColorArg, Command};
use crate::files::error_text;
use crate::report::{Output, Palette};

/// Runs the command line, the program's own name first.
pub fn run(line: impl IntoIterator<Item = OsString>) -> Exit {
    let line: Vec<_> = line.into_iter().collect();
    let cli = match Cli::try_parse_from(&line) {
        Ok(cli) => cli,
        Err(error) => return explain(error, &line),
    };
    let mut output = output(cli.color, cli.command.wants_json());
    // The short commands that write no files do without: it costs a tenth of `sign`.
    let is_short = matches!(cli.command, Command::Sign(_) | Command::Events(_));
    #[cfg(unix)]
    if !is_short && let Err(error) = runtime::catch_file_size_signal() {
        output.warn(format!("cannot catch SIGXFSZ: {}", error_text(&error)));
    }
    match dispatch(cli.command, &mut output).and_then(|exit| written(&output).map(|()| exit)) {
        Ok(exit) => exit,
        Err(CliError(diagnostic)) => {
            output.fail(diagnostic);
            Exit::Usage
        }
    }
}

fn dispatch(command: Command, output: &mut Output) -> Result<Exit, CliError> {
    match command {
        Command::Demo(_) => demo::run(output),
        Command::Events(args) => events::run(&args, output),
        Command::Sign(args) => sign::run(&args, output),
        Command::CheckTarget(args) => check_target::run(&args, output),
        Command::Send(args) => send::run(args, output),
        Command::Webhook(args) => webhook::run(&args, output),
        Command::Requests(args) => requests::run(args, output),
        Command::Listen(args) => listen::run(&args, output),
        Command::Scaffold(args) => scaffold::run(&args, output),
        Command::Completions(args) => completions::run(&args, output),
        Command::Verify(args) => verify::run(&args, output),
        Command::Supervise(args) => check_target::supervise(&args.command),
    }
}

/// `--help` and `--version` go to stdout, errors to stderr; a closed pipe is not an error.
fn explain(error: clap::Error, line: &[OsString]) -> Exit {
    if !error.use_stderr() {
        let _ = error.print();
        return Exit::Yes;
    }
    let error = usage_error::with_likely_suggestions(error, line);
    if usage_error::asks_for_json(line) {
        output(ColorArg::Never, true).fail(usage_error::diagnostic(&error));
    } else {
        let mut output = output(ColorArg::Auto, false);
        let text = error.render();
        output.stderr(&match output.stderr_palette().on {
            true => text.ansi().to_string(),
            false => text.to_string(),
        });
    }
    Exit::Usage
}

fn written(output: &Output) -> Result<(), CliError> {
    match output.write_error() {
        Some(error) => Err(CliError::new(format!("cannot write the answer: {error}"))),
        None => Ok(()),
    }
}

fn output(color: ColorArg, json: bool) -> Output {
    let palette = |is_terminal| Palette { on: is_coloured(color, is_terminal, &env) };
    let (stdout, stderr) =
        (palette(io::stdout().is_terminal()), palette(io::stderr().is_terminal()));
    if stdout.on || stderr.on {
        // The library's own guess would look at stdout only; each stream is decided here.
        colored::control::set_override(true);
    }
    Output::new(stdout, stderr, json)
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
