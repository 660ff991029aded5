//! What is shown live: a view is read from its URL, and rendered as fragments with keys, for its page
//! and for the stream that keeps the page up to date.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query, State};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use maud::Markup;
use serde::Deserialize;

use super::forms::ListQuery;
use super::html::{self, Fragment};
use super::state::{PageState, Problem, explain};
use crate::webhooks::{SecretAccess, SecretSource};

/// The paths of all views.
pub(super) const PATHS: [&str; 6] =
    ["/requests", "/requests/{row}", "/received", "/received/{n}", "/webhooks", "/check"];

/// What a page shows.
#[derive(Debug)]
pub(super) struct View {
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
    /// The id of what the browser has already.
    pub(super) fn seen(&self) -> Option<String> {
        self.seen.clone()
    }

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
pub(super) async fn page(
    State(state): State<Arc<PageState>>,
    view: View,
) -> Result<Response, Problem> {
    state.run(move |state| view.page(state)).await.map(IntoResponse::into_response)
}

/// What is nowhere.
pub(super) async fn not_found() -> Problem {
    Problem::not_found()
}

/// What a view shows now. A problem is shown in its place.
pub(super) async fn fragments(state: &Arc<PageState>, view: &View) -> Vec<Fragment> {
    let kind = view.kind.clone();
    let shown = state.run(move |state| kind.fragments(state)).await;
    shown.unwrap_or_else(|problem| vec![html::problem_fragment(&problem)])
}

impl View {
    fn page(&self, state: &PageState) -> Result<Markup, Problem> {
        let fragments = self.kind.fragments(state)?;
        let live = html::Live::new(&fragments);
        Ok(match &self.kind {
            ViewKind::Requests(query) => {
                let config = state.environment.config().unwrap_or_default();
                html::requests_page(query, &config, &live)
            }
            ViewKind::Request(row) => {
                let stored = state.stored(*row)?;
                let config = state.environment.config().unwrap_or_default();
                html::request_page(&stored, state.examine(&stored).as_ref(), &config, &live)
            }
            ViewKind::Received(query) => {
                let config = state.environment.config().unwrap_or_default();
                html::received_page(query, &config, &live)
            }
            ViewKind::ReceivedOne(n) => {
                let received = state.received_one(*n)?;
                let config = state.environment.config().unwrap_or_default();
                html::received_one_page(&received, &config, &live)
            }
            ViewKind::Webhooks => html::webhooks_page(&live),
            ViewKind::Check(name) => html::check_page(name, state.jobs.is_checking(name), &live),
        })
    }
}

impl ViewKind {
    fn fragments(&self, state: &PageState) -> Result<Vec<Fragment>, Problem> {
        match self {
            Self::Requests(query) => requests(query, state),
            Self::Request(row) => Ok(html::request_fragments(&state.stored(*row)?)),
            Self::Received(query) => {
                state.read_captures()?;
                let all = state.received.newest_first();
                let matching = all.iter().filter(|request| query.matches(request)).cloned();
                let source = state.received_source();
                Ok(html::received_fragments(query, &matching.collect::<Vec<_>>(), &source))
            }
            Self::ReceivedOne(n) => {
                let received = state.received_one(*n)?;
                let all = state.received.newest_first();
                let same = all.iter().filter(|other| other.repeats(&received)).cloned();
                Ok(html::received_one_fragments(&received, &same.collect::<Vec<_>>()))
            }
            Self::Webhooks => webhooks(state),
            Self::Check(name) => Ok(html::check_fragments(name, state.jobs.check(name).as_ref())),
        }
    }
}

fn requests(query: &ListQuery, state: &PageState) -> Result<Vec<Fragment>, Problem> {
    let rows = match state.list()? {
        None => Vec::new(),
        Some(list) => list.list(&query.filter(), state.environment.now()).map_err(explain)?,
    };
    Ok(html::requests_fragments(query, &rows))
}

fn webhooks(state: &PageState) -> Result<Vec<Fragment>, Problem> {
    let config = state.environment.config()?;
    let access = |source: &SecretSource| state.environment.secret_access(&config, source);
    let shown = config.webhooks.iter().map(|webhook| {
        let access: Vec<(&SecretSource, SecretAccess)> =
            webhook.secret_sources().map(|source| (source, access(source))).collect();
        html::webhook_fragment(webhook, &access, state.jobs.test(webhook.name.as_str()).as_ref())
    });
    let shown: Vec<_> = shown.collect();
    Ok(if shown.is_empty() { vec![html::no_webhooks(&config)] } else { shown })
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status;
        (status, html::problem_page(&self)).into_response()
    }
}
