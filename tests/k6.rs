//! `pgwh send … --export k6=FILE`, and the scripts in k6 itself. k6 is skipped by name where it is
//! missing; `.ci/install` installs it.
#![cfg(unix)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::Value;
use support::hook::{Hook, Hooked, good, respond};
use support::{Ran, SECRET, pgwh, run, skipped};

/// k6, if it is installed. Says so if it is not.
fn k6() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/.venv/bin");
    let mut folders = std::env::split_paths(&path).chain([own]);
    let found = folders.find_map(|folder| Some(folder.join("k6")).filter(|k6| k6.is_file()));
    if found.is_none() {
        let all = std::env::var("PGWH_TEST_RECEIVERS").is_ok_and(|value| value == "all");
        assert!(!all, "k6 is not installed");
        skipped("scripts for k6", "k6");
    }
    found
}

/// A script in a folder of its own.
struct Script {
    folder: tempfile::TempDir,
}

impl Script {
    fn path(&self) -> PathBuf {
        self.folder.path().join("load.js")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// A run of it that has not started.
    fn command(&self, k6: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(k6);
        // Without k6's own server, whose port another run may have.
        command.args(["run", "--quiet", "--no-usage-report", "--no-color", "--address", ""]);
        command.args(args).arg(self.path()).current_dir(self.folder.path());
        command.env("PGWH_SECRET", SECRET).env_remove("PGWH_URL").env_remove("PGWH_YES_LOAD_TEST");
        command.stdin(Stdio::null());
        command
    }

    fn run(&self, k6: &Path) -> Ran {
        self.command(k6, &[]).output().unwrap().into()
    }
}

/// Exports the load of a command line, without a secret at hand.
fn export(args: &[&str]) -> Script {
    let script = Script { folder: tempfile::tempdir().unwrap() };
    let file = format!("k6={}", script.path().display());
    let mut command = pgwh(["send"].iter().chain(args).chain(&["--export", &file]));
    let ran: Ran = command.env_remove("PGWH_SECRET").output().unwrap().into();
    assert_eq!(ran.exits(0).stdout, "");
    script
}

/// `pgwh listen` that saves what it receives.
struct Listener {
    child: Child,
    url: String,
    file: PathBuf,
}

impl Listener {
    fn new(folder: &Path) -> Self {
        let file = folder.join("captures.ndjson");
        let args = ["listen", "--addr", "127.0.0.1:0", "--format", "json", "--save"];
        let mut child =
            pgwh(args).arg(&file).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        let url = ready["url"].as_str().unwrap().trim_end_matches('/').to_owned() + "/pgm";
        // Whoever writes must have a reader.
        thread::spawn(move || lines.for_each(drop));
        Self { child, url, file }
    }

    /// Ends it; returns what it saved.
    fn captures(mut self) -> Vec<Value> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let text = fs::read_to_string(&self.file).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn header<'a>(capture: &'a Value, name: &str) -> &'a str {
    capture["headers"][name][0].as_str().unwrap()
}

fn body(capture: &Value) -> Value {
    serde_json::from_str(capture["body"].as_str().unwrap()).unwrap()
}

/// Whether each signature is the MD5 that Python computes.
fn all_are_signed(captures: &[Value]) -> bool {
    const CHECK: &str = "import hashlib, sys\n\
        for line in sys.stdin:\n    \
            id, signature = line.split()\n    \
            assert hashlib.md5(f'{id}:{sys.argv[1]}'.encode()).hexdigest() == signature, line\n";
    let mut python =
        Command::new("python3").args(["-c", CHECK, SECRET]).stdin(Stdio::piped()).spawn().unwrap();
    let pairs: String = captures
        .iter()
        .map(|capture| {
            let id = header(capture, "x-perfectgym-request");
            format!("{id} {}\n", header(capture, "x-perfectgym-signature"))
        })
        .collect();
    python.stdin.take().unwrap().write_all(pairs.as_bytes()).unwrap();
    python.wait().unwrap().success()
}

#[track_caller]
fn assert_all_new(captures: &[Value]) {
    let ids: BTreeSet<_> =
        captures.iter().map(|capture| header(capture, "x-perfectgym-request")).collect();
    assert_eq!(ids.len(), captures.len(), "an id came twice");
}

#[test]
fn twenty_thousand_requests_are_valid_and_new_and_mixed_by_weight() {
    let Some(k6) = k6() else { return };
    let folder = tempfile::tempdir().unwrap();
    let listener = Listener::new(folder.path());
    let script = export(&[
        "UserCardScanned=8",
        "ClassesBooked=2",
        "--url",
        &listener.url,
        "--count",
        "20000",
        "--concurrency",
        "16",
        "--vary",
        "userId=-1..1",
        "--header",
        "X-Tenant: o'hara",
    ]);
    assert!(!script.text().contains(SECRET));
    script.run(&k6).exits(0);
    let file = listener.file.clone();
    let captures = listener.captures();
    assert_eq!(captures.len(), 20_000);
    assert_all_new(&captures);
    assert!(all_are_signed(&captures));
    let verified = run(["verify", file.to_str().unwrap()]).exits(0);
    assert!(verified.stdout.contains("20,000 captures, all valid"), "{verified:?}");
    let mut events = BTreeMap::<String, u32>::new();
    let mut users = BTreeSet::new();
    for capture in &captures {
        let body = body(capture);
        *events.entry(body["event"].as_str().unwrap().to_owned()).or_default() += 1;
        users.insert(body["data"]["userId"].as_i64().unwrap());
        assert!(pgwh::pgm::parse_date(body["triggeredDate"].as_str().unwrap()).is_some());
        assert_eq!(header(capture, "x-tenant"), "o'hara");
    }
    // Within 3 percentage points.
    assert!(events["UserCardScanned"].abs_diff(16_000) <= 600, "{events:?}");
    assert!(events["ClassesBooked"].abs_diff(4_000) <= 600, "{events:?}");
    assert_eq!(users, BTreeSet::from([-1, 0, 1]));
}

#[test]
fn rates_constant_and_growing_make_as_many_requests_as_pgwh_would() {
    let Some(k6) = k6() else { return };
    for (rate, length, expected) in [
        ("100/s", ["--duration", "3s"], 300_usize),
        ("3000/m", ["--count", "100"], 100),
        // (20 + 180) / 2 requests a second.
        ("20/s..180/s", ["--duration", "2s"], 200),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let listener = Listener::new(folder.path());
        let url = listener.url.clone();
        let args = ["Test", "--url", &url, "--rate", rate];
        export(&[&args[..], &length].concat()).run(&k6).exits(0);
        let captures = listener.captures();
        // Within 10 %: on a busy machine k6 starts a few fewer than it should.
        assert!(captures.len().abs_diff(expected) * 10 <= expected, "{rate}: {}", captures.len());
        assert_all_new(&captures);
    }
}

#[test]
fn a_share_comes_twice() {
    let Some(k6) = k6() else { return };
    let target = Hook::new(good);
    let url = target.url();
    let args = ["Test", "--url", &url, "--count", "2000", "--repeat-rate", "0.5"];
    export(&args).run(&k6).exits(0);
    let mut times = BTreeMap::<String, usize>::new();
    let seen = target.seen();
    assert!(seen.iter().all(Hooked::is_genuine));
    seen.iter().for_each(|seen| *times.entry(seen.id().to_owned()).or_default() += 1);
    let twice = times.values().filter(|times| **times == 2).count();
    assert_eq!(times.len(), 2000);
    assert!(times.values().all(|times| *times <= 2));
    // 2·exp(-2·147²/2000) < 10⁻⁹
    assert!(twice.abs_diff(1000) <= 147, "{twice}");
}

#[test]
fn thresholds_fail_when_the_target_fails_or_is_slow() {
    /// The exit code of k6 for a threshold that was crossed.
    const CROSSED: i32 = 99;
    let Some(k6) = k6() else { return };
    let failing = Hook::new(|seen| respond(if seen.nth == 0 { 503 } else { 200 }, "Ok"));
    let redirecting = Hook::new(|_| respond(301, ""));
    let url = failing.url();
    let args = ["Test", "--url", &url, "--count", "10"];
    let ran = export(&args).run(&k6).exits(CROSSED);
    assert!(ran.stdout.contains("✗ 'rate<=0'"), "{ran:?}");
    let url = redirecting.url();
    export(&["Test", "--url", &url, "--count", "1"]).run(&k6).exits(CROSSED);
    let url = Hook::new(|seen| respond(if seen.nth == 0 { 503 } else { 200 }, "Ok"));
    let allowed = ["Test", "--url", &url.url(), "--count", "10", "--allow-failures", "10%"];
    export(&allowed).run(&k6).exits(0);

    let slow = Hook::new(|seen| {
        if seen.nth == 0 {
            thread::sleep(std::time::Duration::from_millis(5_500));
        }
        respond(200, "Ok")
    });
    let url = slow.url();
    let ran = export(&["Test", "--url", &url, "--count", "2"]).run(&k6).exits(CROSSED);
    assert!(ran.stdout.contains("✗ 'rate<=0'"), "{ran:?}");
    // A longer time limit does not make it fast enough for PGM.
    let slow = Hook::new(|_| {
        thread::sleep(std::time::Duration::from_millis(5_500));
        respond(200, "Ok")
    });
    let args = ["Test", "--url", &slow.url(), "--count", "1", "--timeout", "20s"];
    let ran = export(&args).run(&k6).exits(CROSSED);
    assert!(ran.stdout.contains("✗ 'max<5000'"), "{ran:?}");
    assert!(ran.stdout.contains("✓ 'rate<=0'"), "{ran:?}");
}

#[test]
fn two_processes_with_execution_segments_make_one_load() {
    let Some(k6) = k6() else { return };
    for (load, expected) in [
        (&["--count", "1000", "--concurrency", "8"][..], 1000),
        (&["--rate", "100/s", "--duration", "2s"], 200),
        (&["--rate", "100/s", "--count", "151"], 151),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let listener = Listener::new(folder.path());
        let url = listener.url.clone();
        let script = export(&[&["Test", "--url", &url][..], load].concat());
        let start = |segment| {
            let args = ["--execution-segment", segment, "--execution-segment-sequence", "0,1/2,1"];
            let mut command = script.command(&k6, &args);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let both = [start("0:1/2"), start("1/2:1")];
        for child in both {
            Ran::from(child.wait_with_output().unwrap()).exits(0);
        }
        let captures = listener.captures();
        assert_eq!(captures.len(), expected, "{load:?}");
        assert_all_new(&captures);
        assert!(all_are_signed(&captures));
    }
}

#[test]
fn without_a_secret_and_at_a_public_host_nothing_is_sent() {
    /// The exit code of k6 for a run that its script ended.
    const ABORTED: i32 = 108;
    let Some(k6) = k6() else { return };
    let target = Hook::new(good);
    let url = target.url();
    let script = export(&["Test", "--url", &url, "--count", "5"]);
    let ran: Ran = script.command(&k6, &[]).env_remove("PGWH_SECRET").output().unwrap().into();
    assert!(ran.exits(ABORTED).stderr.contains("PGWH_SECRET is not set"));
    assert_eq!(target.seen().len(), 0);

    // Documentation's own network, which leads nowhere, by address and by name.
    for (url, more) in [
        ("http://203.0.113.7/", &[][..]),
        ("http://pgm.example/", &["--resolve", "pgm.example:80:203.0.113.7"]),
        ("http://[2001:db8::1]/", &[]),
    ] {
        let args = [&["Test", "--url", url, "--count", "5"], more].concat();
        let ran = export(&args).run(&k6).exits(ABORTED);
        assert!(ran.stderr.contains("is a public host"), "{url}: {ran:?}");
    }
    // Another URL needs another confirmation.
    let script = export(&["Test", "--url", &url, "--count", "1", "--yes-load-test"]);
    let ran: Ran =
        script.command(&k6, &[]).env("PGWH_URL", "http://203.0.113.7/").output().unwrap().into();
    assert!(ran.exits(ABORTED).stderr.contains("PGWH_YES_LOAD_TEST=1"));
    script.run(&k6).exits(0);
    assert_eq!(target.seen().len(), 1);
}

#[test]
fn an_export_that_cannot_be_is_refused_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("load.js");
    let to = format!("k6={}", file.display());
    let url = "http://127.0.0.1:1/";
    for (args, message) in [
        (
            &["Test", "--url", "http://me:s3cret@127.0.0.1:1/", "--count", "5", "--export", &to][..],
            "has a password",
        ),
        (
            &["ClassBooked", "--url", url, "--count", "5", "--export", &to],
            "did you mean ClassesBooked?",
        ),
        (&["Test=0", "--url", url, "--count", "5", "--export", &to], "a whole number from 1"),
        (
            &[
                "Test",
                "--url",
                url,
                "--count",
                "5",
                "--vary",
                "valueLong=0..9007199254740993",
                "--export",
                &to,
            ],
            "9007199254740993",
        ),
        (
            &["Test", "--url", url, "--count", "5", "--vary", "valueLng=0..9", "--export", &to],
            "did you mean valueLong?",
        ),
        (
            &["Test", "--url", url, "--count", "5", "--threads", "2", "--export", &to],
            "cannot be used with",
        ),
        (
            &["Test", "--url", url, "--count", "5", "--ca-cert", "ca.pem", "--export", &to],
            "SSL_CERT_FILE",
        ),
        (
            &["Test", "--url", url, "--duration", "5s", "--allow-failures", "3", "--export", &to],
            "allow a share",
        ),
        (
            &[
                "Test", "--url", url, "--count", "5", "--header", "X-A: 1", "--header", "X-A: 2",
                "--export", &to,
            ],
            "X-A",
        ),
        (&["Test", "--url", url, "--export", &to], "--count"),
        (&["Test", "--url", url, "--count", "5", "--export", "jmeter=x"], "expected k6=FILE"),
        (
            &["Test", "--url", url, "--count", "5", "--export", "k6=/no/such/load.js"],
            "cannot write",
        ),
    ] {
        let ran = run(["send"].iter().chain(args)).refused();
        assert!(ran.stderr.contains(message), "{args:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("s3cret"));
        assert!(!file.exists(), "{args:?}");
    }
}
