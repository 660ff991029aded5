//! What the requests list costs, as ratios between runs of the real binary side by side:
//! `cargo bench --bench requests`. Linux: the CPU time of the runs is read from /proc.
//!
//! - `pgwh requests`, `requests retry` and `requests --failed` with 100,000 requests in the
//!   list against 100;
//! - `pgwh send` with the list against `--no-record`: an empty list, and one that is full, where
//!   each send removes the oldest request.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};
use pgwh::delivery::{Attempt, AttemptOutcome, Clock, Response, SendMode, Timings, Transport};
use pgwh::files::StateDir;
use pgwh::pgm::{RequestId, Secret, SignedRequest};
use pgwh::requests::{Recorder, Retention, SendJob};
use url::Url;

/// Runs of each command; `RUNS` sets another number.
const RUNS: usize = 200;

/// Runs between two looks at the CPU time, which is counted in ticks of 10 ms.
const BATCH: usize = 25;

fn main() {
    let runs = std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS);
    let (folder, url) = (tempfile::tempdir().unwrap(), target());
    let at = |name: &str| folder.path().join(name);
    for (name, requests) in [("small", 100), ("large", 100_000), ("full", 1000)] {
        let start = Instant::now();
        fill(&at(name), requests, &url, u32::MAX);
        let each = start.elapsed() / requests;
        println!("filled a list with {requests} requests, {each:?} each");
    }
    println!("\nopen, record before and after, close, in one process, in a list that is full");
    in_process(&at("full"), &url, 300);
    let list = |state: &str, args: &[&str]| pgwh(&at(state), args);
    let id = "bench-0000050";
    for (title, args) in [
        ("requests", &["requests", "--color", "always"][..]),
        ("requests --failed", &["requests", "--failed"]),
        ("requests show", &["requests", "show", id]),
        ("requests retry", &["requests", "retry", id, "-q"]),
    ] {
        println!("\n{title}, with 100,000 requests against 100");
        compare(runs, [list("small", args), list("large", args)]);
    }
    let send = ["send", "Test", "-q", "--url", &url];
    let unrecorded = [&send[..], &["--no-record"]].concat();
    println!("\nsend, recorded in a short list, against --no-record");
    compare(runs, [list("empty", &unrecorded), list("empty", &send)]);
    println!("\nsend, recorded in a list that is full, against --no-record");
    compare(runs, [list("full", &unrecorded), list("full", &send)]);
}

fn pgwh(state: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgwh"));
    command.args(args).env("PGWH_STATE_DIR", state).env("PGWH_SECRET", "secret of the bench");
    command.current_dir(state.parent().unwrap()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs both in turns, a batch each, so that a busy machine slows both.
fn compare(runs: usize, mut commands: [Command; 2]) {
    let mut wall = [Vec::new(), Vec::new()];
    let mut cpu = [Duration::ZERO; 2];
    for _ in 0..runs.div_ceil(BATCH) {
        for (n, command) in commands.iter_mut().enumerate() {
            let before = children_cpu();
            for _ in 0..BATCH {
                let start = Instant::now();
                command.status().unwrap();
                wall[n].push(start.elapsed());
            }
            cpu[n] += children_cpu() - before;
        }
    }
    let count = u32::try_from(wall[0].len()).unwrap();
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    let wall = wall.each_mut().map(median);
    let cpu = cpu.map(|total| total / count);
    let ratio = wall[1].as_secs_f64() / wall[0].as_secs_f64();
    println!("  wall, median: {:?} against {:?}, {ratio:.2} x", wall[1], wall[0]);
    let more = cpu[1].as_secs_f64() - cpu[0].as_secs_f64();
    println!("  CPU, mean: {:?} against {:?}, {:+.2} ms", cpu[1], cpu[0], more * 1e3);
}

/// User and system time of all children that have ended.
fn children_cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = |n: usize| fields.split_whitespace().nth(n).and_then(|t| t.parse::<u64>().ok());
    Duration::from_millis(10 * (ticks(13).unwrap_or(0) + ticks(14).unwrap_or(0)))
}

/// A target that answers everything with `Ok`, for as long as the bench runs.
fn target() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut scrap = [0; 4096];
            let _ = stream.read(&mut scrap);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOk");
        }
    });
    url
}

/// What a send does for the list, from opening it to closing it, in this process: no start-up
/// and no network in it.
fn in_process(folder: &Path, url: &str, requests: u32) {
    let mut times: Vec<_> = (0..requests)
        .map(|_| {
            let start = Instant::now();
            fill(folder, 1, url, 1000);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let median = times[times.len() / 2];
    println!("  {:?} at best, {median:?} in the median", times[0]);
}

/// Fills a list through the library, as so many sends would.
fn fill(folder: &Path, requests: u32, url: &str, keep: u32) {
    let now = DateTime::<Utc>::from(SystemTime::now());
    let retention = Retention { keep, ..Retention::default() };
    let dir = StateDir::new(folder.to_owned());
    let recorder = Recorder::new(Some(dir), retention, std::process::id());
    let (secret, url) = (Secret::new("secret of the bench").unwrap(), url.parse().unwrap());
    let body = br#"{"event":"Test","triggeredDate":"2020-06-01T14:44:46Z","data":{"valueLong":12345678,"valueText":"some text value","nestedData":{"text":"nested some text value","date":"2020-06-01T14:44:46Z","amount":33.78}}}"#;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for n in 0..requests {
        let id = RequestId::new(format!("bench-{n:07}")).unwrap();
        let request = SignedRequest::new(id, &secret, body.to_vec());
        let event = if n % 3 == 0 { "Test" } else { "ClassesBooked" };
        let job = SendJob::new(Some(event.to_owned()), None, Url::clone(&url), request);
        let timeout = Duration::from_secs(5);
        let transport = Answering(Cell::new(if n % 10 == 0 { 503 } else { 200 }));
        let (clock, mode) = (StoppedClock(now), SendMode::Repeat(1));
        runtime.block_on(recorder.deliver(&transport, &clock, &job, timeout, &mode, |_, _| ()));
    }
    assert!(recorder.take_warnings().is_empty());
}

/// It is always this time.
struct StoppedClock(DateTime<Utc>);

impl Clock for StoppedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    async fn sleep(&self, _: Duration) {}
}

/// Answers with this status at once.
struct Answering(Cell<u16>);

impl Transport for Answering {
    async fn attempt(&self, _: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        Attempt {
            n,
            started_at,
            outcome: AttemptOutcome::Responded,
            reached: true,
            elapsed: Duration::from_millis(3),
            timings: Timings::default(),
            response: Some(Response {
                status: self.0.get(),
                version: "HTTP/1.1".to_owned(),
                headers: vec![("content-length".to_owned(), "2".to_owned())],
                text: "Ok".to_owned(),
                bytes: 2,
                truncated: false,
            }),
            error: None,
        }
    }
}
