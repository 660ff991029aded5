//! The page: the requests list, what was received, webhooks and events in the browser, live. Serves
//! HTTP on a port of its own, never prints.
//!
//! `server` decides who may use it, `live` reads what changes and keeps open pages up to date,
//! `documents` makes the pages that do not change, `html` turns both into markup, `actions` does what
//! the buttons say, `received` keeps what was received. This file has what they share. Only
//! [`Environment`] knows the clock, randomness and where secrets come from.

mod actions;
mod documents;
mod html;
mod live;
mod received;
mod server;

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore, watch};
use url::Url;

pub use self::received::ReceivedLog;
pub use self::server::{PageOptions, PageServer};

use crate::capture::Capture;
use crate::check::Check;
use crate::files::StateDir;
use crate::pgm::{RequestId, Secret};
use crate::receiver::{RequestOutcome, RequestReport};
use crate::requests::{Filter, ListError, Recorder, RequestsList, Status, StoredRequest};
use crate::text::{Diagnostic, shown_url};
use crate::verify::{NamedSecret, SignatureVerdict};
use crate::webhooks::{Config, SecretAccess, SecretSource, Webhook};

/// Rows of a list.
const PAGE_ROWS: usize = 100;

/// Requests that are sent at a time. Each has a thread, as every page that is read has.
const MAX_SENDS: usize = 32;
/// Differences of a comparison that are shown.
const MAX_DIFFERENCES: usize = 200;

/// What only the process knows.
pub trait Environment: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
    /// A new request id.
    fn new_request_id(&self) -> RequestId;
    /// The folder of the requests list, if there is one.
    fn state_dir(&self) -> Option<StateDir>;
    /// What pgwh.toml says now.
    ///
    /// # Errors
    /// When it cannot be read.
    fn config(&self) -> Result<Config, Diagnostic>;
    /// A recorder of what is sent.
    fn recorder(&self, config: &Config) -> Recorder;
    /// The secret of a webhook.
    ///
    /// # Errors
    /// When it is missing.
    fn webhook_secret(&self, config: &Config, webhook: &Webhook) -> Result<Secret, Diagnostic>;
    /// The secret for URLs that belong to no webhook.
    ///
    /// # Errors
    /// When there is none.
    fn url_secret(&self) -> Result<Secret, Diagnostic>;
    /// All secrets that can be had without running a command.
    fn available_secrets(&self, config: &Config) -> Vec<NamedSecret>;
    /// Whether a secret can be had.
    fn secret_access(&self, config: &Config, source: &SecretSource) -> SecretAccess;
}

/// What the handlers share.
struct PageState {
    environment: Box<dyn Environment>,
    received: ReceivedLog,
    /// The last test of each webhook, by name.
    tests: Mutex<BTreeMap<String, TestJob>>,
    /// The last check of each webhook's target, by name.
    checks: Mutex<BTreeMap<String, CheckJob>>,
    /// Room for requests that are being sent.
    sends: Arc<Semaphore>,
    /// Wakes the streams.
    changed: watch::Sender<u64>,
    /// Wakes the watcher: a stream was opened.
    opened: Notify,
}

/// A test of a webhook.
#[derive(Debug, Clone)]
enum TestJob {
    /// Its secret is being read.
    Starting,
    /// It is in this row of the requests list, which has its attempt.
    Sent(i64),
    /// It could not be sent.
    Failed(Diagnostic),
}

/// A check of a webhook's target.
#[derive(Debug, Clone, Default)]
struct CheckJob {
    /// The probes that are running.
    running: Vec<&'static str>,
    checks: Vec<Check>,
    /// The verdict, when all checks were made: whether the target is ready, and a line about it.
    result: Option<(bool, String)>,
}

/// What pgwh.toml says. One that cannot be read says nothing, and has a problem, which is shown.
#[derive(Debug)]
struct LoadedConfig {
    config: Config,
    problem: Option<Diagnostic>,
}

/// Why there is no page.
#[derive(Debug)]
struct Problem {
    status: StatusCode,
    diagnostic: Diagnostic,
}

impl Problem {
    /// Nothing is at this URL.
    fn not_found() -> Self {
        let diagnostic = Diagnostic::new("there is no such page");
        Self { status: StatusCode::NOT_FOUND, diagnostic }
    }

    /// The request is no longer there.
    fn removed() -> Self {
        let diagnostic = Diagnostic::new("this request was removed")
            .help("the oldest requests make room for new ones");
        Self { status: StatusCode::NOT_FOUND, diagnostic }
    }
}

impl From<Diagnostic> for Problem {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, diagnostic }
    }
}

/// What is wrong with the requests list.
impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        Diagnostic::new(error.to_string()).help(error.help()).into()
    }
}

impl PageState {
    fn new(environment: impl Environment, received: ReceivedLog) -> Self {
        Self {
            environment: Box::new(environment),
            received,
            tests: Mutex::default(),
            checks: Mutex::default(),
            sends: Arc::new(Semaphore::new(MAX_SENDS)),
            changed: watch::Sender::new(0),
            opened: Notify::new(),
        }
    }

    /// Has every open page look for changes.
    fn wake(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// What pgwh.toml says, for pages that can be shown without it.
    fn settings(&self) -> LoadedConfig {
        match self.environment.config() {
            Ok(config) => LoadedConfig { config, problem: None },
            Err(problem) => LoadedConfig { config: Config::default(), problem: Some(problem) },
        }
    }

    /// Opens the requests list; `None` when nothing was ever sent.
    fn list(&self) -> Result<Option<RequestsList>, Problem> {
        let dir = self.environment.state_dir().ok_or(ListError::NoFolder)?;
        let (list, _) = RequestsList::open(&dir, self.environment.now())?;
        Ok(list)
    }

    /// A stored request with its attempts.
    fn stored(&self, row: i64) -> Result<StoredRequest, Problem> {
        self.stored_in(&self.list()?.ok_or_else(Problem::removed)?, row)
    }

    /// The same, in a list that is open.
    fn stored_in(&self, list: &RequestsList, row: i64) -> Result<StoredRequest, Problem> {
        let now = self.environment.now();
        let entry = list.row(row, now)?.ok_or_else(Problem::removed)?;
        list.read(entry, now)?.ok_or_else(Problem::removed)
    }

    /// Reads what is new in the file of captures.
    fn read_captures(&self) -> Result<(), Diagnostic> {
        let secrets = || {
            let config = self.environment.config()?;
            Ok(self.environment.available_secrets(&config))
        };
        self.received.read_new(secrets, self.environment.now())
    }

    /// A received request.
    fn received_one(&self, n: u64) -> Result<Arc<Received>, Problem> {
        self.read_captures()?;
        self.received.get(n).ok_or_else(Problem::removed)
    }

    /// Does what may wait for the disk on a thread for such work.
    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&state)).await;
        done.unwrap_or_else(|_| Err(Diagnostic::new("pgwh failed while it made this page").into()))
    }
}

/// Tells a file from another at the same path, where the system has a number for it.
#[cfg(unix)]
fn file_number(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn file_number(_: &Metadata) -> u64 {
    0
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A part of a page that can change by itself.
#[derive(Debug, Hash)]
struct Fragment {
    /// Names it among the others of the page.
    key: String,
    html: String,
}

/// An id of what a page shows: the same in every run of the same pgwh.
fn fragments_id(fragments: &[Fragment]) -> String {
    format!("{:016x}", hash(fragments))
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Where received requests come from.
#[derive(Debug)]
enum ReceivedSource {
    /// `listen` receives them at this URL.
    Listening(String),
    /// This file has them.
    File(PathBuf),
    /// Nowhere.
    None,
}

/// A request that was received. All text in it comes from outside.
#[derive(Debug)]
struct Received {
    /// Counted from 1.
    n: u64,
    received_at: DateTime<Utc>,
    /// What arrived: the body is missing where there was no room for it.
    capture: Capture<'static>,
    body_size: usize,
    report: RequestReport,
    /// What the client got, where that is known: a file of captures does not say it.
    outcome: Option<(RequestOutcome, Duration)>,
    forwarded: Vec<ForwardResult>,
}

/// What came of forwarding a request to one target.
#[derive(Debug)]
struct ForwardResult {
    /// The URL as it is shown.
    url: String,
    /// The URL with its password, which a file of captures does not have.
    target: Option<Url>,
    /// The status of the response, or why there is none.
    outcome: Result<u16, String>,
    elapsed: Duration,
    /// The first characters of the response.
    text: String,
}

impl ForwardResult {
    /// The URL that a form suggests. A captures file may have any text for it, and does not have its
    /// password.
    fn suggested_url(&self) -> String {
        match (&self.target, Url::parse(&self.url)) {
            (Some(target), _) => shown_url(target),
            (None, Ok(url)) if url.password() != Some("hidden") => url.to_string(),
            _ => String::new(),
        }
    }
}

impl Received {
    /// Its id. One without an id has its time, as its number may be that of another in a later run.
    fn id(&self) -> String {
        let time = || self.received_at.timestamp_micros().to_string();
        self.report.request_id.clone().unwrap_or_else(time)
    }

    /// The URL of a form, which does not show the password of one that this was forwarded to.
    fn target_url(&self, shown: &str) -> Option<Url> {
        let mut targets = self.forwarded.iter().filter_map(|one| one.target.as_ref());
        targets.find(|target| shown_url(target) == shown).cloned()
    }

    /// Whether both are the same request, sent again.
    fn repeats(&self, other: &Self) -> bool {
        self.report.request_id.is_some()
            && self.report.request_id == other.report.request_id
            && self.report.signature == other.report.signature
    }

    /// The verdict in a word.
    fn verdict_word(&self) -> &'static str {
        self.report.verdict.map_or("unchecked", SignatureVerdict::as_str)
    }

    /// The status that the client got, or the first target's, where that is known.
    fn status(&self) -> Option<u16> {
        match self.outcome {
            Some((RequestOutcome::Responded(status), _)) => Some(status),
            Some(_) => None,
            None => self.forwarded.first().and_then(|target| target.outcome.clone().ok()),
        }
    }

    /// The exact body, where it was kept.
    fn body(&self) -> &[u8] {
        self.capture.body.as_ref().map_or(&[], |body| &body.bytes)
    }

    /// Whether it has this text in its path, its headers or its body.
    fn contains(&self, text: &str) -> bool {
        let headers = self.capture.headers.iter().map(|(_, value)| &**value);
        headers.chain(self.capture.path.as_deref()).any(|value| value.contains(text))
            || memchr::memmem::find(self.body(), text.as_bytes()).is_some()
    }
}

/// The filters of a list, as they stand in the URL. An empty one is none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    event: String,
    webhook: String,
    verdict: String,
    /// 2 for 2xx; 0 for no response.
    class: String,
    text: String,
    id: String,
    /// Only what is older than this row.
    before: String,
}

impl ListQuery {
    /// The filters, as they are called in the URL.
    fn filters(&self) -> [(&'static str, &str); 6] {
        let Self { event, webhook, verdict, class, text, id, .. } = self;
        [
            ("event", event),
            ("webhook", webhook),
            ("verdict", verdict),
            ("class", class),
            ("text", text),
            ("id", id),
        ]
    }

    /// Whether anything is filtered.
    fn is_filtered(&self) -> bool {
        self.filters().iter().any(|(_, value)| !value.trim().is_empty())
    }

    /// The same filters as a query, for what is older than a row.
    fn to_query(&self, before: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let set = self.filters().into_iter().filter(|(_, value)| !value.is_empty());
        query.extend_pairs(set.chain([("before", before)])).finish()
    }

    /// The same for the requests list.
    fn filter(&self) -> Filter {
        let text = |value: &str| Some(value.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            event: text(&self.event),
            webhook: text(&self.webhook),
            status: Status::ALL.into_iter().find(|status| status.as_str() == self.verdict),
            status_class: self.class.parse().ok().filter(|class| *class < 10),
            text: text(&self.text),
            id: text(&self.id),
            before: self.before.parse().ok(),
            // One more tells whether there are older ones.
            limit: Some(PAGE_ROWS + 1),
            ..Filter::default()
        }
    }

    fn matches(&self, request: &Received) -> bool {
        let is = |wanted: &str, value: Option<&str>| {
            wanted.trim().is_empty() || value == Some(wanted.trim())
        };
        let id = request.report.request_id.as_deref().unwrap_or_default();
        let verdict = request.verdict_word();
        let class = request.status().map_or(0, |status| status / 100).to_string();
        is(&self.event, request.report.event.as_deref())
            && is(&self.webhook, request.report.secret.as_deref())
            && is(&self.verdict, Some(verdict))
            && is(&self.class, Some(&class))
            && id.starts_with(self.id.trim())
            && self.before.parse().map_or(true, |before| request.n < before)
            && (self.text.trim().is_empty() || request.contains(self.text.trim()))
    }
}

/// What a new request is made of. Every field may be empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Compose {
    /// The name of the webhook it goes to; empty for a URL.
    webhook: String,
    url: String,
    /// `None` where the body is too large to be edited: it stays as it is.
    body: Option<String>,
    /// Where the first body comes from: an event's sample, a row of the list, a received request.
    event: String,
    request: String,
    received: String,
    /// The id that this request had when the form was made.
    id: String,
}

/// One side of a comparison.
#[derive(Debug)]
struct Compared {
    /// What it is.
    title: String,
    /// Where it is shown.
    href: String,
    value: Value,
}

/// JSON with its parts on lines of their own, unless that takes more than `max` bytes: where lists are
/// nested deeply, it takes many times as much as the JSON itself.
fn indented(json: &Value, max: usize) -> Option<String> {
    let mut text = vec![0; max];
    let mut free = &mut text[..];
    serde_json::to_writer_pretty(&mut free, json).ok()?;
    let free = free.len();
    text.truncate(max - free);
    String::from_utf8(text).ok()
}

/// `NAME=VALUE` as it stands in a query.
fn form_pair(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}
