//! From a target to a stream of bytes, encrypted or not.

use std::io;
use std::time::Instant;

use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::connect::connect;
use super::endpoint::{At, Endpoint};
use crate::delivery::moments::Moments;
use crate::delivery::names::{DnsError, look_up};

/// What a connection goes over: encrypted on the right.
pub(super) type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum DialError {
    Dns(DnsError),
    Connect(io::Error),
    Tls(io::Error),
}

/// Whether TLS agreed on HTTP/2.
pub(super) fn is_http2(stream: &Stream) -> bool {
    matches!(stream, Either::Right(tls) if tls.get_ref().1.alpn_protocol() == Some(b"h2"))
}

/// Connects; `moments` says how far it came.
pub(super) async fn open(to: &Endpoint, moments: &mut Moments) -> Result<Stream, DialError> {
    moments.connecting = Some(Instant::now());
    let found;
    let addresses = match &to.at {
        At::Known(addresses) => addresses,
        At::Name(name, port) => {
            moments.dns_started = moments.connecting;
            let looked_up = look_up(name, *port).await;
            moments.dns_done = Some(Instant::now());
            found = looked_up.map_err(DialError::Dns)?;
            &found
        }
    };
    let stream = connect(addresses).await.map_err(DialError::Connect)?;
    let stream = match &to.tls {
        None => Either::Left(stream),
        Some((connector, name)) => {
            moments.tls_started = Some(Instant::now());
            let stream = connector.connect(name.clone(), stream).await;
            Either::Right(Box::new(stream.map_err(DialError::Tls)?))
        }
    };
    moments.connected = Some(Instant::now());
    Ok(stream)
}
