//! Whole attempts, over a socket.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use chrono::DateTime;

use super::run;
use crate::delivery::{Attempt, AttemptOutcome, Endpoint, Line, Network, Transport};
use crate::pgm::{RequestId, Secret, SignedRequest};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOk";
const TIMEOUT: Duration = Duration::from_millis(300);

/// Serves so many connections, one after the other.
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

/// Reads one request, which is small; gives whether there was one.
fn read(stream: &mut TcpStream) -> bool {
    stream.read(&mut [0; 4096]).unwrap() > 0
}

fn request() -> SignedRequest {
    let secret = Secret::new("s").unwrap();
    SignedRequest::new(RequestId::new("1").unwrap(), &secret, &b"{}"[..])
}

async fn line(address: SocketAddr) -> Line {
    let url = format!("http://{address}/").parse().unwrap();
    let network = Network { timeout: TIMEOUT, ..Network::default() };
    Line::new(Arc::new(Endpoint::find(&url, &network).await.unwrap()))
}

async fn attempt(line: &Line) -> Attempt {
    line.attempt(&request(), 1, DateTime::UNIX_EPOCH).await
}

#[test]
fn a_connection_is_kept_and_made_anew_when_it_ended_between_requests() {
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
        let line = line(address).await;
        let mut connects = Vec::new();
        for n in 0..4 {
            let attempt = attempt(&line).await;
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
        let line = line(address).await;
        assert_eq!(attempt(&line).await.outcome, AttemptOutcome::Responded);
        let broken = attempt(&line).await;
        assert_eq!((broken.outcome, broken.reached), (AttemptOutcome::Broken, true));
        assert_eq!(requests.try_iter().count(), 2);
    });
}

#[test]
fn a_kept_connection_that_ends_in_the_midst_of_an_answer_is_not_made_anew() {
    let address = target(|_, stream| {
        read(stream);
        stream.write_all(OK).unwrap();
        read(stream);
        stream.write_all(&OK[..10]).unwrap();
    });
    run(async {
        let line = line(address).await;
        assert_eq!(attempt(&line).await.outcome, AttemptOutcome::Responded);
        let broken = attempt(&line).await;
        assert_eq!(broken.outcome, AttemptOutcome::Broken);
        assert!(broken.reached && broken.timings.connect.is_none());
        assert_eq!(broken.error.unwrap(), "connection closed before message completed");
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
        let line = line(address).await;
        let response = attempt(&line).await.response.unwrap();
        assert_eq!((response.status, response.bytes, &*response.text), (200, 2, ""));
        let response = attempt(&line).await.response.unwrap();
        assert_eq!((response.status, response.bytes, &*response.text), (500, 3, "why"));
        assert_eq!(response.header("x-a"), Some("1"));
    });
}

#[test]
fn no_answer_without_end_gets_past_the_timeout() {
    for endless in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"] {
        let endless = endless.repeat(1000);
        let address = target(move |_, stream| {
            read(stream);
            let head = if endless.contains("100") { "" } else { "HTTP/1.1 200 OK\r\n\r\n" };
            stream.write_all(head.as_bytes()).unwrap();
            while stream.write_all(endless.as_bytes()).is_ok() {}
        });
        run(async {
            let attempt = attempt(&line(address).await).await;
            assert_eq!(attempt.outcome, AttemptOutcome::TimedOut);
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
        let line = line(address).await;
        let given_up = tokio::time::timeout(Duration::from_millis(30), attempt(&line)).await;
        assert!(given_up.is_err());
        let attempt = attempt(&line).await;
        assert_eq!(
            (attempt.outcome, attempt.timings.connect.is_some()),
            (AttemptOutcome::Responded, true)
        );
    });
}
