//! A target in memory that responds with given bytes.

use std::fmt;
use std::future::Future;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::watch;
use tokio::task::yield_now;

use super::Outcome;

/// What is sent to a target.
pub(super) const REQUEST: &[u8] = b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}";
/// Its response to a second request; no first one has this status.
const SECOND: &[u8] = b"HTTP/1.1 299 Second\r\ncontent-length: 0\r\n\r\n";
/// The status of that.
pub(super) const SECOND_STATUS: u16 = 299;
/// Turns of the others after which nothing more will happen.
const TURNS: usize = 200;

/// What a target does with the first request.
#[derive(Clone)]
pub(super) struct Scene {
    /// The response.
    pub(super) bytes: Vec<u8>,
    /// Lengths of the pieces that it comes in, the rest in one.
    pub(super) cuts: Vec<usize>,
    /// Whether the connection ends behind it.
    pub(super) closes: bool,
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let closes = if self.closes { ", then ends" } else { "" };
        write!(f, "\"{}\" cut at {:?}{closes}", self.bytes.escape_ascii(), self.cuts)
    }
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Starts a target; returns the other end, and what signals that all of the response is written.
pub(super) fn start(scene: &Scene) -> (DuplexStream, watch::Receiver<bool>) {
    let (here, there) = duplex(1 << 21);
    let (tell, told) = watch::channel(false);
    tokio::spawn(serve(there, scene.clone(), tell));
    (here, told)
}

async fn serve(mut stream: DuplexStream, scene: Scene, tell: watch::Sender<bool>) {
    read_request(&mut stream).await;
    let mut rest = &scene.bytes[..];
    for cut in scene.cuts {
        let (piece, behind) = rest.split_at(cut.min(rest.len()));
        rest = behind;
        if stream.write_all(piece).await.is_err() {
            break;
        }
        yield_now().await;
    }
    let _ = stream.write_all(rest).await;
    if scene.closes {
        drop(stream);
        let _ = tell.send(true);
        return;
    }
    let _ = tell.send(true);
    if read_request(&mut stream).await {
        let _ = stream.write_all(SECOND).await;
        // To the end of the connection.
        read_request(&mut stream).await;
    }
}

async fn read_request(stream: &mut DuplexStream) -> bool {
    let mut request = Vec::new();
    let mut room = [0; 512];
    while !request.ends_with(b"{}") {
        match stream.read(&mut room).await {
            Ok(0) | Err(_) => return false,
            Ok(read) => request.extend_from_slice(&room[..read]),
        }
    }
    true
}

/// What comes of it, unless nothing does.
pub(super) async fn or_stalled(
    mut told: watch::Receiver<bool>,
    work: impl Future<Output = Outcome>,
) -> Outcome {
    let nothing_more = async {
        let _ = told.wait_for(|told| *told).await;
        for _ in 0..TURNS {
            yield_now().await;
        }
    };
    tokio::select! {
        biased;
        came = work => came,
        () = nothing_more => Outcome::Stalled,
    }
}
