//! Where secrets come from: flags, the environment, the webhooks of pgwh.toml.

use std::cell::RefCell;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueHint};

use super::{
    CliError, config_file, env_var, file_or_stdin, named_webhook, required_state_dir, state_dir,
    state_error,
};
use crate::files::error_text;
use crate::pgm::{InvalidSecret, Secret, SecretLook};
use crate::report::{Output, escape};
use crate::verify::NamedSecret;
use crate::webhooks::{self, Config, SecretSource, Webhook};

/// The environment variable with the secret, where no flag names another source.
const VARIABLE: &str = "PGWH_SECRET";

/// Where the webhook's secret comes from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secret")]
pub(super) struct SecretArgs {
    /// Read the secret from a file [default: $PGWH_SECRET]
    ///
    /// `-` reads standard input. One trailing newline is stripped.
    #[arg(long, value_name = "FILE|-", value_hint = ValueHint::FilePath)]
    secret_file: Option<PathBuf>,
    /// The secret itself; other users of this machine can see it in the process list
    #[arg(
        long,
        hide_short_help = true,
        value_name = "SECRET",
        conflicts_with = "secret_file",
        allow_hyphen_values = true
    )]
    secret: Option<String>,
}

impl SecretArgs {
    /// The secret of the flags, if there is one. It takes precedence over every other.
    pub fn typed(&self, output: &mut Output) -> Result<Option<Secret>, CliError> {
        if let Some(path) = &self.secret_file {
            return from_file("--secret-file", path).map(Some);
        }
        let Some(secret) = &self.secret else { return Ok(None) };
        let text = "--secret shows the secret to other users of this machine; \
                    --secret-file or PGWH_SECRET does not";
        output.warn(text);
        Secret::new(secret.as_bytes()).map(Some).map_err(|why| invalid("--secret", why))
    }

    /// The secret from the flags or the environment, if there is one; an empty one is an error.
    pub fn optional(&self, output: &mut Output) -> Result<Option<Secret>, CliError> {
        match self.typed(output)? {
            Some(secret) => Ok(Some(secret)),
            None => from_environment(),
        }
    }

    /// The flag or variable that the secret comes from.
    pub fn source(&self) -> &'static str {
        match self {
            Self { secret_file: Some(_), .. } => "--secret-file",
            Self { secret: Some(_), .. } => "--secret",
            _ => VARIABLE,
        }
    }

    /// The flag, if it reads the secret from standard input.
    pub fn stdin_flag(&self) -> Option<&'static str> {
        self.secret_file.as_ref().filter(|path| path.as_os_str() == "-").map(|_| "--secret-file")
    }
}

fn from_environment() -> Result<Option<Secret>, CliError> {
    let Some(secret) = std::env::var_os(VARIABLE) else { return Ok(None) };
    Secret::new(secret.into_encoded_bytes()).map(Some).map_err(|why| invalid(VARIABLE, why))
}

/// The secret in a file.
fn from_file(flag: &str, path: &Path) -> Result<Secret, CliError> {
    let bytes = match path == Path::new("-") && io::stdin().is_terminal() {
        true => typed_unseen().map_err(|error| {
            CliError::new(format!("{flag}: cannot read the terminal: {}", error_text(&error)))
        })?,
        false => file_or_stdin(flag, path)?,
    };
    Secret::from_file(bytes).map_err(|why| invalid(flag, why))
}

/// A line that is typed on the terminal, which does not show it where that can be told to.
fn typed_unseen() -> io::Result<Vec<u8>> {
    const PROMPT: &[u8] = b"Type the secret, then Enter: ";
    let mut line = Vec::new();
    #[cfg(unix)]
    {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let shown = tcgetattr(io::stdin())?;
        let mut unseen = shown.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Now, &unseen)?;
        let asked = io::stderr().write_all(PROMPT);
        let read = asked.and_then(|()| io::stdin().lock().read_until(b'\n', &mut line));
        tcsetattr(io::stdin(), OptionalActions::Now, &shown)?;
        // Enter was not shown either.
        io::stderr().write_all(b"\n")?;
        read?;
    }
    #[cfg(not(unix))]
    {
        io::stderr().write_all(PROMPT)?;
        io::stdin().lock().read_until(b'\n', &mut line)?;
    }
    Ok(line)
}

fn invalid(source: &str, why: InvalidSecret) -> CliError {
    CliError::new(format!("the secret from {source} {why}"))
        .help("copy it from the webhook's form in PGM")
}

/// The error when there is no secret, with the ways to give one.
pub(super) fn missing() -> CliError {
    CliError::new("no secret: PGM signs every request with the webhook's secret")
        .help(
            "read it from a file with --secret-file FILE, from standard input with --secret-file -",
        )
        .help(format!("or set {VARIABLE} in the environment"))
        .help("or use --secret TEXT, which other users of this machine can see")
}

/// `NAME=FILE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedFile {
    /// What the user calls it.
    name: String,
    file: PathBuf,
}

impl NamedFile {
    /// Reads the secret.
    pub fn read(&self, flag: &str) -> Result<NamedSecret, CliError> {
        Ok(NamedSecret { name: self.name.clone(), secret: from_file(flag, &self.file)? })
    }

    /// Whether the file is standard input.
    pub fn is_stdin(&self) -> bool {
        self.file.as_os_str() == "-"
    }
}

impl FromStr for NamedFile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, file)) if !name.is_empty() && !file.is_empty() => {
                Ok(Self { name: name.to_owned(), file: file.into() })
            }
            _ => Err("expected NAME=FILE, as in booking=booking.secret"),
        }
    }
}

/// The secrets that a command signs with. Each that looks mangled is used as it is, with one warning.
#[derive(Debug)]
pub(super) struct SigningSecrets {
    /// The secret of the flags.
    typed: Option<Secret>,
    /// The flag or variable that names the secret.
    source: &'static str,
    /// The sources whose secrets were looked at.
    seen: RefCell<Vec<String>>,
}

impl SigningSecrets {
    /// Reads the secret of the flags.
    pub fn new(args: &SecretArgs, output: &mut Output) -> Result<Self, CliError> {
        let typed = args.typed(output)?;
        Ok(Self { typed, source: args.source(), seen: RefCell::default() })
    }

    /// The secret of the flags or the environment, if there is one.
    pub fn optional(&self, output: &mut Output) -> Result<Option<Secret>, CliError> {
        let secret = match &self.typed {
            Some(secret) => Some(secret.clone()),
            None => from_environment()?,
        };
        if let Some(secret) = &secret {
            self.warn_if_mangled(secret, self.source, output);
        }
        Ok(secret)
    }

    /// The secret of the flags or the environment.
    pub fn required(&self, output: &mut Output) -> Result<Secret, CliError> {
        self.optional(output)?.ok_or_else(missing)
    }

    /// The secret of the flags, else that of the webhook of this name.
    pub fn for_webhook(
        &self,
        config: &Config,
        name: &str,
        output: &mut Output,
    ) -> Result<Secret, CliError> {
        let (secret, source) = match &self.typed {
            Some(secret) => (secret.clone(), self.source.to_owned()),
            None => {
                let secret = of_webhook(config, named_webhook(config, name)?)?;
                (secret, format!("the webhook {name}"))
            }
        };
        self.warn_if_mangled(&secret, &source, output);
        Ok(secret)
    }

    fn warn_if_mangled(&self, secret: &Secret, source: &str, output: &mut Output) {
        let mut seen = self.seen.borrow_mut();
        if seen.iter().any(|seen| seen == source) {
            return;
        }
        seen.push(source.to_owned());
        if let Some(look) = SecretLook::of(secret) {
            let source = escape(source);
            output.warn(format!(
                "the secret from {source} looks mangled: {}; it is used unchanged",
                look.as_str()
            ));
        }
    }
}

/// A webhook's current secret.
pub(super) fn of_webhook(config: &Config, webhook: &Webhook) -> Result<Secret, CliError> {
    read(config, webhook, &webhook.secret)
}

/// A webhook's secrets that are available without running a command.
pub(super) fn available(config: &Config, webhook: &Webhook) -> Vec<NamedSecret> {
    let sources = named_sources(webhook);
    sources
        .filter(|(_, source)| !matches!(source, SecretSource::Command(_)))
        .filter_map(|(name, source)| {
            let secret = source.read(config.folder(), &env_var).ok()?;
            Some(NamedSecret { name, secret })
        })
        .collect()
}

/// The secrets of the webhooks of these names.
pub(super) fn of_webhooks(config: &Config, names: &[String]) -> Result<Vec<NamedSecret>, CliError> {
    let mut named = Vec::new();
    for name in names {
        named.extend(all_of(config, named_webhook(config, name)?)?);
    }
    Ok(named)
}

/// The secrets of all webhooks. One that is missing is warned of, with its `consequence`.
///
/// # Errors
/// When one comes from a command that is not trusted.
pub(super) fn of_all_webhooks(
    config: &Config,
    consequence: impl Fn(&Webhook) -> String,
    output: &mut Output,
) -> Result<Vec<NamedSecret>, CliError> {
    let mut all = Vec::new();
    for webhook in &config.webhooks {
        for source in webhook.secret_sources() {
            check_trusted(config, webhook, source)?;
        }
        match all_of(config, webhook) {
            Ok(secrets) => all.extend(secrets),
            Err(error) => output.warn(format!("{}{}", error.0.message, consequence(webhook))),
        }
    }
    Ok(all)
}

/// A webhook's secrets: the current one by the webhook's name, then the previous one.
fn all_of(config: &Config, webhook: &Webhook) -> Result<Vec<NamedSecret>, CliError> {
    let named = |(name, source)| Ok(NamedSecret { name, secret: read(config, webhook, source)? });
    named_sources(webhook).map(named).collect()
}

fn named_sources(webhook: &Webhook) -> impl Iterator<Item = (String, &SecretSource)> {
    let names = [webhook.name.to_string(), format!("{}, previous secret", webhook.name)];
    names.into_iter().zip(webhook.secret_sources())
}

fn read(config: &Config, webhook: &Webhook, source: &SecretSource) -> Result<Secret, CliError> {
    check_trusted(config, webhook, source)?;
    source.read(config.folder(), &env_var).map_err(|error| {
        let name = escape(webhook.name.as_str());
        CliError::new(format!("no secret for the webhook {name}: {error}"))
            .help(format!("{} says where it is: {source}", config_file(config)))
    })
}

/// Refuses a command that the user has not trusted.
fn check_trusted(
    config: &Config,
    webhook: &Webhook,
    source: &SecretSource,
) -> Result<(), CliError> {
    let (SecretSource::Command(command), Some(path)) = (source, &config.path) else {
        return Ok(());
    };
    let is_trusted = config.is_named
        || match state_dir() {
            Some(dir) => webhooks::is_trusted(&dir, path, command).map_err(state_error)?,
            None => false,
        };
    if is_trusted {
        return Ok(());
    }
    let (name, file) = (escape(webhook.name.as_str()), config_file(config));
    Err(CliError::new(format!(
        "the secret of the webhook {name} comes from a command that is not trusted: {}",
        escape(&command.join(" "))
    ))
    .help(format!("it is in {file}; `pgwh webhook trust {name}` trusts it"))
    .help(format!("--config {file} trusts all commands of that file for one run")))
}

/// Trusts a command of pgwh.toml.
pub(super) fn trust_command(path: &Path, source: &SecretSource) -> Result<(), CliError> {
    let SecretSource::Command(command) = source else { return Ok(()) };
    webhooks::trust(&required_state_dir()?, path, command).map_err(state_error)
}
