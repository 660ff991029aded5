//! Load over TLS: one handshake a connection, and no connection without trust.

use serde_json::Value;

use crate::OK;
use crate::keeping::{Keeping, say};
use crate::support::run;
use crate::support::tls::{Authority, Validity};

fn target(authority: &Authority, name: &str) -> Keeping {
    let config = authority.server_config(name, Validity::Current, &["http/1.1"]);
    Keeping::tls(config, |stream, _, _| say(stream, OK))
}

fn load(target: &Keeping, trust: &[&str], code: i32) -> Value {
    let url = format!("https://localhost:{}/", target.address().port());
    let args = ["send", "Test", "--no-record", "--url", &url, "--format", "json"];
    let count = ["--count", "200", "--concurrency", "4"];
    run(args.iter().chain(&count).chain(trust)).exits(code).json()
}

#[test]
fn connections_are_kept_over_tls() {
    let authority = Authority::new("load CA");
    let file = authority.file();
    let target = target(&authority, "localhost");
    let json = load(&target, &["--ca-cert", file.to_str().unwrap()], 0);
    assert_eq!((&json["requests"], &json["delivered"]), (&200.into(), &200.into()));
    assert_eq!(json["failed"], 0);
    assert_eq!(target.seen().len(), 200);
    // On a busy machine the first ones may be done before the last one has begun.
    let connections = target.connections();
    assert!((1..=4).contains(&connections), "{connections} connections");
}

#[test]
fn a_certificate_that_nobody_vouches_for_ends_the_run() {
    let authority = Authority::new("load CA");
    let other = Authority::new("another CA");
    let target = target(&authority, "localhost");
    let json = load(&target, &["--ca-cert", other.file().to_str().unwrap()], 3);
    assert_eq!((&json["delivered"], &json["failures"][0]["kind"]), (&0.into(), &"tls".into()));
    assert_eq!(json["failures"][0]["count"], json["requests"]);
    assert_eq!(target.seen(), []);
}

#[test]
fn insecure_trusts_any_certificate() {
    let target = target(&Authority::new("load CA"), "elsewhere.example");
    let json = load(&target, &["--insecure"], 0);
    assert_eq!((&json["delivered"], target.seen().len()), (&200.into(), 200));
}
