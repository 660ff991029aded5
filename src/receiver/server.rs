//! Accepts connections and serves each from its first byte to its end; TLS with a certificate made for
//! the run, or the user's own.
//!
//! hyper-util's builder that finds the HTTP version out by itself is not used: it has no time limit
//! while it does, no limit for the size of a head, and does not return the stream at the end.

use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tokio_util::sync::CancellationToken;

use super::service::{Limits, Service, respond};
use super::{Handler, RefusalReason, Settings};

/// Pause after an accept error such as EMFILE.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

/// What all connections share.
struct Server {
    service: Service,
    limits: Limits,
    tls: Option<TlsAcceptor>,
    stop: CancellationToken,
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
        let slots = Arc::new(Semaphore::new(settings.limits.connections));
        let server = Arc::new(Server {
            service: Service::new(&settings, handler),
            limits: settings.limits,
            tls: settings.tls.map(TlsAcceptor::from),
            stop: CancellationToken::new(),
        });
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

/// A connection, encrypted on the right. A write that makes no progress in time fails.
type ClientStream = Pin<Box<TimeoutStream<Either<TcpStream, TlsStream<TcpStream>>>>>;

/// How a client starts that knows beforehand that it may use HTTP/2.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2";

/// Time for a client to read a response that it got before it had sent everything.
const LINGER_TIMEOUT: Duration = Duration::from_secs(2);

/// hyper closes a connection whose head is late without a response.
const REQUEST_TIMEOUT: &[u8] = b"HTTP/1.1 408 Request Timeout\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 32\r\nconnection: close\r\n\r\n\
    the head did not arrive in time\n";

/// Serves a connection until it ends.
async fn serve(stream: TcpStream, peer: SocketAddr, server: Arc<Server>) {
    let _ = stream.set_nodelay(true);
    let Some(preface) = first_bytes(&stream, &server).await else { return };
    let (stream, is_http2) = match &server.tls {
        None => (Either::Left(stream), preface),
        Some(tls) => match handshake(tls, stream, &server).await {
            Some(stream) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                (Either::Right(stream), is_http2)
            }
            None => return server.service.refuse(peer, RefusalReason::Tls, None),
        },
    };
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(server.limits.body_time));
    if is_http2 {
        serve_http2(Box::pin(stream), peer, server).await;
    } else {
        serve_http1(Box::pin(stream), peer, &server).await;
    }
}

/// Waits for the first bytes: whether they are those of HTTP/2, or `None` when none arrive.
async fn first_bytes(stream: &TcpStream, server: &Server) -> Option<bool> {
    let mut head = [0; HTTP2_PREFACE.len()];
    let length = tokio::select! {
        length = timeout(server.limits.head_time, stream.peek(&mut head)) => length.ok()?.ok()?,
        () = server.stop.cancelled() => return None,
    };
    (length > 0).then_some(head == HTTP2_PREFACE)
}

async fn handshake(
    tls: &TlsAcceptor,
    stream: TcpStream,
    server: &Server,
) -> Option<TlsStream<TcpStream>> {
    timeout(server.limits.head_time, tls.accept(stream)).await.ok()?.ok()
}

async fn serve_http1(stream: ClientStream, peer: SocketAddr, server: &Arc<Server>) {
    let service = service_fn(|request| Box::pin(respond(&server.service, peer, request)));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.limits.head_time)
        .max_header_size(server.limits.head)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        biased;
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => ended,
        () = server.stop.cancelled() => {
            Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|context| connection.poll_without_shutdown(context)).await
        }
    };
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();
    if let Err(error) = ended {
        let Some(reason) = reason(&error, parts.read_buf.is_empty()) else { return };
        server.service.refuse(peer, reason, None);
        if reason == RefusalReason::HeadTooSlow {
            let _ = stream.write_all(REQUEST_TIMEOUT).await;
        }
    }
    close(stream, server).await;
}

/// Why a connection ended; `None` when there is nothing to report.
fn reason(error: &hyper::Error, nothing_arrived: bool) -> Option<RefusalReason> {
    if error.is_timeout() {
        return (!nothing_arrived).then_some(RefusalReason::HeadTooSlow);
    }
    if error.is_parse_too_large() {
        return Some(RefusalReason::HeadTooLarge);
    }
    error.is_parse().then_some(RefusalReason::NotHttp)
}

/// Ends the writing side and reads on for a moment: closing while bytes still arrive resets the
/// connection, and the client could lose the response.
async fn close(mut stream: ClientStream, server: &Server) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let drain = async {
        let mut discarded = [0; 4096];
        while stream.read(&mut discarded).await.is_ok_and(|length| length > 0) {}
    };
    tokio::select! {
        _ = timeout(LINGER_TIMEOUT, drain) => {}
        () = server.stop.cancelled() => {}
    }
}

async fn serve_http2(stream: ClientStream, peer: SocketAddr, server: Arc<Server>) {
    let Server { limits, stop, .. } = &*server;
    let (open, mut open_streams) = watch::channel(0_usize);
    let service = service_fn(|request| {
        let (server, open) = (server.clone(), open.clone());
        async move {
            open.send_modify(|count| *count += 1);
            let _done = Done(open);
            respond(&server.service, peer, request).await
        }
    });
    let mut connection = pin!(
        http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX))
            .max_concurrent_streams(64)
            .keep_alive_interval(limits.head_time)
            .keep_alive_timeout(limits.head_time)
            .serve_connection(TokioIo::new(stream), service)
    );
    // A client that acknowledges PINGs and asks for nothing is idle all the same.
    let idle = async {
        loop {
            let _ = open_streams.wait_for(|count| *count == 0).await;
            let next = open_streams.wait_for(|count| *count > 0);
            if timeout(limits.head_time, next).await.is_err() {
                return;
            }
        }
    };
    let is_idle = tokio::select! {
        _ = &mut connection => return,
        () = idle => true,
        () = stop.cancelled() => false,
    };
    connection.as_mut().graceful_shutdown();
    if is_idle {
        let _ = timeout(limits.head_time, connection).await;
    } else {
        let _ = connection.await;
    }
}

/// Counts a stream as closed when its response is ready, or its client went away.
struct Done(watch::Sender<usize>);

impl Drop for Done {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// Days that a certificate made here is valid: longer than a receiver runs, and short enough for
/// every client.
const VALID_DAYS: i64 = 90;

/// Why a receiver cannot serve https.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate or the key cannot be read.
    #[error("cannot use {}: {reason}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A name cannot be that of a host.
    #[error("cannot make a certificate for {0:?}: not a host name or an IP address")]
    Name(String),
    /// No certificate can be made.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// Certificate and key do not match, or are of a kind that cannot be used.
    #[error("cannot use the certificate with its key: {0}")]
    Use(#[from] rustls::Error),
}

/// Makes a certificate for this machine's names, for `address` and for `more` names, from an
/// authority of its own. Returns the authority's certificate too, as PEM. Whoever trusts it trusts
/// this receiver and nobody else: the authority's key is gone with this call.
///
/// # Errors
/// When a name is not valid, or the library cannot make a certificate.
pub fn self_signed(
    address: IpAddr,
    more: &[String],
    now: DateTime<Utc>,
) -> Result<(Arc<ServerConfig>, String), TlsError> {
    let authority_key = KeyPair::generate()?;
    let mut authority = params(Vec::new(), now)?;
    authority.distinguished_name.push(DnType::CommonName, "pgwh listen (made for this run)");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let pem = authority.self_signed(&authority_key)?.pem();

    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let own = address.to_string();
    if !address.is_unspecified() && !names.contains(&own) {
        names.push(own);
    }
    for name in more {
        if ServerName::try_from(name.as_str()).is_err() {
            return Err(TlsError::Name(name.clone()));
        }
        names.push(name.clone());
    }
    let key = KeyPair::generate()?;
    let mut leaf = params(names, now)?;
    leaf.distinguished_name.push(DnType::CommonName, "pgwh listen");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key))?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Ok((config(vec![leaf.der().clone()], key)?, pem))
}

/// Reads the user's own certificate, followed by those of its authorities, and its key; both PEM.
///
/// # Errors
/// When they cannot be used.
pub fn from_files(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let failed = |file: &Path, reason: String| TlsError::File { file: file.to_owned(), reason };
    let read = |file: &Path| std::fs::read(file).map_err(|error| failed(file, error.to_string()));
    let chain = CertificateDer::pem_slice_iter(&read(cert)?).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| failed(cert, error.to_string()))?;
    if chain.is_empty() {
        return Err(failed(cert, "it has no PEM certificate".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?);
    config(chain, private.map_err(|error| failed(key, error.to_string()))?)
}

fn params(names: Vec<String>, now: DateTime<Utc>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    // A day earlier: the clock of the client may be behind.
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    let date = |date: DateTime<Utc>| {
        rcgen::date_time_ymd(date.year(), part(date.month()), part(date.day()))
    };
    params.not_before = date(now - TimeDelta::days(1));
    params.not_after = date(now + TimeDelta::days(VALID_DAYS));
    Ok(params)
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
