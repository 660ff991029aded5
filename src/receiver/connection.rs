//! One connection, from its first byte to its end.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use super::caller::Caller;
use super::server::Shared;
use super::service::respond;
use super::stall::Unstalled;
use super::timer::OneTimer;
use super::{Reason, Refusal};

/// What a connection goes over: encrypted on the right. One type, so that the HTTP library is
/// compiled for one.
type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// How a client that knows beforehand that it may speak HTTP/2 begins.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2";

/// How long a caller may take to read an answer that came before it had sent everything.
const LINGER: Duration = Duration::from_secs(2);

/// Serves a connection until it ends.
pub(super) async fn serve(stream: TcpStream, caller: Caller, shared: Arc<Shared>) {
    // An answer is one small packet; there is nothing to wait for.
    let _ = stream.set_nodelay(true);
    // A caller that says nothing takes a slot no longer than one that is slow.
    let Some(http2) = sniff(&stream, &shared).await else { return };
    match &shared.tls {
        None => speak(Either::Left(stream), http2, caller, &shared).await,
        Some(tls) => speak_within(tls, stream, caller, &shared).await,
    }
}

async fn speak_within(tls: &TlsAcceptor, stream: TcpStream, caller: Caller, shared: &Arc<Shared>) {
    let handshake = tokio::time::timeout(shared.limits.head_time, tls.accept(stream));
    if let Ok(Ok(stream)) = handshake.await {
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        speak(Either::Right(Box::new(stream)), http2, caller, shared).await;
    } else {
        let at = (shared.now)();
        shared.handler.refused(Refusal {
            remote: caller.address,
            at,
            reason: Reason::Tls,
            target: None,
        });
    }
}

/// Whether the first bytes are those of HTTP/2; `None` when none come.
async fn sniff(stream: &TcpStream, shared: &Shared) -> Option<bool> {
    let mut head = [0; HTTP2_PREFACE.len()];
    let length = tokio::select! {
        first = tokio::time::timeout(shared.limits.head_time, stream.peek(&mut head)) => {
            first.ok()?.ok()?
        }
        () = shared.stop.wait() => return None,
    };
    (length > 0).then_some(head == HTTP2_PREFACE)
}

async fn speak(stream: Stream, http2: bool, caller: Caller, shared: &Arc<Shared>) {
    let stream = Unstalled::new(stream, shared.limits.body_time);
    if http2 {
        speak_http2(stream, caller, shared).await;
    } else {
        speak_http1(stream, caller, shared).await;
    }
}

async fn speak_http1(stream: Unstalled<Stream>, caller: Caller, shared: &Arc<Shared>) {
    let service = service_fn(|request| Box::pin(respond(shared, &caller, request)));
    let mut connection = http1::Builder::new()
        .timer(OneTimer::default())
        // Answers are small: to copy one together costs less than to have the system do it.
        .writev(false)
        .header_read_timeout(shared.limits.head_time)
        .max_header_size(shared.limits.head)
        .serve_connection(TokioIo::new(stream), service);
    let mut stop = pin!(shared.stop.wait());
    let mut watch = shared.stop.watch();
    let ended = poll_fn(|context| {
        if watch.has_just_come(stop.as_mut(), context) {
            Pin::new(&mut connection).graceful_shutdown();
        }
        connection.poll_without_shutdown(context)
    })
    .await;
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();
    if let Err(error) = ended {
        let nothing_came = parts.read_buf.is_empty();
        let Some(reason) = reason(&error, nothing_came) else { return };
        let at = (shared.now)();
        shared.handler.refused(Refusal { remote: caller.address, at, reason, target: None });
        if reason == Reason::HeadTooSlow {
            let _ = stream.write_all(TOO_SLOW).await;
        }
    }
    end(stream, shared).await;
}

/// The HTTP library answers what it cannot parse, but not what never came.
const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 30\r\nconnection: close\r\n\r\n\
    the head did not come in time\n";

/// What the end of a connection says about its caller; `None` when there is nothing to say.
fn reason(error: &hyper::Error, nothing_came: bool) -> Option<Reason> {
    if error.is_timeout() {
        return (!nothing_came).then_some(Reason::HeadTooSlow);
    }
    if error.is_parse_too_large() {
        return Some(Reason::HeadTooLarge);
    }
    error.is_parse().then_some(Reason::NotHttp)
}

/// Says goodbye and reads on for a moment: to close while bytes are still coming would reset
/// the connection, and the caller could lose the answer.
async fn end(mut stream: Unstalled<Stream>, shared: &Shared) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let drain = async {
        let mut waste = [0; 4096];
        while stream.read(&mut waste).await.is_ok_and(|length| length > 0) {}
    };
    tokio::select! {
        _ = tokio::time::timeout(LINGER, drain) => {}
        () = shared.stop.wait() => {}
    }
}

async fn speak_http2(stream: Unstalled<Stream>, caller: Caller, shared: &Arc<Shared>) {
    let service = service_fn(move |request| {
        let (shared, caller) = (shared.clone(), caller.clone());
        async move { respond(&shared, &caller, request).await }
    });
    let mut connection = pin!(
        http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(shared.limits.head).unwrap_or(u32::MAX))
            .max_concurrent_streams(64)
            .keep_alive_interval(shared.limits.head_time)
            .keep_alive_timeout(shared.limits.head_time)
            .serve_connection(TokioIo::new(stream), service)
    );
    let mut stop = pin!(shared.stop.wait());
    let mut watch = shared.stop.watch();
    poll_fn(|context| {
        if watch.has_just_come(stop.as_mut(), context) {
            connection.as_mut().graceful_shutdown();
        }
        match connection.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
}
