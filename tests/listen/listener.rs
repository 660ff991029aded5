//! `pgwh listen` as a user runs it, and clients on bare sockets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use pgwh::pgm::{RequestId, Secret, Signature};
use serde_json::Value;

use crate::support::{Ran, SECRET, assert_matches_schema, pgwh, run};

/// No test waits longer than this for something that has to happen.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running receiver that reports JSON. It is killed with the test.
pub struct Listener {
    child: Child,
    pub address: SocketAddr,
    pub ready: Value,
    lines: Receiver<String>,
}

impl Listener {
    /// Starts `pgwh listen` on a free port.
    pub fn start(args: &[&str]) -> Self {
        Self::try_start(args).expect("it starts")
    }

    /// Starts a prepared command.
    pub fn run(command: Command) -> Self {
        Self::try_run(command).expect("it starts")
    }

    /// Starts `pgwh listen` on a free port; `None` when it ends at once.
    pub fn try_start(args: &[&str]) -> Option<Self> {
        let fixed = ["listen", "--addr", "127.0.0.1:0", "--format", "json"];
        Self::try_run(pgwh(fixed.iter().chain(args)))
    }

    fn try_run(mut command: Command) -> Option<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in stdout.lines() {
                if sender.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        let Ok(first) = lines.recv_timeout(PATIENCE) else {
            child.wait().unwrap();
            return None;
        };
        let ready: Value = serde_json::from_str(&first).unwrap();
        assert_matches_schema("listen.schema.json", &ready);
        assert_eq!(ready["type"], "ready");
        let url = ready["url"].as_str().unwrap();
        let address = url.split_once("://").unwrap().1.parse().unwrap();
        Some(Self { child, address, ready, lines })
    }

    /// The next line, which fits the schema.
    #[track_caller]
    pub fn next(&self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).expect("another line");
        let json = serde_json::from_str(&line).unwrap();
        assert_matches_schema("listen.schema.json", &json);
        json
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Writes these bytes, and reads until the other side closes.
    pub fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // It may have been closed before all was written.
        let _ = stream.write_all(bytes);
        rest(&mut stream)
    }

    pub fn pid(&self) -> String {
        self.child.id().to_string()
    }

    /// Waits until it ends by itself; returns the last line and the exit code.
    #[track_caller]
    pub fn ended(mut self) -> (Value, i32) {
        let mut last = Value::Null;
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            last = serde_json::from_str(&line).unwrap();
            assert_matches_schema("listen.schema.json", &last);
        }
        let code = self.child.wait().unwrap().code().unwrap();
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        assert_eq!(last["type"], "summary", "{stderr}");
        (last, code)
    }

    /// Ends it with Ctrl-C; returns the summary.
    #[track_caller]
    pub fn interrupt(self) -> Value {
        signal("-INT", &self.pid());
        let (summary, code) = self.ended();
        assert_eq!(code, 130);
        summary
    }

    /// Kills it with SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something that has to happen.
#[track_caller]
pub fn wait_until(mut happened: impl FnMut() -> bool) {
    let started = Instant::now();
    while !happened() {
        assert!(started.elapsed() < PATIENCE, "it did not happen");
        thread::yield_now();
    }
}

pub fn signal(name: &str, pid: &str) {
    assert!(Command::new("kill").args([name, pid]).status().unwrap().success());
}

/// Everything until the other side closes; a reset ends it as well.
pub fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut piece) {
        bytes.extend_from_slice(&piece[..length]);
    }
    let _ = stream.shutdown(Shutdown::Both);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One response with a `Content-Length`, its connection left open.
pub fn response(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

/// The signature of an id under a secret.
pub fn signature(id: &str, secret: &str) -> String {
    Signature::new(&RequestId::new(id).unwrap(), &Secret::new(secret).unwrap()).to_string()
}

/// A valid request that closes its connection.
pub fn signed(id: &str, body: &str) -> Vec<u8> {
    request(id, &signature(id, SECRET), body, "Connection: close\r\n")
}

/// A request with this id and signature, and more headers.
pub fn request(id: &str, signature: &str, body: &str, more: &str) -> Vec<u8> {
    format!(
        "POST /pgm?a=1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         X-PerfectGym-Request: {id}\r\nX-PerfectGym-Signature: {signature}\r\n\
         Content-Length: {}\r\n{more}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The envelope of an event, with the date of today, so that there are no findings.
pub fn envelope(event: &str) -> String {
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
    let date = pgwh::pgm::format_date(now);
    format!(r#"{{"event":"{event}","triggeredDate":"{date}","data":{{"userId":7}}}}"#)
}

/// What a receiver with these arguments shows to people of one `Test`, which `pgwh send` sends with
/// these, and how that ran.
pub fn shown_to_people(args: &[&str], send: &[&str]) -> (String, Ran) {
    let fixed = ["listen", "--addr", "127.0.0.1:0", "--max-requests", "1"];
    let mut child = pgwh(fixed.iter().chain(args)).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut shown = String::new();
    let url = loop {
        assert!(stdout.read_line(&mut shown).unwrap() > 0, "{shown}");
        if let Some(url) = shown.split_whitespace().find(|word| word.starts_with("http://127")) {
            break url.to_owned();
        }
    };
    let ran = run(["send", "Test", "--no-record", "--url", &url].iter().chain(send));
    stdout.read_to_string(&mut shown).unwrap();
    child.wait().unwrap();
    (shown, ran)
}
