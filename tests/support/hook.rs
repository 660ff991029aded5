//! A receiver of webhooks on bare sockets: it keeps connections, verifies signatures by itself,
//! and can have any vice.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use md5::{Digest, Md5};
use serde_json::Value;

use super::SECRET;

/// A request as the receiver got it.
#[derive(Debug, Clone)]
pub struct Hooked {
    /// Path and query.
    pub path: String,
    /// The names of its headers, as they were written.
    pub names: Vec<String>,
    pub headers: HashMap<String, String>,
    pub body: Value,
    /// How many requests came before it.
    pub nth: usize,
    /// How many requests of the same id came before it.
    pub repeats: usize,
}

impl Hooked {
    pub fn id(&self) -> &str {
        self.headers.get("x-perfectgym-request").map_or("", String::as_str)
    }

    pub fn signature(&self) -> Option<&str> {
        self.headers.get("x-perfectgym-signature").map(String::as_str)
    }

    pub fn event(&self) -> &str {
        self.body["event"].as_str().unwrap_or_default()
    }

    /// The signature that the request should have.
    pub fn expected(&self) -> String {
        hex::encode(Md5::digest(format!("{}:{SECRET}", self.id())))
    }

    pub fn is_genuine(&self) -> bool {
        self.signature().is_some_and(|given| given.eq_ignore_ascii_case(&self.expected()))
    }
}

/// A response, byte for byte.
pub type Bytes = Vec<u8>;

/// A response that keeps the connection open.
pub fn respond(status: u16, body: &str) -> Bytes {
    respond_with(status, "", body.as_bytes())
}

/// The same, with more lines in its head, each with its line break.
pub fn respond_with(status: u16, head: &str, body: &[u8]) -> Bytes {
    let start = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n{head}\r\n", body.len());
    [start.as_bytes(), body].concat()
}

/// The response of a receiver without vices.
pub fn good(request: &Hooked) -> Bytes {
    if request.is_genuine() { respond(200, "Ok") } else { respond(401, "bad signature") }
}

/// A receiver on a free port, until it is dropped.
pub struct Hook {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Hooked>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

type Handler = dyn Fn(&Hooked) -> Bytes + Send + Sync;

impl Hook {
    pub fn new(handler: impl Fn(&Hooked) -> Bytes + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), handler)
    }

    pub fn on(
        listener: TcpListener,
        handler: impl Fn(&Hooked) -> Bytes + Send + Sync + 'static,
    ) -> Self {
        let handler: Arc<Handler> = Arc::new(handler);
        let (seen, ended) = (Arc::<Mutex<Vec<Hooked>>>::default(), Arc::<AtomicBool>::default());
        let address = listener.local_addr().unwrap();
        let (all, end) = (seen.clone(), ended.clone());
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let (handler, seen) = (handler.clone(), all.clone());
                thread::spawn(move || serve(stream.unwrap(), &*handler, &seen));
            }
        });
        Self { address, seen, ended, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hooks/pgm", self.address)
    }

    pub fn seen(&self) -> Vec<Hooked> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread from waiting for a connection.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Answers requests on a connection for as long as both sides want it.
fn serve(stream: TcpStream, handler: &Handler, seen: &Mutex<Vec<Hooked>>) {
    let mut reader = BufReader::new(stream);
    while let Some(mut request) = read(&mut reader) {
        {
            let mut seen = seen.lock().unwrap();
            request.nth = seen.len();
            request.repeats = seen.iter().filter(|other| other.id() == request.id()).count();
            seen.push(request.clone());
        }
        let bytes = handler(&request);
        let ends = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        let ends = ends.contains("connection: close") || ends.starts_with("http/1.0");
        if reader.get_mut().write_all(&bytes).is_err() || ends {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Hooked> {
    let (mut headers, mut names) = (HashMap::new(), Vec::new());
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => {
                names.push(name.to_owned());
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned())
            }
            None => break,
        };
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Some(Hooked { path, names, headers, body, nth: 0, repeats: 0 })
}
