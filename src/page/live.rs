//! Sends what has changed to open pages. A stream knows which fragments its page has, and sends the
//! order of all of them with those that are new or different. The id of each event is a hash of
//! everything shown: a page that comes back says what it has, and gets nothing or everything.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::html::{Fragment, fragments_id};
use super::state::PageState;
use super::views::{self, View};
use crate::requests::RequestsList;

/// Streams at a time.
const MAX_STREAMS: usize = 100;
/// How often the list and the file are looked at, while a page is open.
const WATCH_INTERVAL: Duration = Duration::from_millis(200);
/// Looks after which the list is opened anew, in case that another file took its place.
const LOOKS_PER_OPENING: u32 = 1500;
/// Pause before an event: whatever happens meanwhile goes into it, too.
const EVENT_PAUSE: Duration = Duration::from_millis(100);
/// The pause is at least this many times as long as it took to read what is shown: a slow filter must
/// not keep a core busy while requests pour in.
const PAUSE_FACTOR: u32 = 4;
/// How soon a browser comes back after a connection was lost.
const RETRY: Duration = Duration::from_secs(1);
/// Pause between comments that keep a connection alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

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
    looks: u32,
}

impl WatchedList {
    fn has_changed(&mut self, state: &PageState) -> bool {
        self.looks += 1;
        if self.list.is_none() || self.looks > LOOKS_PER_OPENING {
            // The number means something to one connection only.
            let list = state.list().ok().flatten();
            *self = Self { version: version(list.as_ref()), list, looks: 0 };
            return true;
        }
        let version = version(self.list.as_ref());
        let changed = version.is_none() || version != self.version;
        if version.is_none() {
            self.list = None;
        }
        self.version = version;
        changed
    }
}

fn version(list: Option<&RequestsList>) -> Option<i64> {
    list?.data_version().ok()
}

/// `GET /live/…`: the changes of a view, as server-sent events.
pub(super) async fn live(
    State(state): State<Arc<PageState>>,
    view: View,
    headers: HeaderMap,
) -> Response {
    if state.changed.receiver_count() >= MAX_STREAMS {
        let text = "too many pages are open\n";
        return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    }
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let known = known.map_or_else(|| view.seen(), |id| Some(id.to_owned()));
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
            let fragments = views::fragments(&self.state, &self.view).await;
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

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
