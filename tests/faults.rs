//! Every way in which a target can misbehave: the verdict, the exit code, and what is said.

mod support;

use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use support::server::{Stream, Target, closed_port, hold, response, send};
use support::tls::{Authority, Validity};
use support::{Ran, assert_matches_schema, pgwh, run};

/// Sends `Test` within this limit; the JSON always fits the schema.
fn deliver(url: &str, timeout: &str, more: &[&str]) -> (Ran, Value) {
    let args = ["send", "Test", "--url", url, "--format", "json", "--timeout", timeout];
    let ran = run(args.iter().chain(more));
    let json = ran.json();
    assert_matches_schema("delivery.schema.json", &json);
    (ran, json)
}

/// Asserts verdict, outcome, status and exit code of a single attempt.
#[track_caller]
fn expect(url: &str, verdict: &str, outcome: &str, status: Option<u16>) -> Value {
    let timeout = if outcome == "timed-out" { "400ms" } else { "5s" };
    let (ran, json) = deliver(url, timeout, &[]);
    let attempt = &json["attempts"][0];
    let code = match verdict {
        "delivered" => 0,
        "failed" => 1,
        _ => 3,
    };
    assert_eq!(json["verdict"], verdict, "{json:#}");
    assert_eq!(attempt["outcome"], outcome, "{json:#}");
    assert_eq!(attempt["status"], Value::from(status), "{json:#}");
    ran.exits(code);
    attempt.clone()
}

#[test]
fn a_closed_port_is_unreachable() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    let attempt = expect(&url, "unreachable", "refused", None);
    assert_eq!(attempt["error"], "Connection refused");
}

#[test]
fn a_url_that_is_too_long_is_not_called() {
    let target = Target::responding(200, "Ok");
    expect(&target.url("/"), "delivered", "responded", Some(200));
    let long = target.url(&format!("/{}", "a".repeat(70_000)));
    let refused = run(["send", "Test", "--url", &long]).refused();
    assert!(refused.stderr.contains("no more than 65,534 can be sent"), "{}", refused.stderr);
    assert_eq!(target.seen().len(), 1);
}

#[test]
fn an_unknown_host_is_unreachable() {
    let attempt = expect("http://no-such-host.invalid/", "unreachable", "dns", None);
    assert!(attempt["error"].as_str().unwrap().starts_with("no-such-host.invalid has no address"));
}

#[test]
fn every_2xx_is_delivered_and_nothing_else() {
    for status in [200, 201, 202, 204, 299] {
        let body = if status == 204 { "" } else { "Ok" };
        expect(&Target::responding(status, body).url("/"), "delivered", "responded", Some(status));
    }
    for status in [302, 307, 400, 401, 404, 410, 429, 500, 503] {
        expect(&Target::responding(status, "no").url("/"), "failed", "responded", Some(status));
    }
}

#[test]
fn a_redirect_is_a_failure_that_says_where_it_points_and_is_not_followed() {
    let elsewhere = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    let target = Target::saying(elsewhere);
    let ran = run(["send", "Test", "--url", &target.url("/pgm")]).exits(1);
    assert!(ran.stdout.contains("it points to /elsewhere"), "{ran:#?}");
    assert_eq!(target.seen().len(), 1);
}

#[test]
fn a_target_that_asks_to_wait_is_reported() {
    let busy = "HTTP/1.1 429 Slow Down\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n";
    let ran = run(["send", "Test", "--url", &Target::saying(busy).url("/")]).exits(1);
    assert!(ran.stdout.contains("429 Too Many Requests"), "{ran:#?}");
    assert!(ran.stdout.contains("Retry-After: 120"), "{ran:#?}");
}

#[test]
fn a_slow_head_is_a_timeout() {
    let target = Target::new(|stream, _| hold(stream));
    expect(&target.url("/"), "failed", "timed-out", None);
}

#[test]
fn a_head_that_drips_is_a_timeout() {
    let target = Target::new(|stream, _| {
        for byte in response(200, "Ok").iter().cycle() {
            if stream.write_all(&[*byte]).and_then(|()| stream.flush()).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    });
    expect(&target.url("/"), "failed", "timed-out", None);
}

#[test]
fn a_slow_body_is_a_timeout_that_shows_what_came() {
    let target = Target::new(|stream, _| {
        send(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        hold(stream);
    });
    let attempt = expect(&target.url("/"), "failed", "timed-out", Some(200));
    assert_eq!(attempt["response"]["text"], "half");
}

#[test]
fn an_endless_body_is_a_timeout_in_flat_memory() {
    let target = Target::new(|stream, _| {
        send(stream, b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 64 * 1024]).is_ok() {}
    });
    let mut child = pgwh(["send", "Test", "--url", &target.url("/"), "--timeout", "1s", "-q"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        peak = peak.max(resident_kib(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(status.code(), Some(1));
    if cfg!(target_os = "linux") {
        assert!((1..=32 * 1024).contains(&peak), "{peak} KiB");
    }
}

/// The most memory that a running process ever had, where the system tells.
fn resident_kib(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[test]
fn a_close_without_a_response_is_a_broken_connection() {
    let target = Target::new(|_, _| {});
    expect(&target.url("/"), "failed", "broken", None);
}

#[test]
fn a_reset_is_a_broken_connection() {
    // Closing while received bytes are unread makes the system send a reset.
    let target = Target::start(
        "127.0.0.1:0",
        |stream: TcpStream| {
            let mut byte = [0];
            let _ = stream.peek(&mut byte);
            None
        },
        |_, _| {},
    );
    expect(&target.url("/"), "failed", "broken", None);
}

#[test]
fn what_is_not_http_is_a_broken_connection() {
    let target = Target::saying("220 mail.example.com ESMTP\r\n");
    expect(&target.url("/"), "failed", "broken", None);
}

#[test]
fn what_is_wrong_with_a_response_is_said_in_plain_words() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
    for (bytes, status, words) in [
        ("SSH-2.0-OpenSSH_9.6\r\n", None, "something else than an HTTP/1.1 response"),
        ("HTTP/1.1 OK\r\n\r\n", None, "the response has no valid status"),
        ("HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n", None, "a header of the response is not valid"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n",
            None,
            "the Content-Length of the response is too large",
        ),
        (chunked, Some(200), "a chunk of the body has no size"),
    ] {
        let attempt = expect(&Target::saying(bytes).url("/"), "failed", "broken", status);
        assert!(attempt["error"].as_str().unwrap().contains(words), "{attempt:#}");
    }
}

#[test]
fn a_body_shorter_than_its_length_is_a_broken_connection() {
    let target = Target::saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    let attempt = expect(&target.url("/"), "failed", "broken", Some(200));
    assert_eq!(attempt["response"]["text"], "short");
}

#[test]
fn a_gzip_bomb_stays_small() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..1024 {
        bomb.write_all(&[b'a'; 64 * 1024]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        bomb.len()
    );
    let target = Target::saying([head.as_bytes(), &bomb].concat());
    let attempt = expect(&target.url("/"), "delivered", "responded", Some(200));
    assert_eq!(attempt["response"]["text"], "a".repeat(1000));
    assert_eq!(attempt["response"]["bytes"], bomb.len());
    assert_eq!(attempt["response"]["truncated"], true);
}

#[test]
fn two_megabytes_of_headers_are_refused() {
    let header = format!("X-Filler: {}\r\n", "x".repeat(1000));
    let head = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 0\r\n\r\n", header.repeat(2000));
    expect(&Target::saying(head).url("/"), "failed", "broken", None);
}

#[test]
fn a_response_is_cut_by_characters() {
    let target = Target::responding(200, &"ż".repeat(5000));
    let attempt = expect(&target.url("/"), "delivered", "responded", Some(200));
    let response = &attempt["response"];
    assert_eq!(response["text"], "ż".repeat(1000));
    assert_eq!((&response["bytes"], &response["truncated"]), (&10_000.into(), &true.into()));
}

#[test]
fn broken_utf8_is_shown_as_replacement_characters() {
    let target = Target::saying(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na\xffb".to_vec());
    let attempt = expect(&target.url("/"), "delivered", "responded", Some(200));
    assert_eq!(attempt["response"]["text"], "a\u{fffd}b");
}

#[test]
fn no_escape_of_the_target_reaches_the_terminal() {
    let body = "\x1b[2J\u{9b}1m\u{202e}\x07";
    let length = body.len();
    for head in [
        "HTTP/1.1 500 Oops\r\nX-Evil: \u{9b}1m\u{202e}\r\n".to_owned(),
        "HTTP/1.1 500 \x1b[31mred\r\n".to_owned(),
    ] {
        let target = Target::saying(format!("{head}Content-Length: {length}\r\n\r\n{body}"));
        for color in ["always", "never"] {
            let args = ["send", "Test", "--url", &target.url("/"), "-v", "--color", color];
            let ran = run(args).exits(1);
            let shown = ran.stdout + &ran.stderr;
            for steering in ["\x1b[2J", "\x1b[31mred", "\u{7}", "\u{9b}", "\u{202e}"] {
                assert!(!shown.contains(steering), "{shown:?}");
            }
            assert!(head.contains("red") || shown.contains("\\u{1b}[2J\\u{9b}1m"), "{shown}");
        }
    }
}

#[test]
fn a_hundred_continue_is_not_the_response() {
    let response = [b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), response(200, "Ok")].concat();
    expect(&Target::saying(response).url("/"), "delivered", "responded", Some(200));
}

#[test]
fn ipv6_is_reached() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        println!("skipped: this machine has no IPv6 loopback");
        return;
    }
    let plain = |stream| Some(Box::new(stream) as Box<dyn Stream>);
    let target = Target::start("[::1]:0", plain, |stream, _| send(stream, &response(200, "Ok")));
    expect(&target.url("/"), "delivered", "responded", Some(200));
}

#[test]
fn tls_needs_a_known_authority_a_name_that_fits_and_a_date() {
    let (ours, theirs) = (Authority::new("Ours"), Authority::new("Theirs"));
    let ok = |stream: &mut dyn Stream, _| send(stream, &response(200, "Ok"));
    let good = ours.target("localhost", Validity::Current, ok);
    let expired = ours.target("localhost", Validity::Expired, ok);
    let misnamed = ours.target("other.example", Validity::Current, ok);
    let trust = |authority: &Authority| authority.file().display().to_string();

    let deliver = |target: &Target, more: &[&str]| {
        let url = format!("https://localhost:{}/", target.address.port());
        // The name may resolve to ::1 first, where nothing listens.
        let resolve = format!("localhost:{}:127.0.0.1", target.address.port());
        deliver(&url, "5s", &[&["--resolve", &resolve], more].concat())
    };
    let (ran, json) = deliver(&good, &["--ca-cert", &trust(&ours)]);
    assert_eq!(json["verdict"], "delivered", "{json:#}");
    assert!(json["attempts"][0]["timings"]["tlsMs"].is_number(), "{json:#}");
    ran.exits(0);
    for (target, authority, word) in [
        (&good, &theirs, "UnknownIssuer"),
        (&expired, &ours, "the certificate has expired"),
        (&misnamed, &ours, "not valid for name"),
    ] {
        let (ran, json) = deliver(target, &["--ca-cert", &trust(authority)]);
        let attempt = &json["attempts"][0];
        assert_eq!((&json["verdict"], &attempt["outcome"]), (&"unreachable".into(), &"tls".into()));
        assert!(attempt["error"].as_str().unwrap().contains(word), "{json:#}");
        ran.exits(3);
        let (ran, _) = deliver(target, &["--insecure"]);
        ran.exits(0);
    }
}

#[test]
fn a_target_without_tls_is_not_reached_over_https() {
    let target = Target::start(
        "127.0.0.1:0",
        |mut stream| {
            send(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
            hold(&mut stream);
            None
        },
        |_, _| {},
    );
    let url = target.url("/").replace("http:", "https:");
    expect(&url, "unreachable", "tls", None);
    let ran = run(["send", "Test", "--url", &url]).exits(3);
    assert!(ran.stdout.contains("does not speak TLS on this port"), "{}", ran.stdout);
    assert!(ran.stdout.contains("did you mean http://"), "{}", ran.stdout);
}

#[test]
fn a_certificate_chain_that_is_too_large_is_named() {
    let authority = Authority::new("Ours");
    let config =
        authority.server_config_with_chain("localhost", Validity::Current, &["http/1.1"], 400);
    let target = Authority::serve(config, |_, _| {});
    let url = format!("https://localhost:{}/", target.address.port());
    let resolve = format!("localhost:{}:127.0.0.1", target.address.port());
    let (ran, json) = deliver(&url, "5s", &["--resolve", &resolve, "--insecure"]);
    let attempt = &json["attempts"][0];
    assert_eq!(attempt["outcome"], "tls", "{json:#}");
    assert!(attempt["error"].as_str().unwrap().contains("chain is too large"), "{json:#}");
    ran.exits(3);
}

#[test]
fn a_system_without_authorities_is_named() {
    let authority = Authority::new("Ours");
    let target = authority.target("localhost", Validity::Current, |_, _| {});
    let url = format!("https://localhost:{}/", target.address.port());
    let resolve = format!("localhost:{}:127.0.0.1", target.address.port());
    let mut send = pgwh(["send", "Test", "--url", &url, "--resolve", &resolve, "--no-record"]);
    send.env("SSL_CERT_FILE", "/dev/null").env("SSL_CERT_DIR", "/nonexistent");
    let ran = Ran::from(send.output().unwrap()).exits(3);
    assert!(ran.stdout.contains("no certificate authorities to trust"), "{ran:#?}");
    assert!(ran.stdout.contains("--ca-cert FILE"), "{ran:#?}");
}

#[test]
fn interim_responses_without_end_are_broken_off() {
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    let hundred = interim.repeat(100);
    let response = [hundred.as_bytes(), &response(200, "Ok")].concat();
    expect(&Target::saying(response).url("/"), "delivered", "responded", Some(200));
    let endless =
        Target::new(move |stream, _| while stream.write_all(interim.as_bytes()).is_ok() {});
    let attempt = expect(&endless.url("/"), "failed", "broken", None);
    assert!(attempt["error"].as_str().unwrap().contains("more than 100 interim"), "{attempt:#}");
}
