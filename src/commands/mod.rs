//! The commands, one file or folder each: arguments, then the work, then the report, then the exit
//! code. This file has what they share: the error, the process's clock, environment, standard input
//! and signals, which only the commands read, and pgwh.toml.

#![allow(rustdoc::bare_urls, reason = "doc comments are the texts of --help")]

mod bodies;
mod check_target;
mod command_line;
mod completions;
mod demo;
mod events;
mod listen;
mod network;
mod page;
mod play;
mod reports;
mod requests;
mod scaffold;
mod secret;
mod send;
mod send_job;
mod sign;
mod supervise;
mod verify;
mod webhook;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::{Args, ValueHint};
use etcetera::BaseStrategy;
use tokio::runtime::Builder;
#[cfg(unix)]
use tokio::signal::unix;
#[cfg(not(unix))]
use tokio::signal::windows;
use uuid::Uuid;

use crate::capture::{self, Capture, ReadOutcome};
pub use crate::cli::Exit;
use crate::cli::path_or_nothing;
use crate::delivery::Clock;
use crate::files::{StateDir, StateDirError, error_text};
use crate::pgm::RequestId;
use crate::report::{Output, escape};
use crate::requests::{ListError, Recorder, Retention};
use crate::text::{Diagnostic, nearest};
use crate::toml_file::TomlFileError;
use crate::webhooks::{self, Config, SearchPath, Webhook};

pub use self::command_line::{command, run};

/// A command's error: what is wrong, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
struct CliError(Diagnostic);

impl CliError {
    /// An error without help.
    fn new(message: impl Into<String>) -> Self {
        Self(Diagnostic::new(message))
    }

    /// Adds a line of help.
    fn help(self, line: impl Into<String>) -> Self {
        Self(self.0.help(line))
    }

    /// Adds "did you mean …?" where there is a likely name.
    fn suggest(self, nearest: Option<&str>) -> Self {
        Self(self.0.suggest(nearest))
    }
}

impl From<Diagnostic> for CliError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(diagnostic)
    }
}

/// Errors whose own text says enough.
impl<E: std::error::Error> From<E> for CliError {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// The variable that names the state folder.
const STATE_VARIABLE: &str = "PGWH_STATE_DIR";

/// pgwh's folder within the user's folders.
const FOLDER: &str = "pgwh";

/// The time now.
#[allow(clippy::disallowed_methods, reason = "only here is the clock read")]
fn now() -> DateTime<Utc> {
    DateTime::from(std::time::SystemTime::now())
}

/// The wall clock.
#[derive(Debug, Clone, Copy)]
struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> DateTime<Utc> {
        now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// A new request id: a random UUID.
#[allow(clippy::disallowed_methods, reason = "only here are ids made")]
fn new_request_id() -> RequestId {
    RequestId::from(Uuid::new_v4())
}

/// A new key: 64 random hex digits, but for the few fixed bits of two UUIDs.
#[allow(clippy::disallowed_methods, reason = "only here are ids made")]
fn random_key() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// A new seed.
#[allow(clippy::disallowed_methods, reason = "only here are ids made")]
fn random_seed() -> u64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    // The fixed bits of one half meet random bits of the other.
    high ^ low.rotate_left(32)
}

/// The value of an environment variable.
fn env_var(name: &str) -> Option<Vec<u8>> {
    std::env::var_os(name).map(std::ffi::OsString::into_encoded_bytes)
}

/// The state folder, which holds the requests list; `None` without a home directory.
fn state_dir() -> Option<StateDir> {
    let named = std::env::var_os(STATE_VARIABLE).filter(|folder| !folder.is_empty());
    let folder = named.map(PathBuf::from).or_else(|| {
        let user = etcetera::choose_base_strategy().ok()?;
        // Windows has no state folder; its cache folder is the one that stays on the machine.
        Some(user.state_dir().unwrap_or_else(|| user.cache_dir()).join(FOLDER))
    });
    folder.map(StateDir::new)
}

/// Where pgwh.toml may be.
fn webhooks_search(named: Option<&Path>) -> SearchPath {
    SearchPath {
        named: named.map(Path::to_owned),
        working: std::env::current_dir().ok(),
        user: etcetera::choose_base_strategy().ok().map(|user| user.config_dir().join(FOLDER)),
    }
}

/// A path as a person would name it from here.
fn shown_path(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}
/// Runs `work` on this thread: a runtime with more threads takes longer to start than a send.
/// Ctrl-C ends it with [`Exit::Interrupted`] and a warning; what was written by then stays.
fn block_on(
    output: &mut Output,
    work: impl AsyncFnOnce(&mut Output) -> Result<Exit, CliError>,
) -> Result<Exit, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let exit = runtime.block_on(async {
        tokio::select! {
            // Polled first: the work may have something to clean up.
            biased;
            Ok(()) = tokio::signal::ctrl_c() => Ok(Exit::Interrupted),
            exit = work(&mut *output) => exit,
        }
    });
    if matches!(exit, Ok(Exit::Interrupted)) {
        output.warn("interrupted; what was being sent may have reached the target");
    }
    // A lookup that hangs in the system's resolver must not keep the process.
    runtime.shutdown_background();
    exit
}

/// Lets a write beyond the limit on file sizes (`ulimit -f`) fail like any other write. Without
/// this, the signal that comes with it (SIGXFSZ) ends the process.
#[cfg(unix)]
fn catch_file_size_signal() -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let _inside = runtime.enter();
    // The handler stays for as long as the process lives.
    unix::signal(unix::SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw())).map(drop)
}

/// Runs `work` on this thread, which looks out for signals itself.
fn with_signals<T>(
    work: impl AsyncFnOnce(&mut StopSignals) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async { work(&mut StopSignals::new()?).await });
    runtime.shutdown_background();
    result
}

/// Ctrl-C and SIGTERM, from the moment this is created: the process no longer ends by itself.
#[derive(Debug)]
struct StopSignals {
    #[cfg(unix)]
    interrupt: unix::Signal,
    #[cfg(unix)]
    terminate: unix::Signal,
    #[cfg(not(unix))]
    interrupt: windows::CtrlC,
}

impl StopSignals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            interrupt: unix::signal(unix::SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: unix::signal(unix::SignalKind::terminate())?,
            #[cfg(not(unix))]
            interrupt: windows::ctrl_c()?,
        })
    }

    /// Waits for the next signal; returns the exit code that it means.
    async fn next(&mut self) -> Exit {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
        #[cfg(not(unix))]
        {
            self.interrupt.recv().await;
            Exit::Interrupted
        }
    }
}
/// The text itself, the bytes of `@FILE`, or standard input for `-`.
fn text_or_file(flag: &str, value: &str) -> Result<Vec<u8>, CliError> {
    match (value, value.strip_prefix('@')) {
        ("-", _) => stdin(flag),
        (_, Some(path)) => file(flag, Path::new(path)),
        (text, None) => Ok(text.as_bytes().to_vec()),
    }
}

/// The bytes of a file, or standard input for `-`.
fn file_or_stdin(flag: &str, path: &Path) -> Result<Vec<u8>, CliError> {
    if path == Path::new("-") { stdin(flag) } else { file(flag, path) }
}

/// The largest input that is read into memory: more than any body or file of captures that is sent
/// again, and less than what a device without an end would fill.
const MAX_INPUT: u64 = 1 << 30;

fn file(flag: &str, path: &Path) -> Result<Vec<u8>, CliError> {
    let read = fs::File::open(path).and_then(read_limited);
    read.map_err(|error| cannot_read(flag, &path.display().to_string(), &error))
}

fn stdin(flag: &str) -> Result<Vec<u8>, CliError> {
    read_limited(io::stdin().lock()).map_err(|error| cannot_read(flag, "standard input", &error))
}

fn read_limited(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_INPUT + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MAX_INPUT {
        true => Err(io::Error::other("it has more than 1 GiB")),
        false => Ok(bytes),
    }
}

fn cannot_read(flag: &str, what: &str, error: &io::Error) -> CliError {
    CliError::new(format!("{flag}: cannot read {what}: {}", error_text(error)))
}

/// The captures in the file of `--from`.
fn read_captures(path: &Path, output: &mut Output) -> Result<Vec<Capture<'static>>, CliError> {
    let bytes = file_or_stdin("--from", path)?;
    let ReadOutcome { captures, faults, .. } = capture::read(&bytes).map_err(|error| {
        let message = format!("--from: {}: {error}", path.display());
        error.help().into_iter().fold(CliError::new(message), CliError::help)
    })?;
    for fault in &faults {
        output.warn(format!("skipped {}: {fault}", path.display()));
    }
    if captures.is_empty() {
        let message = format!("--from: {} has no request of PGM's", path.display());
        return Err(CliError::new(message)
            .help("`pgwh send --save FILE` writes captures that can be sent again"));
    }
    Ok(captures)
}

/// Standard input can be read once: refuses two flags that would both read it.
fn check_single_stdin(readers: impl IntoIterator<Item = &'static str>) -> Result<(), CliError> {
    let readers: Vec<_> = readers.into_iter().collect();
    if readers.len() < 2 {
        return Ok(());
    }
    Err(CliError::new(format!("{} cannot both read standard input", readers.join(" and ")))
        .help("read one of them from a file"))
}

/// Which pgwh.toml to use.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Configuration")]
struct ConfigArgs {
    /// Use this pgwh.toml
    ///
    /// The default is the one in this folder or the nearest folder above it, else the one in your
    /// configuration folder.
    #[arg(
        long,
        value_name = "FILE",
        env = "PGWH_CONFIG",
        hide_short_help = true,
        value_parser = path_or_nothing(),
        value_hint = ValueHint::FilePath,
    )]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    /// Reads pgwh.toml; without one, the configuration is empty.
    fn load(&self, output: &mut Output) -> Result<Config, CliError> {
        let found = webhooks::find(&webhooks_search(self.named()));
        for path in &found.passed_over {
            let message = format!("{} is not used: other users can write it", shown_path(path));
            output.warn(Diagnostic::new(message).help("to use it anyway: --config FILE"));
        }
        let Some(path) = found.path else { return Ok(Config::default()) };
        let config = webhooks::read(&path).map_err(toml_error)?;
        for error in &config.warnings {
            output.warn(error.clone());
        }
        Ok(Config { is_named: self.named().is_some(), ..config })
    }

    /// The same without warnings, for those who read it again and again.
    fn read(&self) -> Result<Config, CliError> {
        let Some(path) = self.path() else { return Ok(Config::default()) };
        let config = webhooks::read(&path).map_err(toml_error)?;
        Ok(Config { is_named: self.named().is_some(), ..config })
    }

    /// The path of pgwh.toml, which may not exist yet where it is named.
    fn path(&self) -> Option<PathBuf> {
        webhooks::find(&webhooks_search(self.named())).path
    }

    fn named(&self) -> Option<&Path> {
        self.config.as_deref().filter(|path| !path.as_os_str().is_empty())
    }
}

/// The webhook of this name.
fn named_webhook<'a>(config: &'a Config, name: &str) -> Result<&'a Webhook, CliError> {
    config.webhook(name).ok_or_else(|| unknown_webhook(config, name))
}

/// Without a URL, there has to be a webhook.
fn require_webhook(config: &Config) -> Result<(), CliError> {
    if !config.webhooks.is_empty() {
        return Ok(());
    }
    let error = match &config.path {
        Some(path) => CliError::new(format!("no --url, and {} has no webhook", path.display())),
        None => CliError::new("no --url, and no pgwh.toml with webhooks"),
    };
    Err(error
        .help("send to a URL with --url, for example --url http://localhost:3000/pgm")
        .help("or store a URL with its secret and events: `pgwh webhook add`"))
}

fn unknown_webhook(config: &Config, name: &str) -> CliError {
    let known: Vec<_> = config.webhooks.iter().map(|webhook| webhook.name.as_str()).collect();
    let name = escape(name);
    let add = "`pgwh webhook add NAME --url URL --secret-env VARIABLE`";
    match (&config.path, known.is_empty()) {
        (None, _) => CliError::new(format!("there is no webhook {name:?}: there is no pgwh.toml"))
            .help(format!("{add} creates one")),
        (Some(_), true) => CliError::new(format!(
            "there is no webhook {name:?}: {} has no webhooks",
            config_file(config)
        ))
        .help(format!("{add} adds one")),
        (Some(_), false) => {
            let error =
                CliError::new(format!("there is no webhook {name:?} in {}", config_file(config)));
            error
                .suggest(nearest(&name, &known))
                .help(format!("the webhooks are {}", known.join(", ")))
        }
    }
}

/// The file, for messages.
fn config_file(config: &Config) -> String {
    match &config.path {
        Some(path) => escape(&shown_path(path)),
        None => webhooks::FILE_NAME.to_owned(),
    }
}

/// What is wrong with the file, as an error of a command.
fn toml_error(error: TomlFileError) -> CliError {
    CliError(error.into())
}

/// How much the requests list keeps.
fn retention(config: &Config) -> Retention {
    let default = Retention::default();
    Retention {
        keep: config.requests.keep.unwrap_or(default.keep),
        older_than: config.requests.older_than.unwrap_or(default.older_than),
    }
}

/// The state folder.
fn required_state_dir() -> Result<StateDir, CliError> {
    state_dir().ok_or_else(|| {
        CliError::new("there is no home directory to keep pgwh's state in")
            .help(ListError::NoFolder.help())
    })
}

/// What is wrong with the state folder, as an error of a command.
fn state_error(error: StateDirError) -> CliError {
    CliError::new(error.to_string()).help(error.help())
}
/// How to send without the list.
const NO_RECORD_HELP: Option<&str> = Some("--no-record sends without the list");

/// The recorder of this process; `recorded` is false with `--no-record`.
fn recorder(recorded: bool, config: &Config) -> Recorder {
    if !recorded {
        return Recorder::off();
    }
    Recorder::new(state_dir(), retention(config), std::process::id())
}

/// Shows what is wrong with the list, if anything is: once, and never as an error. `without` is the
/// command's own way of going on without the list.
fn show_warnings(recorder: &Recorder, without: Option<&str>, output: &mut Output) {
    for mut warning in recorder.take_warnings() {
        if warning.is_unrecorded {
            warning.diagnostic.help.extend(without.map(str::to_owned));
        }
        output.warn(warning.diagnostic);
    }
}
