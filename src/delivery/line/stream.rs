//! Bytes on their way to and from a target, encrypted or not.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::Endpoint;

/// What a connection goes over.
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// How long it took to connect.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Dialled {
    pub(super) connect: Option<Duration>,
    pub(super) tls: Option<Duration>,
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum DialError {
    Refused(io::Error),
    Tls(io::Error),
}

impl Stream {
    /// Connects; `dialled` says how far it came.
    pub(super) async fn open(to: &Endpoint, dialled: &mut Dialled) -> Result<Self, DialError> {
        let started = Instant::now();
        let stream = connect(to).await;
        dialled.connect = Some(started.elapsed());
        let stream = stream.map_err(DialError::Refused)?;
        let Some((connector, name)) = &to.tls else { return Ok(Self::Plain(stream)) };
        let started = Instant::now();
        dialled.tls = Some(Duration::ZERO);
        let stream = connector.connect(name.clone(), stream).await;
        dialled.tls = Some(started.elapsed());
        Ok(Self::Tls(Box::new(stream.map_err(DialError::Tls)?)))
    }
}

/// The first address that accepts.
async fn connect(to: &Endpoint) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(&to.addresses[..]).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, room),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, room),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
