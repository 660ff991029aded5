//! `pgwh webhook`: looking at the webhooks, and trusting their commands. Changing pgwh.toml has a
//! file of its own.

mod edit;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{CliError, ConfigArgs, Exit, config_file, env_var, named_webhook, secret};
use crate::cli::{self, TargetUrl};
use crate::report::{Output, OutputFormat, ShownWebhook, escape, webhook_list};
use crate::webhooks::{Config, SecretSource, Subscription, Webhook, WebhookName};

/// Manage webhooks in pgwh.toml, like PGM's webhooks list
///
/// The file holds the name, URL and subscriptions of each webhook, and where its secret is. `send`
/// without --url sends to these webhooks.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "pgwh webhook add booking --url http://localhost:3000/pgm \\",
        "    --secret-env BOOKING_SECRET --events ClassesBooked",
        "pgwh webhook list",
        "pgwh send Test                              (to all of them)",
    ],
    &[0, 1, 2],
))]
pub(super) struct WebhookArgs {
    /// What to do
    #[command(subcommand)]
    action: WebhookAction,
}

/// What to do with the webhooks.
#[derive(Debug, Subcommand)]
enum WebhookAction {
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

/// `pgwh webhook list`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&["pgwh webhook list", "pgwh webhook list --format json"], &[0, 2]))]
struct WebhookListArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
    #[command(flatten)]
    config: ConfigArgs,
}

/// `pgwh webhook show`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&["pgwh webhook show booking"], &[0, 2]))]
struct WebhookShowArgs {
    /// The webhook's name
    #[arg(value_name = "NAME")]
    name: String,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
    #[command(flatten)]
    config: ConfigArgs,
}

/// `pgwh webhook trust`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&["pgwh webhook trust", "pgwh webhook trust crm"], &[0, 2]))]
struct TrustArgs {
    /// The webhooks' names [default: all]
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    config: ConfigArgs,
}

/// `pgwh webhook remove`, `pgwh webhook secret`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&["pgwh webhook secret booking", "pgwh webhook remove booking"], &[0, 2]))]
struct NamedWebhookArgs {
    /// The webhook's name
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    config: ConfigArgs,
}

/// `pgwh webhook init`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&["pgwh webhook init"], &[0, 2]))]
struct InitArgs {
    /// The file to write [default: pgwh.toml in this folder]
    #[arg(long, value_name = "FILE", env = "PGWH_CONFIG", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,
}

/// `pgwh webhook add`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "pgwh webhook add booking --url https://… --secret-env BOOKING_SECRET",
        "pgwh webhook add crm --url … --events UserModified --secret-file crm.secret",
        "pgwh webhook add crm --url … --secret-command pass show pgm/crm",
    ],
    &[0, 2],
))]
struct AddArgs {
    /// A friendly name
    #[arg(value_name = "NAME")]
    name: WebhookName,
    /// The URL to call
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    url: TargetUrl,
    /// The events it is subscribed to
    #[arg(long, value_name = "all|EVENT,…", default_value = "all", value_parser = subscription)]
    events: Subscription,
    /// Allow events that PGM is not known to have
    #[arg(long)]
    unlisted: bool,
    #[command(flatten)]
    secret: SecretSourceArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

/// `pgwh webhook edit`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "pgwh webhook edit booking --url https://staging.example.com/hooks/pgm",
        "pgwh webhook edit booking --events all --name bookings",
        "pgwh webhook edit booking --secret-env NEW --previous-secret-env OLD",
    ],
    &[0, 2],
))]
struct EditArgs {
    /// The webhook's name
    #[arg(value_name = "NAME")]
    webhook: String,
    /// Change the name
    #[arg(long, value_name = "NEW NAME")]
    name: Option<WebhookName>,
    /// Change the URL
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    url: Option<TargetUrl>,
    /// Replace the events it is subscribed to
    #[arg(long, value_name = "all|EVENT,…", value_parser = subscription)]
    events: Option<Subscription>,
    /// Allow events that PGM is not known to have
    #[arg(long)]
    unlisted: bool,
    #[command(flatten)]
    secret: SecretSourceArgs,
    #[command(flatten)]
    previous: PreviousSecretArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Where the secret is that a webhook had before. `verify` and `listen` accept it, too; `send` signs
/// with the current one.
#[derive(Debug, Args)]
#[group(multiple = false)]
#[command(next_help_heading = "Secret")]
struct PreviousSecretArgs {
    /// Also accept the old secret in this environment variable
    #[arg(long, value_name = "VARIABLE")]
    previous_secret_env: Option<String>,
    /// Also accept the old secret in this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    previous_secret_file: Option<PathBuf>,
    /// No longer accept an old secret
    #[arg(long)]
    no_previous_secret: bool,
}

/// Where a webhook's secret is. pgwh.toml holds only this reference.
#[derive(Debug, Args)]
#[group(multiple = false)]
#[command(next_help_heading = "Secret")]
struct SecretSourceArgs {
    /// Read the secret from this environment variable
    #[arg(long, value_name = "VARIABLE")]
    secret_env: Option<String>,
    /// Read the secret from this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    secret_file: Option<PathBuf>,
    /// Run this command to get the secret; must be the last flag, with the command's arguments
    #[arg(
        long,
        value_name = "WORD",
        num_args = 1..,
        allow_hyphen_values = true,
    )]
    secret_command: Option<Vec<String>>,
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

impl WebhookArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        match &self.action {
            WebhookAction::Init(args) => args.run(output),
            WebhookAction::Add(args) => args.run(output),
            WebhookAction::Edit(args) => args.run(output),
            WebhookAction::Remove(args) => args.remove(output),
            WebhookAction::List(args) => list(args, output),
            WebhookAction::Show(args) => show(args, output),
            WebhookAction::Secret(args) => print_secret(args, output),
            WebhookAction::Trust(args) => trust(args, output),
        }
    }
}

fn list(args: &WebhookListArgs, output: &mut Output) -> Result<Exit, CliError> {
    let config = args.config.load(output)?;
    if config.webhooks.is_empty() {
        let why = match &config.path {
            Some(_) => format!("no webhooks in {}", config_file(&config)),
            None => "no webhooks: there is no pgwh.toml".to_owned(),
        };
        output.stderr(&format!("{why}; `pgwh webhook add` adds one\n"));
    }
    let webhooks: Vec<_> = config.webhooks.iter().collect();
    print(&config, &webhooks, args.format, output);
    Ok(Exit::Yes)
}

fn show(args: &WebhookShowArgs, output: &mut Output) -> Result<Exit, CliError> {
    let config = args.config.load(output)?;
    let webhook = named_webhook(&config, &args.name)?;
    print(&config, &[webhook], args.format, output);
    Ok(Exit::Yes)
}

/// The one place that prints a secret, as the user asked for it by name.
fn print_secret(args: &NamedWebhookArgs, output: &mut Output) -> Result<Exit, CliError> {
    let config = args.config.load(output)?;
    let secret = secret::of_webhook(&config, named_webhook(&config, &args.name)?)?;
    output.stdout_raw([secret.expose(), b"\n"].concat());
    Ok(Exit::Yes)
}

fn trust(args: &TrustArgs, output: &mut Output) -> Result<Exit, CliError> {
    let config = args.config.load(output)?;
    let webhooks: Vec<&Webhook> = match &args.names[..] {
        [] => config.webhooks.iter().collect(),
        names => names.iter().map(|name| named_webhook(&config, name)).collect::<Result<_, _>>()?,
    };
    let mut count = 0;
    for webhook in webhooks {
        for source in webhook.secret_sources() {
            let (SecretSource::Command(words), Some(path)) = (source, &config.path) else {
                continue;
            };
            secret::trust_command(path, source)?;
            let (name, command) = (escape(webhook.name.as_str()), escape(&words.join(" ")));
            output.stdout(format!("trusted the command of {name}: {command}\n"));
            count += 1;
        }
    }
    if count == 0 {
        output.stderr("nothing to trust: no secret comes from a command\n");
    }
    Ok(Exit::Yes)
}

fn print(config: &Config, webhooks: &[&Webhook], format: OutputFormat, output: &mut Output) {
    let access = |source: &SecretSource| source.access(config.folder(), &env_var);
    let shown: Vec<_> = webhooks
        .iter()
        .map(|webhook| ShownWebhook {
            webhook,
            access: access(&webhook.secret),
            previous_access: webhook.previous_secret.as_ref().map(access),
        })
        .collect();
    output.stdout(webhook_list(format, &shown, output.palette()));
}
