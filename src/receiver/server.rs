//! Accepting connections, and ending cleanly.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::caller::Caller;
use super::connection::serve;
use super::handler::AnyHandler;
use super::stop::Stop;
use super::{Handler, Lanes, Limits};

/// How long to wait when the system has no room for one more connection.
const BREATH: Duration = Duration::from_millis(50);

/// How to receive.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a caller may ask for.
    pub limits: Limits,
    /// Speak TLS, this way.
    pub tls: Option<Arc<ServerConfig>>,
    /// Tells the time.
    pub now: fn() -> DateTime<Utc>,
    /// Who serves the connections; nobody but the runtime that it is started in, if there is
    /// nothing here.
    pub lanes: Option<Lanes>,
}

impl Settings {
    /// Plain HTTP within the usual limits.
    pub fn plain(now: fn() -> DateTime<Utc>) -> Self {
        Self { limits: Limits::default(), tls: None, now, lanes: None }
    }
}

/// What all connections share.
pub(super) struct Shared {
    pub(super) handler: Box<dyn AnyHandler>,
    pub(super) limits: Limits,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) now: fn() -> DateTime<Utc>,
    pub(super) stop: Stop,
}

/// A receiver that runs until it is stopped, or dropped. It needs a tokio runtime of either
/// kind.
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    slots: Arc<Semaphore>,
    accepting: JoinHandle<()>,
}

impl Receiver {
    /// Starts to listen. With port 0 the system picks a free one, which [`Self::address`] tells.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(
        address: SocketAddr,
        settings: Settings,
        handler: impl Handler,
    ) -> io::Result<Self> {
        let handler = Box::new(handler);
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let Settings { limits, tls, now, lanes } = settings;
        let lanes = lanes.unwrap_or_else(|| Lanes::new(Handle::current(), Vec::new()));
        let tls = tls.map(TlsAcceptor::from);
        let shared = Arc::new(Shared { handler, limits, tls, now, stop: Stop::default() });
        let slots = Arc::new(Semaphore::new(limits.connections));
        let accepting = tokio::spawn(accept(listener, shared.clone(), slots.clone(), lanes));
        Ok(Self { address, shared, slots, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more connections, lets the requests at hand be answered, and waits for that as
    /// long as `patience` allows.
    pub async fn stop(self, patience: Duration) {
        self.accepting.abort();
        self.shared.stop.give();
        let all = u32::try_from(self.shared.limits.connections).unwrap_or(u32::MAX);
        // Every connection holds a slot until its end. The semaphore is never closed.
        let _ = tokio::time::timeout(patience, self.slots.acquire_many(all)).await;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accepting.abort();
        self.shared.stop.give();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, slots: Arc<Semaphore>, lanes: Lanes) {
    for connections in 0.. {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let (stream, remote) = next(&listener).await;
        // To be watched by the lane's thread, no longer by this one.
        let Ok(stream) = stream.into_std() else { continue };
        let (lane, runtime) = lanes.turn(connections);
        let (caller, shared) = (Caller::new(remote, lane), shared.clone());
        runtime.spawn(async move {
            if let Ok(stream) = TcpStream::from_std(stream) {
                serve(stream, caller, shared).await;
            }
            drop(slot);
        });
    }
}

/// The next connection. That one was gone before it was accepted, or that the system has run
/// out of descriptors, is no reason to end.
async fn next(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => tokio::time::sleep(BREATH).await,
        }
    }
}
