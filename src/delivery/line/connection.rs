//! One connection, driven by whoever waits for its answer.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Body;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::Endpoint;
use crate::delivery::received::Received;
use crate::pgm;

/// Bytes on their way to and from a target, encrypted or not.
trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

/// A connection that carries one request after the other.
pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: http1::Connection<TokioIo<Box<dyn Stream>>, Full<Bytes>>,
    has_ended: bool,
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
    Http(hyper::Error),
}

impl Connection {
    /// Connects; `dialled` says how far it came.
    pub(super) async fn open(to: &Endpoint, dialled: &mut Dialled) -> Result<Self, DialError> {
        let started = Instant::now();
        let stream = connect(to).await;
        dialled.connect = Some(started.elapsed());
        let stream = stream.map_err(DialError::Refused)?;
        let Some((connector, name)) = &to.tls else {
            return Self::over(Box::new(stream)).await;
        };
        let started = Instant::now();
        dialled.tls = Some(Duration::ZERO);
        let stream = connector.connect(name.clone(), stream).await;
        dialled.tls = Some(started.elapsed());
        Self::over(Box::new(stream.map_err(DialError::Tls)?)).await
    }

    async fn over(stream: Box<dyn Stream>) -> Result<Self, DialError> {
        // One write of head and body together: they are small, and a copy is cheaper than a list.
        let handshake = http1::Builder::new().writev(false).handshake(TokioIo::new(stream));
        let (sender, driver) = handshake.await.map_err(DialError::Http)?;
        Ok(Self { sender, driver, has_ended: false })
    }

    /// Sends a request and takes its answer in, to the last byte.
    pub(super) async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
        received: &mut Option<Received>,
    ) -> hyper::Result<()> {
        let Self { sender, driver, has_ended } = self;
        let has_head = Cell::new(false);
        let mut work = pin!(async {
            sender.ready().await?;
            let (head, mut body) = sender.send_request(request).await?.into_parts();
            has_head.set(true);
            let received = received.insert(match pgm::is_success(head.status.as_u16()) {
                true => Received::counted(head.status, head.version),
                false => Received::new(head.status, head.version, &head.headers),
            });
            while !body.is_end_stream() {
                let Some(frame) = body.frame().await else { break };
                if let Some(piece) = frame?.data_ref() {
                    received.push(piece);
                }
            }
            Ok(())
        });
        // In this task, not in one of its own: to wake another is dearer than to look twice. The
        // body has mostly come with the head, but is handed out only when it is asked for.
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            drive(driver, has_ended, context);
            match work.as_mut().poll(context) {
                Poll::Pending if has_head.take() => {
                    drive(driver, has_ended, context);
                    work.as_mut().poll(context)
                }
                polled => polled,
            }
        })
        .await
    }
}

/// Lets the connection read and write. What goes wrong there, the work hears of.
fn drive(
    driver: &mut http1::Connection<TokioIo<Box<dyn Stream>>, Full<Bytes>>,
    has_ended: &mut bool,
    context: &mut Context<'_>,
) {
    if !*has_ended {
        *has_ended = Pin::new(driver).poll(context).is_ready();
    }
}

/// The first address that accepts.
async fn connect(to: &Endpoint) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(&to.addresses[..]).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
