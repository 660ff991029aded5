//! One exchange over HTTP/2, where TLS has agreed on that.

use std::pin::pin;

use futures_util::future::{Either, select};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http2::handshake;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, Request};
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::endpoint::Endpoint;
use super::exchange::Taker;
use super::http1::Head;
use super::stream::Stream;
use crate::delivery::received::header_map;
use crate::pgm::SignedRequest;

/// Sends a request and takes its answer in. The connection is not kept.
pub(super) async fn exchange(
    stream: Stream,
    to: &Endpoint,
    request: &SignedRequest,
    taker: &mut impl Taker,
) -> hyper::Result<()> {
    let (mut sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    let response = pin!(async {
        let (head, mut body) = sender.send_request(prepared(to, request)).await?.into_parts();
        taker.head(Head { status: head.status, version: head.version, headers: head.headers });
        while let Some(frame) = body.frame().await {
            if let Some(content) = frame?.data_ref() {
                taker.content(content);
            }
        }
        Ok(())
    });
    match select(response, connection).await {
        Either::Left((done, _)) => done,
        // What ended it, the answer says as well.
        Either::Right((_, response)) => response.await,
    }
}

/// The request as the HTTP library wants it.
fn prepared(to: &Endpoint, request: &SignedRequest) -> Request<Full<Bytes>> {
    let mut prepared = Request::new(Full::new(request.body_bytes()));
    *prepared.method_mut() = Method::POST;
    *prepared.uri_mut() = to.uri.clone();
    *prepared.headers_mut() = header_map(request);
    let headers = prepared.headers_mut();
    for (name, value) in &to.headers {
        // The host stands in the URI.
        if let (true, Ok(value)) = (*name != "host", HeaderValue::from_str(value)) {
            headers.entry(HeaderName::from_static(name)).or_insert(value);
        }
    }
    prepared
}
