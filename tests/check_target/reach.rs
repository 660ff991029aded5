//! Targets that cannot be reached, and those that come late.

use std::net::TcpListener;
use std::process::Stdio;

use crate::flow::{ids, json};
use crate::support::hook::{Hook, good};
use crate::support::server::{closed_port, response, send};
use crate::support::tls::{Authority, Validity};
use crate::support::{Ran, pgwh, run};

#[test]
fn a_closed_port_is_reported_at_once() {
    let json = json(&format!("http://127.0.0.1:{}/", closed_port()), &[], 3);
    assert_eq!(json["verdict"], "unreachable");
    assert!(json["reason"].as_str().unwrap().contains("refused"), "{json:#}");
    assert_eq!(ids(&json, "fail"), [""; 0]);
    let ran = run(["check-target", "http://no-such-host.invalid/"]).exits(3);
    assert!(ran.stdout.contains("✗ unreachable: unknown host: no-such-host.invalid"), "{ran:#?}");
}

#[test]
fn a_certificate_that_is_not_trusted_is_reported_and_can_be_accepted() {
    let authority = Authority::new("Nobody's CA");
    let target = authority
        .target("localhost", Validity::Current, |stream, _| send(stream, &response(200, "Ok")));
    let url = format!("https://localhost:{}/", target.address.port());
    let resolve = format!("localhost:{}:127.0.0.1", target.address.port());
    let args = ["--resolve", &resolve, "--skip", "keep-alive"];
    let strict = json(&url, &args, 3);
    assert_eq!((&strict["verdict"], ids(&strict, "fail")), (&"unreachable".into(), vec!["tls"]));
    let passed = json(&url, &[&args[..], &["--insecure"]].concat(), 1);
    assert!(ids(&passed, "fail").contains(&"tls"), "{passed:#}");
    assert!(ids(&passed, "pass").contains(&"within-5s"), "{passed:#}");
}

#[test]
fn a_target_that_comes_late_is_waited_for() {
    let port = closed_port();
    let url = format!("http://127.0.0.1:{port}/");
    let child = pgwh(["check-target", &url, "--wait", "60s"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _hook = Hook::on(TcpListener::bind(("127.0.0.1", port)).unwrap(), good);
    let ran = Ran::from(child.wait_with_output().unwrap()).exits(0);
    assert!(ran.stdout.contains("ready for PGM"), "{ran:#?}");
}

#[test]
fn waiting_ends() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    run(["check-target", &url, "--wait", "300ms"]).exits(3);
}
