//! What can be typed: the command tree and its arguments, one file a command. Parsing only
//! validates; the work is in `commands`. Pure.

mod check_target;
mod completions;
mod config;
mod demo;
mod events;
mod help;
mod listen;
mod load;
mod requests;
mod send;
mod shared;
mod sign;
mod typed;
mod values;
mod verify;
mod webhook;

use std::ffi::OsString;
use std::mem;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

pub use check_target::{CheckTargetArgs, ChecksArgs};
pub use completions::CompletionsArgs;
pub use config::ConfigArgs;
pub use demo::DemoArgs;
pub use events::EventsArgs;
pub use listen::{
    AnswerArgs, EndArgs, ForwardArgs, KeepArgs, LimitArgs, ListenArgs, ListenTlsArgs,
};
pub use load::LoadArgs;
pub use requests::{
    ExportArgs, FilterArgs, PruneArgs, RequestShowArgs, RequestsAction, RequestsArgs, RetryArgs,
    StoredForm,
};
pub use send::{BackoffArg, DeliveryArgs, NetworkArgs, SendArgs};
pub use shared::{
    ColorArg, FormatArg, PayloadArgs, ReportArgs, ReportFile, ReportFormat, SecretArgs,
};
pub use sign::{SignArgs, SignedForm};
pub use typed::Typed;
pub use values::{
    AllowedFailures, CheckedTarget, DelayArg, HeaderArg, ListenAddress, Moment, Route, TargetUrl,
    TriggeredDate,
};
pub use verify::{NamedFile, OtherSecretArgs, ShownArgs, VerifyArgs};
pub use webhook::{
    AddArgs, EditArgs, InitArgs, NamedWebhookArgs, SecretSourceArgs, WebhookAction, WebhookArgs,
    WebhookListArgs, WebhookShowArgs,
};

/// A command line that was understood.
#[derive(Debug)]
pub struct Invocation {
    /// Whether to colour.
    pub color: ColorArg,
    /// The command and its arguments.
    pub command: Invoked,
}

/// Declares each command once: its type, its name, its line in the overview.
macro_rules! commands {
    ($($variant:ident($args:ty), $name:literal, $about:expr;)+) => {
        /// The command and its arguments.
        #[derive(Debug)]
        pub enum Invoked {
            $(#[doc = $about] $variant($args),)+
        }

        /// The whole tree. The arguments of a command are built only when it is the one that
        /// was typed: building them all takes longer than signing.
        pub fn command() -> Command {
            root()$(.subcommand(branch($name).unwrap_or_default()))+
        }

        /// One command of the tree.
        fn branch(name: &str) -> Option<Command> {
            match name {
                $($name => Some(Command::new($name).about($about).defer(|command| {
                    with_color(<$args>::augment_args(command))
                })),)+
                _ => None,
            }
        }

        fn invoked(name: &str, matches: &mut ArgMatches) -> Result<Invoked, clap::Error> {
            match name {
                $($name => <$args>::from_arg_matches_mut(matches).map(Invoked::$variant),)+
                _ => Err(clap::Error::new(ErrorKind::InvalidSubcommand)),
            }
        }
    };
}

commands! {
    Demo(DemoArgs), "demo", "See it all once: send, retry, verify, check; needs nothing";
    Events(EventsArgs), "events", "List PGM's events, or show one with its sample body";
    Sign(SignArgs), "sign", "Build and sign a request without sending it";
    Send(SendArgs), "send", "Send events to a URL as PGM does, retries included";
    Verify(VerifyArgs), "verify", "Say whether captured requests are genuine";
    CheckTarget(CheckTargetArgs), "check-target", "Say whether a URL is fit for PGM";
    Webhook(WebhookArgs), "webhook", "Keep webhooks in pgwh.toml, as PGM's list does";
    Requests(RequestsArgs), "requests", "See what was sent, as PGM's Requests list does; retry";
    Listen(ListenArgs), "listen", "Receive requests here: check, save, forward, misbehave";
    Completions(CompletionsArgs), "completions", "Print completions for your shell";
}

/// Reads a command line, the program's own name first.
///
/// # Errors
/// Also for `--help` and `--version`, whose text is the error's.
pub fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Invocation, clap::Error> {
    let line = with_help_flag(line);
    let mut command = tree_for(&line);
    let matches = command.try_get_matches_from_mut(line);
    // The process ends soon: to take the tree apart would be a tenth of signing.
    mem::forget(command);
    let mut matches = matches?;
    let color = matches.get_one("color").copied().unwrap_or_default();
    match matches.remove_subcommand() {
        Some((name, mut matches)) => {
            Ok(Invocation { color, command: invoked(&name, &mut matches)? })
        }
        None => Err(clap::Error::new(ErrorKind::MissingSubcommand)),
    }
}

/// The whole tree, or the one command in it that the line begins with: nothing that is said of
/// that one needs the others.
fn tree_for(line: &[OsString]) -> Command {
    match line.get(1).and_then(|word| branch(word.to_str()?)) {
        Some(branch) => root().subcommand(branch),
        None => command(),
    }
}

/// `pgwh help send` is `pgwh send --help`. clap's own `help` would copy the whole tree at every
/// start.
fn with_help_flag(line: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut line: Vec<_> = line.into_iter().collect();
    if line.get(1).is_some_and(|word| word == "help") {
        line.remove(1);
        line.push("--help".into());
    }
    line
}

fn root() -> Command {
    Command::new("pgwh")
        .about("The developer toolkit for Perfect Gym (PGM) webhooks: it is the PGM you do not have at hand")
        .version(env!("CARGO_PKG_VERSION"))
        .styles(STYLES)
        .max_term_width(100)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .arg(color())
        .after_help(help::ROOT)
}

/// Gives a command, and those below it, its own `--color`: a global one of the root's would be
/// copied into every command at every start. clap takes what was typed, wherever that was.
fn with_color(command: Command) -> Command {
    command.arg(color().global(true).help_heading(None).display_order(0))
}

fn color() -> Arg {
    Arg::new("color")
        .long("color")
        .value_name("WHEN")
        .help("When to colour: auto looks at the terminal, NO_COLOR and CLICOLOR_FORCE")
        .value_parser(value_parser!(ColorArg))
        .default_value("auto")
        .hide_possible_values(false)
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn color_is_taken_wherever_it_stands() {
        for line in [
            "pgwh --color never sign Test",
            "pgwh sign Test --color never",
            "pgwh webhook --color never list",
            "pgwh webhook list --color never",
            "pgwh --color always webhook list --color never",
        ] {
            let words = line.split(' ').map(OsString::from);
            assert_eq!(parse(words).unwrap().color, ColorArg::Never, "{line}");
        }
    }

    #[test]
    fn a_command_alone_says_what_the_whole_tree_says() {
        for name in command().get_subcommands().map(Command::get_name) {
            for flag in ["--help", "-h", "--no-such-flag"] {
                let line = ["pgwh", name, flag];
                let whole = command().try_get_matches_from(line).unwrap_err();
                let alone = parse(line.map(OsString::from)).unwrap_err();
                assert_eq!(alone.render().to_string(), whole.render().to_string(), "{line:?}");
            }
        }
    }
}
