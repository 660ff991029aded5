//! Our HTTP/1.1 against hyper's.
//!
//! Differences that are intended, and that the responses here do not show:
//!
//! - A response that is complete before the request was sent ends the connection. hyper keeps it,
//!   and sends the rest before the next request.
//! - Where the request cannot be written, a response of the target is still read.
//! - Bytes on a new connection before the request count as its response; to hyper they are an
//!   error. On a kept connection they are an error to both.
//! - A target that responds as HTTP/1.0 gets HTTP/1.1 again.
//! - An error in a head of more than 4 KiB that comes in pieces is found when the head is complete.
//! - Reading yields to the timer, however much there is to read.
//! - More than 100 interim responses are an error.

mod limits;
mod responses;
mod target;

use std::cell::RefCell;
use std::future::Future;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request, Version};
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use tokio::io::DuplexStream;
use tokio::runtime::{Builder, Runtime};

use super::{BodyPolicy, Connection, ResponseHead, ResponseSink};
use target::{REQUEST, SECOND_STATUS, Scene, or_stalled, start};

/// What came of a request.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Responded {
        status: u16,
        is_1_1: bool,
        body: Vec<u8>,
        /// Whether the connection carried another request.
        carried_on: bool,
    },
    Broken,
    /// Nothing more came, and the connection did not end.
    Stalled,
}

/// A response with its whole body.
#[derive(Default)]
struct Collected {
    head: Option<ResponseHead>,
    body: Vec<u8>,
}

impl ResponseSink for Collected {
    fn body_policy(&self) -> BodyPolicy {
        BodyPolicy::StatusOnly
    }

    fn head(&mut self, head: ResponseHead) {
        assert!(self.head.replace(head).is_none(), "two heads");
    }

    fn content(&mut self, content: &[u8]) {
        assert!(self.head.is_some() && !content.is_empty());
        self.body.extend_from_slice(content);
    }
}

/// Our own exchange.
async fn ask(scene: &Scene) -> Outcome {
    let (stream, told) = start(scene);
    let mut written = told.clone();
    let work = async {
        let mut connection = Connection::new(stream);
        let mut collected = Collected::default();
        let Ok(is_reusable) = connection.exchange([REQUEST, &[]], &mut collected).await else {
            return Outcome::Broken;
        };
        let _ = written.wait_for(|written| *written).await;
        let mut second = Collected::default();
        let carried_on =
            is_reusable && connection.exchange([REQUEST, &[]], &mut second).await.is_ok();
        let second = second.head.map(|head| head.status);
        assert!(!carried_on || second == Some(SECOND_STATUS), "answered by {second:?}");
        let head = collected.head.unwrap();
        let is_1_1 = head.version == "HTTP/1.1";
        Outcome::Responded { status: head.status, is_1_1, body: collected.body, carried_on }
    };
    or_stalled(told, work).await
}

/// The same exchange with hyper's client.
async fn ask_with_hyper(scene: &Scene) -> Outcome {
    let (stream, told) = start(scene);
    let mut written = told.clone();
    let (mut sender, driver) = handshake(stream).await;
    let driver = tokio::spawn(driver);
    let work = async {
        let Ok(mut came) = exchange(&mut sender).await else { return Outcome::Broken };
        let _ = written.wait_for(|written| *written).await;
        // Ours checks whether the connection stands just before it sends again: let hyper see as
        // much.
        tokio::task::yield_now().await;
        let second = exchange(&mut sender).await;
        if let Outcome::Responded { carried_on, .. } = &mut came {
            *carried_on = second.is_ok();
        }
        if let Ok(Outcome::Responded { status, .. }) = second {
            assert_eq!(status, SECOND_STATUS);
        }
        came
    };
    let came = or_stalled(told, work).await;
    driver.abort();
    came
}

async fn handshake(
    stream: DuplexStream,
) -> (SendRequest<Full<Bytes>>, impl Future<Output = hyper::Result<()>>) {
    http1::handshake(TokioIo::new(stream)).await.unwrap()
}

async fn exchange(sender: &mut SendRequest<Full<Bytes>>) -> hyper::Result<Outcome> {
    let mut request = Request::new(Full::from("{}"));
    *request.method_mut() = Method::POST;
    sender.ready().await?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    Ok(Outcome::Responded {
        status: head.status.as_u16(),
        is_1_1: head.version == Version::HTTP_11,
        body: body.collect().await?.to_bytes().to_vec(),
        carried_on: false,
    })
}

thread_local! {
    static RUNTIME: RefCell<Runtime> =
        RefCell::new(Builder::new_current_thread().enable_all().build().unwrap());
}

/// Runs to the end.
fn run<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with_borrow(|runtime| runtime.block_on(work))
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(3000)
    })]

    /// hyper gets every response in one piece, as it checks a head that comes in several less
    /// closely; ours must not care.
    #[test]
    fn it_agrees_with_hyper(scene in responses::scene()) {
        let whole = Scene { cuts: Vec::new(), ..scene.clone() };
        let expected = run(ask_with_hyper(&whole));
        prop_assert_eq!(run(ask(&scene)), expected, "{}", scene);
    }
}
