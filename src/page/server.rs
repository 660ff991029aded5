//! Accepts connections and serves each within limits: as many as are allowed, heads and bodies of a
//! modest size, and no waiting for those who do not send or do not read.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use super::access::{AccessControl, protect};

/// Connections at a time. A browser has six, and one for each open page.
const MAX_CONNECTIONS: usize = 256;
/// Bytes of a head.
const MAX_HEAD: usize = 32 * 1024;
/// Time for a head to arrive, and for a connection to be idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// Time for a write to make progress.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// Pause after an accept error such as EMFILE.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);
/// Ports that are tried after the first.
const MORE_PORTS: u16 = 20;

/// Listens on an address. With `or_next`, a port in use makes it take the next free one.
///
/// # Errors
/// When the address cannot be listened on.
pub(super) async fn bind(mut address: SocketAddr, or_next: bool) -> io::Result<TcpListener> {
    let last = if or_next { address.port().saturating_add(MORE_PORTS) } else { address.port() };
    loop {
        match TcpListener::bind(address).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && address.port() < last => {
                address.set_port(address.port() + 1);
            }
            bound => return bound,
        }
    }
}

/// Serves connections until the future is dropped.
pub(super) async fn serve(listener: TcpListener, access: Arc<AccessControl>, router: Router) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                tokio::time::sleep(ACCEPT_BACKOFF).await;
                continue;
            }
        };
        let (access, router) = (access.clone(), router.clone());
        tokio::spawn(async move {
            serve_connection(stream, &access, router).await;
            drop(slot);
        });
    }
}

async fn serve_connection(stream: TcpStream, access: &AccessControl, router: Router) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request| respond(access, &router, request));
    // An error is the client's: it went away, was too slow, or did not speak HTTP.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        .await;
}

async fn respond(
    access: &AccessControl,
    router: &TowerToHyperService<Router>,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let (parts, body) = request.into_parts();
    let mut response = match access.check(&parts) {
        Some(response) => response,
        None => router.call(Request::from_parts(parts, body)).await?,
    };
    protect(&mut response);
    Ok(response)
}
