//! A target on bare sockets that keeps its connections and answers each request by its number.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::support::server::Seen;

/// What is answered to the request of a number from 0, and after how many milliseconds.
type Answer = dyn Fn(usize) -> (&'static [u8], u64) + Send + Sync;

pub struct Keeping {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Keeping {
    pub fn new(answer: impl Fn(usize) -> (&'static [u8], u64) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let (seen, answer): (_, Arc<Answer>) = (target.seen.clone(), Arc::new(answer));
        let number = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, answer, number) = (seen.clone(), answer.clone(), number.clone());
                let stream = stream.unwrap();
                thread::spawn(move || serve(&stream, &seen, &*answer, &number));
            }
        });
        target
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(stream: &TcpStream, seen: &Mutex<Vec<Seen>>, answer: &Answer, number: &AtomicUsize) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while let Some(request) = read(&mut reader) {
        seen.lock().unwrap().push(request);
        let (bytes, delay) = answer(number.fetch_add(1, Ordering::SeqCst));
        thread::sleep(Duration::from_millis(delay));
        if (&mut &*stream).write_all(bytes).is_err() {
            return;
        }
    }
}

/// Reads a request; gives nothing at the end of the connection.
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
