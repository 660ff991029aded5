//! A target that knows to the microsecond how long it took, and from that between which times the
//! caller must have measured.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::keeping::read;

/// How long before its time a thread stops to sleep and begins to spin.
const SPIN: Duration = Duration::from_millis(1);
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOk";

/// A request as the target saw it.
#[derive(Clone, Copy)]
struct Exchange {
    /// Its last byte was read.
    read: Instant,
    /// The first byte of its response is written next.
    responded: Instant,
}

pub struct Exact {
    pub address: SocketAddr,
    ended: Arc<AtomicBool>,
    /// Returns the exchanges of each connection.
    thread: JoinHandle<Vec<Vec<Exchange>>>,
}

/// What the caller's latencies must lie between, each of them in order of size.
pub struct Truth {
    /// From the last byte of a request to the first of its response.
    pub least: Vec<Duration>,
    /// From the response before it on the same connection to the request after it. The caller can
    /// neither start before the one nor end after the other, however busy the machine is.
    pub most: Vec<Duration>,
}

impl Exact {
    /// Responds to the request of each number, from 0, so long after it came.
    pub fn new(delay: impl Fn(usize) -> Duration + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ended = Arc::<AtomicBool>::default();
        let (end, delay, number) = (ended.clone(), Arc::new(delay), Arc::<AtomicUsize>::default());
        let thread = thread::spawn(move || {
            let mut connections = Vec::new();
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                let (delay, number) = (delay.clone(), number.clone());
                let stream = stream.unwrap();
                connections.push(thread::spawn(move || serve(stream, &*delay, &number)));
            }
            connections.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        Self { address, ended, thread }
    }

    /// The truth about a run that has ended, and began after `start`.
    pub fn truth(self, start: Instant) -> Truth {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread from waiting for a connection.
        let _ = TcpStream::connect(self.address);
        let connections = self.thread.join().unwrap();
        let end = Instant::now();
        let (mut least, mut most) = (Vec::new(), Vec::new());
        for exchanges in &connections {
            for (n, exchange) in exchanges.iter().enumerate() {
                let before = n.checked_sub(1).map_or(start, |n| exchanges[n].responded);
                let after = exchanges.get(n + 1).map_or(end, |next| next.read);
                least.push(exchange.responded - exchange.read);
                most.push(after - before);
            }
        }
        least.sort();
        most.sort();
        Truth { least, most }
    }
}

fn serve(
    mut stream: TcpStream,
    delay: &(dyn Fn(usize) -> Duration + Send + Sync),
    number: &AtomicUsize,
) -> Vec<Exchange> {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut exchanges = Vec::new();
    while read(&mut reader).is_some() {
        let came = Instant::now();
        let due = came + delay(number.fetch_add(1, Ordering::SeqCst));
        thread::sleep(due.saturating_duration_since(came + SPIN));
        while Instant::now() < due {
            std::hint::spin_loop();
        }
        exchanges.push(Exchange { read: came, responded: Instant::now() });
        if stream.write_all(OK).is_err() {
            break;
        }
    }
    exchanges
}

/// The percentile by nearest rank of times in order of size.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted[rank.max(1) - 1]
}
