//! `send --http2`; the other side is the `h2` crate alone.

mod support;

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use support::tls::{Authority, Validity};
use support::{Ran, run};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Responds to one request over HTTP/2 with `Ok`, and returns what came: path, request id, body.
fn target(authority: &Authority) -> (SocketAddr, Receiver<(String, String, Vec<u8>)>) {
    let config = authority.server_config("localhost", Validity::Current, &["h2"]);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            let tls = acceptor.accept(stream).await.unwrap();
            let mut connection = h2::server::handshake(tls).await.unwrap();
            while let Some(Ok((request, mut respond))) = connection.accept().await {
                let sender = sender.clone();
                tokio::spawn(async move {
                    let (head, mut stream) = request.into_parts();
                    let mut body = Vec::new();
                    while let Some(Ok(piece)) = stream.data().await {
                        body.extend_from_slice(&piece);
                        stream.flow_control().release_capacity(piece.len()).unwrap();
                    }
                    let id = head.headers["x-perfectgym-request"].to_str().unwrap().to_owned();
                    sender.send((head.uri.path().to_owned(), id, body)).unwrap();
                    let mut response = respond.send_response(http_ok(), false).unwrap();
                    response.send_data("Ok".into(), true).unwrap();
                });
            }
        });
    });
    (address, receiver)
}

fn http_ok() -> http::Response<()> {
    http::Response::new(())
}

/// Sends over HTTP/2; returns what was printed, and what came.
fn sent(path: &str, more: &[&str]) -> (Ran, (String, String, Vec<u8>)) {
    let authority = Authority::new("Ours");
    let (address, received) = target(&authority);
    let url = format!("https://localhost:{}{path}", address.port());
    let resolve = format!("localhost:{}:127.0.0.1", address.port());
    let ca = authority.file().display().to_string();
    let args = ["send", "Test", "--url", &url, "--ca-cert", &ca, "--resolve", &resolve, "--http2"];
    let ran = run(args.iter().chain(more)).exits(0);
    (ran, received.recv().unwrap())
}

#[test]
fn http2_is_spoken_on_demand() {
    let (ran, (path, id, body)) = sent("/pgm", &["-v", "--request-id", "one"]);
    assert!(ran.stdout.contains("< HTTP/2.0 200 OK"), "{}", ran.stdout);
    assert_eq!((path.as_str(), id.as_str()), ("/pgm", "one"));
    assert!(body.starts_with(br#"{"event":"Test","#));
}

#[test]
fn a_large_body_arrives_whole_over_http2() {
    let text = "ż".repeat(60_000);
    let (_, (_, _, body)) = sent("/", &["-q", "--set", &format!("valueText={text}")]);
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["data"]["valueText"], text);
}

/// Sends interim responses without end, frame by frame, to any HTTP/2 client.
fn endless_interim_responses(authority: &Authority) -> SocketAddr {
    let config = Arc::new(authority.server_config("localhost", Validity::Current, &["h2"]));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let tls = rustls::ServerConnection::new(config).unwrap();
        let mut stream = rustls::StreamOwned::new(tls, stream);
        // The client's preface, and whatever fits behind it: its request is on stream 1.
        let _ = stream.read(&mut [0; 4096]);
        let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        // `:status: 103`, not to be remembered: the name's place in the static table, the value.
        let interim = [0, 0, 5, 1, 4, 0, 0, 0, 1, 0x08, 3, b'1', b'0', b'3'];
        let _ = stream.write_all(&settings);
        while stream.write_all(&interim.repeat(1000)).is_ok() {}
    });
    address
}

#[cfg(target_os = "linux")]
#[test]
fn interim_responses_without_end_stay_in_little_memory() {
    let authority = Authority::new("Ours");
    let port = endless_interim_responses(&authority).port();
    let mut child = support::pgwh(["send", "Test", "--http2", "--timeout", "2s", "--no-record"])
        .args(["--url", &format!("https://localhost:{port}/"), "--ca-cert"])
        .arg(authority.file())
        .args(["--resolve", &format!("localhost:{port}:127.0.0.1"), "-q"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(std::time::Duration::from_millis(5));
    };
    assert_eq!(status.code(), Some(1));
    println!("peak: {peak} KiB");
    assert!((1..=64 * 1024).contains(&peak), "{peak} KiB");
}
