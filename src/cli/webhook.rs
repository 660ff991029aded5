//! `pgwh webhook`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{ConfigArgs, FormatArg, TargetUrl, help};
use crate::webhooks::{Subscription, WebhookName};

/// Manage webhooks in pgwh.toml, like PGM's webhooks list
///
/// The file holds the name, URL and subscriptions of each webhook, and where its secret is. `send`
/// without --url sends to these webhooks.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh webhook add booking --url http://localhost:3000/pgm --secret-env BOOKING_SECRET \\",
        "    --events ClassesBooked,ClassesBookingCancelled",
        "pgwh webhook list",
        "pgwh send Test                              (to all of them)",
    ],
    &[0, 1, 2],
))]
pub struct WebhookArgs {
    /// What to do
    #[command(subcommand)]
    pub action: WebhookAction,
}

/// What to do with the webhooks.
#[derive(Debug, Subcommand)]
pub enum WebhookAction {
    /// Write a commented pgwh.toml to start from
    Init(InitArgs),
    /// Add a webhook; creates pgwh.toml if missing
    Add(AddArgs),
    /// Show all webhooks: URL, subscriptions, and whether the secret is available
    List(WebhookListArgs),
    /// Show one webhook
    Show(WebhookShowArgs),
    /// Change a webhook
    Edit(EditArgs),
    /// Remove a webhook
    Remove(NamedWebhookArgs),
    /// Print a webhook's secret, as PGM's copy button does
    Secret(NamedWebhookArgs),
    /// Trust the commands that print secrets, so that pgwh may run them
    Trust(TrustArgs),
}

impl WebhookAction {
    /// The output format, for people where there is no choice.
    pub(super) fn format(&self) -> FormatArg {
        match self {
            Self::List(args) => args.format,
            Self::Show(args) => args.format,
            _ => FormatArg::Human,
        }
    }
}

/// `pgwh webhook init`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&["pgwh webhook init"], &[0, 2]))]
pub struct InitArgs {
    /// The file to write [default: pgwh.toml in this folder]
    #[arg(long, value_name = "FILE", env = "PGWH_CONFIG", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// `pgwh webhook add`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh webhook add booking --url https://staging.example.com/pgm --secret-env BOOKING_SECRET",
        "pgwh webhook add crm --url … --events UserModified --secret-file secrets/crm.secret",
        "pgwh webhook add crm --url … --secret-command pass show pgm/crm",
    ],
    &[0, 2],
))]
pub struct AddArgs {
    /// A friendly name
    #[arg(value_name = "NAME")]
    pub name: WebhookName,
    /// The URL to call
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: TargetUrl,
    /// The events that it is subscribed to
    #[arg(long, value_name = "all|EVENT,…", default_value = "all", value_parser = subscription)]
    pub events: Subscription,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretSourceArgs,
    /// Allow events that PGM is not known to have
    #[arg(long)]
    pub unlisted: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// `pgwh webhook list`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&["pgwh webhook list", "pgwh webhook list --format json"], &[0, 2]))]
pub struct WebhookListArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// `pgwh webhook show`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&["pgwh webhook show booking"], &[0, 2]))]
pub struct WebhookShowArgs {
    /// The webhook's name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    pub format: FormatArg,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// `pgwh webhook edit`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh webhook edit booking --url https://staging.example.com/hooks/pgm",
        "pgwh webhook edit booking --events all --name bookings",
        "pgwh webhook edit booking --secret-env NEW_SECRET --previous-secret-env BOOKING_SECRET",
    ],
    &[0, 2],
))]
pub struct EditArgs {
    /// The webhook's name
    #[arg(value_name = "NAME")]
    pub webhook: String,
    /// Another name
    #[arg(long, value_name = "NEW NAME")]
    pub name: Option<WebhookName>,
    /// Another URL
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: Option<TargetUrl>,
    /// Replace the events that it is subscribed to
    #[arg(long, value_name = "all|EVENT,…", value_parser = subscription)]
    pub events: Option<Subscription>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretSourceArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub previous: PreviousSecretArgs,
    /// Allow events that PGM is not known to have
    #[arg(long)]
    pub unlisted: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// Where the secret is that a webhook had before. `verify` and `listen` accept it, too; `send` signs
/// with the current one.
#[derive(Debug, Args)]
#[group(multiple = false)]
#[command(next_help_heading = "Secret")]
pub struct PreviousSecretArgs {
    /// Also accept the old secret in this environment variable
    #[arg(long, value_name = "VARIABLE")]
    pub previous_secret_env: Option<String>,
    /// Also accept the old secret in this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub previous_secret_file: Option<PathBuf>,
    /// No longer accept an old secret
    #[arg(long)]
    pub no_previous_secret: bool,
}

/// `pgwh webhook trust`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&["pgwh webhook trust", "pgwh webhook trust crm"], &[0, 2]))]
pub struct TrustArgs {
    /// The webhooks' names [default: all]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// `pgwh webhook remove`, `pgwh webhook secret`
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&["pgwh webhook secret booking", "pgwh webhook remove booking"], &[0, 2]))]
pub struct NamedWebhookArgs {
    /// The webhook's name
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// Where a webhook's secret is. pgwh.toml holds only this reference.
#[derive(Debug, Args)]
#[group(multiple = false)]
#[command(next_help_heading = "Secret")]
pub struct SecretSourceArgs {
    /// The environment variable that holds the secret
    #[arg(long, value_name = "VARIABLE")]
    pub secret_env: Option<String>,
    /// The file that holds the secret; a relative path starts at pgwh.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub secret_file: Option<PathBuf>,
    /// The command that prints the secret, with its arguments; must be the last flag
    #[arg(
        long,
        value_name = "WORD",
        num_args = 1..,
        allow_hyphen_values = true,
    )]
    pub secret_command: Option<Vec<String>>,
}

fn subscription(text: &str) -> Result<Subscription, String> {
    if text == "all" {
        return Ok(Subscription::All);
    }
    let names: Vec<_> = text.split(',').map(str::trim).map(str::to_owned).collect();
    match names.iter().any(String::is_empty) {
        true => Err("expected all, or names such as ClassesBooked,UserModified".to_owned()),
        false => Ok(Subscription::Only(names)),
    }
}
