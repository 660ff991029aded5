//! `pgwh webhook init`, `add`, `edit` and `remove`: changes to pgwh.toml, under a lock.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{AddArgs, EditArgs, InitArgs, NamedWebhookArgs, SecretSourceArgs};
use crate::commands::bodies::unknown_event;
use crate::commands::{
    CliError, ConfigArgs, Exit, config_file, env_var, named_webhook, required_state_dir, secret,
    shown_path, state_dir, state_error, toml_error,
};
use crate::files::{self, StateDirError, error_text};
use crate::pgm;
use crate::report::{Output, escape};
use crate::text::{Diagnostic, shown_url};
use crate::webhooks::{
    self, Changes, Config, ConfigEditError, FILE_NAME, STARTER, SecretAccess, SecretSource,
    Subscription, Webhook, WebhookName,
};

impl InitArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        let path = self.config.clone().unwrap_or_else(|| FILE_NAME.into());
        write_new(&path, STARTER)?;
        output.stdout(format!(
            "wrote {}: edit it, or use `pgwh webhook add`\n",
            escape(&path.display().to_string())
        ));
        Ok(Exit::Yes)
    }
}

impl AddArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        let runs_command = self.secret.secret_command.is_some();
        let file = EditedFile::open_or_new(&self.config, runs_command, output)?;
        file.check_new_name(&self.name)?;
        warn_of_swallowed_flags(&self.secret, output);
        check_events(&self.events, self.unlisted)?;
        let webhook = Webhook {
            name: self.name.clone(),
            url: self.url.0.clone(),
            events: self.events.clone(),
            secret: source(&self.secret, &file.path)?.ok_or_else(no_secret)?,
            previous_secret: None,
        };
        let text = webhooks::add(&file.text, &webhook).map_err(|error| file.explain(error))?;
        let config = file.replace(&text)?;
        secret::trust_command(&file.path, &webhook.secret)?;
        output.stdout(format!("added {} to {}\n", webhook.name, file.shown()));
        warn(&config, &webhook, output);
        Ok(Exit::Yes)
    }
}

impl EditArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        let runs_command = self.secret.secret_command.is_some();
        let file = EditedFile::open(&self.config, runs_command, output)?;
        named_webhook(&file.config, &self.webhook)?;
        if let Some(name) = self.name.as_ref().filter(|name| name.as_str() != self.webhook) {
            file.check_new_name(name)?;
        }
        warn_of_swallowed_flags(&self.secret, output);
        if let Some(events) = &self.events {
            check_events(events, self.unlisted)?;
        }
        let changes = Changes {
            name: self.name.clone(),
            url: self.url.clone().map(|url| url.0),
            events: self.events.clone(),
            secret: source(&self.secret, &file.path)?,
            previous_secret: previous_source(self, &file.path)?,
        };
        let text = webhooks::change(&file.text, &self.webhook, &changes)
            .map_err(|error| file.explain(error))?;
        let old_name = escape(&self.webhook);
        if text == file.text {
            output.stdout(format!("{old_name} is unchanged in {}\n", file.shown()));
            return Ok(Exit::Yes);
        }
        let config = file.replace(&text)?;
        for source in changes.secret.iter().chain(changes.previous_secret.iter().flatten()) {
            secret::trust_command(&file.path, source)?;
        }
        output.stdout(format!("changed {old_name} in {}\n", file.shown()));
        let name = self.name.as_ref().map_or(self.webhook.as_str(), |name| name.as_str());
        if let Some(webhook) = config.webhook(name) {
            warn(&config, webhook, output);
        }
        Ok(Exit::Yes)
    }
}

impl NamedWebhookArgs {
    pub fn remove(&self, output: &mut Output) -> Result<Exit, CliError> {
        let file = EditedFile::open(&self.config, false, output)?;
        named_webhook(&file.config, &self.name)?;
        let text = webhooks::remove(&file.text, &self.name).map_err(|error| file.explain(error))?;
        file.replace(&text)?;
        output.stdout(format!("removed {} from {}\n", escape(&self.name), file.shown()));
        Ok(Exit::Yes)
    }
}

/// The lock in the state folder that is held while a pgwh.toml is changed.
const LOCK_NAME: &str = "webhooks.lock";

/// How long other processes that change a pgwh.toml are waited for.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// The pgwh.toml that is being changed, locked against other pgwh processes.
struct EditedFile {
    path: PathBuf,
    /// The text with LF at the ends of lines.
    text: String,
    /// Whether they are CRLF in the file.
    has_crlf: bool,
    config: Config,
    _lock: Option<File>,
}

impl EditedFile {
    /// The file that exists, or an empty one in the working folder. `runs_command` says whether a
    /// command is added to it, which the state folder has to remember as trusted.
    fn open_or_new(
        args: &ConfigArgs,
        runs_command: bool,
        output: &mut Output,
    ) -> Result<Self, CliError> {
        let lock = lock(runs_command, output)?;
        check_is_file(&args.path().unwrap_or_else(|| FILE_NAME.into()))?;
        let config = match args.path() {
            Some(path) if path.exists() => args.load(output)?,
            path => Config { path, ..Config::default() },
        };
        Self::read(config, lock)
    }

    /// The file that exists.
    fn open(args: &ConfigArgs, runs_command: bool, output: &mut Output) -> Result<Self, CliError> {
        let lock = lock(runs_command, output)?;
        let config = args.load(output)?;
        if config.path.is_none() {
            return Err(CliError::new("there is no pgwh.toml here or in a folder above")
                .help("`pgwh webhook add` creates one"));
        }
        Self::read(config, lock)
    }

    fn read(config: Config, lock: Option<File>) -> Result<Self, CliError> {
        let path = config.path.clone().unwrap_or_else(|| FILE_NAME.into());
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read?,
        };
        let has_crlf = text.contains("\r\n");
        let text = if has_crlf { text.replace("\r\n", "\n") } else { text };
        Ok(Self { path, text, has_crlf, config, _lock: lock })
    }

    /// Refuses a name that a webhook has.
    fn check_new_name(&self, name: &WebhookName) -> Result<(), CliError> {
        if self.config.webhook(name.as_str()).is_none() {
            return Ok(());
        }
        Err(CliError::new(format!("the webhook {name} already exists"))
            .help(format!("`pgwh webhook edit {name}` changes it")))
    }

    /// Replaces the text, whole or not at all. It is parsed first, so that no change leaves a file
    /// that cannot be read again.
    fn replace(&self, text: &str) -> Result<Config, CliError> {
        let config = webhooks::read_text(&self.path, text).map_err(toml_error)?;
        let text = if self.has_crlf { &text.replace('\n', "\r\n") } else { text };
        if !self.path.exists() {
            write_new(&self.path, text)?;
            return Ok(config);
        }
        let failed = |error: io::Error| {
            CliError::new(format!("cannot write {}: {}", self.path.display(), error_text(&error)))
        };
        // A new file takes its place, which would succeed whatever the permissions of this one.
        if fs::metadata(&self.path).is_ok_and(|file| file.permissions().readonly()) {
            return Err(CliError::new(format!("{} is read-only", self.shown()))
                .help("make it writable first; it was not changed"));
        }
        File::options().write(true).open(&self.path).map_err(failed)?;
        files::replace(&self.path, text.as_bytes()).map_err(failed)?;
        Ok(config)
    }

    fn shown(&self) -> String {
        escape(&shown_path(&self.path))
    }

    fn explain(&self, error: ConfigEditError) -> CliError {
        CliError::new(format!("{}: {error}", self.path.display()))
    }
}

/// Locks pgwh.toml against other pgwh processes that change one, until the file is dropped. Where the
/// state folder cannot be written, the file is changed without a lock, unless the folder is needed.
fn lock(is_needed: bool, output: &mut Output) -> Result<Option<File>, CliError> {
    let Some(dir) = state_dir().filter(|_| !is_needed) else {
        let dir = required_state_dir()?;
        let lock = dir.create().and_then(|()| dir.lock(LOCK_NAME, LOCK_TIMEOUT));
        return lock.map(Some).map_err(state_error);
    };
    match dir.create().and_then(|()| dir.lock(LOCK_NAME, LOCK_TIMEOUT)) {
        Ok(lock) => Ok(Some(lock)),
        Err(error @ StateDirError::Io(..)) => {
            output.warn(format!("pgwh.toml is not locked against other pgwh: {error}"));
            Ok(None)
        }
        Err(error) => Err(state_error(error)),
    }
}

/// A pipe would have to be read before it could be replaced, and may never end.
fn check_is_file(path: &Path) -> Result<(), CliError> {
    match fs::metadata(path) {
        Ok(file) if !file.is_file() => {
            Err(CliError::new(format!("{} is not a regular file", path.display())))
        }
        _ => Ok(()),
    }
}

/// Writes a file that must not exist yet.
fn write_new(path: &Path, text: &str) -> Result<(), CliError> {
    let written = files::write_new(OpenOptions::new(), path, text);
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => CliError::new(format!("{} exists already", path.display()))
            .help("`pgwh webhook add` adds a webhook to it"),
        _ => CliError::new(format!("cannot write {}: {}", path.display(), error_text(&error))),
    })
}

/// Warns of what would come as a surprise later.
fn warn(config: &Config, webhook: &Webhook, output: &mut Output) {
    let mut warnings = Vec::new();
    if let Some(why) = pgm::blocked(&webhook.url).filter(|_| !pgm::is_loopback(&webhook.url)) {
        warnings.push(format!("PGM would not call {}: {why}", shown_url(&webhook.url)));
    }
    if webhook.url.password().is_some() {
        warnings.push(format!(
            "the password in the URL is now in {}: keep the file to yourself",
            config_file(config)
        ));
    }
    for source in webhook.secret_sources() {
        if let SecretAccess::Missing(error) = source.access(config.folder(), &env_var) {
            warnings.push(format!("the secret is missing so far: {error}"));
        }
    }
    for text in warnings {
        output.warn(text);
    }
}

/// Warns of flags of pgwh that became words of `--secret-command`.
fn warn_of_swallowed_flags(args: &SecretSourceArgs, output: &mut Output) {
    const OWN: [&str; 6] =
        ["--name", "--url", "--events", "--unlisted", "--config", "--no-previous-secret"];
    let words = args.secret_command.iter().flatten();
    let is_own = |word: &&String| OWN.contains(&word.split('=').next().unwrap_or_default());
    if let Some(flag) = words.into_iter().find(is_own) {
        let text = format!("{} is part of the command of --secret-command", escape(flag));
        output.warn(Diagnostic::new(text).help("put flags of pgwh before --secret-command"));
    }
}

fn check_events(events: &Subscription, unlisted: bool) -> Result<(), CliError> {
    let known: Vec<_> = pgm::event_names().collect();
    let Subscription::Only(names) = events else { return Ok(()) };
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) if !unlisted => {
            Err(unknown_event(name, &known).help("--unlisted allows an event that is not listed"))
        }
        _ => Ok(()),
    }
}

fn source(args: &SecretSourceArgs, file: &Path) -> Result<Option<SecretSource>, CliError> {
    let env = args.secret_env.as_deref().map(|name| variable("--secret-env", name)).transpose()?;
    Ok(env
        .or_else(|| args.secret_file.as_deref().map(|path| relative_to(file, path)))
        .or_else(|| args.secret_command.clone().map(SecretSource::Command)))
}

fn previous_source(args: &EditArgs, file: &Path) -> Result<Option<Option<SecretSource>>, CliError> {
    let previous = &args.previous;
    let env = previous.previous_secret_env.as_deref();
    let env = env.map(|name| variable("--previous-secret-env", name)).transpose()?;
    let path = previous.previous_secret_file.as_deref().map(|path| relative_to(file, path));
    Ok(match env.or(path) {
        None if previous.no_previous_secret => Some(None),
        source => source.map(Some),
    })
}

/// An environment variable; not by mistake the secret itself, which would then be in the file.
fn variable(flag: &str, name: &str) -> Result<SecretSource, CliError> {
    let is_name = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_name {
        return Ok(SecretSource::Env(name.to_owned()));
    }
    Err(CliError::new(format!("{flag}: that is not the name of an environment variable"))
        .help(format!("pass the variable's name, not the secret: {flag} BOOKING_SECRET")))
}

/// A path that was typed in the working folder, as seen from pgwh.toml.
fn relative_to(file: &Path, path: &Path) -> SecretSource {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (path, file) = (absolute(path), absolute(file));
    SecretSource::File(match file.parent().and_then(|folder| path.strip_prefix(folder).ok()) {
        Some(relative) => relative.to_owned(),
        None => path,
    })
}

fn no_secret() -> CliError {
    CliError::new("no secret: PGM signs every request with the webhook's secret")
        .help("--secret-env VARIABLE names the environment variable that holds it")
        .help("--secret-file FILE names a file")
        .help("--secret-command WORD… names a command that prints it")
}
