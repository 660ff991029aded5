//! The page: the requests list, what was received, webhooks and events in the browser, live. Serves
//! HTTP on a port of its own, never prints.
//!
//! `access` decides who may use it, `views` and `documents` read what is shown, `html` turns it into
//! markup, `live` sends what has changed, `actions` does what the buttons say. Only [`Environment`]
//! knows the clock, randomness and where secrets come from.

mod access;
mod actions;
mod documents;
mod follow;
mod forms;
mod html;
mod live;
mod received;
mod server;
mod state;
mod views;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use tokio::task::JoinHandle;

pub use self::access::kept_key;
pub use self::received::ReceivedLog;
pub use self::state::Environment;

use self::access::AccessControl;
use self::follow::CaptureFollower;
use self::state::PageState;

/// Bytes of a form: a payload that is edited.
const MAX_FORM: usize = 8 * 1024 * 1024;

/// How a page is served.
#[derive(Debug)]
pub struct PageOptions {
    /// Where to listen.
    pub address: SocketAddr,
    /// Whether the next free port will do.
    pub or_next_port: bool,
    /// Names besides the loopback ones under which the page is opened.
    pub hosts: Vec<String>,
    /// The key that opens it.
    pub key: String,
    /// A file of captures to follow.
    pub captures: Option<PathBuf>,
    /// What `listen` receives, and where; `None` without `listen`.
    pub listening: Option<(ReceivedLog, String)>,
}

/// A page that is served until this is dropped.
#[derive(Debug)]
pub struct PageServer {
    url: String,
    server: JoinHandle<()>,
    watcher: JoinHandle<()>,
}

impl PageServer {
    /// Starts to serve. It needs a tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(options: PageOptions, environment: impl Environment) -> io::Result<Self> {
        let listener = server::bind(options.address, options.or_next_port).await?;
        let address = listener.local_addr()?;
        let url = format!("http://{}/?key={}", shown_address(address), options.key);
        let access = AccessControl::new(options.key, address.ip(), &options.hosts);
        let follower = options.captures.map(CaptureFollower::new);
        let state = Arc::new(PageState::new(environment, options.listening, follower));
        let watcher = tokio::spawn(live::watch(state.clone()));
        let server = tokio::spawn(server::serve(listener, access.into(), router(state)));
        Ok(Self { url, server, watcher })
    }

    /// The URL that opens it, with the key.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.server.abort();
        self.watcher.abort();
    }
}

/// The address as it is opened: all addresses of this machine include the loopback one.
fn shown_address(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn router(state: Arc<PageState>) -> Router {
    let mut router = Router::new()
        .route("/", get(async || Redirect::to("/requests")))
        .route("/events", get(documents::events))
        .route("/diff", get(documents::diff))
        .route("/compose", get(documents::compose).post(actions::compose))
        .route("/requests/{row}/{form}", get(documents::request_file))
        .route("/received/{n}/{form}", get(documents::received_file))
        .route("/requests/{row}/retry", post(actions::retry))
        .route("/requests/{row}/send", post(actions::send_elsewhere))
        .route("/requests/{row}/delete", post(actions::delete))
        .route("/received/{n}/send", post(actions::resend))
        .route("/webhooks/test", post(actions::test_all))
        .route("/webhooks/check", post(actions::check))
        .route("/page.css", get(async || asset("text/css", include_str!("assets/page.css"))))
        .route("/page.js", get(async || asset("text/javascript", include_str!("assets/page.js"))))
        .route(
            "/favicon.ico",
            get(async || asset("image/svg+xml", include_str!("assets/icon.svg"))),
        );
    for path in views::PATHS {
        router =
            router.route(path, get(views::page)).route(&format!("/live{path}"), get(live::live));
    }
    router.fallback(views::not_found).layer(DefaultBodyLimit::max(MAX_FORM)).with_state(state)
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, format!("{kind}; charset=utf-8"))], text)
}
