//! A transport with the manners that probing a target needs: it looks at certificates, hangs
//! up before the answer, and keeps a connection.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Body, Client};
use rustls::client::danger::ServerCertVerifier;
use tokio::sync::Notify;
use url::Url;

use super::TlsPeer;
use super::client::ClientTransport;
use super::hang_up::ToldBody;
use super::peer::{PeerSlot, WatchedVerifier};
use super::phases::Marks;
use super::tls::verifier;
use super::{Attempt, Network, TlsConfigError};
use crate::pgm::SignedRequest;

/// How long a caller that hangs up stays after its last byte, so that the target has begun.
const LINGER: Duration = Duration::from_millis(50);

/// Turns of the event loop in which a finished connection goes back to its pool.
const TURNS: usize = 16;

/// Makes attempts at one URL in the manners that probes ask for.
#[derive(Debug)]
pub struct Prober {
    http: ClientTransport,
    timeout: Duration,
    insecure: bool,
    verifier: Option<Arc<dyn ServerCertVerifier>>,
    kept: OnceLock<(Client, Marks)>,
}

impl Prober {
    /// Prepares attempts at `url`.
    ///
    /// # Errors
    /// When the CA file cannot be used.
    pub fn new(url: Url, network: &Network) -> Result<Self, TlsConfigError> {
        // A file that is named must be good, also where it is not needed.
        let verifies = url.scheme() == "https" || network.ca_cert.is_some();
        Ok(Self {
            verifier: verifies.then(|| verifier(network)).transpose()?,
            // Every client gets the watched verifier, so the roots need not be read twice.
            http: ClientTransport::new(url, &Network { insecure: true, ..network.clone() })?,
            timeout: network.timeout,
            insecure: network.insecure,
            kept: OnceLock::new(),
        })
    }

    /// One attempt on a connection of its own, and whom its handshake met, if there was one.
    pub async fn attempt(
        &self,
        request: &SignedRequest,
        started_at: DateTime<Utc>,
    ) -> (Attempt, Option<TlsPeer>) {
        let (marks, seen) = (Marks::default(), PeerSlot::default());
        let client = || self.client(&marks, &seen, 0);
        let attempt = self.http.attempt_over(client, &marks, request, 1, started_at).await;
        (attempt, seen.take())
    }

    /// Sends a request and closes the connection a moment after its last byte, the answer
    /// unread. `true` when the target had answered by then.
    pub async fn hang_up(&self, request: &SignedRequest) -> bool {
        let Ok(client) = self.client(&Marks::default(), &PeerSlot::default(), 0) else {
            return false;
        };
        let taken = Arc::new(Notify::new());
        let body = Body::wrap(ToldBody::new(request.body().to_vec(), taken.clone()));
        let exchange = self.http.prepare(&client, request, body).send();
        let patience = async {
            // A target that never takes the body must not keep the caller.
            let _ = tokio::time::timeout(self.timeout, taken.notified()).await;
            tokio::time::sleep(LINGER).await;
        };
        tokio::select! {
            response = exchange => response.is_ok(),
            () = patience => false,
        }
    }

    /// One attempt on the connection of the one before, if the target kept it, and whether it
    /// did.
    pub async fn attempt_on_kept(
        &self,
        request: &SignedRequest,
        started_at: DateTime<Utc>,
    ) -> (Attempt, bool) {
        let (client, marks) = match self.kept.get() {
            Some(kept) => kept.clone(),
            None => match self.keeping_client() {
                Ok(made) => self.kept.get_or_init(|| made).clone(),
                Err(_) => return (self.attempt(request, started_at).await.0, false),
            },
        };
        let before = marks.connections();
        let attempt = self.http.attempt_over(|| Ok(client), &marks, request, 1, started_at).await;
        let kept = before > 0 && marks.connections() == before;
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
        (attempt, kept)
    }

    fn keeping_client(&self) -> reqwest::Result<(Client, Marks)> {
        let marks = Marks::default();
        Ok((self.client(&marks, &PeerSlot::default(), 1)?, marks))
    }

    fn client(&self, marks: &Marks, seen: &PeerSlot, kept: usize) -> reqwest::Result<Client> {
        let mut tls = self.http.tls.clone();
        if let Some(real) = &self.verifier {
            let (real, seen) = (real.clone(), seen.clone());
            let watched = WatchedVerifier { real, lenient: self.insecure, seen };
            tls.dangerous().set_certificate_verifier(Arc::new(watched));
        }
        self.http.builder(marks, tls).pool_max_idle_per_host(kept).build()
    }
}
