//! A target written on bare sockets: it shares no code with what it tests, and can misbehave
//! in every way that a socket allows.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A stream that a target responds on: plain, or within TLS.
pub trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A request as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub head: String,
    pub body: Vec<u8>,
}

impl Seen {
    /// The value of a header, its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A target on a free port of this machine. It ends with the test, which fails if the target
/// was never called.
pub struct Target {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    calls: Arc<Mutex<usize>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What a target does with a connection whose request was read; the number counts from 0.
type Respond = dyn Fn(&mut dyn Stream, usize) + Send + Sync;
/// What is done with an accepted connection before it is spoken on.
type Wrap = dyn Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync;

impl Target {
    /// Responds to each request with `respond`, each connection on a thread of its own.
    pub fn new(respond: impl Fn(&mut dyn Stream, usize) + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1:0", |stream| Some(Box::new(stream)), respond)
    }

    /// Responds to everything with these bytes, then closes.
    pub fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::new(move |stream, _| send(stream, &bytes))
    }

    /// Responds with this status and body, well-behaved.
    pub fn responding(status: u16, body: &str) -> Self {
        Self::saying(response(status, body))
    }

    /// A target on `address`, its connections passed through `wrap` first.
    pub fn start(
        address: &str,
        wrap: impl Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync + 'static,
        respond: impl Fn(&mut dyn Stream, usize) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let (wrap, respond): (Arc<Wrap>, Arc<Respond>) = (Arc::new(wrap), Arc::new(respond));
        let mut target = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            calls: Arc::default(),
            ended: Arc::default(),
            thread: None,
        };
        let (seen, calls, ended) =
            (target.seen.clone(), target.calls.clone(), target.ended.clone());
        target.thread = Some(thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let call = {
                    let mut calls = calls.lock().unwrap();
                    *calls += 1;
                    *calls - 1
                };
                let (wrap, respond, seen) = (wrap.clone(), respond.clone(), seen.clone());
                let stream = stream.unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                thread::spawn(move || {
                    let Some(mut stream) = wrap(stream) else { return };
                    if let Some(request) = read_request(&mut *stream) {
                        seen.lock().unwrap().push(request);
                        respond(&mut *stream, call);
                    }
                });
            }
        }));
        target
    }

    /// The URL of a path here.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Everything that was received so far, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread from waiting for a connection.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
        if !thread::panicking() {
            assert!(*self.calls.lock().unwrap() > 0, "the target was never called");
        }
    }
}

/// A well-formed response that closes the connection.
pub fn response(status: u16, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} Whatever\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Writes what can be written: a caller that has gone away is no fault of the target's.
pub fn send(stream: &mut dyn Stream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).and_then(|()| stream.flush());
}

/// Keeps a connection open until the caller closes it.
pub fn hold(stream: &mut dyn Stream) {
    let mut scrap = [0; 1024];
    while matches!(stream.read(&mut scrap), Ok(n) if n > 0) {}
}

/// A port of this machine on which nothing listens.
pub fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn read_request(stream: &mut dyn Stream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        read_some(stream, &mut bytes)?;
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut seen = Seen { head, body: bytes.split_off(end) };
    let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
    while seen.body.len() < length {
        read_some(stream, &mut seen.body)?;
    }
    Some(seen)
}

fn read_some(stream: &mut dyn Stream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut piece = [0; 16 * 1024];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return None,
            Ok(n) => {
                bytes.extend_from_slice(&piece[..n]);
                return Some(());
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}
