//! What the handlers share: where requests come from, and what is being done.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use tokio::sync::{Notify, watch};

use super::follow::CaptureFollower;
use super::received::{Received, ReceivedLog};
use crate::check::Check;
use crate::delivery::DeliveryVerdict;
use crate::files::StateDir;
use crate::pgm::{RequestId, Secret};
use crate::requests::{ListError, Recorder, RequestsList, StoredRequest};
use crate::text::Diagnostic;
use crate::verify::NamedSecret;
use crate::webhooks::{Config, SecretAccess, SecretSource, Webhook};

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
pub(super) struct PageState {
    pub(super) environment: Box<dyn Environment>,
    pub(super) received: ReceivedLog,
    /// Where `listen` receives.
    listening_on: Option<String>,
    follower: Option<CaptureFollower>,
    pub(super) jobs: Jobs,
    /// Wakes the streams.
    pub(super) changed: watch::Sender<u64>,
    /// Wakes the watcher: a stream was opened.
    pub(super) opened: Notify,
}

/// Where received requests come from, for an empty list.
#[derive(Debug)]
pub(super) enum ReceivedSource {
    /// `listen` receives them at this URL.
    Listening(String),
    /// This file has them.
    File(String),
    /// Nowhere.
    None,
}

/// What is being done, and what came of it last, by webhook.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    tests: Mutex<BTreeMap<String, TestJob>>,
    checks: Mutex<BTreeMap<String, CheckJob>>,
}

/// A test of a webhook.
#[derive(Debug, Clone)]
pub(super) enum TestJob {
    Sending,
    /// How the attempt went, in words, and its row in the requests list.
    Sent {
        verdict: DeliveryVerdict,
        text: String,
        row: Option<i64>,
    },
    /// It could not be sent.
    Failed(Diagnostic),
}

/// A check of a webhook's target.
#[derive(Debug, Clone, Default)]
pub(super) struct CheckJob {
    /// The probes that are running.
    pub(super) running: Vec<&'static str>,
    pub(super) checks: Vec<Check>,
    /// The verdict, when all checks were made: whether the target is ready, and a line about it.
    pub(super) result: Option<Result<(bool, String), Diagnostic>>,
}

impl Jobs {
    pub(super) fn test(&self, webhook: &str) -> Option<TestJob> {
        lock(&self.tests).get(webhook).cloned()
    }

    pub(super) fn check(&self, webhook: &str) -> Option<CheckJob> {
        lock(&self.checks).get(webhook).cloned()
    }

    pub(super) fn set_test(&self, webhook: &str, test: TestJob) {
        lock(&self.tests).insert(webhook.to_owned(), test);
    }

    pub(super) fn is_checking(&self, webhook: &str) -> bool {
        lock(&self.checks).get(webhook).is_some_and(|check| check.result.is_none())
    }

    /// Changes what is known of a check.
    pub(super) fn update_check(&self, webhook: &str, change: impl FnOnce(&mut CheckJob)) {
        change(lock(&self.checks).entry(webhook.to_owned()).or_default());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why there is no page.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) diagnostic: Diagnostic,
}

impl Problem {
    /// Nothing is at this URL.
    pub(super) fn not_found() -> Self {
        let diagnostic = Diagnostic::new("there is no such page");
        Self { status: StatusCode::NOT_FOUND, diagnostic }
    }

    /// The request is no longer there.
    pub(super) fn removed() -> Self {
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

impl PageState {
    /// What `listening` has is what `listen` receives, and where.
    pub(super) fn new(
        environment: impl Environment,
        listening: Option<(ReceivedLog, String)>,
        follower: Option<CaptureFollower>,
    ) -> Self {
        let (received, listening_on) = listening.unzip();
        Self {
            environment: Box::new(environment),
            received: received.unwrap_or_default(),
            listening_on,
            follower,
            jobs: Jobs::default(),
            changed: watch::Sender::new(0),
            opened: Notify::new(),
        }
    }

    /// Has every open page look for changes.
    pub(super) fn wake(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// Opens the requests list; `None` when nothing was ever sent.
    pub(super) fn list(&self) -> Result<Option<RequestsList>, Diagnostic> {
        let dir = self.environment.state_dir().ok_or(ListError::NoFolder).map_err(explain)?;
        let (list, _) = RequestsList::open(&dir, self.environment.now()).map_err(explain)?;
        Ok(list)
    }

    /// Reads what is new in the file of captures.
    pub(super) fn read_captures(&self) -> Result<(), Diagnostic> {
        let Some(follower) = &self.follower else { return Ok(()) };
        let secrets = || {
            let config = self.environment.config().unwrap_or_default();
            self.environment.available_secrets(&config)
        };
        follower.read_new(&self.received, secrets, self.environment.now())
    }

    pub(super) fn received_source(&self) -> ReceivedSource {
        match (&self.listening_on, &self.follower) {
            (Some(url), _) => ReceivedSource::Listening(url.clone()),
            (None, Some(follower)) => ReceivedSource::File(follower.shown()),
            (None, None) => ReceivedSource::None,
        }
    }

    /// Does what may wait for the disk on a thread for such work.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&state)).await;
        done.unwrap_or_else(|_| Err(Diagnostic::new("pgwh failed while it made this page").into()))
    }

    /// A stored request with its attempts.
    pub(super) fn stored(&self, row: i64) -> Result<StoredRequest, Problem> {
        let now = self.environment.now();
        let list = self.list()?.ok_or_else(Problem::removed)?;
        let entry = list.row(row, now).map_err(explain)?.ok_or_else(Problem::removed)?;
        list.read(entry, now).map_err(explain)?.ok_or_else(Problem::removed)
    }

    /// A received request.
    pub(super) fn received_one(&self, n: u64) -> Result<Arc<Received>, Problem> {
        self.read_captures()?;
        self.received.get(n).ok_or_else(Problem::removed)
    }
}

/// What is wrong with the requests list.
pub(super) fn explain(error: ListError) -> Diagnostic {
    Diagnostic::new(error.to_string()).help(error.help())
}

impl fmt::Debug for PageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageState").finish_non_exhaustive()
    }
}
