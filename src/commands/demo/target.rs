//! The receiver of the demonstration: verifies signatures, and fails its very first call.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::StatusCode;

use crate::capture::{Body, Capture};
use crate::pgm::{REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, Signature};
use crate::receiver::{Answer, Handler, Received, Receiver, Reply, Settings};

/// How long the last answers may take when it ends.
const PATIENCE: Duration = Duration::from_millis(100);

/// A receiver on a free port of this machine.
pub(super) struct DemoTarget {
    receiver: Receiver,
    demo: Arc<Demo>,
}

struct Demo {
    secret: Secret,
    captures: Mutex<Vec<Capture>>,
}

impl DemoTarget {
    pub(super) async fn start(secret: Secret, now: fn() -> DateTime<Utc>) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let settings = Settings::plain(now);
        let demo = Arc::new(Demo { secret, captures: Mutex::default() });
        let receiver = Receiver::start(address, settings, demo.clone()).await?;
        Ok(Self { receiver, demo })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/hooks/pgm", self.receiver.address())
    }

    /// What has come so far.
    pub(super) fn captures(&self) -> Vec<Capture> {
        self.demo.captures.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) async fn stop(self) {
        self.receiver.stop(PATIENCE).await;
    }
}

impl Handler for Demo {
    async fn handle(&self, received: Box<Received>) -> Reply {
        if !is_genuine(&received, &self.secret) {
            return answer(StatusCode::UNAUTHORIZED, "wrong signature");
        }
        let mut captures = self.captures.lock().unwrap_or_else(PoisonError::into_inner);
        captures.push(capture(&received));
        match captures.len() {
            1 => answer(StatusCode::SERVICE_UNAVAILABLE, "restarting, try again"),
            _ => answer(StatusCode::OK, "Ok"),
        }
    }
}

fn answer(status: StatusCode, text: &'static str) -> Reply {
    Reply::Answer(Answer::text(status, text))
}

fn is_genuine(received: &Received, secret: &Secret) -> bool {
    let id = received.header(REQUEST_ID_HEADER).and_then(|id| RequestId::new(id).ok());
    let given = received.header(SIGNATURE_HEADER);
    id.zip(given).is_some_and(|(id, given)| Signature::new(&id, secret).matches(given))
}

fn capture(received: &Received) -> Capture {
    let headers = received.headers().map(|(name, value)| (name.to_owned(), value.into_owned()));
    Capture {
        received_at: Some(received.received_at()),
        headers: headers.collect(),
        body: Some(Body { bytes: received.body().to_vec(), exact: true }),
        ..Capture::default()
    }
}
