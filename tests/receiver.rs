//! The receiver as a library: what `demo` and other tests build on.
#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::time::Duration;

use hyper::StatusCode;
use pgwh::receiver::{Answer, Plan, Policy, Receiver, Recorder, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn settings() -> Settings {
    Settings::plain(|| "2026-03-01T17:42:09Z".parse().unwrap())
}

async fn talk(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "current_thread")]
async fn fails_the_first_call_of_each_id_and_hands_over_what_came() {
    let busy = Plan::from(Answer::text(StatusCode::SERVICE_UNAVAILABLE, "busy"));
    let policy = Policy { failing: busy, fail_first: 1, ..Policy::always(Answer::ok().into()) };
    let (recorder, mut exchanges) = Recorder::new(policy);
    let anywhere = ([127, 0, 0, 1], 0).into();
    let receiver = Receiver::start(anywhere, settings(), recorder).await.unwrap();

    let request =
        b"POST /pgm?a=1 HTTP/1.1\r\nHost: h\r\nX-PerfectGym-Request: 1\r\nX-A: 1\r\nx-a: 2\r\n\
        Content-Length: 4\r\nConnection: close\r\n\r\n\xff{}\n";
    let first = talk(receiver.address(), request).await;
    let second = talk(receiver.address(), request).await;
    receiver.stop(Duration::from_secs(5)).await;

    assert!(first.starts_with("HTTP/1.1 503 ") && first.ends_with("\r\n\r\nbusy"), "{first}");
    assert!(second.starts_with("HTTP/1.1 200 ") && second.ends_with("\r\n\r\nOk"), "{second}");
    let received = exchanges.recv().await.unwrap().received;
    assert_eq!((received.method(), received.path()), ("POST", "/pgm?a=1"));
    assert_eq!(received.body(), b"\xff{}\n");
    let headers: Vec<_> =
        received.headers().map(|(name, value)| format!("{name}: {value}")).collect();
    let sent = ["host: h", "x-perfectgym-request: 1", "x-a: 1", "x-a: 2", "content-length: 4"];
    assert_eq!(headers[..5], sent);
    assert!(exchanges.recv().await.is_some());
    assert!(exchanges.recv().await.is_none(), "the receiver is gone");
}
