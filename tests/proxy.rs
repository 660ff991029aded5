//! Targets behind a proxy of the environment.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;
use support::server::{Stream, Target, closed_port, response};
use support::{Ran, assert_matches_schema, pgwh, run};

/// A name that is not this machine's, so that a proxy is asked.
const HOST: &str = "pgm.test";

fn send(scheme: &str, proxy: &str, more: &[&str]) -> Ran {
    let url = format!("{scheme}://{HOST}/hooks/pgm");
    let mut send = pgwh([&["send", "Test", "--url", &url, "--no-record"], more].concat());
    let variable = if scheme == "https" { "HTTPS_PROXY" } else { "HTTP_PROXY" };
    send.env(variable, proxy).output().unwrap().into()
}

fn attempt(ran: &Ran) -> Value {
    let json = ran.json();
    assert_matches_schema("delivery.schema.json", &json);
    json["attempts"][0].clone()
}

fn url(proxy: &Target) -> String {
    format!("http://user:pa55word@{}", proxy.address)
}

#[test]
fn a_proxy_that_refuses_the_tunnel_is_named_without_its_password() {
    for (response, error, help) in [
        ("403 Forbidden", "refused the tunnel", "NO_PROXY"),
        (
            "407 Proxy Authentication Required",
            "refused the tunnel: 407 Proxy Authentication Required",
            "USER:PASSWORD",
        ),
    ] {
        let proxy = Target::saying(format!("HTTP/1.1 {response}\r\nContent-Length: 0\r\n\r\n"));
        let ran = send("https", &url(&proxy), &["--format", "json"]).exits(3);
        let attempt = attempt(&ran);
        let expected = format!("proxy http://{} {error}", proxy.address);
        assert_eq!((&attempt["error"], &attempt["outcome"]), (&expected.into(), &"refused".into()));
        let ran = send("https", &url(&proxy), &[]).exits(3);
        assert!(ran.stdout.contains(help) && !ran.stdout.contains("pa55word"), "{ran:#?}");
    }
}

#[test]
fn a_response_over_plain_http_may_be_the_proxys_own() {
    let proxy = Target::responding(502, "no");
    let ran = send("http", &url(&proxy), &["--format", "json"]).exits(1);
    let expected = format!("through proxy http://{}: may be its own response", proxy.address);
    assert_eq!(attempt(&ran)["error"], expected);
    assert!(send("http", &url(&proxy), &[]).stdout.contains(&expected));

    for head in ["407 Proxy Authentication Required\r\n", "502 Bad\r\nProxy-Status: squid\r\n"] {
        let proxy = Target::saying(format!("HTTP/1.1 {head}Content-Length: 0\r\n\r\n"));
        let ran = send("http", &url(&proxy), &["--format", "json"]).exits(3);
        let attempt = attempt(&ran);
        let expected =
            format!("through proxy http://{}: the response is the proxy's own", proxy.address);
        assert_eq!(
            (&attempt["error"], &attempt["outcome"]),
            (&expected.into(), &"responded".into())
        );
    }

    let proxy = Target::responding(200, "Ok");
    let ran = send("http", &url(&proxy), &["--format", "json"]).exits(0);
    let attempt = attempt(&ran);
    assert_eq!(attempt["error"], Value::Null);
    // Connections are the proxy's, so nothing is said about them.
    assert!(attempt["timings"].as_object().unwrap().values().all(Value::is_null), "{attempt:#}");
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    for scheme in ["http", "https"] {
        let proxy = format!("http://127.0.0.1:{}", closed_port());
        let ran = send(scheme, &proxy, &["--format", "json"]).exits(3);
        let expected = format!("through proxy {proxy}: Connection refused");
        assert_eq!(attempt(&ran)["error"], expected);
    }
}

/// Opens a SOCKS 5 tunnel to nobody but itself.
fn accept_socks(mut stream: TcpStream) -> Option<Box<dyn Stream>> {
    let mut greeting = [0; 3];
    stream.read_exact(&mut greeting).ok()?;
    assert_eq!(greeting, [5, 1, 0]);
    stream.write_all(&[5, 0]).ok()?;
    let mut request = vec![0; 5];
    stream.read_exact(&mut request).ok()?;
    // A host's name: its length, the name, the port.
    assert_eq!(request[3], 3);
    let mut rest = vec![0; usize::from(request[4]) + 2];
    stream.read_exact(&mut rest).ok()?;
    assert!(rest.starts_with(HOST.as_bytes()));
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
    Some(Box::new(stream))
}

#[test]
fn a_socks_proxy_is_used() {
    let proxy = Target::start("127.0.0.1:0", accept_socks, |stream, _| {
        support::server::send(stream, &response(200, "Ok"));
    });
    let ran = send("http", &format!("socks5h://{}", proxy.address), &["--format", "json"]).exits(0);
    assert_eq!(attempt(&ran)["status"], 200);
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused() {
    for (proxy, problem) in
        [("ftp://user:pa55word@proxy", "unknown scheme"), ("http://", "no host")]
    {
        let ran = send("https", proxy, &[]).refused();
        assert!(ran.stderr.contains("HTTPS_PROXY") && ran.stderr.contains(problem), "{ran:#?}");
        assert!(!ran.stderr.contains("pa55word"), "{ran:#?}");
    }
}

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let target = Target::responding(200, "Ok");
    let mut send = pgwh(["send", "Test", "--url", &target.url("/"), "--no-record"]);
    let ran: Ran = send.env("ALL_PROXY", "ftp://proxy").output().unwrap().into();
    ran.exits(0);
    run(["send", "Test", "--url", &target.url("/"), "--no-record"]).exits(0);
}
