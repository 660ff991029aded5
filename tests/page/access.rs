//! Who is kept out: every rule with every method, over bare sockets.

use std::io::{BufRead, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::browser::wait_for;
use crate::served::{Served, encoded, status, with_webhooks};
use crate::support::SECRET;
use crate::support::hook::{Hook, good};
use crate::support::list::List;

const PATHS: [&str; 6] =
    ["/", "/requests", "/live/requests", "/page.js", "/requests/1/retry", "/webhooks/test"];
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE"];

#[test]
fn without_the_cookie_nothing_is_answered() {
    let served = Served::page();
    let (host, cookie) = (format!("Host: {}", served.address()), served.cookie());
    for method in METHODS {
        for path in PATHS {
            let line = format!("{method} {path} HTTP/1.1");
            assert_eq!(status(&served.raw(&line, &[&host])), 403, "{line}");
            let (name, _) = cookie.rsplit_once('=').unwrap();
            for wrong in [&"0".repeat(64), served.key(), ""] {
                let wrong = format!("{name}={wrong}");
                assert_eq!(status(&served.raw(&line, &[&host, &wrong])), 403, "{line}");
            }
        }
    }
}

#[test]
fn other_host_names_are_not_served() {
    let served = Served::page();
    let port = served.address().rsplit_once(':').unwrap().1;
    for host in ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "0.0.0.0", "[::]"] {
        for method in METHODS {
            for path in PATHS {
                let line = format!("{method} {path} HTTP/1.1");
                let response =
                    served.raw(&line, &[&format!("Host: {host}:{port}"), &served.cookie()]);
                assert_eq!(status(&response), 421, "{host} {line}");
            }
        }
    }
    let absolute = format!("GET http://evil.test:{port}/requests HTTP/1.1");
    let host = format!("Host: localhost:{port}");
    assert_eq!(status(&served.raw(&absolute, &[&host, &served.cookie()])), 421);
    // A tunnel of ssh: another port, and so a cookie of that name.
    let tunnel = served.cookie_at("localhost:9999");
    let response = served.raw("GET /requests HTTP/1.1", &["Host: localhost:9999", &tunnel]);
    assert_eq!(status(&response), 200);
}

#[test]
fn a_name_can_be_added() {
    let served = Served::page_with(List::new(), &["--page-host", "devbox"]);
    let port = served.address().rsplit_once(':').unwrap().1;
    let response =
        served.raw("GET /requests HTTP/1.1", &[&format!("Host: DevBox:{port}"), &served.cookie()]);
    assert_eq!(status(&response), 200);
}

#[test]
fn other_sites_are_refused_other_ports_too() {
    let served = Served::page();
    let host = format!("Host: {}", served.address());
    let own = format!("Origin: http://{}", served.address());
    for (line, expected) in [
        ("Sec-Fetch-Site: cross-site", 403),
        ("Sec-Fetch-Site: same-site", 403),
        ("Origin: null", 403),
        ("Origin: http://127.0.0.1:1", 403),
        ("Origin: http://evil.test", 403),
        ("Sec-Fetch-Site: same-origin", 200),
        ("Sec-Fetch-Site: none", 200),
        (&*own, 200),
    ] {
        for path in ["/requests", "/page.css"] {
            let response =
                served.raw(&format!("GET {path} HTTP/1.1"), &[&host, &served.cookie(), line]);
            assert_eq!(status(&response), expected, "{line} {path}");
        }
        let posted = served.raw("POST /webhooks/test HTTP/1.1", &[&host, &served.cookie(), line]);
        assert_eq!(status(&posted) == 403, expected == 403, "{line}");
    }
}

#[test]
fn every_response_has_the_headers_that_protect_it() {
    let served = Served::page();
    let host = format!("Host: {}", served.address());
    let refused = served.raw("GET /requests HTTP/1.1", &[&host]);
    let missing = served.get("/nowhere");
    for response in [refused, missing, served.get("/requests"), served.get("/page.js")] {
        let head = response.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
        for line in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            "referrer-policy: no-referrer",
        ] {
            assert!(head.contains(line), "{line}\n{head}");
        }
        assert!(!head.contains("access-control"), "{head}");
        assert!(!head.contains("unsafe"), "{head}");
    }
}

#[test]
fn the_key_becomes_a_strict_cookie_and_is_kept_for_its_owner() {
    let served = Served::page();
    let host = format!("Host: {}", served.address());
    let line = format!("GET /?key={} HTTP/1.1", served.key());
    let welcomed = served.raw(&line, &[&host]).to_ascii_lowercase();
    assert_eq!(status(&welcomed), 200);
    let cookie = welcomed.lines().find(|line| line.starts_with("set-cookie:")).unwrap();
    assert!(cookie.contains("httponly") && cookie.contains("samesite=strict"), "{cookie}");
    let port = served.address().rsplit_once(':').unwrap().1;
    assert!(cookie.contains(&format!("pgwh-page-{port}=")), "{cookie}");
    // Browsers send it to all who get hold of this port: it is not the key.
    assert!(!cookie.contains(served.key()), "{cookie}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(served.list.state().join("page.key")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
    let key = served.key().to_owned();
    assert_eq!(served.restart(|_| ()).key(), key);
}

#[test]
fn strange_paths_and_huge_heads_are_answered() {
    let served = Served::page();
    for path in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/requests/../../x",
        "/requests/%31",
        "/requests/-1",
        "/requests/99999999999999999999",
        "/requests/1/body%00",
        "/requests/1/../../page.key",
        "//evil.test/",
        "/received/x/curl",
        "/live/nowhere",
        "/diff?a=%ff&b=",
        "/diff",
        "/check",
        "/requests?class=x&before=x&verdict=%3Cscript%3E",
    ] {
        let got = status(&served.get(path));
        assert!((200..500).contains(&got), "{path}: {got}");
    }
    let huge = format!("X-Huge: {}", "a".repeat(200_000));
    let host = format!("Host: {}", served.address());
    let response = served.raw("GET /requests HTTP/1.1", &[&host, &huge, &served.cookie()]);
    assert!(response.is_empty() || status(&response) == 431, "{}", status(&response));
    assert_eq!(status(&served.get("/requests")), 200);
}

#[test]
fn two_hundred_streams_are_answered_or_refused_and_the_page_goes_on() {
    let served = Served::page();
    let open = |n: usize| {
        let mut stream = TcpStream::connect(served.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head = format!(
            "GET /live/requests?seen={n} HTTP/1.1\r\nHost: {}\r\n{}\r\n\r\n",
            served.address(),
            served.cookie()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).unwrap();
        (stream, String::from_utf8_lossy(&start).into_owned())
    };
    let streams: Vec<_> = (0..200).map(open).collect();
    let responded = streams.iter().filter(|(_, start)| start.ends_with("200")).count();
    let refused = streams.iter().filter(|(_, start)| start.ends_with("503")).count();
    assert_eq!(responded + refused, 200);
    assert!(responded >= 50, "{responded}");
    assert_eq!(status(&served.get("/requests")), 200);
    drop(streams);
}

#[test]
fn no_secret_is_in_any_response() {
    let hook = Hook::new(good);
    let served = Served::page_with(with_webhooks(&hook.url(), &hook.url()), &[]);
    served.list.send("Test", &hook.url()).exits(0);
    assert_eq!(status(&served.post("/webhooks/test", "")), 303);
    let paths = [
        "/requests",
        "/requests/1",
        "/requests/1/curl",
        "/requests/1/capture",
        "/received",
        "/webhooks",
        "/events",
        "/compose?request=1",
        "/check?webhook=booking",
        "/diff?a=1&b=1",
    ];
    for path in paths {
        let response = served.get(path);
        assert_eq!(status(&response), 200, "{path}");
        assert!(!response.contains(SECRET), "{path}");
        assert!(!response.contains(served.key()), "{path}");
    }
}

#[test]
fn no_password_of_a_url_is_in_a_page_and_it_is_sent_all_the_same() {
    let hook = Hook::new(good);
    let url = |path: &str| format!("http://me:pass-word@{}/{path}", hook.address);
    let list = with_webhooks(&hook.url(), &url("webhook"));
    list.send("Test", &url("first")).exits(0);
    let served = Served::listen(list, &["--forward-to", &url("forward")]);
    served.list.send("Test", &served.receiver).exits(0);
    let paths = [
        "/requests",
        "/requests/1",
        "/requests/2",
        "/received",
        "/received/1",
        "/webhooks",
        "/compose?request=1",
        "/compose?webhook=members",
        "/compose?received=1",
        "/check?webhook=members",
        "/diff?a=1&b=2",
    ];
    for path in paths {
        let page = served.get(path);
        assert_eq!(status(&page), 200, "{path}");
        assert!(!page.contains("pass-word"), "{path}");
    }
    // What a form shows is sent with the password all the same.
    let authorization = hook.seen()[0].headers["authorization"].clone();
    let body = encoded("{\"event\":\"Test\"}");
    for (page, path, target, rest) in [
        ("/compose?request=1", "/compose", "first", format!("request=1&body={body}")),
        ("/compose?received=1", "/compose", "forward", format!("received=1&body={body}")),
        ("/received/1", "/received/1/send", "forward", String::new()),
    ] {
        let shown = url(target).replace("pass-word", "hidden");
        assert!(served.get(page).contains(&format!("value=\"{shown}\"")), "{page}");
        let before = hook.seen().len();
        let form = format!("url={}&{rest}", encoded(&shown));
        assert_eq!(status(&served.post(path, &form)), 303, "{page}");
        let sent = wait_for("request", || hook.seen().into_iter().nth(before));
        assert_eq!(sent.path, format!("/{target}"));
        assert_eq!(sent.headers["authorization"], authorization, "{page}");
    }
}

#[test]
fn nobody_without_the_key_keeps_the_user_out() {
    let served = Served::page();
    let cookie = served.cookie();
    let connect = |head: &str| {
        let mut stream = TcpStream::connect(served.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    // The user's own connection stays, whatever others do.
    let head = format!("GET /live/requests HTTP/1.1\r\nHost: {}\r\n", served.address());
    let mut own = connect(&format!("{head}{cookie}\r\n\r\n"));
    let mut start = [0; 12];
    own.read_exact(&mut start).unwrap();
    assert!(start.ends_with(b"200"));
    // Heads without an end, more than there is room for.
    let strangers: Vec<_> = (0..600).map(|_| connect(&head)).collect();
    assert_eq!(status(&served.get("/requests")), 200);
    drop(strangers);
    served.list.send("Test", "http://127.0.0.1:1/").exits(3);
    let mut rest = std::io::BufReader::new(own).lines();
    assert!(rest.any(|line| line.unwrap().contains("unreachable")));
    // A refusal ends its connection.
    let mut refused = connect(&format!("{head}\r\n"));
    let mut response = String::new();
    refused.read_to_string(&mut response).unwrap();
    assert_eq!(status(&response), 403);
    assert!(response.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "{response}");
}
