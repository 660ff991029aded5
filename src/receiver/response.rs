//! What the receiver responds.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::StatusCode;
use hyper::body::{Bytes, Frame};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};

/// The body of a response as hyper sends it.
pub(super) type ResponseBody = UnsyncBoxBody<Bytes, Infallible>;

/// The shortest pause between two pieces of a slow body: timers are not much finer.
const MIN_PAUSE: Duration = Duration::from_millis(5);

/// Characters of a response that PGM keeps and shows.
const MAX_SHOWN_RESPONSE: usize = 1000;

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It gets this response.
    Respond(Response),
    /// The connection is closed without a response.
    Drop,
}

/// A response that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers; length and date are added to them.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Bytes,
    /// Spread the body over this time.
    pub drip: Option<Duration>,
}

impl Response {
    /// A status with a plain text.
    pub fn text(status: StatusCode, text: impl Into<Bytes>) -> Self {
        let plain = (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        Self { status, headers: vec![plain], body: text.into(), drip: None }
    }

    /// 200 and `Ok`: what PGM's help page suggests.
    pub fn ok() -> Self {
        Self::text(StatusCode::OK, "Ok")
    }

    /// Sets a header, in place of one of that name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    /// The start of the body as text: as much as PGM keeps of a response.
    pub fn first_characters(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(MAX_SHOWN_RESPONSE).collect()
    }

    pub(super) fn into_hyper(self) -> hyper::Response<ResponseBody> {
        let length = self.body.len();
        let body = match self.drip {
            Some(time) => drip(self.body, time),
            None => Full::new(self.body).boxed_unsync(),
        };
        let mut response = hyper::Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if self.drip.is_some() && self.status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}

/// A body that is sent byte by byte over this time, or in larger pieces where the pauses would be
/// too short.
fn drip(body: Bytes, time: Duration) -> ResponseBody {
    let most = usize::try_from(time.as_millis() / MIN_PAUSE.as_millis()).unwrap_or(usize::MAX);
    let count = body.len().clamp(1, most.max(1));
    let pause = time / u32::try_from(count).unwrap_or(u32::MAX);
    let size = body.len().div_ceil(count);
    let pieces = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok(Frame::data(piece)), rest))
    });
    StreamBody::new(pieces).boxed_unsync()
}
