//! What clients, browsers, readers and targets may do without harm.

#[cfg(target_os = "linux")]
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::listener::{Listener, PATIENCE, envelope, rest, signal, signed, wait_until};
use crate::support::pgwh;
use crate::support::server::{Target, response};

fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap_or("none")
}

/// A request with this request line and these headers.
fn raw(line: &str, headers: &str) -> Vec<u8> {
    format!("{line}\r\nHost: h\r\nContent-Length: 2\r\n{headers}Connection: close\r\n\r\n{{}}")
        .into_bytes()
}

#[test]
fn a_long_event_name_is_cut_and_does_not_end_the_run() {
    let mut command = pgwh(["listen", "--addr", "127.0.0.1:0", "--max-requests", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut line = vec![0; 512];
    let length = stdout.read(&mut line).unwrap();
    let first = String::from_utf8_lossy(&line[..length]).into_owned();
    let address = first.split_once("http://").unwrap().1.split_whitespace().next().unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&signed("a", &envelope(&"\u{1b}".repeat(70_000)))).unwrap();
    rest(&mut stream);
    let mut screen = String::new();
    stdout.read_to_string(&mut screen).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(screen.contains("1 request") && screen.len() < 10_000, "{}", screen.len());

    let listener = Listener::start(&["--expect", "1"]);
    listener.exchange(&signed("a", &envelope(&"E".repeat(70_000))));
    assert_eq!(listener.next()["event"], format!("{}…", "E".repeat(100)));
    let (summary, code) = listener.ended();
    assert_eq!(code, 0);
    assert_eq!(summary["byEvent"].as_object().unwrap().len(), 1);
}

#[test]
fn request_targets_that_are_not_plain_paths_are_refused_and_not_forwarded() {
    let target = Target::responding(200, "");
    let listener = Listener::start(&["--forward-to", &target.url("/hooks/")]);
    for path in [
        "/../../admin/delete",
        "/%2e%2e/%2E%2E/admin",
        "/a/./b",
        "/.%2e/x",
        "/a\\..\\b",
        "/..%2fadmin",
        "/a%2F%2e%2e%5cadmin",
        "/..;a=b/admin",
        "*",
        "http://other.example.com/x",
    ] {
        let response = listener.exchange(&raw(&format!("POST {path} HTTP/1.1"), ""));
        assert_eq!(status(&response), "400", "{path}: {response}");
        assert_eq!(listener.next()["type"], "refused", "{path}");
    }
    assert!(target.seen().is_empty());
    assert_eq!(
        status(&listener.exchange(&raw("POST /a..b%2Fc;d/...?x=/../y HTTP/1.1", ""))),
        "200"
    );
    assert!(target.seen()[0].head.starts_with("POST /hooks/a..b%2Fc;d/...?x=/../y HTTP/1.1\r\n"));
}

#[test]
fn requests_of_foreign_pages_are_refused_unless_allowed() {
    let listener = Listener::start(&[]);
    let line = "POST / HTTP/1.1";
    for (headers, expected) in [
        ("Sec-Fetch-Site: cross-site\r\n", "403"),
        ("Origin: http://evil.example.com\r\n", "403"),
        ("Origin: null\r\n", "403"),
        ("Origin: http://h:81\r\n", "403"),
        ("Origin: http://h\r\nOrigin: http://evil.example.com\r\n", "403"),
        ("Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n", "403"),
        ("Origin: http://h\r\nSec-Fetch-Site: same-origin\r\n", "200"),
        ("Sec-Fetch-Site: none\r\n", "200"),
        ("", "200"),
    ] {
        let response = listener.exchange(&raw(line, headers));
        assert_eq!(status(&response), expected, "{headers}");
        let event = listener.next();
        if expected == "403" {
            assert!(response.contains("--allow-browser"), "{response}");
            assert!(event["reason"].as_str().unwrap().contains("--allow-browser"), "{event}");
        }
    }
    let listener = Listener::start(&["--allow-browser"]);
    let foreign = raw(line, "Origin: http://evil.example.com\r\nSec-Fetch-Site: cross-site\r\n");
    assert_eq!(status(&listener.exchange(&foreign)), "200");
}

#[test]
fn a_receiver_that_forwards_to_itself_is_noticed() {
    let target = Target::responding(200, "");
    let resolve = format!("loop.example.com:{}:127.0.0.1", target.address.port());
    let first = Listener::start(&[
        "--forward-to",
        &format!("http://loop.example.com:{}/x", target.address.port()),
        "--resolve",
        &resolve,
    ]);
    first.exchange(&signed("a", "{}"));
    let via = target.seen()[0].header("via").unwrap().to_owned();
    // What it forwarded comes back.
    let response = first.exchange(&raw("POST / HTTP/1.1", &format!("Via: 1.1 tunnel, {via}\r\n")));
    assert_eq!(status(&response), "508", "{response}");
    assert_eq!(target.seen().len(), 1);
    first.next();
    assert_eq!(first.next()["reason"], "this receiver forwards to itself");
    assert_eq!(first.interrupt()["requests"], 1);
}

#[test]
fn a_101_of_a_target_is_not_passed_back() {
    let target = Target::saying(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    );
    let listener = Listener::start(&["--forward-to", &target.url("/")]);
    assert_eq!(status(&listener.exchange(&signed("a", "{}"))), "502");
}

#[test]
fn an_idle_http_2_connection_is_closed_although_it_acknowledges_pings() {
    let listener = Listener::start(&["--head-time", "200ms", "--max-connections", "1"]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(listener.address).await.unwrap();
        let (client, connection) = h2::client::handshake(stream).await.unwrap();
        // Acknowledges PINGs until the other side closes.
        tokio::time::timeout(PATIENCE, connection).await.expect("it is closed").ok();
        drop(client);
    });
    assert_eq!(status(&listener.exchange(&signed("a", "{}"))), "200");
}

#[test]
fn bodies_in_flight_share_a_budget() {
    let listener = Listener::start(&["--max-body", "48MiB", "--body-time", "50s", "--quiet"]);
    let head = |length: usize| {
        format!(
            "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let go_on = |stream: &mut TcpStream| {
        let mut line = [0; 25];
        stream.read_exact(&mut line).unwrap();
        assert_eq!(&line, b"HTTP/1.1 100 Continue\r\n\r\n");
    };
    let mut first = listener.connect();
    first.write_all(head(40 << 20).as_bytes()).unwrap();
    go_on(&mut first);
    // There is room for this one beside it, and none for the next.
    let mut small = listener.connect();
    small.write_all(head(2).as_bytes()).unwrap();
    go_on(&mut small);
    let mut second = listener.connect();
    second.write_all(head(40 << 20).as_bytes()).unwrap();
    second.set_read_timeout(Some(std::time::Duration::from_millis(100))).unwrap();
    assert!(second.read(&mut [0]).is_err(), "it has to wait");
    drop(first);
    second.set_read_timeout(Some(PATIENCE)).unwrap();
    go_on(&mut second);
}

#[cfg(unix)]
#[test]
fn a_fifo_needs_a_reader() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let args = ["listen", "--addr", "127.0.0.1:0", "--save", fifo.to_str().unwrap()];
    let refused = crate::support::run(args).refused();
    assert!(refused.stderr.contains("nobody reads"), "{}", refused.stderr);

    let mut reader = Command::new("cat").arg(&fifo).stdout(Stdio::piped()).spawn().unwrap();
    // `cat` waits in its open until there is a writer.
    let mut listener = None;
    wait_until(|| {
        listener = Listener::try_start(&["--save", fifo.to_str().unwrap()]);
        listener.is_some()
    });
    let listener = listener.unwrap();
    assert_eq!(status(&listener.exchange(&signed("a", "{}"))), "200");
    let mut line = [0; 14];
    reader.stdout.as_mut().unwrap().read_exact(&mut line).unwrap();
    assert_eq!(&line, b"{\"receivedAt\":");
    reader.kill().unwrap();
    reader.wait().unwrap();
    assert_eq!(status(&listener.exchange(&signed("b", "{}"))), "507");
    assert_eq!(listener.interrupt()["saveErrors"], 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_fifo_whose_reader_stalls_keeps_nobody_else_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    // Opening it for both does not wait for anybody.
    let mut reader = OpenOptions::new().read(true).write(true).open(&fifo).unwrap();
    let args = ["listen", "--addr", "127.0.0.1:0", "--format", "json", "--save"];
    let mut command = pgwh(args);
    // As on a machine with one core.
    command.arg(&fifo).env("TOKIO_WORKER_THREADS", "1");
    let listener = Listener::run(command);

    // More than fits into a pipe: the writer blocks.
    let mut stalled = listener.connect();
    stalled.write_all(&signed("a", &"x".repeat(1 << 19))).unwrap();
    let mut line = vec![0; 14];
    reader.read_exact(&mut line).unwrap();
    let page = listener.exchange(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_eq!(status(&page), "200");
    while !line.ends_with(b"\n") {
        let mut piece = vec![0; 1 << 16];
        let length = reader.read(&mut piece).unwrap();
        line.extend_from_slice(&piece[..length]);
    }
    assert_eq!(status(&rest(&mut stalled)), "200");
}

/// Starts it with a reader that reads only the first line of stdout.
#[cfg(unix)]
fn started(args: &[&str]) -> (std::process::Child, std::process::ChildStdout, String) {
    let mut command = pgwh(["listen", "--addr", "127.0.0.1:0", "--format", "json"]);
    let mut child = command.args(args).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        let mut byte = [0];
        stdout.read_exact(&mut byte).unwrap();
        line.push(byte[0]);
    }
    let ready: serde_json::Value = serde_json::from_slice(&line).unwrap();
    let address = ready["url"].as_str().unwrap().split_once("://").unwrap().1.to_owned();
    (child, stdout, address)
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_although_nobody_reads_its_output() {
    for (name, code) in [("-TERM", 143), ("-INT", 130)] {
        let (mut child, stdout, address) = started(&["-v", "--max-body", "4MiB"]);
        // More than fits into a pipe: the writer blocks.
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(&signed("a", &"x".repeat(1 << 20))).unwrap();
        rest(&mut stream);
        signal(name, &child.id().to_string());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{name}");
        drop(stdout);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_ends_when_the_reader_of_its_output_has_gone() {
    let (mut child, stdout, _) = started(&[]);
    drop(stdout);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_certificate_can_have_more_names() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let listener = Listener::start(&[
        "--tls",
        "--tls-ca",
        ca.to_str().unwrap(),
        "--tls-name",
        "pgm.example.com",
        "--tls-name",
        "192.0.2.7",
    ]);
    let port = listener.address.port();
    let url = format!("https://pgm.example.com:{port}/");
    let resolve = format!("pgm.example.com:{port}:127.0.0.1");
    let ca = ca.to_str().unwrap();
    let args = ["send", "Test", "--url", &url, "--ca-cert", ca, "--resolve", &resolve];
    crate::support::run(args).exits(0);
    let refused = crate::support::run(["listen", "--tls", "--tls-name", "a b"]).refused();
    assert!(refused.stderr.contains("a b"), "{}", refused.stderr);
}

#[test]
fn a_forwarded_request_gets_the_set_headers() {
    let target = Target::new(|stream, _| {
        crate::support::server::send(stream, &response(200, "ok"));
    });
    let listener = Listener::start(&[
        "--forward-to",
        &target.url("/exact"),
        "--forward-header",
        "Host: app.test",
        "--forward-header",
        "X-Key: 1",
    ]);
    listener.exchange(&signed("a", "{}"));
    let seen = &target.seen()[0];
    assert!(seen.head.starts_with("POST /exact?a=1 HTTP/1.1\r\n"), "{}", seen.head);
    assert_eq!((seen.header("host"), seen.header("x-key")), (Some("app.test"), Some("1")));
}
