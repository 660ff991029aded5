//! `pgwh page`, and the page of `pgwh listen`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, io};

use chrono::{DateTime, Utc};
use clap::{Args, ValueHint};
use serde_json::json;

use super::secret::{self, SecretArgs};
use super::{
    CliError, ConfigArgs, Exit, StopSignals, env_var, new_request_id, now, random_key, recorder,
    state_dir, with_signals,
};
use crate::cli::{self, ListenAddress};
use crate::files::{self, StateDir, StateDirError, error_text};
use crate::page::{Environment, PageOptions, PageServer, ReceivedLog};
use crate::pgm::{RequestId, Secret};
use crate::report::{Output, OutputFormat};
use crate::requests::Recorder;
use crate::text::Diagnostic;
use crate::verify::NamedSecret;
use crate::webhooks::{Config, SecretAccess, SecretSource, Webhook};

/// The port of the page, where none is chosen.
const PORT: u16 = 4180;
/// The file in the state folder that `--open` opens.
const OPENED_FILE: &str = "open-page.html";
/// The file with the key in the state folder.
const KEY_FILE: &str = "page.key";
/// Held while the key is written.
const KEY_LOCK: &str = "page.lock";
/// How long another process is waited for, which writes the key at once.
const KEY_LOCK_TIMEOUT: Duration = Duration::from_secs(2);
/// The length of a key, in hex digits.
const KEY_DIGITS: usize = 64;

/// Show requests, webhooks and events in the browser, live
///
/// Serves a page on this machine: the requests list, what a receiver saves, the webhooks of pgwh.toml
/// with PGM's "Test all webhooks", and the catalogue of events. Only someone who has the printed URL
/// can open it.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "pgwh page",
        "pgwh page --open",
        "pgwh page --captures captures.ndjson",
        "pgwh listen --page                           (what is received, too)",
    ],
    &[2, 130, 143],
))]
pub(super) struct PageArgs {
    /// Also show the requests that a receiver saves in FILE, as it grows
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    captures: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
    #[command(flatten)]
    server: PageServerArgs,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Where the page is served.
#[derive(Debug, Args)]
#[command(next_help_heading = "Page")]
pub(super) struct PageServerArgs {
    /// Serve the page on this address [default: 127.0.0.1:4180, or the next free port]
    #[arg(long, value_name = "ADDR:PORT")]
    page_addr: Option<ListenAddress>,
    /// Allow this host name in the page's URL, besides localhost; repeatable
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    page_host: Vec<String>,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
}

/// A host name without a port, or an address, as it stands in a URL.
fn host_name(text: &str) -> Result<String, String> {
    let is_address = |host: &str| host.starts_with('[') && url::Host::parse(host).is_ok();
    let is_name = |host: &str| {
        let mut bytes = host.bytes();
        !host.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    match is_name(text) || is_address(text) {
        true => Ok(text.to_owned()),
        false => Err("expected a host name without a port, as in devbox".to_owned()),
    }
}

impl PageArgs {
    pub fn run(self, output: &mut Output) -> Result<Exit, CliError> {
        // Said once here; the page reads the file again as it changes.
        self.config.load(output)?;
        let secret = self.secret.optional(output)?;
        let environment = ProcessEnvironment { config: self.config, url_secret: secret };
        if let Some(file) = self.captures.as_deref().filter(|file| !file.exists()) {
            let text = format!("--captures: there is no {} yet", file.display());
            output.warn(
                Diagnostic::new(text).help("the page shows its requests as soon as there is"),
            );
        }
        let received = self.captures.map_or_else(ReceivedLog::default, ReceivedLog::following);
        with_signals(async |signals: &mut StopSignals| {
            let page = self.server.start(environment, received, output).await?;
            output.stdout_raw(match self.format {
                OutputFormat::Human => {
                    let url = output.palette().highlight(page.url());
                    let ready = output.palette().success("Ready!");
                    format!("{ready} {url} (Ctrl-C to stop)\n")
                }
                OutputFormat::Json => format!("{}\n", json!({"type": "ready", "url": page.url()})),
            });
            self.server.open_browser(page.url(), output);
            Ok(signals.next().await)
        })
    }
}

impl PageServerArgs {
    /// Starts to serve, with what was `received`.
    pub async fn start(
        &self,
        environment: ProcessEnvironment,
        received: ReceivedLog,
        output: &mut Output,
    ) -> Result<PageServer, CliError> {
        let default = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), PORT);
        let address = self.page_addr.map_or(default, |address| address.0);
        if !address.ip().is_loopback() {
            output.warn(format!(
                "other machines can reach {address}: whoever sees the page's traffic can use it"
            ));
        }
        let fresh = random_key();
        let key = match state_dir().map(|dir| kept_key(&dir, &fresh)) {
            Some(Ok(key)) => key,
            Some(Err(error)) => {
                let message = format!("the key of the page is not kept: {error}");
                output.warn(Diagnostic::new(message).help(error.help()));
                fresh
            }
            None => fresh,
        };
        let options = PageOptions {
            address,
            or_next_port: self.page_addr.is_none(),
            hosts: self.page_host.clone(),
            key,
            received,
        };
        PageServer::start(options, environment).await.map_err(|error| {
            let message = format!("cannot serve the page on {address}: {}", error_text(&error));
            CliError::new(message).help("--page-addr 127.0.0.1:0 picks a free port")
        })
    }

    /// Opens the page in the browser, where that is asked for.
    pub fn open_browser(&self, url: &str, output: &mut Output) {
        if !self.open {
            return;
        }
        let opened = match state_dir() {
            Some(dir) => open(&dir, url),
            None => Err(io::Error::other("there is no home directory")),
        };
        if let Err(error) = opened {
            let message = format!("cannot open the browser: {}", error_text(&error));
            output.warn(Diagnostic::new(message).help("open the URL yourself"));
        }
    }
}

/// The key that is kept in the state folder, so that an open page finds its way back after a
/// restart; `fresh` becomes the key where there is none yet.
fn kept_key(dir: &StateDir, fresh: &str) -> Result<String, StateDirError> {
    dir.create()?;
    dir.check(&[KEY_FILE])?;
    let path = dir.file(KEY_FILE);
    if let Some(key) = private_key(&path) {
        return Ok(key);
    }
    // Another process may be writing it just now.
    let _lock = dir.lock(KEY_LOCK, KEY_LOCK_TIMEOUT)?;
    if let Some(key) = private_key(&path) {
        return Ok(key);
    }
    let _ = fs::remove_file(&path);
    files::write_new(files::private(), &path, &format!("{fresh}\n"))
        .map_err(|error| dir.failed(error))?;
    Ok(fresh.to_owned())
}

/// The key in the file, unless it is not a whole one, or others could read it.
fn private_key(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok().filter(|_| is_private(path))?;
    let key = text.trim_end();
    let is_key = key.len() == KEY_DIGITS && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_key.then(|| key.to_owned())
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    fs::metadata(path).is_ok_and(|file| file.mode() & 0o077 == 0 && file.uid() == user)
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> bool {
    true
}

/// Opens a file that leads to the URL: other users can see the arguments of a process, and so the key
/// in them.
fn open(dir: &StateDir, url: &str) -> io::Result<()> {
    dir.create().map_err(|error| io::Error::other(error.to_string()))?;
    let path = dir.file(OPENED_FILE);
    let _ = fs::remove_file(&path);
    let html = format!("<!doctype html><meta http-equiv=\"refresh\" content=\"0; url={url}\">\n");
    files::write_new(files::private(), &path, &html)?;
    let program: &[&str] = match std::env::consts::OS {
        "macos" => &["open"],
        "windows" => &["cmd", "/C", "start", ""],
        _ => &["xdg-open"],
    };
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).arg(&path);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}

/// What the page gets from this process.
#[derive(Debug)]
pub(super) struct ProcessEnvironment {
    pub config: ConfigArgs,
    /// The secret for URLs that belong to no webhook.
    pub url_secret: Option<Secret>,
}

impl Environment for ProcessEnvironment {
    fn now(&self) -> DateTime<Utc> {
        now()
    }

    fn new_request_id(&self) -> RequestId {
        new_request_id()
    }

    fn state_dir(&self) -> Option<StateDir> {
        state_dir()
    }

    fn config(&self) -> Result<Config, Diagnostic> {
        self.config.read().map_err(|error| error.0)
    }

    fn recorder(&self, config: &Config) -> Recorder {
        recorder(true, config)
    }

    fn webhook_secret(&self, config: &Config, webhook: &Webhook) -> Result<Secret, Diagnostic> {
        secret::of_webhook(config, webhook).map_err(|error| error.0)
    }

    fn url_secret(&self) -> Result<Secret, Diagnostic> {
        self.url_secret.clone().ok_or_else(|| secret::missing().0)
    }

    fn available_secrets(&self, config: &Config) -> Vec<NamedSecret> {
        let webhooks = config.webhooks.iter();
        let own = self
            .url_secret
            .iter()
            .map(|secret| NamedSecret { name: String::new(), secret: secret.clone() });
        own.chain(webhooks.flat_map(|webhook| secret::available(config, webhook))).collect()
    }

    fn secret_access(&self, config: &Config, source: &SecretSource) -> SecretAccess {
        source.access(config.folder(), &env_var)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn the_key_is_kept_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let dir = StateDir::new(folder.path().join("state"));
        let other = KEY.replace('0', "f");
        assert_eq!(kept_key(&dir, KEY).unwrap(), KEY);
        assert_eq!(kept_key(&dir, &other).unwrap(), KEY);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = dir.file(KEY_FILE);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert_eq!(kept_key(&dir, &other).unwrap(), other);
        }
        for broken in ["", "a", &KEY[1..], &KEY.replace('0', "x")] {
            fs::write(dir.file(KEY_FILE), broken).unwrap();
            assert_eq!(kept_key(&dir, KEY).unwrap(), KEY, "{broken:?}");
        }
    }

    #[test]
    fn processes_that_start_at_once_have_the_same_key() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let dir = StateDir::new(folder.path().join("state"));
            let start = std::sync::Barrier::new(4);
            let keys: Vec<_> = std::thread::scope(|scope| {
                let key = |n: usize| KEY.replace('0', &n.to_string());
                let (dir, start) = (&dir, &start);
                let kept = move |n: usize| {
                    start.wait();
                    kept_key(dir, &key(n)).unwrap()
                };
                let threads: Vec<_> = (0..4).map(|n| scope.spawn(move || kept(n))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(keys.iter().all(|key| *key == keys[0] && key.len() == KEY_DIGITS), "{keys:?}");
        }
    }
}
