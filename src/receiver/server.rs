//! The settings and limits of a receiver, and what its connections share.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls::ServerConfig;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::Handler;

/// Bytes of request bodies that are in memory at a time.
pub(super) const MAX_BODIES: usize = 64 * 1024 * 1024;

/// What a client may ask for. One that exceeds a limit gets a response that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body; more is a 413.
    pub body: usize,
    /// Bytes of a head, request line included; more is a 431.
    pub head: usize,
    /// Time for a head to arrive, and for an idle connection to send something. Then a 408, or
    /// the end of the connection if nothing arrived at all.
    pub head_time: Duration,
    /// Time for a body to arrive; then a 408. Also the time in which a client has to read
    /// something of its response.
    pub body_time: Duration,
    /// Open connections; the next one waits until one of them ends.
    pub connections: usize,
}

impl Default for Limits {
    /// Far above what PGM sends: its bodies have some hundred bytes.
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            head: 64 * 1024,
            head_time: Duration::from_secs(5),
            body_time: Duration::from_secs(30),
            connections: 1024,
        }
    }
}

/// How to receive.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a client may ask for.
    pub limits: Limits,
    /// Serve https with this configuration.
    pub tls: Option<Arc<ServerConfig>>,
    /// Accept what web pages of other sites make a browser send.
    pub allow_browser: bool,
    /// Reads the clock.
    pub now: fn() -> DateTime<Utc>,
}

impl Settings {
    /// Plain HTTP within the default limits.
    pub fn plain(now: fn() -> DateTime<Utc>) -> Self {
        Self { limits: Limits::default(), tls: None, allow_browser: false, now }
    }
}

/// What all connections share.
pub(super) struct Server {
    pub(super) handler: Arc<dyn Handler>,
    pub(super) limits: Limits,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) allow_browser: bool,
    pub(super) now: fn() -> DateTime<Utc>,
    /// One permit for each byte of body that may be in memory.
    pub(super) body_budget: Arc<Semaphore>,
    pub(super) stop: CancellationToken,
}

impl Server {
    pub(super) fn new(settings: Settings, handler: Arc<dyn Handler>) -> Self {
        let Settings { limits, tls, allow_browser, now } = settings;
        Self {
            handler,
            limits,
            tls: tls.map(TlsAcceptor::from),
            allow_browser,
            now,
            body_budget: Arc::new(Semaphore::new(MAX_BODIES)),
            stop: CancellationToken::new(),
        }
    }
}
