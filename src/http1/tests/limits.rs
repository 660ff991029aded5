//! The limits of a response.

use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::target::{REQUEST, Scene};
use super::{Collected, ask};
use super::{Outcome, run};
use crate::http1::{Connection, MAX_HEAD_BYTES, MAX_INTERIM};

fn response(bytes: String) -> Outcome {
    run(ask(&Scene { bytes: bytes.into_bytes(), cuts: Vec::new(), closes: false }))
}

fn with_headers(headers: &str) -> Outcome {
    response(format!("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{headers}\r\n"))
}

fn chunked(rest: &str) -> Outcome {
    response(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{rest}"))
}

fn with_body(body: &[u8]) -> Outcome {
    Outcome::Responded { status: 200, is_1_1: true, body: body.to_vec(), carried_on: true }
}

#[test]
fn a_head_has_so_many_headers_and_bytes_at_most() {
    assert_eq!(with_headers(&"a: b\r\n".repeat(99)), with_body(b""));
    assert_eq!(with_headers(&"a: b\r\n".repeat(100)), Outcome::Broken);
    let long = |length| format!("a: {}\r\n", "b".repeat(length));
    assert_eq!(with_headers(&long(MAX_HEAD_BYTES - 60)), with_body(b""));
    assert_eq!(with_headers(&long(MAX_HEAD_BYTES)), Outcome::Broken);
    assert_eq!(with_headers(&format!("{}: 1\r\n", "n".repeat(1 << 16))), Outcome::Broken);
}

#[test]
fn extensions_and_trailers_are_bounded() {
    let extension = |length| format!("2;{}\r\nOk\r\n0\r\n\r\n", "e".repeat(length));
    assert_eq!(chunked(&extension(16_383)), with_body(b"Ok"));
    assert_eq!(chunked(&extension(16_384)), Outcome::Broken);
    let many = |lines| format!("0\r\n{}\r\n", "a: b\r\n".repeat(lines));
    assert_eq!(chunked(&many(100)), with_body(b""));
    assert_eq!(chunked(&many(101)), Outcome::Broken);
    assert_eq!(chunked(&format!("0\r\na: {}\r\n\r\n", "b".repeat(16_384))), Outcome::Broken);
}

#[test]
fn a_long_head_leaves_no_long_buffer() {
    let bytes =
        format!("HTTP/1.1 200 OK\r\nContent-Length: 0\r\na: {}\r\n\r\n", "b".repeat(300_000));
    let (here, mut there) = duplex(1 << 20);
    run(async {
        there.write_all(bytes.as_bytes()).await.unwrap();
        let mut connection = Connection::new(here);
        assert!(connection.exchange([REQUEST, &[]], &mut Collected::default()).await.unwrap());
        assert!(connection.buffer_capacity() <= 16 * 1024);
    });
}

#[test]
fn a_large_body_comes_whole() {
    let body = "0123456789".repeat(150_000);
    let response = response(format!("HTTP/1.1 200 OK\r\nContent-Length: 1500000\r\n\r\n{body}"));
    assert_eq!(response, with_body(body.as_bytes()));
}

/// Neither reads on before the other does.
#[test]
fn a_response_is_collected_before_the_request_is_out() {
    let (here, mut there) = duplex(64);
    let body = "x".repeat(10_000);
    let response = format!("HTTP/1.1 413 Too Large\r\nContent-Length: 10000\r\n\r\n{body}");
    run(async {
        tokio::spawn(async move {
            there.read_exact(&mut [0; 10]).await.unwrap();
            there.write_all(response.as_bytes()).await.unwrap();
            std::future::pending::<()>().await;
        });
        let mut connection = Connection::new(here);
        let mut collected = Collected::default();
        let is_reusable =
            connection.exchange([REQUEST, &[b'x'; 100_000]], &mut collected).await.unwrap();
        assert_eq!((is_reusable, collected.body.len()), (false, 10_000));
    });
}

#[test]
fn interim_responses_are_bounded() {
    let after = |n: u32| {
        let interim = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(n as usize);
        response(format!("{interim}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    };
    assert_eq!(after(MAX_INTERIM), with_body(b""));
    assert_eq!(after(MAX_INTERIM + 1), Outcome::Broken);
}
