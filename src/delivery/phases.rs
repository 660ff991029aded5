//! Where an attempt's time goes. The HTTP client shows no phases of its own, so three hooks
//! mark the moments: the resolver, a layer around the connector, and the TLS session store,
//! which a handshake asks first of all.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use reqwest::dns::{Addrs, Name, Resolve as ResolveName, Resolving};
use rustls::NamedGroup;
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use tower_layer::Layer;
use tower_service::Service;

use super::moments::Moments;
use super::names::{known, look_up};
use super::{Resolve, Timings};

/// The moments of one attempt, shared by its hooks.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks(Arc<Mutex<Marked>>);

#[derive(Debug, Default)]
struct Marked {
    moments: Moments,
    connections: u32,
}

impl Marks {
    fn marked(&self) -> MutexGuard<'_, Marked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the connection stood, TLS included.
    pub(super) fn connected(&self) -> bool {
        self.marked().moments.connected.is_some()
    }

    /// How many connections were made.
    pub(super) fn connections(&self) -> u32 {
        self.marked().connections
    }

    /// Whether a TLS handshake began.
    pub(super) fn tls_started(&self) -> bool {
        self.marked().moments.tls_started.is_some()
    }

    /// The phases, given when the head of the answer came and when the attempt ended.
    pub(super) fn timings(&self, head: Option<Instant>, end: Instant) -> Timings {
        self.marked().moments.timings(head, end)
    }
}

/// Stands for the port of the URL, which the HTTP client puts in.
const PORT_OF_URL: u16 = 0;

/// Looks names up, those that are not known without.
pub(super) struct MarkedResolver {
    pub(super) marks: Marks,
    pub(super) own: Vec<Resolve>,
}

impl ResolveName for MarkedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let known = known(name.as_str(), PORT_OF_URL, &self.own);
        let marks = self.marks.clone();
        Box::pin(async move {
            if !known.is_empty() {
                return Ok(Box::new(known.into_iter()) as Addrs);
            }
            marks.marked().moments.dns_started = Some(Instant::now());
            let found = look_up(name.as_str(), PORT_OF_URL).await;
            marks.marked().moments.dns_done = Some(Instant::now());
            Ok(Box::new(found?.into_iter()) as Addrs)
        })
    }
}

/// Marks the begin and end of making a connection.
#[derive(Clone)]
pub(super) struct MarkedConnector(pub(super) Marks);

#[derive(Clone)]
pub(super) struct MarkedService<S> {
    inner: S,
    marks: Marks,
}

impl<S> Layer<S> for MarkedConnector {
    type Service = MarkedService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        MarkedService { inner, marks: self.0.clone() }
    }
}

impl<S, R> Service<R> for MarkedService<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let marks = self.marks.clone();
        marks.marked().moments.connecting = Some(Instant::now());
        let connecting = self.inner.call(request);
        Box::pin(async move {
            let connection = connecting.await;
            if connection.is_ok() {
                let mut marked = marks.marked();
                marked.moments.connected = Some(Instant::now());
                marked.connections += 1;
            }
            connection
        })
    }
}

/// A session store that keeps no session (each attempt is a connection of its own) and marks
/// the begin of a handshake.
#[derive(Debug)]
pub(super) struct MarkedSessions(pub(super) Marks);

impl MarkedSessions {
    fn mark(&self) {
        self.0.marked().moments.tls_started.get_or_insert_with(Instant::now);
    }
}

impl ClientSessionStore for MarkedSessions {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        self.mark();
        None
    }

    fn set_tls12_session(&self, _: ServerName<'static>, _: Tls12ClientSessionValue) {}

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.mark();
        None
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _: ServerName<'static>, _: Tls13ClientSessionValue) {}

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.mark();
        None
    }
}
