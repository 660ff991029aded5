//! Attempts over a connection that is kept, on a real socket.

use std::future::Future;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use chrono::DateTime;

use pgwh::delivery::{Attempt, AttemptOutcome, KeepAliveTransport, Transport};
use pgwh::http1::{BodyPolicy, Endpoint, Network};
use pgwh::pgm::{RequestId, Secret, SignedRequest};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOk";
const TIMEOUT: Duration = Duration::from_millis(300);

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Serves connections, one after the other.
fn target(serve: impl Fn(usize, &mut TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (n, stream) in listener.incoming().enumerate() {
            serve(n, &mut stream.unwrap());
        }
    });
    address
}

/// Reads one request, which is small; returns whether there was one.
fn read(stream: &mut TcpStream) -> bool {
    stream.read(&mut [0; 4096]).unwrap() > 0
}

fn request() -> SignedRequest {
    let secret = Secret::new("s").unwrap();
    SignedRequest::new(RequestId::new("1").unwrap(), &secret, &b"{}"[..])
}

async fn transport(address: SocketAddr) -> KeepAliveTransport {
    let url = format!("http://{address}/").parse().unwrap();
    let network = Network { timeout: TIMEOUT, ..Network::default() };
    let endpoint = Endpoint::resolve(&url, &network).await.unwrap();
    KeepAliveTransport::new(Arc::new(endpoint), BodyPolicy::StatusOnly)
}

async fn attempt(transport: &KeepAliveTransport) -> Attempt {
    transport.attempt(&request(), 1, DateTime::UNIX_EPOCH).await
}

#[test]
fn a_connection_is_kept_and_replaced_when_it_ended_between_requests() {
    let (closed, is_closed) = mpsc::channel();
    let address = target(move |_, stream| {
        for _ in 0..2 {
            read(stream);
            stream.write_all(OK).unwrap();
        }
        stream.shutdown(Shutdown::Both).unwrap();
        closed.send(()).unwrap();
    });
    run(async {
        let transport = transport(address).await;
        let mut connects = Vec::new();
        for n in 0..4 {
            let attempt = attempt(&transport).await;
            assert_eq!(attempt.outcome, AttemptOutcome::Responded);
            connects.push(attempt.timings.connect.is_some());
            if n == 1 {
                is_closed.recv().unwrap();
                // Lets the runtime hear of it.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        assert_eq!(connects, [true, false, true, false]);
    });
}

#[test]
fn a_request_that_was_written_is_never_sent_again() {
    let (sent, requests) = mpsc::channel();
    let address = target(move |_, stream| {
        for response in [OK, b""] {
            if read(stream) {
                sent.send(()).unwrap();
            }
            stream.write_all(response).unwrap();
        }
    });
    run(async {
        let transport = transport(address).await;
        assert_eq!(attempt(&transport).await.outcome, AttemptOutcome::Responded);
        let broken = attempt(&transport).await;
        assert_eq!((broken.outcome, broken.reached), (AttemptOutcome::Broken, true));
        assert_eq!(requests.try_iter().count(), 2);
    });
}

#[test]
fn a_kept_connection_that_ends_within_a_response_is_not_replaced() {
    let address = target(|_, stream| {
        read(stream);
        stream.write_all(OK).unwrap();
        read(stream);
        stream.write_all(&OK[..10]).unwrap();
    });
    run(async {
        let transport = transport(address).await;
        assert_eq!(attempt(&transport).await.outcome, AttemptOutcome::Responded);
        let broken = attempt(&transport).await;
        assert_eq!(broken.outcome, AttemptOutcome::Broken);
        assert!(broken.reached && broken.timings.connect.is_none());
        assert_eq!(
            broken.error.unwrap(),
            "the target closed the connection before it sent a whole response"
        );
    });
}

#[test]
fn a_failure_keeps_its_headers_and_text_and_a_success_its_size() {
    let address = target(|_, stream| {
        for response in [OK, b"HTTP/1.1 500 Oh\r\nX-A: 1\r\nconnection: close\r\n\r\nwhy"] {
            read(stream);
            stream.write_all(response).unwrap();
        }
    });
    run(async {
        let transport = transport(address).await;
        let response = attempt(&transport).await.response.unwrap();
        assert_eq!((response.status, response.bytes, &*response.text), (200, 2, ""));
        let response = attempt(&transport).await.response.unwrap();
        assert_eq!((response.status, response.bytes, &*response.text), (500, 3, "why"));
        assert_eq!(response.header("x-a"), Some("1"));
    });
}

#[test]
fn an_endless_response_does_not_get_past_the_timeout() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (head, endless, outcome) in [
        ("HTTP/1.1 200 OK\r\n\r\n", "and so on", AttemptOutcome::TimedOut),
        (chunked, "1\r\na\r\n", AttemptOutcome::TimedOut),
        ("", interim, AttemptOutcome::Broken),
    ] {
        let endless = endless.repeat(1000);
        let address = target(move |_, stream| {
            read(stream);
            stream.write_all(head.as_bytes()).unwrap();
            while stream.write_all(endless.as_bytes()).is_ok() {}
        });
        run(async {
            let attempt = attempt(&transport(address).await).await;
            assert_eq!(attempt.outcome, outcome, "{head}");
            assert!(attempt.elapsed < TIMEOUT * 3, "{:?}", attempt.elapsed);
        });
    }
}

#[test]
fn an_attempt_that_is_given_up_leaves_no_connection() {
    let address = target(|n, stream| {
        read(stream);
        if n == 0 {
            // Answers once nobody waits for it.
            thread::sleep(Duration::from_millis(100));
        }
        let _ = stream.write_all(OK);
    });
    run(async {
        let transport = transport(address).await;
        let given_up = tokio::time::timeout(Duration::from_millis(30), attempt(&transport)).await;
        assert!(given_up.is_err());
        let attempt = attempt(&transport).await;
        assert_eq!(
            (attempt.outcome, attempt.timings.connect.is_some()),
            (AttemptOutcome::Responded, true)
        );
    });
}
