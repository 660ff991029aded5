//! Pages and files that do not change while they are open: events, differences, a request to be
//! edited, and requests in other formats.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use maud::Markup;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{Compared, Compose, MAX_DIFFERENCES, PageState, Problem, html, indented};
use crate::capture::{Capture, CaptureRecord};
use crate::fixtures::{Fixture, Fixtures, unknown_event};
use crate::payload;
use crate::pgm::Envelope;
use crate::report::{attempt_value, request_capture, request_curl};
use crate::requests::{StoredAttempt, StoredRequest};
use crate::text::{Diagnostic, shown_url};
use crate::webhooks::Config;

/// Bytes of the largest body that can be edited. As text in a form it is many times as long.
const MAX_EDITED: usize = 1024 * 1024;
/// How many times as long as a body its indented form may be, to be edited.
const MAX_INDENTED: usize = 4;

/// The pages and files.
pub(super) fn routes() -> Router<Arc<PageState>> {
    Router::new()
        .route("/events", get(events))
        .route("/diff", get(diff))
        .route("/compose", get(compose))
        .route("/requests/{row}/{form}", get(request_file))
        .route("/received/{n}/{form}", get(received_file))
}

/// `GET /events`: the catalogue.
async fn events(State(state): State<Arc<PageState>>) -> Result<Markup, Problem> {
    state
        .run(|state| {
            let now = state.environment.now();
            let (fixtures, _) = state.fixtures()?;
            let sample = |name: &str| {
                let sample = find_sample(&fixtures, name, now)?;
                Ok((name.to_owned(), body_of(&sample, now), sample))
            };
            let samples: Result<Vec<_>, Diagnostic> =
                fixtures.names().into_iter().map(sample).collect();
            Ok(html::webhooks::events_page(&samples?))
        })
        .await
}

/// `GET /compose`: a request to be edited before it is sent.
async fn compose(
    State(state): State<Arc<PageState>>,
    Query(form): Query<Compose>,
) -> Result<Markup, Problem> {
    state
        .run(move |state| {
            let form = state.prefilled(form)?;
            let (fixtures, config) = state.fixtures()?;
            Ok(html::requests::compose_page(&form, &config, &fixtures.names(), None))
        })
        .await
}

/// A form that could not be sent: what was typed stays, and says why.
pub(super) fn compose_again(
    state: &PageState,
    form: &Compose,
    problem: &Problem,
) -> Result<Markup, Problem> {
    let (fixtures, config) = state.fixtures()?;
    Ok(html::requests::compose_page(form, &config, &fixtures.names(), Some(problem)))
}

impl PageState {
    /// The samples of events, with the user's own, and the settings they come from.
    fn fixtures(&self) -> Result<(Fixtures, Config), Diagnostic> {
        let config = self.environment.config()?;
        let fixtures = Fixtures::open(config.send.fixtures.as_deref())
            .map_err(|error| Diagnostic::new(error.to_string()))?;
        Ok((fixtures, config))
    }

    fn prefilled(&self, mut form: Compose) -> Result<Compose, Problem> {
        let body = if let Ok(row) = form.request.parse() {
            let stored = self.stored(row)?;
            if form.webhook.is_empty() && form.url.is_empty() {
                match stored.entry.webhook {
                    Some(webhook) => form.webhook = webhook,
                    None => form.url = shown_url(&stored.entry.url),
                }
            }
            form.id = stored.entry.request_id.to_string();
            stored.request.body().to_vec()
        } else if let Ok(n) = form.received.parse() {
            let received = self.received_one(n)?;
            if let (true, Some(target)) = (form.url.is_empty(), received.forwarded.first()) {
                form.url = target.suggested_url();
            }
            form.id = received.id();
            received.body().to_vec()
        } else {
            let name = if form.event.is_empty() { "Test" } else { &form.event };
            let now = self.environment.now();
            let (fixtures, _) = self.fixtures()?;
            body_of(&find_sample(&fixtures, name, now)?, now)
        };
        form.body = (body.len() <= MAX_EDITED).then(|| {
            let json = serde_json::from_slice(&body).ok();
            let text = json.and_then(|json| indented(&json, MAX_INDENTED * body.len().max(1024)));
            text.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned())
        });
        Ok(form)
    }
}

fn find_sample(fixtures: &Fixtures, name: &str, now: DateTime<Utc>) -> Result<Fixture, Diagnostic> {
    let found = fixtures.find(name, now).map_err(|error| Diagnostic::new(error.to_string()))?;
    found.ok_or_else(|| unknown_event(name, &fixtures.names()))
}

fn body_of(sample: &Fixture, now: DateTime<Utc>) -> Vec<u8> {
    let (event, data) = (sample.event.clone(), sample.data.clone());
    Envelope { event, triggered_date: now, data }.to_body()
}

/// Two requests, or two attempts of one.
#[derive(Debug, Deserialize)]
struct DiffQuery {
    /// `12` is a row of the list, `r12` a received request.
    a: String,
    b: String,
    /// The row whose attempts `a` and `b` are compared.
    #[serde(default)]
    attempts_of: Option<i64>,
}

/// `GET /diff`: what differs.
async fn diff(
    State(state): State<Arc<PageState>>,
    Query(query): Query<DiffQuery>,
) -> Result<Markup, Problem> {
    state
        .run(move |state| {
            let [a, b] = match query.attempts_of {
                Some(row) => {
                    let stored = state.stored(row)?;
                    [compared_attempt(&stored, &query.a)?, compared_attempt(&stored, &query.b)?]
                }
                None => [state.compared(&query.a)?, state.compared(&query.b)?],
            };
            let differences = payload::diff(&a.value, &b.value, MAX_DIFFERENCES + 1);
            Ok(html::requests::diff_page(&a, &b, &differences))
        })
        .await
}

impl PageState {
    fn compared(&self, id: &str) -> Result<Compared, Problem> {
        let (title, href, body) = match id.trim().strip_prefix('r').map(str::parse) {
            Some(Ok(n)) => {
                let received = self.received_one(n)?;
                (format!("received {n}"), format!("/received/{n}"), received.body().to_vec())
            }
            _ => {
                let row = id.trim().parse().map_err(|_| {
                    Diagnostic::new(format!("{id:?} is not the number of a request"))
                })?;
                let stored = self.stored(row)?;
                (
                    format!("request {row}"),
                    format!("/requests/{row}"),
                    stored.request.body().to_vec(),
                )
            }
        };
        let text = || Value::from(String::from_utf8_lossy(&body));
        let value = serde_json::from_slice(&body).unwrap_or_else(|_| text());
        Ok(Compared { title, href, value })
    }
}

fn compared_attempt(stored: &StoredRequest, n: &str) -> Result<Compared, Problem> {
    let missing = || Diagnostic::new(format!("there is no finished attempt {n:?}"));
    let number: u32 = n.trim().parse().map_err(|_| missing())?;
    let mut finished = stored.attempts.iter().filter_map(StoredAttempt::finished);
    let attempt = finished.find(|attempt| attempt.n == number).ok_or_else(missing)?;
    let mut value = attempt_value(attempt);
    if let Some(response) = &attempt.response {
        let headers = response.headers.iter().map(|(name, value)| (name.to_lowercase(), value));
        value["response"]["headers"] = headers
            .map(|(name, value)| (name, Value::from(value.as_str())))
            .collect::<serde_json::Map<_, _>>()
            .into();
    }
    Ok(Compared {
        title: format!("attempt {number}"),
        href: format!("/requests/{}#a{number}", stored.entry.row),
        value,
    })
}

/// `GET /requests/ROW/FORM`: the body, a curl command, or a capture.
async fn request_file(
    State(state): State<Arc<PageState>>,
    Path((row, form)): Path<(i64, String)>,
) -> Result<Response, Problem> {
    let file = state.run(move |state| {
        let StoredRequest { entry, request, .. } = &state.stored(row)?;
        Ok(match form.as_str() {
            "body" => text(request.body().to_vec()),
            "curl" if entry.load.is_none() => text(request_curl(request, &entry.url).into_bytes()),
            "capture" if entry.load.is_none() => {
                let line = request_capture(request, &entry.url, entry.created_at);
                download(&format!("request-{row}.ndjson"), line)
            }
            _ => return Err(Problem::not_found()),
        })
    });
    file.await
}

/// `GET /received/N/FORM`: the same for a received request.
async fn received_file(
    State(state): State<Arc<PageState>>,
    Path((n, form)): Path<(u64, String)>,
) -> Result<Response, Problem> {
    let file = state.run(move |state| {
        let received = state.received_one(n)?;
        let capture = &received.capture;
        Ok(match form.as_str() {
            "body" => text(received.body().to_vec()),
            "curl" => {
                let new_id = || state.environment.new_request_id();
                let (request, _) = capture.resend(None, new_id).map_err(Diagnostic::new)?;
                text(request_curl(&request, &own_url(capture)?).into_bytes())
            }
            "capture" => {
                let record = CaptureRecord {
                    received_at: received.received_at,
                    method: capture.method.as_deref().unwrap_or("POST"),
                    path: capture.path.as_deref().unwrap_or("/"),
                    remote: capture.remote.as_deref(),
                    headers: &capture.headers,
                    body: received.body(),
                };
                download(&format!("received-{n}.ndjson"), record.to_json())
            }
            _ => return Err(Problem::not_found()),
        })
    });
    file.await
}

/// The URL that a received request was sent to, as far as its headers tell.
fn own_url(capture: &Capture<'_>) -> Result<Url, Diagnostic> {
    let path = capture.path.as_deref().unwrap_or("/");
    let host = capture.values("host").next().unwrap_or("localhost");
    let is_url = path.starts_with("http://") || path.starts_with("https://");
    let url = if is_url { path.to_owned() } else { format!("http://{host}{path}") };
    Url::parse(&url).map_err(|error| Diagnostic::new(format!("it has no URL: {error}")))
}

fn text(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], bytes).into_response()
}

fn download(name: &str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}
