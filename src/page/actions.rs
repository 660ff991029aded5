//! What the buttons do. Each action waits for its result and leads to the page that shows it;
//! meanwhile open pages see it happen.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use tokio::runtime::Handle;
use url::Url;

use super::documents::compose_again;
use super::forms::{ChosenWebhook, Compose, TargetForm, form_pair, target_url};
use super::state::{CheckJob, PageState, Problem, TestJob, explain};
use crate::check::{self, CheckConfig, CheckProgress, FirstRequest, ProbeTarget};
use crate::delivery::{
    Clock, Delivery, HttpTransport, ProbeClient, Protocol, RetryPolicy, SendMode, check_proxies,
    describe_attempt,
};
use crate::http1::Network;
use crate::pgm::{self, Envelope, SignedRequest};
use crate::requests::{IdMatch, RequestMeta};
use crate::text::Diagnostic;
use crate::webhooks::{Config, Webhook};

/// How long a probe waits for a response: a late one tells more than a missing one.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// A request to be sent once, and recorded.
struct NewDelivery {
    event: Option<String>,
    webhook: Option<String>,
    url: Url,
    request: SignedRequest,
    from_capture: bool,
    /// Its row, if it is in the list already.
    row: Option<i64>,
}

/// `POST /requests/ROW/retry`: the same id, the same bytes.
pub(super) async fn retry(
    State(state): State<Arc<PageState>>,
    Path(row): Path<i64>,
) -> Result<Redirect, Problem> {
    let stored = state.run(move |state| state.stored(row)).await?;
    let entry = stored.entry;
    if entry.load.is_some() {
        return Err(Diagnostic::new("a load run is many requests, not one").into());
    }
    let job = NewDelivery {
        event: entry.event,
        webhook: entry.webhook,
        url: entry.url,
        request: stored.request,
        from_capture: entry.from_capture,
        row: Some(row),
    };
    send(&state, job).await?;
    Ok(Redirect::to(&format!("/requests/{row}")))
}

/// `POST /requests/ROW/send`: the same request to another URL, which is new to the list.
pub(super) async fn send_elsewhere(
    State(state): State<Arc<PageState>>,
    Path(row): Path<i64>,
    Form(target): Form<TargetForm>,
) -> Result<Redirect, Problem> {
    let url = target_url(&target.url)?;
    let stored = state.run(move |state| state.stored(row)).await?;
    if stored.entry.load.is_some() {
        return Err(Diagnostic::new("a load run is many requests, not one").into());
    }
    send_new(
        &state,
        NewDelivery {
            event: stored.entry.event,
            webhook: None,
            url,
            request: stored.request,
            from_capture: stored.entry.from_capture,
            row: None,
        },
    )
    .await
}

/// `POST /received/N/send`: a request that was received, as it was signed.
pub(super) async fn resend(
    State(state): State<Arc<PageState>>,
    Path(n): Path<u64>,
    Form(target): Form<TargetForm>,
) -> Result<Redirect, Problem> {
    let url = target_url(&target.url)?;
    let received = state.run(move |state| state.received_one(n)).await?;
    let new_id = || state.environment.new_request_id();
    let (request, _) = received.capture.resend(None, new_id).map_err(Diagnostic::new)?;
    let event = received.event.clone();
    send_new(
        &state,
        NewDelivery { event, webhook: None, url, request, from_capture: true, row: None },
    )
    .await
}

/// `POST /requests/ROW/delete`
pub(super) async fn delete(
    State(state): State<Arc<PageState>>,
    Path(row): Path<i64>,
) -> Result<Redirect, Problem> {
    let removed = state.run(move |state| {
        let mut list = state.list()?.ok_or_else(Problem::removed)?;
        Ok(list.remove(row).map_err(explain)?)
    });
    removed.await?;
    state.wake();
    Ok(Redirect::to("/requests"))
}

/// `POST /compose`: a new request, signed with the secret of its webhook or of the URLs.
pub(super) async fn compose(
    State(state): State<Arc<PageState>>,
    Form(form): Form<Compose>,
) -> Result<Response, Problem> {
    let typed = form.clone();
    let sent = match state.run(move |state| state.composed(&form)).await {
        Ok(job) => send_new(&state, job).await,
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

impl PageState {
    fn composed(&self, form: &Compose) -> Result<NewDelivery, Problem> {
        let body = form.body.replace("\r\n", "\n");
        let json: serde_json::Value = serde_json::from_str(&body)
            .map_err(|error| Diagnostic::new(format!("the body is not JSON: {error}")))?;
        let event = json.get("event").and_then(serde_json::Value::as_str).map(str::to_owned);
        let config = self.environment.config()?;
        let (webhook, url, secret) = match form.webhook.as_str() {
            "" => (None, target_url(&form.url)?, self.environment.url_secret()?),
            name => {
                let webhook = named(&config, name)?;
                let secret = self.environment.webhook_secret(&config, webhook)?;
                (Some(name.to_owned()), webhook.url.clone(), secret)
            }
        };
        // Compact, as PGM sends it; numbers and the order of keys stay as they were typed.
        let body = serde_json::to_vec(&json).map_err(|error| Diagnostic::new(error.to_string()))?;
        let request = SignedRequest::new(self.environment.new_request_id(), &secret, body);
        Ok(NewDelivery { event, webhook, url, request, from_capture: false, row: None })
    }

    fn test_job(&self, config: &Config, webhook: &Webhook) -> Result<NewDelivery, Diagnostic> {
        let secret = self.environment.webhook_secret(config, webhook)?;
        let now = self.environment.now();
        let data = pgm::sample_at(TEST_EVENT, now).unwrap_or_default();
        let envelope = Envelope { event: TEST_EVENT.to_owned(), triggered_date: now, data };
        let id = self.environment.new_request_id();
        Ok(NewDelivery {
            event: Some(TEST_EVENT.to_owned()),
            webhook: Some(webhook.name.to_string()),
            url: webhook.url.clone(),
            request: SignedRequest::new(id, &secret, envelope.to_body()),
            from_capture: false,
            row: None,
        })
    }
}

/// The event that PGM sends to all webhooks.
const TEST_EVENT: &str = "Test";

/// `POST /webhooks/test`: what PGM's button "Test all webhooks" does.
pub(super) async fn test_all(State(state): State<Arc<PageState>>) -> Result<Redirect, Problem> {
    let config = state.run(|state| Ok(state.environment.config()?)).await?;
    let tests = config.webhooks.iter().map(async |webhook| {
        let name = webhook.name.to_string();
        state.jobs.set_test(&name, TestJob::Sending);
        let (config, webhook) = (config.clone(), webhook.clone());
        let job = state.run(move |state| Ok(state.test_job(&config, &webhook)?)).await;
        let result = match job {
            Ok(job) => tested(&state, job).await,
            Err(problem) => TestJob::Failed(problem.diagnostic),
        };
        state.jobs.set_test(&name, result);
        state.wake();
    });
    let tests: Vec<_> = tests.collect();
    join_all(tests).await;
    Ok(Redirect::to("/webhooks"))
}

async fn tested(state: &Arc<PageState>, job: NewDelivery) -> TestJob {
    let id = job.request.request_id().clone();
    match send(state, job).await {
        Err(problem) => TestJob::Failed(problem.diagnostic),
        Ok(delivery) => TestJob::Sent {
            verdict: delivery.verdict,
            text: delivery.attempts.last().map(describe_attempt).unwrap_or_default(),
            row: state.run(move |state| state.row_of(id.as_str())).await.ok().flatten(),
        },
    }
}

/// `POST /webhooks/check`: starts what `pgwh check-target` does, and leads to its progress.
pub(super) async fn check(
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
    if state.jobs.is_checking(&webhook) {
        return Ok(Redirect::to(&target));
    }
    state.jobs.update_check(&webhook, |job| *job = CheckJob::default());
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
    let first = Some(FirstRequest { request: request.request, response });
    let mut observer = |event: CheckProgress<'_>| {
        state.jobs.update_check(name, |job| match event {
            CheckProgress::Running(ids, _) => job.running = ids.to_vec(),
            CheckProgress::Checked(check) => {
                job.checks.retain(|other| other.id != check.id);
                job.checks.push(check.clone());
            }
        });
        state.wake();
    };
    let report = check::run(client, &clock, config, &mut new_id, first, &mut observer).await;
    let is_ready = report.readiness == check::Readiness::Ready;
    let summary = report.summary();
    state.jobs.update_check(name, |job| {
        *job = CheckJob {
            running: Vec::new(),
            checks: report.checks,
            result: Some(Ok((is_ready, summary))),
        };
    });
    state.wake();
}

/// Sends a request that is new to the list, and leads to it.
async fn send_new(state: &Arc<PageState>, job: NewDelivery) -> Result<Redirect, Problem> {
    let id = job.request.request_id().clone();
    send(state, job).await?;
    let row = state.run(move |state| state.row_of(id.as_str())).await?;
    Ok(Redirect::to(&row.map_or("/requests".to_owned(), |row| format!("/requests/{row}"))))
}

/// Sends a request once and records it.
async fn send(state: &Arc<PageState>, job: NewDelivery) -> Result<Delivery, Problem> {
    let runtime = Handle::current();
    let sent = state.run(move |state| runtime.block_on(state.send(&job))).await;
    state.wake();
    sent
}

impl PageState {
    async fn send(&self, job: &NewDelivery) -> Result<Delivery, Problem> {
        let config = self.environment.config()?;
        check_proxies(&job.url).map_err(|error| Diagnostic::new(error.to_string()))?;
        let network = network(&config);
        let timeout = network.timeout;
        let transport = HttpTransport::new(job.url.clone(), &network, Protocol::Http1)
            .map_err(|error| Diagnostic::new(error.to_string()))?;
        let recorder = self.environment.recorder(&config);
        let meta = RequestMeta {
            event: job.event.as_deref(),
            webhook: job.webhook.as_deref(),
            url: &job.url,
            request: &job.request,
            from_capture: job.from_capture,
            story: None,
            timeout,
        };
        let mode = SendMode::Retry(RetryPolicy::none());
        let clock = StateClock(self);
        let delivery = recorder.deliver(&transport, &clock, meta, job.row, &mode, |_, _| ()).await;
        match recorder.take_warnings().into_iter().find(|warning| warning.is_unrecorded) {
            Some(warning) => Err(warning.diagnostic.into()),
            None => Ok(delivery),
        }
    }

    /// The row of the newest request with this id.
    fn row_of(&self, id: &str) -> Result<Option<i64>, Problem> {
        let Some(list) = self.list()? else { return Ok(None) };
        match list.find(id, self.environment.now()) {
            Ok(IdMatch::One(row)) => Ok(Some(row.row)),
            _ => Ok(None),
        }
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
