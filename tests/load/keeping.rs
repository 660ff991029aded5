//! A target on bare sockets that keeps its connections and responds to each request by its number, or
//! by what is in it.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::server::{Seen, Stream};

/// Whether the connection lives after a response.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Keep,
    Close,
}

/// Responds to a request; the number counts from 0.
type Respond = dyn Fn(&mut dyn Stream, &Seen, usize) -> Then + Send + Sync;
/// What is done with an accepted connection before it is spoken on.
type Wrap = dyn Fn(TcpStream) -> Box<dyn Stream> + Send + Sync;

pub struct Keeping {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    seen: Mutex<Vec<(Instant, Seen)>>,
    connections: AtomicUsize,
}

impl Keeping {
    /// Responds to the request of each number with these bytes after so many milliseconds.
    pub fn new(respond: impl Fn(usize) -> (&'static [u8], u64) + Send + Sync + 'static) -> Self {
        Self::with(move |stream, _, number| {
            let (bytes, delay) = respond(number);
            thread::sleep(Duration::from_millis(delay));
            say(stream, bytes)
        })
    }

    pub fn with(
        respond: impl Fn(&mut dyn Stream, &Seen, usize) -> Then + Send + Sync + 'static,
    ) -> Self {
        Self::start(|stream| Box::new(stream), respond)
    }

    /// The same within TLS.
    pub fn tls(
        config: ServerConfig,
        respond: impl Fn(&mut dyn Stream, &Seen, usize) -> Then + Send + Sync + 'static,
    ) -> Self {
        let config = Arc::new(config);
        let wrap = move |stream| {
            let tls = ServerConnection::new(config.clone()).unwrap();
            Box::new(StreamOwned::new(tls, stream)) as Box<dyn Stream>
        };
        Self::start(wrap, respond)
    }

    fn start(
        wrap: impl Fn(TcpStream) -> Box<dyn Stream> + Send + Sync + 'static,
        respond: impl Fn(&mut dyn Stream, &Seen, usize) -> Then + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = Self { address: listener.local_addr().unwrap(), state: Arc::default() };
        let (wrap, respond): (Arc<Wrap>, Arc<Respond>) = (Arc::new(wrap), Arc::new(respond));
        let state = target.state.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (wrap, respond, state) = (wrap.clone(), respond.clone(), state.clone());
                state.connections.fetch_add(1, Ordering::SeqCst);
                let stream = stream.unwrap();
                stream.set_nodelay(true).unwrap();
                thread::spawn(move || serve(wrap(stream), &*respond, &state));
            }
        });
        target
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Everything that was received so far, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().iter().map(|(_, seen)| seen.clone()).collect()
    }

    /// When each request was there to its last byte, in order.
    pub fn arrivals(&self) -> Vec<Instant> {
        self.state.seen.lock().unwrap().iter().map(|(at, _)| *at).collect()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }
}

/// Responds with these bytes; a caller that has gone away is no fault of the target's.
pub fn say(stream: &mut dyn Stream, bytes: &[u8]) -> Then {
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        Ok(()) => Then::Keep,
        Err(_) => Then::Close,
    }
}

fn serve(stream: Box<dyn Stream>, respond: &Respond, state: &State) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let number = {
            let mut seen = state.seen.lock().unwrap();
            seen.push((Instant::now(), request.clone()));
            seen.len() - 1
        };
        if respond(&mut **reader.get_mut(), &request, number) == Then::Close {
            return;
        }
    }
}

/// The next request on a connection, if there is one.
pub fn read(reader: &mut impl BufRead) -> Option<Seen> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let mut seen = Seen { head, body: Vec::new() };
    let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
    seen.body.resize(length, 0);
    reader.read_exact(&mut seen.body).ok()?;
    Some(seen)
}
