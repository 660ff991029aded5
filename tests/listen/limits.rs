//! Callers that misbehave, and those who are only unusual.

use std::io::{Read, Write};
use std::net::Shutdown;

use crate::listener::{Listener, answer, envelope, request, rest, signature, signed};
use crate::support::{SECRET, run};

#[track_caller]
fn answers(listener: &Listener, call: &[u8], status: &str) -> String {
    let answer = listener.call(call);
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    answer
}

/// The reason of the next call that was turned away.
#[track_caller]
fn refused(listener: &Listener) -> String {
    let told = listener.next();
    assert_eq!(told["type"], "refused", "{told}");
    told["reason"].as_str().unwrap().to_owned()
}

/// It is still well.
#[track_caller]
fn goes_on(listener: &Listener) {
    answers(listener, &signed("goes on", &envelope("Test")), "200");
    assert_eq!(listener.next()["verdict"], "valid");
}

#[test]
fn only_post_is_taken_but_a_browser_sees_a_page() {
    let listener = Listener::start(&[]);
    let page = answers(&listener, b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "200");
    assert!(page.contains("running"), "{page}");
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let call = format!("{method} /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let answer = answers(&listener, call.as_bytes(), "405");
        assert!(answer.contains("\r\nallow: POST\r\n"), "{answer}");
        refused(&listener);
    }
    goes_on(&listener);
}

#[test]
fn large_bodies_are_refused_announced_or_not() {
    let listener = Listener::start(&["--max-body", "1KiB"]);
    let announced = request("a", "", &"x".repeat(1025), "");
    let chunked = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let chunk = format!("401\r\n{}\r\n0\r\n\r\n", "x".repeat(1025));
    let chunked = [&chunked[..], chunk.as_bytes()].concat();
    // Far more than the buffers between here and there: the answer must not be lost in a reset.
    let large = request("a", "", &"x".repeat(4 << 20), "");
    let untouched = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n";
    for call in [&announced[..], &chunked, &large, untouched] {
        answers(&listener, call, "413");
        assert!(refused(&listener).contains("body is larger"));
    }
    let fits = request("a", &signature("a", SECRET), &"x".repeat(1024), "Connection: close\r\n");
    answers(&listener, &fits, "200");
    listener.next();
    goes_on(&listener);
}

#[test]
fn large_heads_are_refused() {
    let listener = Listener::start(&["--max-head", "8KiB"]);
    let call = format!("POST / HTTP/1.1\r\nHost: h\r\nX-Big: {}\r\n\r\n", "x".repeat(9000));
    answers(&listener, call.as_bytes(), "431");
    assert!(refused(&listener).contains("head is larger"));
    let many = format!("POST / HTTP/1.1\r\nHost: h\r\n{}\r\n", "a: b\r\n".repeat(1200));
    answers(&listener, many.as_bytes(), "431");
    assert!(refused(&listener).contains("head is larger"));
    goes_on(&listener);
}

#[test]
fn slow_callers_are_let_go() {
    let listener = Listener::start(&["--head-time", "200ms", "--body-time", "200ms"]);
    answers(&listener, b"POST / HTTP/1.1\r\nHost: h\r\nX-Slow: ", "408");
    assert!(refused(&listener).contains("head did not arrive"));
    answers(&listener, b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n123", "408");
    assert!(refused(&listener).contains("body did not arrive"));
    // Who says nothing at all gets no answer, and takes no place for long.
    assert_eq!(listener.call(b""), "");
    goes_on(&listener);
}

#[test]
fn a_head_byte_by_byte_does_not_hold_its_place() {
    let listener = Listener::start(&["--head-time", "300ms", "--max-connections", "1"]);
    let mut slow = listener.connect();
    for byte in b"POST / HTTP/1.1\r\nHost: h\r\n".iter().chain(&[b'a'; 4096]) {
        // It is let go while it still writes; each byte in time does not help.
        if slow.write_all(&[*byte]).is_err() {
            break;
        }
        std::thread::yield_now();
    }
    // The only place is free again.
    goes_on_after_refusals(&listener);
}

/// The same for a receiver that may have refused somebody just before.
#[track_caller]
fn goes_on_after_refusals(listener: &Listener) {
    answers(listener, &signed("goes on", &envelope("Test")), "200");
    let told = std::iter::repeat_with(|| listener.next());
    assert!(told.take(3).any(|told| told["verdict"] == "valid"));
}

#[test]
fn connections_beyond_the_limit_wait_and_half_open_ones_make_room() {
    let listener = Listener::start(&["--max-connections", "2", "--head-time", "300ms"]);
    let silent: Vec<_> = (0..8).map(|_| listener.connect()).collect();
    silent[0].shutdown(Shutdown::Write).unwrap();
    goes_on(&listener);
}

#[test]
fn who_never_reads_its_answers_makes_room_in_the_end() {
    let big = format!("@{}", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));
    let listener =
        Listener::start(&["--max-connections", "1", "--body-time", "300ms", "--body", &big]);
    let mut deaf = listener.connect();
    let calls: Vec<u8> = (0..2000).flat_map(|_| request("a", "", "{}", "")).collect();
    deaf.set_write_timeout(Some(std::time::Duration::from_millis(50))).unwrap();
    // Both directions fill up, if the receiver does not stop reading before.
    let _ = deaf.write_all(&calls);
    answers(&listener, &signed("b", "{}"), "200");
}

#[test]
fn what_is_not_http_is_told_so() {
    let listener = Listener::start(&[]);
    for call in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"hello\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost h\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
    ] {
        answers(&listener, call, "400");
        assert!(refused(&listener).contains("not HTTP"));
    }
    let chunks = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
    answers(&listener, chunks, "400");
    assert!(refused(&listener).contains("not HTTP"));
    goes_on(&listener);
}

#[test]
fn a_caller_that_goes_away_half_way_is_no_request() {
    let listener = Listener::start(&[]);
    let mut stream = listener.connect();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n123").unwrap();
    drop(stream);
    assert!(refused(&listener).contains("went away"));
    assert_eq!(listener.interrupt()["requests"], 0);
}

#[test]
fn requests_in_a_row_on_one_connection_are_all_answered_in_order() {
    let listener = Listener::start(&[]);
    let mut stream = listener.connect();
    let calls: Vec<u8> =
        (0..50).flat_map(|n| request(&n.to_string(), "", &envelope("Test"), "")).collect();
    stream.write_all(&calls).unwrap();
    for n in 0..50 {
        assert!(answer(&mut stream).starts_with("HTTP/1.1 200"), "{n}");
        assert_eq!(listener.next()["requestId"], n.to_string());
    }
}

#[test]
fn chunked_bodies_are_put_together() {
    let listener = Listener::start(&["-v"]);
    let head =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let call = format!("{head}3;ext=1\r\n{{\"a\r\n4\r\n\":1}}\r\n0\r\nX-Trailer: 1\r\n\r\n");
    answers(&listener, call.as_bytes(), "200");
    assert_eq!(listener.next()["body"], "{\"a\":1}");
}

#[test]
fn a_caller_that_asks_first_is_told_to_go_on() {
    let listener = Listener::start(&[]);
    let mut stream = listener.connect();
    let head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    stream.write_all(head).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{}").unwrap();
    assert!(rest(&mut stream).starts_with("HTTP/1.1 200"));
}

#[test]
fn http_1_0_is_answered_and_closed() {
    let listener = Listener::start(&[]);
    let answer = listener.call(b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}");
    assert!(answer.starts_with("HTTP/1.0 200") && answer.ends_with("Ok"), "{answer}");
}

#[test]
fn bodies_that_are_no_json_are_taken_as_pgm_would_not_care() {
    let listener = Listener::start(&[]);
    for body in ["", "hello", "{", "[]", "null"] {
        answers(&listener, &signed("a", body), "200");
        let told = listener.next();
        assert_eq!(told["verdict"], "valid");
        assert!(!told["findings"].as_array().unwrap().is_empty(), "{body}");
    }
}

#[test]
fn http_2_with_prior_knowledge_is_spoken() {
    let listener = Listener::start(&[]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let status = runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(listener.address).await.unwrap();
        let (mut client, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        let call = http::Request::post("http://localhost/pgm")
            .header("x-perfectgym-request", "a")
            .header("x-perfectgym-signature", signature("a", SECRET))
            .body(())
            .unwrap();
        let (response, mut body) = client.send_request(call, false).unwrap();
        body.send_data(envelope("Test").into(), true).unwrap();
        response.await.unwrap().status()
    });
    assert_eq!(status, 200);
    assert_eq!(listener.next()["verdict"], "valid");
}

#[test]
fn send_and_listen_understand_each_other() {
    let listener = Listener::start(&[]);
    run(["send", "Test", "UserModified", "--url", &listener.url("/x?y=1")]).exits(0);
    assert_eq!(listener.next()["event"], "Test");
    assert_eq!(listener.next()["path"], "/x?y=1");
}
