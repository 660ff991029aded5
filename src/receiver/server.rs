//! Accepts connections within limits, and stops cleanly.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::Handler;
use super::connection::serve;

/// Pause after an accept error such as EMFILE.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

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

/// A receiver that runs until it is stopped or dropped. It needs a tokio runtime.
pub struct Receiver {
    address: SocketAddr,
    server: Arc<Server>,
    slots: Arc<Semaphore>,
    accept: JoinHandle<()>,
}

impl Receiver {
    /// Starts to listen. With port 0 the system picks a free one: see [`Self::address`].
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(
        address: SocketAddr,
        settings: Settings,
        handler: Arc<dyn Handler>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let Settings { limits, tls, allow_browser, now } = settings;
        let server = Arc::new(Server {
            handler,
            limits,
            tls: tls.map(TlsAcceptor::from),
            allow_browser,
            now,
            body_budget: Arc::new(Semaphore::new(MAX_BODIES)),
            stop: CancellationToken::new(),
        });
        let slots = Arc::new(Semaphore::new(limits.connections));
        let accept = tokio::spawn(accept(listener, server.clone(), slots.clone()));
        Ok(Self { address, server, slots, accept })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts no more connections, and waits until the requests in flight have their responses,
    /// for at most `timeout`.
    pub async fn stop(self, timeout: Duration) {
        self.accept.abort();
        self.server.stop.cancel();
        let all = u32::try_from(self.server.limits.connections).unwrap_or(u32::MAX);
        // Every connection holds a slot until it ends.
        let _ = tokio::time::timeout(timeout, self.slots.acquire_many(all)).await;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accept.abort();
        self.server.stop.cancel();
    }
}

async fn accept(listener: TcpListener, server: Arc<Server>, slots: Arc<Semaphore>) {
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let (stream, peer) = next_connection(&listener).await;
        let server = server.clone();
        tokio::spawn(async move {
            serve(stream, peer, server).await;
            drop(slot);
        });
    }
}

/// The next connection. Transient errors (ECONNABORTED, EMFILE) are retried.
async fn next_connection(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => tokio::time::sleep(ACCEPT_BACKOFF).await,
        }
    }
}
