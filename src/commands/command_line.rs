//! The command line of pgwh: parsed, dispatched to its command, or explained where it is wrong.

use std::ffi::OsString;
use std::io::{self, IsTerminal};

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

#[cfg(unix)]
use super::catch_file_size_signal;
use super::{
    CliError, Exit, check_target, completions, demo, events, listen, page, play, requests,
    scaffold, send, sign, supervise, verify, webhook,
};
use crate::cli;
use crate::files::error_text;
use crate::report::{Output, Palette};
use crate::text::{Diagnostic, nearest};

/// The developer toolkit for Perfect Gym (PGM) webhooks: a stand-in for the PGM you don't have
#[derive(Debug, Parser)]
#[command(
    name = "pgwh",
    version,
    long_version = env!("PGWH_VERSION"),
    styles = STYLES,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = cli::overview(),
)]
struct Cli {
    /// Color the output: auto, always or never
    ///
    /// auto colors on a terminal. NO_COLOR and CLICOLOR_FORCE are respected.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        hide_possible_values = true,
        display_order = 900
    )]
    color: ColorArg,
    #[command(subcommand)]
    command: CliCommand,
}

/// `--color`
// Variants without doc comments: clap would list them one a line in every help text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ColorArg {
    #[default]
    Auto,
    Always,
    Never,
}

// The arguments of a command are built when it is typed, those of all others take longer than the
// work of `sign`. Until then, the overview has only these lines of what each command says of itself.
#[allow(clippy::large_enum_variant, reason = "there is one of them in a process")]
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum CliCommand {
    /// Take a quick tour; no setup needed
    Demo(demo::DemoArgs),
    /// List PGM's events, or show one with its sample body
    Events(events::EventsArgs),
    /// Build and sign a request without sending it
    Sign(sign::SignArgs),
    /// Send events to a URL as PGM does, with retries or under load
    Send(send::SendArgs),
    /// Play a story: a sequence of events with shared values
    Play(play::PlayArgs),
    /// Check whether captured requests are genuine, and why not
    Verify(verify::VerifyArgs),
    /// Check whether a URL is ready for PGM
    CheckTarget(check_target::CheckTargetArgs),
    /// Manage webhooks in pgwh.toml, like PGM's webhooks list
    Webhook(webhook::WebhookArgs),
    /// Show and retry sent requests, like PGM's Requests list
    Requests(requests::RequestsArgs),
    /// Receive requests here: verify, save, forward, or misbehave
    Listen(listen::ListenArgs),
    /// Show requests, webhooks and events in the browser, live
    Page(page::PageArgs),
    /// Print a receiver in your language, ready to run
    Scaffold(scaffold::ScaffoldArgs),
    /// Print a completion script for your shell
    Completions(completions::CompletionsArgs),
    /// Runs a target for `check-target --start`; of no use to people.
    #[command(hide = true)]
    Supervise(supervise::SuperviseArgs),
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// The command line of pgwh, for generating its man pages.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command line, the program's own name first.
pub fn run(line: impl IntoIterator<Item = OsString>) -> Exit {
    let line: Vec<_> = line.into_iter().collect();
    if let Some(exit) = completions::complete(&line, command) {
        return exit;
    }
    let (cli, is_json) = match parse(&line) {
        Ok(parsed) => parsed,
        Err(error) => return explain(error, &line),
    };
    let mut output = output(cli.color, is_json);
    // The short commands that write no files do without: it costs a tenth of `sign`.
    let is_short = matches!(cli.command, CliCommand::Sign(_) | CliCommand::Events(_));
    #[cfg(unix)]
    if !is_short && let Err(error) = catch_file_size_signal() {
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

/// The parsed command line, and whether programs read what it prints: `--format json`.
fn parse(line: &[OsString]) -> Result<(Cli, bool), clap::Error> {
    let mut matches = Cli::command().try_get_matches_from(line)?;
    let is_json = wants_json(&matches);
    let cli = Cli::from_arg_matches_mut(&mut matches);
    Ok((cli.map_err(|error| error.format(&mut Cli::command()))?, is_json))
}

fn wants_json(matches: &ArgMatches) -> bool {
    let format = matches.try_get_raw("format").ok().flatten().and_then(Iterator::last);
    match matches.subcommand() {
        Some((_, matches)) => wants_json(matches),
        None => format.is_some_and(|format| format == "json"),
    }
}

fn dispatch(chosen: CliCommand, output: &mut Output) -> Result<Exit, CliError> {
    match chosen {
        CliCommand::Demo(_) => demo::run(output),
        CliCommand::Events(args) => args.run(output),
        CliCommand::Sign(args) => args.run(output),
        CliCommand::CheckTarget(args) => args.run(output),
        CliCommand::Send(args) => args.run(output),
        CliCommand::Play(args) => args.run(output),
        CliCommand::Webhook(args) => args.run(output),
        CliCommand::Requests(args) => args.run(output),
        CliCommand::Listen(args) => args.run(output),
        CliCommand::Page(args) => args.run(output),
        CliCommand::Scaffold(args) => args.run(output),
        CliCommand::Completions(args) => Ok(args.run(command(), output)),
        CliCommand::Verify(args) => args.run(output),
        CliCommand::Supervise(args) => args.run(),
    }
}

/// `--help` and `--version` go to stdout, errors to stderr; a closed pipe is not an error.
fn explain(error: clap::Error, line: &[OsString]) -> Exit {
    if !error.use_stderr() {
        let _ = error.print();
        return Exit::Yes;
    }
    let is_json = typed_value(line, "--format") == Some("json");
    let color = typed_value(line, "--color").and_then(|when| ColorArg::from_str(when, false).ok());
    let mut output = output(color.unwrap_or_default(), is_json);
    show_usage_error(error, Cli::command(), line, is_json, &mut output);
    Exit::Usage
}

/// The value of a flag in a line that cannot be parsed.
fn typed_value<'a>(line: &'a [OsString], flag: &str) -> Option<&'a str> {
    let words: Vec<_> = line.iter().filter_map(|word| word.to_str()).collect();
    let separate = words.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1]);
    separate.or_else(|| words.iter().find_map(|word| word.strip_prefix(flag)?.strip_prefix('=')))
}

fn written(output: &Output) -> Result<(), CliError> {
    match output.write_error() {
        Some(error) => {
            Err(CliError::new(format!("cannot write the output: {}", error_text(error))))
        }
        None => Ok(()),
    }
}

fn output(color: ColorArg, json: bool) -> Output {
    let palette = |is_terminal| Palette { on: is_colored(color, is_terminal, &env) };
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

fn is_colored(color: ColorArg, is_terminal: bool, env: &dyn Fn(&str) -> Option<String>) -> bool {
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

/// The same for words behind a command: the command, the word, and what to type.
const SYNONYMS_OF_COMMANDS: [(&str, &str, &str); 14] = [
    ("pgwh", "test", "pgwh send Test"),
    ("webhook", "test", "pgwh send Test --webhook <NAME>"),
    ("webhook", "send", "pgwh send <EVENT> --webhook <NAME>"),
    ("webhook", "check", "pgwh check-target <NAME>"),
    ("webhook", "create", "pgwh webhook add <NAME>"),
    ("webhook", "new", "pgwh webhook add <NAME>"),
    ("webhook", "delete", "pgwh webhook remove <NAME>"),
    ("webhook", "rm", "pgwh webhook remove <NAME>"),
    ("requests", "list", "pgwh requests"),
    ("requests", "ls", "pgwh requests"),
    ("requests", "delete", "pgwh requests prune"),
    ("requests", "remove", "pgwh requests prune"),
    ("requests", "rm", "pgwh requests prune"),
    ("requests", "clear", "pgwh requests prune --keep 0"),
];

/// Shows why a line of the command `tree` cannot be parsed.
fn show_usage_error(
    error: clap::Error,
    tree: clap::Command,
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
fn with_likely_suggestions(
    mut error: clap::Error,
    mut tree: clap::Command,
    line: &[OsString],
) -> clap::Error {
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
    if let Some(synonym) = synonym(command.get_name(), &word, &known) {
        let tip = ContextValue::StyledStrs(vec![format!("did you mean {synonym}?").into()]);
        error.insert(ContextKind::Suggested, tip);
    } else if let Some(nearest) = nearest_word(&word, &known) {
        error.insert(suggested, ContextValue::String(nearest.to_owned()));
    }
    error
}

/// The command that a line gets to: `pgwh webhook add …` gets to `add`.
fn typed_command<'a>(tree: &'a clap::Command, line: &[OsString]) -> &'a clap::Command {
    line.iter().skip(1).fold(tree, |command, word| {
        word.to_str().and_then(|word| command.find_subcommand(word)).unwrap_or(command)
    })
}

fn long_flags(command: &clap::Command) -> Vec<String> {
    let flags = command.get_arguments().filter_map(|arg| arg.get_long());
    flags.map(|flag| format!("--{flag}")).collect()
}

/// What a word of other tools is called here; a flag only where the command has it.
fn synonym(command: &str, word: &str, known: &[&str]) -> Option<&'static str> {
    let own = |(of, synonym, _): &&(&str, &str, &str)| *of == command && *synonym == word;
    if let Some((_, _, here)) = SYNONYMS_OF_COMMANDS.iter().find(own) {
        return Some(*here);
    }
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
fn diagnostic(error: &clap::Error) -> Diagnostic {
    let text = error.render().to_string();
    let (message, help) = text.split_once("\n\n").unwrap_or((&text, ""));
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let help = help.lines().map(str::trim).filter(|line| !line.is_empty());
    Diagnostic { message: message.trim_end().to_owned(), help: help.map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_tree_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_overview_has_the_first_line_of_each_command() {
        let overview = Cli::command();
        let mut built = overview.clone();
        built.build();
        for command in overview.get_subcommands() {
            let about = |command: &clap::Command| command.get_about().map(ToString::to_string);
            let own = built.find_subcommand(command.get_name()).and_then(about);
            assert!(own.is_some() && about(command) == own, "{own:?}");
        }
    }

    #[test]
    fn color_is_accepted_anywhere() {
        for line in [
            "pgwh --color never sign Test",
            "pgwh sign Test --color never",
            "pgwh webhook --color never list",
            "pgwh webhook list --color never",
            "pgwh --color always webhook list --color never",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(cli.color, ColorArg::Never, "{line}");
        }
    }

    #[test]
    fn color_follows_the_flag_then_the_environment_then_the_terminal() {
        let decide = |color, is_terminal, name: &str, value: &str| {
            is_colored(color, is_terminal, &|wanted| (wanted == name).then(|| value.to_owned()))
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
