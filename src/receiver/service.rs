//! From the HTTP library's request to a handler's reply.

use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Instant;

use futures_util::FutureExt;
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONNECTION, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode, Version};

use super::body::AnswerBody;
use super::caller::Caller;
use super::server::Shared;
use super::{Answer, Reason, Received, Refusal, Reply};

/// What `GET /` shows to somebody who opens the URL in a browser.
const PAGE: &str = "pgwh listen is alive: it takes the webhooks of Perfect Gym (PGM) here, \
                    as POST requests.\n";

/// Closes the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("dropped on purpose")]
pub(super) struct Dropped;

/// Answers one request. What can be done at once is: a future has room for all it begins with,
/// and there is one for each connection.
pub(super) fn respond<'s>(
    shared: &'s Shared,
    caller: &Caller,
    request: Request<Incoming>,
) -> impl Future<Output = Result<Response<AnswerBody>, Dropped>> + use<'s> {
    let (head, body) = request.into_parts();
    let received = Box::new(Received {
        head,
        body: Bytes::new(),
        caller: caller.clone(),
        received_at: (shared.now)(),
        since: Instant::now(),
    });
    answer(shared, received, body)
}

async fn answer(
    shared: &Shared,
    mut received: Box<Received>,
    body: Incoming,
) -> Result<Response<AnswerBody>, Dropped> {
    if let Some(page) = page(&received.head) {
        return Ok(page.into_response());
    }
    let body = match received.head.method {
        Method::POST => read(body, shared).await,
        _ => Err(Reason::Method),
    };
    received.body = match body {
        Ok(body) => body,
        Err(reason) => return refuse(shared, &received, reason),
    };
    match shared.handler.handle(received).await {
        Reply::Answer(answer) => Ok(answer.into_response()),
        Reply::Drop => Err(Dropped),
    }
}

fn page(head: &Parts) -> Option<Answer> {
    let asked = matches!(head.method, Method::GET | Method::HEAD) && head.uri.path() == "/";
    asked.then(|| Answer::text(StatusCode::OK, PAGE))
}

/// The whole body, within the limits of size and time.
async fn read(body: Incoming, shared: &Shared) -> Result<Bytes, Reason> {
    let limits = &shared.limits;
    if body.size_hint().lower() > limits.body as u64 {
        return Err(Reason::BodyTooLarge);
    }
    let mut whole = pin!(collect(body, limits.body));
    // Most bodies have come with their head; only the others need a timer.
    if let Some(body) = whole.as_mut().now_or_never() {
        return body;
    }
    let timed = Box::pin(tokio::time::timeout(limits.body_time, whole));
    timed.await.unwrap_or(Err(Reason::BodyTooSlow))
}

async fn collect(mut body: Incoming, limit: usize) -> Result<Bytes, Reason> {
    let mut first = Bytes::new();
    let mut rest = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(&error))?;
        // Trailers are no part of the body.
        let Ok(piece) = frame.into_data() else { continue };
        if first.len() + rest.len() + piece.len() > limit {
            return Err(Reason::BodyTooLarge);
        }
        // Nearly every body comes in one piece, which then needs no copy.
        if first.is_empty() {
            first = piece;
        } else {
            rest.extend_from_slice(&piece);
        }
    }
    Ok(if rest.is_empty() { first } else { [&first[..], &rest].concat().into() })
}

/// A body that cannot be read to its end: its chunks are none, or it broke off.
fn broken(error: &hyper::Error) -> Reason {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    match cause.map(io::Error::kind) {
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => Reason::NotHttp,
        _ => Reason::CutOff,
    }
}

fn refuse(
    shared: &Shared,
    received: &Received,
    reason: Reason,
) -> Result<Response<AnswerBody>, Dropped> {
    let (head, remote) = (&received.head, received.remote());
    let target = Some((head.method.to_string(), head.uri.to_string()));
    shared.handler.refused(Refusal { remote, at: (shared.now)(), reason, target });
    let status = reason.status().and_then(|status| StatusCode::from_u16(status).ok());
    let Some(status) = status else { return Err(Dropped) };
    let mut answer = Answer::text(status, format!("{reason}\n"));
    if reason == Reason::Method {
        answer = answer.header(ALLOW, HeaderValue::from_static("POST"));
    } else if head.version < Version::HTTP_2 {
        // The rest of the body would be taken for the next request.
        answer = answer.header(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(answer.into_response())
}
