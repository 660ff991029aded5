//! `check-target` against nginx with TLS: certificates, HTTP/2, kept connections. Skipped, and
//! said so, where there is no nginx; with `PGWH_TEST_RECEIVERS=all` that is a failure.
#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use support::hook::{Hook, good};
use support::server::closed_port;
use support::tls::{Authority, Validity};
use support::{Ran, pgwh};
use tempfile::TempDir;

/// nginx on a free port of this machine, until it is dropped.
struct Nginx {
    port: u16,
    process: Child,
    authority: Authority,
    _hook: Hook,
    _folder: TempDir,
}

/// What differs from one nginx to another.
struct Setup {
    name: &'static str,
    validity: Validity,
    http2: &'static str,
    tls: &'static str,
    keepalive: &'static str,
}

const SOUND: Setup = Setup {
    name: "pgm.test",
    validity: Validity::Current,
    http2: "http2",
    tls: "TLSv1.2 TLSv1.3",
    keepalive: "60s",
};

impl Nginx {
    fn new(setup: &Setup) -> Option<Self> {
        let program = ["/usr/sbin/nginx", "nginx"]
            .into_iter()
            .find(|program| Command::new(program).arg("-v").stderr(Stdio::null()).status().is_ok());
        let Some(program) = program else {
            let all = std::env::var("PGWH_TEST_RECEIVERS").is_ok_and(|value| value == "all");
            assert!(!all, "there is no nginx");
            // Written past the capturing of tests' output, so that it is seen.
            std::io::stderr().write_all(b"SKIPPED: checks behind nginx; there is none\n").unwrap();
            return None;
        };
        let hook = Hook::new(good);
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new("nginx CA");
        let (certificate, key) = authority.pem(setup.name, setup.validity);
        let port = closed_port();
        let path = folder.path().display().to_string();
        let mut config = include_str!("nginx/nginx.conf").to_owned();
        for (mark, value) in [
            ("@FOLDER@", &*path),
            ("@PORT@", &port.to_string()),
            ("@UPSTREAM@", &hook.address.to_string()),
            ("@HTTP2@", setup.http2),
            ("@TLS@", setup.tls),
            ("@KEEPALIVE@", setup.keepalive),
        ] {
            config = config.replace(mark, value);
        }
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("certificate.pem", &certificate);
        write("key.pem", &key);
        write("nginx.conf", &config);
        let process = Command::new(program)
            .args(["-p", &path, "-e", "stderr", "-c"])
            .arg(folder.path().join("nginx.conf"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { port, process, authority, _hook: hook, _folder: folder })
    }

    fn check(&self, ca: Option<&Path>, args: &[&str]) -> (Value, i32) {
        let mut check = pgwh(["check-target", &format!("https://pgm.test:{}/pgm", self.port)]);
        check.args(["--resolve", &format!("pgm.test:{}:127.0.0.1", self.port), "--wait", "60s"]);
        check.args(["--allow-url", "--strict", "--format", "json"]).args(args);
        if let Some(ca) = ca {
            check.arg("--ca-cert").arg(ca);
        }
        let ran: Ran = check.output().unwrap().into();
        (ran.json(), ran.code)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[track_caller]
fn evidence<'a>(json: &'a Value, id: &str) -> (&'a str, &'a str) {
    let checks = json["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["id"] == id).unwrap();
    (check["verdict"].as_str().unwrap(), check["evidence"].as_str().unwrap())
}

#[test]
fn a_sound_nginx_is_fit() {
    let Some(nginx) = Nginx::new(&SOUND) else { return };
    let ca = nginx.authority.file();
    let (json, code) = nginx.check(Some(&ca), &["--events", "all", "--burst", "20"]);
    assert_eq!((code, &json["verdict"]), (0, &"ready".into()), "{json:#}");
    assert_eq!((&json["summary"]["fail"], &json["summary"]["warn"]), (&0.into(), &0.into()));
    let (verdict, tls) = evidence(&json, "tls");
    assert!(verdict == "pass" && tls.ends_with("TLS 1.3") && tls.contains("for pgm.test"), "{tls}");
    assert_eq!(evidence(&json, "http-version"), ("pass", "HTTP/1.1"));
    assert_eq!(evidence(&json, "keep-alive"), ("pass", "the connection is kept"));
}

#[test]
fn an_authority_that_is_not_trusted_is_found() {
    let Some(nginx) = Nginx::new(&SOUND) else { return };
    let other = Authority::new("another CA");
    let (json, code) = nginx.check(Some(&other.file()), &[]);
    assert_eq!((code, evidence(&json, "tls").0), (3, "fail"), "{json:#}");
    let (json, code) = nginx.check(None, &["--insecure"]);
    assert_eq!((code, evidence(&json, "tls").0), (1, "fail"), "{json:#}");
    assert_eq!(evidence(&json, "same-request-again").0, "pass");
}

#[test]
fn an_expired_certificate_and_a_wrong_name_are_found() {
    for (name, validity, word) in [
        ("pgm.test", Validity::Expired, "it has expired"),
        ("www.pgm.test", Validity::Current, "it is not for pgm.test"),
    ] {
        let Some(nginx) = Nginx::new(&Setup { name, validity, ..SOUND }) else { return };
        let (json, code) = nginx.check(Some(&nginx.authority.file()), &[]);
        let (verdict, tls) = evidence(&json, "tls");
        assert!(code == 3 && verdict == "fail" && tls.starts_with(word), "{json:#}");
    }
}

#[test]
fn what_was_negotiated_is_reported() {
    let old = Setup { http2: "", tls: "TLSv1.2", keepalive: "0", ..SOUND };
    let Some(nginx) = Nginx::new(&old) else { return };
    let (json, code) = nginx.check(Some(&nginx.authority.file()), &[]);
    assert_eq!(code, 0, "{json:#}");
    assert!(evidence(&json, "tls").1.ends_with("TLS 1.2"), "{json:#}");
    assert_eq!(evidence(&json, "http-version"), ("pass", "HTTP/1.1"));
    assert_eq!(evidence(&json, "keep-alive").0, "warn");
}
