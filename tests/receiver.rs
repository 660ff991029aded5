//! The receiver as a library: what `demo` and other tests build on.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::StatusCode;
use pgwh::receiver::{
    Handler, IncomingRequest, Receiver, Reply, Response, ResponsePlan, ResponsePolicy, Settings,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Responds by a policy, and keeps the requests.
struct Recorder {
    policy: ResponsePolicy,
    seen: Mutex<(HashMap<String, u32>, Vec<IncomingRequest>)>,
}

impl Handler for Recorder {
    fn handle(&self, request: IncomingRequest) -> BoxFuture<'_, Reply> {
        let (ids, requests) = &mut *self.seen.lock().unwrap();
        let id = request.header("X-PerfectGym-Request").unwrap();
        let attempts = ids.entry(id.to_owned()).or_default();
        *attempts += 1;
        requests.push(request);
        let reply = self.policy.choose(requests.len() as u64, *attempts, None).0.reply.clone();
        async move { reply }.boxed()
    }
}

async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

#[tokio::test(flavor = "current_thread")]
async fn fails_the_first_attempt_of_each_id_and_hands_over_what_arrived() {
    let busy = ResponsePlan::from(Response::text(StatusCode::SERVICE_UNAVAILABLE, "busy"));
    let always = ResponsePolicy::always(Response::ok().into());
    let policy = ResponsePolicy { failure: busy, fail_first: 1, ..always };
    let recorder = Arc::new(Recorder { policy, seen: Mutex::default() });
    let settings = Settings::plain(|| "2026-03-01T17:42:09Z".parse().unwrap());
    let anywhere = ([127, 0, 0, 1], 0).into();
    let receiver = Receiver::start(anywhere, settings, recorder.clone()).await.unwrap();

    let request =
        b"POST /pgm?a=1 HTTP/1.1\r\nHost: h\r\nX-PerfectGym-Request: 1\r\nX-A: 1\r\nx-a: 2\r\n\
        Content-Length: 4\r\nConnection: close\r\n\r\n\xff{}\n";
    let first = exchange(receiver.address(), request).await;
    let second = exchange(receiver.address(), request).await;
    receiver.stop(Duration::from_secs(5)).await;

    assert!(first.starts_with("HTTP/1.1 503 ") && first.ends_with("\r\n\r\nbusy"), "{first}");
    assert!(second.starts_with("HTTP/1.1 200 ") && second.ends_with("\r\n\r\nOk"), "{second}");
    let (_, requests) = &*recorder.seen.lock().unwrap();
    assert_eq!(requests.len(), 2);
    let received = &requests[0];
    assert_eq!((received.method().as_str(), received.path()), ("POST", "/pgm?a=1"));
    assert_eq!(&received.body()[..], b"\xff{}\n");
    let headers: Vec<_> =
        received.headers().map(|(name, value)| format!("{name}: {value}")).collect();
    let sent = ["host: h", "x-perfectgym-request: 1", "x-a: 1", "x-a: 2", "content-length: 4"];
    assert_eq!(headers[..5], sent);
}
