//! The command line: the arguments of each command, one file for each. Parsing only validates; the
//! work is in `commands`. Pure.

#![allow(rustdoc::bare_urls, reason = "doc comments are the texts of --help")]

mod check_target;
mod completions;
mod config;
mod demo;
mod events;
mod exit;
mod help;
mod listen;
mod load;
mod requests;
mod scaffold;
mod send;
mod shared;
mod sign;
mod values;
mod verify;
mod webhook;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

pub use check_target::{CheckTargetArgs, ChecksArgs, SuperviseArgs};
pub use completions::CompletionsArgs;
pub use config::ConfigArgs;
pub use demo::DemoArgs;
pub use events::{EventForm, EventsArgs};
pub use exit::Exit;
pub use listen::{
    EndArgs, ForwardArgs, KeepArgs, LimitArgs, ListenArgs, ListenTlsArgs, ResponseArgs,
};
pub use load::LoadArgs;
pub use requests::{
    ExportArgs, FilterArgs, PruneArgs, RequestDiffArgs, RequestShowArgs, RequestsAction,
    RequestsArgs, RetryArgs, StoredForm,
};
pub use scaffold::ScaffoldArgs;
pub use send::{BackoffArg, DeliveryArgs, NetworkArgs, SendArgs};
pub use shared::{
    ColorArg, FormatArg, PayloadArgs, ReportArgs, ReportFile, ReportFormat, SecretArgs,
};
pub use sign::{SignArgs, SignedForm};
pub use values::{
    AllowedFailures, CheckedTarget, DateAssignment, DelayArg, HeaderArg, ListenAddress, Route,
    Since, TargetUrl, TriggeredDate,
};
pub use verify::{NamedFile, OtherSecretArgs, ShownArgs, VerifyArgs};
pub use webhook::{
    AddArgs, EditArgs, InitArgs, NamedWebhookArgs, PreviousSecretArgs, SecretSourceArgs, TrustArgs,
    WebhookAction, WebhookArgs, WebhookListArgs, WebhookShowArgs,
};

/// The developer toolkit for Perfect Gym (PGM) webhooks: a stand-in for the PGM you don't have
#[derive(Debug, Parser)]
#[command(
    name = "pgwh",
    version,
    styles = STYLES,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = help::overview(),
)]
pub struct Cli {
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
    pub color: ColorArg,
    /// The command and its arguments.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of pgwh.
#[allow(missing_docs, reason = "the arguments of each command say it")]
#[allow(clippy::large_enum_variant, reason = "there is one of them in a process")]
#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(DemoArgs),
    Events(EventsArgs),
    Sign(SignArgs),
    Send(SendArgs),
    Verify(VerifyArgs),
    CheckTarget(CheckTargetArgs),
    Webhook(WebhookArgs),
    Requests(RequestsArgs),
    Listen(ListenArgs),
    Scaffold(ScaffoldArgs),
    Completions(CompletionsArgs),
    #[command(hide = true)]
    Supervise(SuperviseArgs),
}

impl Command {
    /// Whether programs read what this command prints: `--format json`.
    pub fn wants_json(&self) -> bool {
        let format = match self {
            Self::Demo(_) | Self::Sign(_) | Self::Completions(_) | Self::Supervise(_) => {
                FormatArg::Human
            }
            Self::Events(args) => args.format,
            Self::Scaffold(args) => args.format,
            Self::Send(args) => args.format,
            Self::Webhook(args) => args.action.format(),
            Self::Requests(args) => args.format(),
            Self::Listen(args) => args.format,
            Self::Verify(args) => return args.reports.format == ReportFormat::Json,
            Self::CheckTarget(args) => return args.reports.format == ReportFormat::Json,
        };
        format == FormatArg::Json
    }
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_tree_is_consistent() {
        Cli::command().debug_assert();
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
}
