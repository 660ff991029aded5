//! What changes while it is looked at: a view is read from its URL, and rendered as fragments with
//! keys, for its page and for the stream that keeps the page up to date.
//!
//! A stream knows which fragments its page has, and sends the order of all of them with those that are
//! new or different. The id of each event is a hash of everything shown: a page that comes back says
//! what it has, and gets nothing or everything.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use maud::Markup;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::html::{received, requests, webhooks};
use super::{
    CheckJob, Fragment, ListQuery, LoadedConfig, PageState, Problem, Received, TestJob,
    file_number, fragments_id, hash, html, lock,
};
use crate::capture::{Body, Capture};
use crate::requests::{RequestRow, RequestsList, Status, StoredRequest};
use crate::verify::{Examination, Secrets, Verifier};
use crate::webhooks::SecretSource;

/// Streams at a time.
const MAX_STREAMS: usize = 100;
/// How often the list and the file are looked at, while a page is open.
const WATCH_INTERVAL: Duration = Duration::from_millis(200);
/// Pause before an event: whatever happens meanwhile goes into it, too.
const EVENT_PAUSE: Duration = Duration::from_millis(100);
/// The pause is at least this many times as long as it took to read what is shown: a slow filter must
/// not keep a core busy while requests pour in.
const PAUSE_FACTOR: u32 = 4;
/// How soon a browser comes back after a connection was lost.
const RETRY: Duration = Duration::from_secs(1);
/// Pause between comments that keep a connection alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The paths of all views.
const PATHS: [&str; 6] =
    ["/requests", "/requests/{row}", "/received", "/received/{n}", "/webhooks", "/check"];

/// The views, and their streams below `/live`.
pub(super) fn routes() -> Router<Arc<PageState>> {
    PATHS.into_iter().fold(Router::new(), |router, path| {
        router.route(path, get(page)).route(&format!("/live{path}"), get(live))
    })
}

/// What a page shows.
#[derive(Debug)]
struct View {
    kind: ViewKind,
    /// The id of what the browser has already, if it says so.
    seen: Option<String>,
}

#[derive(Debug, Clone)]
enum ViewKind {
    Requests(ListQuery),
    Request(i64),
    Received(ListQuery),
    ReceivedOne(u64),
    Webhooks,
    Check(String),
}

impl View {
    fn new(uri: &Uri) -> Option<Self> {
        #[derive(Deserialize)]
        struct SeenQuery {
            seen: Option<String>,
        }
        #[derive(Deserialize)]
        struct NamedQuery {
            webhook: String,
        }
        let path = uri.path();
        let path = path.strip_prefix("/live").unwrap_or(path);
        let list = || Query::try_from_uri(uri).map(|Query(query)| query).ok();
        let parts: Vec<_> = path.split('/').skip(1).collect();
        let kind = match parts[..] {
            ["requests"] => ViewKind::Requests(list()?),
            ["requests", row] => ViewKind::Request(row.parse().ok()?),
            ["received"] => ViewKind::Received(list()?),
            ["received", n] => ViewKind::ReceivedOne(n.parse().ok()?),
            ["webhooks"] => ViewKind::Webhooks,
            ["check"] => {
                let Query(NamedQuery { webhook }) = Query::try_from_uri(uri).ok()?;
                ViewKind::Check(webhook)
            }
            _ => return None,
        };
        let seen = Query::<SeenQuery>::try_from_uri(uri).ok().and_then(|Query(query)| query.seen);
        Some(Self { kind, seen })
    }
}

impl<S: Sync> FromRequestParts<S> for View {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::new(&parts.uri).ok_or_else(Problem::not_found)
    }
}

/// `GET` of a view: its page.
async fn page(State(state): State<Arc<PageState>>, view: View) -> Result<Markup, Problem> {
    state.run(move |state| view.kind.page(state)).await
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status;
        (status, html::problem_page(&self)).into_response()
    }
}

impl ViewKind {
    fn page(&self, state: &PageState) -> Result<Markup, Problem> {
        Ok(match self {
            Self::Requests(query) => {
                requests::list_page(query, &state.requests(query)?, &state.settings())
            }
            Self::Request(row) => {
                let (stored, settings) = (state.stored(*row)?, state.settings());
                let examination = state.examine(&stored, &settings);
                requests::request_page(&stored, examination.as_ref(), &settings)
            }
            Self::Received(query) => {
                let (requests, source) = (state.received(query)?, state.received.source());
                received::list_page(query, &requests, source, &state.settings())
            }
            Self::ReceivedOne(n) => {
                let (request, same) = state.received_with_repeats(*n)?;
                received::request_page(&request, &same, &state.settings())
            }
            Self::Webhooks => {
                let (webhooks, is_testing) = state.webhooks()?;
                webhooks::webhooks_page(&webhooks, is_testing)
            }
            Self::Check(name) => webhooks::check_page(name, state.check_job(name).as_ref()),
        })
    }

    /// What the view shows now.
    fn fragments(&self, state: &PageState) -> Result<Vec<Fragment>, Problem> {
        Ok(match self {
            Self::Requests(query) => requests::list_fragments(query, &state.requests(query)?),
            Self::Request(row) => requests::request_fragments(&state.stored(*row)?),
            Self::Received(query) => {
                let requests = state.received(query)?;
                received::list_fragments(query, &requests, state.received.source())
            }
            Self::ReceivedOne(n) => {
                let (request, same) = state.received_with_repeats(*n)?;
                received::request_fragments(&request, &same)
            }
            Self::Webhooks => state.webhooks()?.0,
            Self::Check(name) => webhooks::check_fragments(name, state.check_job(name).as_ref()),
        })
    }
}

impl PageState {
    /// The newest rows of the requests list that match, and one more if there are older ones.
    fn requests(&self, query: &ListQuery) -> Result<Vec<RequestRow>, Problem> {
        Ok(match self.list()? {
            None => Vec::new(),
            Some(list) => list.list(&query.filter(), self.environment.now())?,
        })
    }

    fn received(&self, query: &ListQuery) -> Result<Vec<Arc<Received>>, Problem> {
        self.read_captures()?;
        let mut requests = self.received.newest_first();
        requests.retain(|request| query.matches(request));
        Ok(requests)
    }

    /// A received request; the second has it, too, and those that are the same, sent again.
    fn received_with_repeats(
        &self,
        n: u64,
    ) -> Result<(Arc<Received>, Vec<Arc<Received>>), Problem> {
        let request = self.received_one(n)?;
        let mut same = self.received.newest_first();
        same.retain(|other| other.repeats(&request));
        Ok((request, same))
    }

    /// The webhooks with what their last tests brought, and whether a test is still running.
    fn webhooks(&self) -> Result<(Vec<Fragment>, bool), Problem> {
        let config = self.environment.config()?;
        if config.webhooks.is_empty() {
            return Ok((vec![webhooks::no_webhooks(&config)], false));
        }
        let access = |source: &SecretSource| self.environment.secret_access(&config, source);
        let list = LazyCell::new(|| self.list().ok().flatten());
        let (mut fragments, mut is_testing) = (Vec::new(), false);
        for webhook in &config.webhooks {
            let access: Vec<_> =
                webhook.secret_sources().map(|source| (source, access(source))).collect();
            let test = lock(&self.tests).get(webhook.name.as_str()).cloned();
            let sent = match test {
                Some(TestJob::Sent(row)) => {
                    list.as_ref().and_then(|list| self.stored_in(list, row).ok())
                }
                _ => None,
            };
            is_testing |= matches!(test, Some(TestJob::Starting))
                || sent.as_ref().is_some_and(|sent| sent.entry.status == Status::Sending);
            fragments.push(webhooks::webhook_fragment(
                webhook,
                &access,
                test.as_ref(),
                sent.as_ref(),
            ));
        }
        Ok((fragments, is_testing))
    }

    fn check_job(&self, webhook: &str) -> Option<CheckJob> {
        lock(&self.checks).get(webhook).cloned()
    }

    /// What there is to say about a request that was sent, as if it had been received.
    fn examine(&self, stored: &StoredRequest, settings: &LoadedConfig) -> Option<Examination> {
        let StoredRequest { entry, request, .. } = stored;
        let secrets = self.environment.available_secrets(&settings.config);
        // Without the secret nothing can be said about the signature.
        if entry.load.is_some() || secrets.is_empty() || settings.problem.is_some() {
            return None;
        }
        let capture = Capture {
            received_at: Some(entry.created_at),
            headers: request.headers().to_vec(),
            body: Some(Body { bytes: request.body()[..].into(), exact: true }),
            ..Capture::default()
        };
        let secrets = Secrets { accepted: &secrets, known: &[] };
        Some(Verifier::new(secrets, self.environment.now()).verify(&capture))
    }
}

/// Looks for changes in the requests list and the file of captures, while there are streams.
pub(super) async fn watch(state: Arc<PageState>) {
    let mut received = state.received.changes();
    let mut list = WatchedList::default();
    let mut ticks = tokio::time::interval(WATCH_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        if state.changed.receiver_count() == 0 {
            list = WatchedList::default();
            state.opened.notified().await;
        }
        tokio::select! {
            _ = received.changed() => state.wake(),
            _ = ticks.tick() => {
                let looked = state.clone();
                let look = tokio::task::spawn_blocking(move || {
                    // What is wrong with the file is shown where it would be listed.
                    let _ = looked.read_captures();
                    let changed = list.has_changed(&looked);
                    (list, changed)
                });
                let Ok((same, changed)) = look.await else { return };
                list = same;
                if changed {
                    state.wake();
                }
            }
        }
    }
}

/// The requests list, kept open to ask whether others have written to it.
#[derive(Default)]
struct WatchedList {
    list: Option<RequestsList>,
    version: Option<i64>,
    /// The number of its file.
    file: Option<u64>,
}

impl WatchedList {
    fn has_changed(&mut self, state: &PageState) -> bool {
        let number = |list: &RequestsList| fs::metadata(list.path()).ok().map(|f| file_number(&f));
        let version = |list: &RequestsList| list.data_version().ok();
        if let Some(list) = self.list.as_ref().filter(|list| number(list) == self.file) {
            let version = version(list);
            let changed = version.is_none() || version != self.version;
            self.version = version;
            self.list.take_if(|_| version.is_none());
            return changed;
        }
        // The version means something to one connection only.
        let list = state.list().ok().flatten();
        let (version, file) = (list.as_ref().and_then(version), list.as_ref().and_then(number));
        let changed = list.is_some() || self.list.is_some();
        *self = Self { list, version, file };
        changed
    }
}

/// `GET /live/…`: the changes of a view, as server-sent events.
async fn live(State(state): State<Arc<PageState>>, view: View, headers: HeaderMap) -> Response {
    if state.changed.receiver_count() >= MAX_STREAMS {
        let text = "too many pages are open\n";
        return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    }
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let known = known.map_or_else(|| view.seen.clone(), |id| Some(id.to_owned()));
    let changes = state.changed.subscribe();
    state.opened.notify_one();
    let stream = LiveStream {
        state,
        view,
        known,
        sent: HashMap::new(),
        changes,
        pause: EVENT_PAUSE,
        is_first: true,
    };
    let events = stream::unfold(stream, |mut stream| async move {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

struct LiveStream {
    state: Arc<PageState>,
    view: View,
    /// The id of what the page has.
    known: Option<String>,
    /// The hashes of the fragments that the page has, by key.
    sent: HashMap<String, u64>,
    changes: watch::Receiver<u64>,
    pause: Duration,
    is_first: bool,
}

impl LiveStream {
    /// Waits for the next event; `None` when the page is no longer served.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let is_first = std::mem::replace(&mut self.is_first, false);
            if !is_first {
                self.changes.changed().await.ok()?;
                tokio::time::sleep(self.pause).await;
            }
            self.changes.borrow_and_update();
            let started = Instant::now();
            let fragments = self.fragments().await;
            self.pause = EVENT_PAUSE.max(started.elapsed() * PAUSE_FACTOR);
            let id = fragments_id(&fragments);
            let is_known = self.known.as_ref() == Some(&id);
            self.known = Some(id.clone());
            let rows = self.different(&fragments);
            if is_first && is_known {
                // The browser learns at once that the stream is open, and how soon to come back.
                return Some(Event::default().retry(RETRY).comment("up to date"));
            }
            if !is_known {
                let order: Vec<_> = fragments.iter().map(|fragment| &fragment.key).collect();
                let data = json!({ "order": order, "html": rows });
                return Some(Event::default().id(id).retry(RETRY).data(data.to_string()));
            }
        }
    }

    /// What the view shows now. A problem is shown in its place.
    async fn fragments(&self) -> Vec<Fragment> {
        let kind = self.view.kind.clone();
        let shown = self.state.run(move |state| kind.fragments(state)).await;
        shown.unwrap_or_else(|problem| vec![html::problem_fragment(&problem)])
    }

    /// The fragments that the page does not have like this.
    fn different(&mut self, fragments: &[Fragment]) -> Map<String, Value> {
        let before = std::mem::take(&mut self.sent);
        let mut different = Map::new();
        for Fragment { key, html } in fragments {
            let hash = hash(html);
            if before.get(key) != Some(&hash) {
                different.insert(key.clone(), html.as_str().into());
            }
            self.sent.insert(key.clone(), hash);
        }
        different
    }
}
