//! Accepts connections within limits, and stops cleanly.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::connection::serve;
use super::server::Server;
use super::{Handler, Settings};

/// Pause after an accept error such as EMFILE.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

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
        let slots = Arc::new(Semaphore::new(settings.limits.connections));
        let server = Arc::new(Server::new(settings, handler));
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
