//! What is printed, and when it ends early.

use crate::ok;
use crate::support::server::{Target, closed_port};
use crate::support::{Ran, pgwh, run};

#[test]
fn pgms_own_rules_are_warned_of_but_not_for_loopback() {
    let target = ok();
    let port = target.address.port();
    let url = format!("http://staging.example.com:{port}/");
    let resolve = format!("staging.example.com:{port}:127.0.0.1");
    let ran = run(["send", "Test", "--url", &url, "--resolve", &resolve]).exits(0);
    assert!(ran.stderr.contains("it is not https"), "{ran:#?}");
    let ran = run(["send", "Test", "--url", &target.url("/"), "--timeout", "7s"]).exits(0);
    assert!(ran.stderr.contains("PGM has given up"), "{ran:#?}");
    assert_eq!(run(["send", "Test", "--url", &target.url("/")]).exits(0).stderr, "");
}

#[test]
fn quiet_shows_the_verdict_alone_and_verbose_the_headers() {
    let target = ok();
    let url = target.url("/");
    let quiet = run(["send", "Test", "--url", &url, "-q"]).exits(0).stdout;
    assert_eq!(quiet.lines().count(), 1, "{quiet}");
    assert!(quiet.starts_with("✓ PGM would mark this request successful: 200 OK in "), "{quiet}");
    let verbose = run(["send", "Test", "--url", &url, "-v"]).exits(0).stdout;
    for words in ["> X-PerfectGym-Request: ", "< HTTP/1.1 200 OK", "< Content-Length: 2", "│ Ok"]
    {
        assert!(verbose.contains(words), "{words}: {verbose}");
    }
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let target = ok();
    let mut child = pgwh(["send", "Test", "--url", &target.url("/")])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran: Ran = child.wait_with_output().unwrap().into();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_reported() {
    let target = ok();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran: Ran =
        pgwh(["send", "Test", "--url", &target.url("/")]).stdout(full).output().unwrap().into();
    assert!(ran.exits(2).stderr.contains("cannot write the output"));
}

#[test]
fn a_short_limit_says_nothing_about_pgm() {
    let target = Target::new(|stream, _| crate::support::server::hold(stream));
    let ran = run(["send", "Test", "--url", &target.url("/"), "--timeout", "100ms", "-q"]).exits(1);
    assert!(ran.stdout.contains("PGM allows 5.00 s"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("would mark"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_130() {
    let target = Target::new(|stream, _| crate::support::server::hold(stream));
    let mut child = pgwh(["send", "Test", "--url", &target.url("/")])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while target.seen().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let ran = Ran::from(child.wait_with_output().unwrap()).exits(130);
    assert!(ran.stderr.contains("interrupted"), "{ran:?}");
}

#[test]
fn proxies_are_used_except_for_loopback() {
    let (proxy, direct) = (ok(), ok());
    let via = proxy.url("");
    for (url, target) in [("http://pgm.example/x", &proxy), (&*direct.url("/x"), &direct)] {
        let before = target.seen().len();
        let ran: Ran =
            pgwh(["send", "Test", "--url", url]).env("http_proxy", &via).output().unwrap().into();
        ran.exits(0);
        assert_eq!(target.seen().len(), before + 1, "{url}");
    }
    assert!(proxy.seen()[0].head.starts_with("POST http://pgm.example/x HTTP/1.1\r\n"));
}

#[test]
fn a_proxy_that_fails_is_named() {
    let proxy = format!("http://127.0.0.1:{}", closed_port());
    let mut command = pgwh(["send", "Test", "--url", "http://pgm.example/x"]);
    let ran = Ran::from(command.env("http_proxy", &proxy).output().unwrap()).exits(3);
    assert!(ran.stdout.contains(&format!("through proxy {proxy}")), "{}", ran.stdout);
    assert!(ran.stdout.contains("NO_PROXY"), "{}", ran.stdout);
}

#[test]
fn the_help_after_a_401_has_the_request_id_in_its_command() {
    let target = Target::responding(401, "no");
    let url = target.url("/");
    let ran = run(["send", "Test", "--url", &url, "--request-id", "my-id"]).exits(1);
    assert!(ran.stdout.contains("`pgwh sign --request-id my-id`"), "{ran:?}");
}

#[test]
fn a_file_to_write_is_not_named_like_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://127.0.0.1:{}/", closed_port());
    let send = ["send", "Test", "--url", &url];
    for args in [
        [&send[..], &["--save", "-"]].concat(),
        [&send[..], &["--count", "3", "--histogram", "-"]].concat(),
        [&send[..], &["--count", "3", "--report", "json=-"]].concat(),
        vec!["verify", "x.ndjson", "--report", "junit=-"],
        vec!["verify", "x.ndjson", "--anonymize", "-"],
        vec!["play", "--record", "-"],
        vec!["listen", "--save", "-"],
    ] {
        let mut command = pgwh(&args);
        let ran = Ran::from(command.current_dir(folder.path()).output().unwrap()).refused();
        assert!(ran.stderr.contains("./-"), "{args:?}: {ran:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_target_that_speaks_something_else_is_named() {
    // What a TLS server says to plain HTTP: a fatal alert, unexpected message.
    let tls = Target::saying(*b"\x15\x03\x03\x00\x02\x02\x0a");
    let ran = run(["send", "Test", "--url", &tls.url("/")]).exits(1);
    for words in ["the target speaks TLS on this port", "did you mean https://?"] {
        assert!(ran.stdout.contains(words), "{ran:?}");
    }
    let http1 = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", http1.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = http1.accept().unwrap();
        let bad = crate::support::server::response(400, "what?");
        crate::support::server::send(&mut stream, &bad);
        crate::support::server::hold(&mut stream);
    });
    let ran = run(["send", "Test", "--http2", "-v", "--url", &url]).exits(1);
    assert!(ran.stdout.contains("does not speak HTTP/2"), "{ran:?}");
    assert!(ran.stdout.contains("leave --http2 out"), "{ran:?}");
    assert!(ran.stdout.contains("> x-perfectgym-request: "), "{ran:?}");
}
