//! What the buttons do. An action leads to the page that shows its result as soon as what it does has
//! begun; the page is live from there on. What cannot be begun says why.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt};
use serde::Deserialize;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use url::Url;

use super::documents::compose_again;
use super::{CheckJob, Compose, MAX_SENDS, PageState, Problem, Received, TestJob, form_pair, lock};
use crate::check::{self, CheckConfig, CheckProgress, ProbeTarget};
use crate::delivery::{
    Attempt, Clock, Delivery, HttpTransport, ProbeClient, Protocol, RetryPolicy, SendMode,
    Transport, check_proxies, describe_attempt,
};
use crate::http1::Network;
use crate::pgm::{self, Envelope, SignedRequest};
use crate::requests::{IS_LOAD_RUN, Recorder, SendJob, StoredRequest};
use crate::text::{Diagnostic, json_error, shown_url, url_error};
use crate::webhooks::{Config, Webhook};

/// The event that PGM sends to all webhooks.
const TEST_EVENT: &str = "Test";
/// How long a probe waits for a response: a late one tells more than a missing one.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// The actions.
pub(super) fn routes() -> Router<Arc<PageState>> {
    Router::new()
        .route("/compose", post(compose))
        .route("/requests/{row}/retry", post(retry))
        .route("/requests/{row}/send", post(send_elsewhere))
        .route("/requests/{row}/delete", post(delete))
        .route("/received/{n}/send", post(resend))
        .route("/webhooks/test", post(test_all))
        .route("/webhooks/check", post(check))
}

/// A form about a request.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RequestForm {
    /// The id that the request had when the form was made.
    id: String,
    /// Where to send it.
    url: String,
}

/// The webhook of a form.
#[derive(Debug, Deserialize)]
struct ChosenWebhook {
    webhook: String,
}

/// `POST /requests/ROW/retry`: the same id, the same bytes.
async fn retry(
    State(state): State<Arc<PageState>>,
    Path(row): Path<i64>,
    Form(meant): Form<RequestForm>,
) -> Result<Redirect, Problem> {
    let stored = state.stored_to_send(row, meant.id).await?;
    start_and_show(&state, stored.again(None)).await
}

/// `POST /requests/ROW/send`: the same request to another URL, which is new to the list.
async fn send_elsewhere(
    State(state): State<Arc<PageState>>,
    Path(row): Path<i64>,
    Form(target): Form<RequestForm>,
) -> Result<Redirect, Problem> {
    let url = target_url(&target.url)?;
    let stored = state.stored_to_send(row, target.id).await?;
    start_and_show(&state, stored.again(Some(url))).await
}

/// `POST /received/N/send`: a request that was received, as it was signed.
async fn resend(
    State(state): State<Arc<PageState>>,
    Path(n): Path<u64>,
    Form(target): Form<RequestForm>,
) -> Result<Redirect, Problem> {
    let id = target.id;
    let received = state.run(move |state| state.received_meant(n, &id)).await?;
    let url = match received.target_url(&target.url) {
        Some(url) => url,
        None => target_url(&target.url)?,
    };
    let new_id = || state.environment.new_request_id();
    let (request, _) = received.capture.resend(None, new_id).map_err(Diagnostic::new)?;
    let job = SendJob::new(received.report.event.clone(), None, url, request);
    start_and_show(&state, SendJob { from_capture: true, ..job }).await
}

/// `POST /requests/ROW/delete`
async fn delete(
    State(state): State<Arc<PageState>>,
    Path(row): Path<i64>,
    Form(meant): Form<RequestForm>,
) -> Result<Redirect, Problem> {
    let removed = state.run(move |state| {
        state.meant(row, &meant.id)?;
        let mut list = state.list()?.ok_or_else(Problem::removed)?;
        Ok(list.remove(row)?)
    });
    removed.await?;
    state.wake();
    Ok(Redirect::to("/requests"))
}

/// `POST /compose`: a new request, signed with the secret of its webhook or of the URLs.
async fn compose(
    State(state): State<Arc<PageState>>,
    Form(form): Form<Compose>,
) -> Result<Response, Problem> {
    let typed = form.clone();
    let sent = match state.run(move |state| state.composed(&form)).await {
        Ok(job) => start_and_show(&state, job).await,
        Err(problem) => Err(problem),
    };
    match sent {
        Ok(redirect) => Ok(redirect.into_response()),
        Err(problem) => {
            let status = problem.status;
            let page = state.run(move |state| compose_again(state, &typed, &problem)).await?;
            Ok((status, page).into_response())
        }
    }
}

/// Whether a form with `meant` in it was made for the request with this id. Forms of scripts need not
/// have one.
fn is_meant(id: &str, meant: &str) -> bool {
    meant.is_empty() || meant == id
}

impl PageState {
    /// A stored request, if it is the one that a form means.
    fn meant(&self, row: i64, id: &str) -> Result<StoredRequest, Problem> {
        let stored = self.stored(row)?;
        let is_meant = is_meant(stored.entry.request_id.as_str(), id);
        if is_meant { Ok(stored) } else { Err(Problem::removed()) }
    }

    /// The same for a received request.
    fn received_meant(&self, n: u64, id: &str) -> Result<Arc<Received>, Problem> {
        let received = self.received_one(n)?;
        if is_meant(&received.id(), id) { Ok(received) } else { Err(Problem::removed()) }
    }

    /// The same, to be sent again.
    async fn stored_to_send(
        self: &Arc<Self>,
        row: i64,
        id: String,
    ) -> Result<StoredRequest, Problem> {
        let stored = self.run(move |state| state.meant(row, &id)).await?;
        match stored.entry.load {
            None => Ok(stored),
            Some(_) => Err(Diagnostic::new(IS_LOAD_RUN).into()),
        }
    }

    fn composed(&self, form: &Compose) -> Result<SendJob, Problem> {
        let (event, body) = self.composed_body(form)?;
        let config = self.environment.config()?;
        let (webhook, url, secret) = match form.webhook.as_str() {
            "" => (None, self.composed_url(form)?, self.environment.url_secret()?),
            name => {
                let webhook = named(&config, name)?;
                let secret = self.environment.webhook_secret(&config, webhook)?;
                (Some(name.to_owned()), webhook.url.clone(), secret)
            }
        };
        let request = SignedRequest::new(self.environment.new_request_id(), &secret, body);
        Ok(SendJob::new(event, webhook, url, request))
    }

    /// The event and the body of a form: what was typed, or where that was too large to be edited
    /// what the request has.
    fn composed_body(&self, form: &Compose) -> Result<(Option<String>, Vec<u8>), Problem> {
        let Some(text) = &form.body else {
            return match (form.request.parse(), form.received.parse()) {
                (Ok(row), _) => {
                    let stored = self.meant(row, &form.id)?;
                    Ok((stored.entry.event, stored.request.body().to_vec()))
                }
                (_, Ok(n)) => {
                    let received = self.received_meant(n, &form.id)?;
                    Ok((received.report.event.clone(), received.body().to_vec()))
                }
                _ => Err(Diagnostic::new("the form has no body").into()),
            };
        };
        let json: Value = serde_json::from_str(&text.replace("\r\n", "\n")).map_err(|error| {
            Diagnostic::new(format!("the body is not JSON: {}", json_error(&error)))
        })?;
        let event = json.get("event").and_then(Value::as_str).map(str::to_owned);
        // Compact, as PGM sends it; numbers and the order of keys stay as they were typed.
        let body = serde_json::to_vec(&json).map_err(|error| Diagnostic::new(error.to_string()))?;
        Ok((event, body))
    }

    /// The URL of a form. The form does not show the password of the URL that it was made with.
    fn composed_url(&self, form: &Compose) -> Result<Url, Problem> {
        let known = match (form.request.parse(), form.received.parse()) {
            (Ok(row), _) => Some(self.stored(row)?.entry.url),
            (_, Ok(n)) => self.received_one(n)?.target_url(&form.url),
            _ => None,
        };
        match known.filter(|url| shown_url(url) == form.url) {
            Some(url) => Ok(url),
            None => Ok(target_url(&form.url)?),
        }
    }

    fn test_job(&self, config: &Config, webhook: &Webhook) -> Result<SendJob, Diagnostic> {
        let secret = self.environment.webhook_secret(config, webhook)?;
        let now = self.environment.now();
        let data = pgm::sample_at(TEST_EVENT, now).unwrap_or_default();
        let envelope = Envelope { event: TEST_EVENT.to_owned(), triggered_date: now, data };
        let id = self.environment.new_request_id();
        let request = SignedRequest::new(id, &secret, envelope.to_body());
        let (event, webhook_name) = (Some(envelope.event), Some(webhook.name.to_string()));
        Ok(SendJob::new(event, webhook_name, webhook.url.clone(), request))
    }
}

/// `POST /webhooks/test`: starts what PGM's button "Test all webhooks" does. The webhooks show how it
/// goes.
async fn test_all(State(state): State<Arc<PageState>>) -> Result<Redirect, Problem> {
    let config = state.run(|state| Ok(state.environment.config()?)).await?;
    for webhook in &config.webhooks {
        state.set_test(webhook, TestJob::Starting);
    }
    let webhooks = stream::iter(config.webhooks.clone());
    tokio::spawn(webhooks.for_each_concurrent(MAX_SENDS, move |webhook| {
        let (state, config) = (state.clone(), config.clone());
        async move {
            let tested = webhook.clone();
            // The command that prints a secret may take its time.
            let job = state.run(move |state| Ok(state.test_job(&config, &tested)?)).await;
            let sent = match job {
                Ok(job) => start(&state, job).await,
                Err(problem) => Err(problem),
            };
            let test = match sent {
                Ok(row) => TestJob::Sent(row),
                Err(problem) => TestJob::Failed(problem.diagnostic),
            };
            state.set_test(&webhook, test);
        }
    }));
    Ok(Redirect::to("/webhooks"))
}

/// `POST /webhooks/check`: starts what `pgwh check-target` does, and leads to its progress.
async fn check(
    State(state): State<Arc<PageState>>,
    Form(ChosenWebhook { webhook }): Form<ChosenWebhook>,
) -> Result<Redirect, Problem> {
    let name = webhook.clone();
    let job = state.run(move |state| {
        let config = state.environment.config()?;
        let webhook = named(&config, &name)?;
        let secret = state.environment.webhook_secret(&config, webhook)?;
        let check = CheckConfig::new(webhook.url.clone(), secret, state.environment.now());
        check_proxies(&webhook.url).map_err(|error| Diagnostic::new(error.to_string()))?;
        let network = Network { timeout: PROBE_TIMEOUT, ..network(&config) };
        let client = ProbeClient::new(webhook.url.clone(), &network)
            .map_err(|error| Diagnostic::new(error.to_string()))?;
        Ok((client, check))
    });
    let (client, mut config) = job.await?;
    config.is_proxied = client.is_proxied();
    let target = format!("/check?{}", form_pair("webhook", &webhook));
    {
        let mut checks = lock(&state.checks);
        if checks.get(&webhook).is_some_and(|check| check.result.is_none()) {
            return Ok(Redirect::to(&target));
        }
        checks.insert(webhook.clone(), CheckJob::default());
    }
    // On a thread of its own, as the observer borrows and cannot move between threads.
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        runtime.block_on(run_check(&state, &webhook, &client, &config));
    });
    Ok(Redirect::to(&target))
}

async fn run_check(state: &PageState, name: &str, client: &ProbeClient, config: &CheckConfig) {
    let clock = StateClock(state);
    let mut new_id = || state.environment.new_request_id();
    let request = check::first_request(config, &mut new_id);
    let response = client.send(&request, clock.now()).await;
    let first = Some((request, response));
    let mut observer = |event: CheckProgress<'_>| {
        state.update_check(name, |job| match event {
            CheckProgress::Running(ids, _) => job.running = ids.to_vec(),
            CheckProgress::Checked(check) => {
                job.checks.retain(|other| other.id != check.id);
                job.checks.push(check.clone());
            }
        });
    };
    let report = check::run(client, &clock, config, &mut new_id, first, &mut observer).await;
    let result = Some((report.readiness == check::Readiness::Ready, report.summary()));
    let finished = CheckJob { running: Vec::new(), checks: report.checks, result };
    state.update_check(name, |job| *job = finished);
}

/// Starts to send a request, and leads to where its attempts are shown.
async fn start_and_show(state: &Arc<PageState>, job: SendJob) -> Result<Redirect, Problem> {
    let row = start(state, job).await?;
    Ok(Redirect::to(&format!("/requests/{row}")))
}

/// Starts to send a request once. Returns its row as soon as the attempt is in the list: what becomes
/// of it is seen there.
async fn start(state: &Arc<PageState>, job: SendJob) -> Result<i64, Problem> {
    let (id, stored) = (job.request.request_id().clone(), job.stored);
    let slot = state.sends.clone().acquire_owned().await;
    let (started, has_started) = oneshot::channel();
    let (sender, runtime) = (state.clone(), Handle::current());
    // On a thread of its own, as a recorder cannot move between threads.
    let delivery = tokio::task::spawn_blocking(move || {
        let sent = runtime.block_on(sender.send(&job, started));
        sender.wake();
        drop(slot);
        sent
    });
    let stopped = || Diagnostic::new("pgwh failed while it sent this request");
    let Ok(recorded) = has_started.await else {
        // It was never sent.
        delivery.await.map_err(|_| stopped())??;
        return Err(stopped().into());
    };
    if let Err(unrecorded) = recorded {
        // No page can show it, so what became of it is said here.
        let delivery = delivery.await.map_err(|_| stopped())??;
        let attempt = delivery.attempts.last().map(describe_attempt).unwrap_or_default();
        let message = format!("sent, with this result: {attempt}; {}", unrecorded.message);
        return Err(Diagnostic { message, ..unrecorded }.into());
    }
    state.wake();
    let row = match stored {
        Some((row, _)) => Some(row),
        None => state.run(move |state| state.row_of(id.as_str())).await?,
    };
    row.ok_or_else(Problem::removed)
}

/// Reports when the first attempt begins, and whether it is in the list.
struct ReportingTransport<'a> {
    inner: HttpTransport,
    recorder: &'a Recorder,
    started: Cell<Option<oneshot::Sender<Result<(), Diagnostic>>>>,
}

impl Transport for ReportingTransport<'_> {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        if let Some(started) = self.started.take() {
            let mut warnings = self.recorder.take_warnings().into_iter();
            let unrecorded = warnings.find(|warning| warning.is_unrecorded);
            let recorded = unrecorded.map_or(Ok(()), |warning| Err(warning.diagnostic));
            // Nobody may be waiting for it any more.
            let _ = started.send(recorded);
        }
        self.inner.attempt(request, n, started_at).await
    }
}

impl PageState {
    /// Sends a request once, and records it; `started` is told as soon as the attempt begins.
    async fn send(
        &self,
        job: &SendJob,
        started: oneshot::Sender<Result<(), Diagnostic>>,
    ) -> Result<Delivery, Diagnostic> {
        let config = self.environment.config()?;
        check_proxies(&job.url).map_err(|error| Diagnostic::new(error.to_string()))?;
        let network = network(&config);
        let inner = HttpTransport::new(job.url.clone(), &network, Protocol::Http1)
            .map_err(|error| Diagnostic::new(error.to_string()))?;
        let recorder = self.environment.recorder(&config);
        let started = Cell::new(Some(started));
        let transport = ReportingTransport { inner, recorder: &recorder, started };
        let (clock, mode) = (StateClock(self), SendMode::Retry(RetryPolicy::none()));
        Ok(recorder.deliver(&transport, &clock, job, network.timeout, &mode, |_, _| ()).await)
    }

    fn set_test(&self, webhook: &Webhook, test: TestJob) {
        lock(&self.tests).insert(webhook.name.to_string(), test);
        self.wake();
    }

    /// Changes what is known of a check.
    fn update_check(&self, webhook: &str, change: impl FnOnce(&mut CheckJob)) {
        change(lock(&self.checks).entry(webhook.to_owned()).or_default());
        self.wake();
    }

    /// The row of the newest request with this id.
    fn row_of(&self, id: &str) -> Result<Option<i64>, Problem> {
        let Some(list) = self.list()? else { return Ok(None) };
        Ok(match list.find(id, self.environment.now()).as_deref() {
            Ok([row]) => Some(row.row),
            _ => None,
        })
    }
}

/// The clock of the environment.
struct StateClock<'a>(&'a PageState);

impl Clock for StateClock<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.0.environment.now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

fn network(config: &Config) -> Network {
    let timeout = config.send.timeout.unwrap_or(pgm::TIMEOUT);
    Network { timeout, ca_cert: config.send.ca_cert.clone(), ..Network::default() }
}

fn named<'a>(config: &'a Config, name: &str) -> Result<&'a Webhook, Diagnostic> {
    let missing = || {
        Diagnostic::new(format!("there is no webhook {name:?}"))
            .help("`pgwh webhook list` shows the webhooks")
    };
    config.webhook(name).ok_or_else(missing)
}

/// The URL that a form names as a target.
fn target_url(text: &str) -> Result<Url, Diagnostic> {
    let wrong = |why: &str| {
        Diagnostic::new(format!("that is not a URL to send to: {why}"))
            .help("for example http://localhost:3000/pgm")
    };
    let url = Url::parse(text.trim()).map_err(|error| wrong(&url_error(error)))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(wrong("it starts neither with http:// nor with https://")),
    }
}
