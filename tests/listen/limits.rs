//! Clients that misbehave, and unusual ones.

use std::io::{Read, Write};
use std::net::Shutdown;

use crate::listener::{Listener, envelope, request, response, rest, signature, signed};
use crate::support::{SECRET, run};

#[track_caller]
fn responds(listener: &Listener, call: &[u8], status: &str) -> String {
    let response = listener.exchange(call);
    assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
    response
}

/// The reason of the next refusal.
#[track_caller]
fn refused(listener: &Listener) -> String {
    let event = listener.next();
    assert_eq!(event["type"], "refused", "{event}");
    event["reason"].as_str().unwrap().to_owned()
}

/// Asserts that requests are still served.
#[track_caller]
fn still_serves(listener: &Listener) {
    responds(listener, &signed("goes on", &envelope("Test")), "200");
    assert_eq!(listener.next()["verdict"], "valid");
}

#[test]
fn only_post_is_accepted_but_a_browser_sees_a_page() {
    let listener = Listener::start(&[]);
    let page =
        responds(&listener, b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "200");
    assert!(page.contains("running"), "{page}");
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let call = format!("{method} /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let response = responds(&listener, call.as_bytes(), "405");
        assert!(response.contains("\r\nallow: POST\r\n"), "{response}");
        refused(&listener);
    }
    still_serves(&listener);
}

#[test]
fn large_bodies_are_refused_with_and_without_a_length() {
    let listener = Listener::start(&["--max-body", "1KiB"]);
    let announced = request("a", "", &"x".repeat(1025), "");
    let chunked = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let chunk = format!("401\r\n{}\r\n0\r\n\r\n", "x".repeat(1025));
    let chunked = [&chunked[..], chunk.as_bytes()].concat();
    // Far more than socket buffers hold: the response must not be lost in a reset.
    let large = request("a", "", &"x".repeat(4 << 20), "");
    let untouched = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n";
    for call in [&announced[..], &chunked, &large, untouched] {
        responds(&listener, call, "413");
        assert!(refused(&listener).contains("body is larger"));
    }
    let fits = request("a", &signature("a", SECRET), &"x".repeat(1024), "Connection: close\r\n");
    responds(&listener, &fits, "200");
    listener.next();
    still_serves(&listener);
}

#[test]
fn large_heads_are_refused() {
    let listener = Listener::start(&["--max-head", "8KiB"]);
    let call = format!("POST / HTTP/1.1\r\nHost: h\r\nX-Big: {}\r\n\r\n", "x".repeat(9000));
    responds(&listener, call.as_bytes(), "431");
    assert!(refused(&listener).contains("head is larger"));
    let many = format!("POST / HTTP/1.1\r\nHost: h\r\n{}\r\n", "a: b\r\n".repeat(1200));
    responds(&listener, many.as_bytes(), "431");
    assert!(refused(&listener).contains("head is larger"));
    let endless = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n";
    responds(&listener, endless, "431");
    assert!(refused(&listener).contains("Content-Length"));
    still_serves(&listener);
}

#[test]
fn slow_clients_time_out() {
    let listener = Listener::start(&["--head-time", "200ms", "--body-time", "200ms"]);
    responds(&listener, b"POST / HTTP/1.1\r\nHost: h\r\nX-Slow: ", "408");
    assert!(refused(&listener).contains("head did not arrive"));
    responds(&listener, b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n123", "408");
    assert!(refused(&listener).contains("body did not arrive"));
    // A silent client gets no response, and its connection is closed.
    assert_eq!(listener.exchange(b""), "");
    still_serves(&listener);
}

#[test]
fn a_head_sent_byte_by_byte_times_out() {
    let listener = Listener::start(&["--head-time", "300ms", "--max-connections", "1"]);
    let mut slow = listener.connect();
    for byte in b"POST / HTTP/1.1\r\nHost: h\r\n".iter().chain(&[b'a'; 4096]) {
        // The connection is closed while bytes still arrive in time.
        if slow.write_all(&[*byte]).is_err() {
            break;
        }
        std::thread::yield_now();
    }
    // The only slot is free again.
    still_serves_after_refusals(&listener);
}

/// The same when there may be refusals to report first.
#[track_caller]
fn still_serves_after_refusals(listener: &Listener) {
    responds(listener, &signed("goes on", &envelope("Test")), "200");
    let event = std::iter::repeat_with(|| listener.next());
    assert!(event.take(3).any(|event| event["verdict"] == "valid"));
}

#[test]
fn connections_beyond_the_limit_wait_for_silent_ones_to_time_out() {
    let listener = Listener::start(&["--max-connections", "2", "--head-time", "300ms"]);
    let silent: Vec<_> = (0..8).map(|_| listener.connect()).collect();
    silent[0].shutdown(Shutdown::Write).unwrap();
    still_serves(&listener);
}

#[test]
fn a_client_that_never_reads_times_out() {
    let big = format!("@{}", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));
    let listener =
        Listener::start(&["--max-connections", "1", "--body-time", "300ms", "--body", &big]);
    let mut deaf = listener.connect();
    let calls: Vec<u8> = (0..2000).flat_map(|_| request("a", "", "{}", "")).collect();
    deaf.set_write_timeout(Some(std::time::Duration::from_millis(50))).unwrap();
    // Both directions fill up, unless the receiver stops reading before.
    let _ = deaf.write_all(&calls);
    responds(&listener, &signed("b", "{}"), "200");
}

#[test]
fn bytes_that_are_not_http_get_400() {
    let listener = Listener::start(&[]);
    for call in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"hello\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost h\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
    ] {
        responds(&listener, call, "400");
        assert!(refused(&listener).contains("not HTTP"));
    }
    let chunks = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
    responds(&listener, chunks, "400");
    assert!(refused(&listener).contains("not HTTP"));
    still_serves(&listener);
}

#[test]
fn an_incomplete_request_is_refused() {
    let listener = Listener::start(&[]);
    let mut stream = listener.connect();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n123").unwrap();
    drop(stream);
    assert!(refused(&listener).contains("went away"));
    assert_eq!(listener.interrupt()["requests"], 0);
}

#[test]
fn pipelined_requests_get_responses_in_order() {
    let listener = Listener::start(&[]);
    let mut stream = listener.connect();
    let calls: Vec<u8> =
        (0..50).flat_map(|n| request(&n.to_string(), "", &envelope("Test"), "")).collect();
    stream.write_all(&calls).unwrap();
    for n in 0..50 {
        assert!(response(&mut stream).starts_with("HTTP/1.1 200"), "{n}");
        assert_eq!(listener.next()["requestId"], n.to_string());
    }
}

#[test]
fn chunked_bodies_are_decoded() {
    let listener = Listener::start(&["-v"]);
    let head =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let call = format!("{head}3;ext=1\r\n{{\"a\r\n4\r\n\":1}}\r\n0\r\nX-Trailer: 1\r\n\r\n");
    responds(&listener, call.as_bytes(), "200");
    assert_eq!(listener.next()["body"], "{\"a\":1}");
}

#[test]
fn expect_100_continue_is_honored() {
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
fn http_1_0_connections_are_closed() {
    let listener = Listener::start(&[]);
    let response = listener.exchange(b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}");
    assert!(response.starts_with("HTTP/1.0 200") && response.ends_with("Ok"), "{response}");
}

#[test]
fn bodies_that_are_not_json_are_accepted_with_a_finding() {
    let listener = Listener::start(&[]);
    for body in ["", "hello", "{", "[]", "null"] {
        responds(&listener, &signed("a", body), "200");
        let event = listener.next();
        assert_eq!(event["verdict"], "valid");
        assert!(!event["findings"].as_array().unwrap().is_empty(), "{body}");
    }
}

#[test]
fn http_2_with_prior_knowledge_works() {
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
fn send_and_listen_work_together() {
    let listener = Listener::start(&[]);
    run(["send", "Test", "UserModified", "--url", &listener.url("/x?y=1")]).exits(0);
    assert_eq!(listener.next()["event"], "Test");
    assert_eq!(listener.next()["path"], "/x?y=1");
}
