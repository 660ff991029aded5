//! Attempts straight to their target, over our own HTTP/1.1; and from an error of the network to an
//! outcome and a line of text.

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rustls::{CertificateError, InvalidMessage};
use tokio::io::AsyncWriteExt;
use tokio::time::{Sleep, sleep, sleep_until, timeout};

use super::partial_response::PartialResponse;
use super::{
    Attempt, AttemptOutcome, CHAIN_TOO_LARGE, CertificateProblem, Failure, HANDSHAKE_FAILED,
    NOT_TLS, SELF_SIGNED, Timings, TlsPeer, Transport,
};
use crate::http1::{
    BodyPolicy, CLOSED, ConnectError, Connection, DnsError, Endpoint, PhaseTimestamps,
    ResponseHead, ResponseSink, SendError, ShownCertificate, Stream, asks_to_close, cause,
    error_message,
};
use crate::pgm::{self, SignedRequest};

/// Makes attempts one after the other, on one connection for as long as the target keeps it.
/// Redirects are not followed: to PGM they are failures.
pub struct KeepAliveTransport {
    endpoint: Arc<Endpoint>,
    policy: BodyPolicy,
    idle: Cell<Option<Connection<Stream>>>,
    /// The request as it goes over the wire; its memory is reused.
    written: RefCell<Vec<u8>>,
    /// One timer for all attempts: resetting it is cheaper than creating another.
    timer: RefCell<Option<Pin<Box<Sleep>>>>,
}

impl KeepAliveTransport {
    /// A transport that connects when it is first needed.
    pub fn new(endpoint: Arc<Endpoint>, policy: BodyPolicy) -> Self {
        Self {
            endpoint,
            policy,
            idle: Cell::default(),
            written: RefCell::default(),
            timer: RefCell::default(),
        }
    }

    /// Sends a request and reads its response. Dropping this future closes the connection.
    async fn exchange(
        &self,
        request: &SignedRequest,
        start: Instant,
        state: &mut ExchangeState,
    ) -> Result<(), Failure> {
        let mut written = self.written.take();
        let rest = self.endpoint.write_request(&mut written, request);
        let result = self.send([&written, rest], start, state).await;
        self.written.replace(written);
        self.idle.set(result?.filter(|_| !asks_to_close(request)));
        Ok(())
    }

    /// Returns the connection if it can be used again.
    async fn send(
        &self,
        written: [&[u8]; 2],
        start: Instant,
        state: &mut ExchangeState,
    ) -> Result<Option<Connection<Stream>>, Failure> {
        if let Some(mut connection) = self.idle.take() {
            state.phases.connected = Some(start);
            match connection.exchange(written, state).await {
                // Nothing was sent. Any later error is reported: the target may have the request,
                // and would get it twice.
                Err(SendError::StaleConnection) => {}
                result => return reusable(connection, result),
            }
        }
        state.phases = PhaseTimestamps::default();
        let stream = self.endpoint.connect(&mut state.phases).await;
        let mut connection = Connection::new(stream.map_err(|error| connect_failure(&error))?);
        let result = connection.exchange(written, state).await;
        reusable(connection, result)
    }

    fn timer(&self, until: Instant) -> Pin<Box<Sleep>> {
        match self.timer.take() {
            Some(mut timer) => {
                timer.as_mut().reset(until.into());
                timer
            }
            None => Box::pin(sleep_until(until.into())),
        }
    }
}

fn reusable(
    connection: Connection<Stream>,
    result: Result<bool, SendError>,
) -> Result<Option<Connection<Stream>>, Failure> {
    let is_reusable = result.map_err(|error| (AttemptOutcome::Broken, error.to_string()))?;
    Ok(is_reusable.then_some(connection))
}

impl Transport for KeepAliveTransport {
    async fn attempt(&self, request: &SignedRequest, n: u32, started_at: DateTime<Utc>) -> Attempt {
        let phases = PhaseTimestamps::default();
        let mut state = ExchangeState { policy: self.policy, phases, response: None };
        let start = Instant::now();
        let limit = self.endpoint.timeout();
        let mut timer = self.timer(start + limit);
        let result = tokio::select! {
            biased;
            result = self.exchange(request, start, &mut state) => Some(result),
            () = &mut timer => None,
        };
        self.timer.replace(Some(timer));
        let elapsed = start.elapsed();
        let (outcome, error) = conclude(result, elapsed, limit);
        let ExchangeState { phases, response, .. } = state;
        Attempt {
            n,
            started_at,
            outcome,
            reached: phases.connected.is_some() || outcome == AttemptOutcome::Broken,
            elapsed,
            timings: timings(&phases, response.as_ref().map(|head| head.at), start + elapsed),
            response: response.map(PartialResponse::into_response),
            error,
        }
    }
}

/// The outcome of an attempt whose exchange had this result, or none within its time.
pub(super) fn conclude(
    result: Option<Result<(), Failure>>,
    elapsed: Duration,
    limit: Duration,
) -> (AttemptOutcome, Option<String>) {
    // A response that arrives after the deadline is late even if the timer fired late.
    match result.filter(|_| elapsed <= limit) {
        Some(Ok(())) => (AttemptOutcome::Responded, None),
        Some(Err((outcome, message))) => (outcome, Some(message)),
        None => (AttemptOutcome::TimedOut, Some(format!("no whole response in {limit:?}"))),
    }
}

/// What happened in an attempt so far.
struct ExchangeState {
    policy: BodyPolicy,
    phases: PhaseTimestamps,
    response: Option<PartialResponse>,
}

impl ResponseSink for ExchangeState {
    fn body_policy(&self) -> BodyPolicy {
        self.policy
    }

    fn head(&mut self, head: ResponseHead) {
        let counts = self.policy == BodyPolicy::StatusOnly && pgm::is_success(head.status);
        let response = PartialResponse::new(head.status, head.version, head.headers);
        self.response = Some(if counts { response.count_only() } else { response });
    }

    fn content(&mut self, content: &[u8]) {
        if let Some(response) = &mut self.response {
            response.push(content);
        }
    }
}

/// How long each phase took, given when the head of the response came and when the attempt ended.
/// A phase that failed lasts until then.
fn timings(phases: &PhaseTimestamps, head: Option<Instant>, end: Instant) -> Timings {
    let between =
        |from: Option<Instant>, to: Option<Instant>| Some(to?.saturating_duration_since(from?));
    let end = Some(end);
    let PhaseTimestamps { started, resolved, tls_started, connected, looks_up } = *phases;
    let dialled = if looks_up { resolved } else { started };
    Timings {
        dns: between(started.filter(|_| looks_up), resolved.or(end)),
        connect: between(dialled, tls_started.or(connected).or(end)),
        tls: between(tls_started, connected.or(end)),
        wait: between(connected, head.or(end)),
        body: between(head, end),
    }
}

impl From<ShownCertificate> for TlsPeer {
    fn from(shown: ShownCertificate) -> Self {
        Self {
            version: shown.version,
            problem: shown.error.as_ref().map(CertificateProblem::from),
            chain: shown.chain,
        }
    }
}

/// Sends a request and closes the connection `pause` after its last byte, the response unread.
/// Gives up after the endpoint's time limit.
pub(super) async fn send_and_close(endpoint: &Endpoint, request: &SignedRequest, pause: Duration) {
    let send = async {
        let mut written = Vec::new();
        let rest = endpoint.write_request(&mut written, request);
        let Ok(mut stream) = endpoint.connect(&mut PhaseTimestamps::default()).await else {
            return;
        };
        for part in [&written, rest] {
            if stream.write_all(part).await.is_err() {
                return;
            }
        }
        if stream.flush().await.is_ok() {
            sleep(pause).await;
        }
    };
    let _ = timeout(endpoint.timeout() + pause, send).await;
}

impl From<&rustls::Error> for CertificateProblem {
    fn from(error: &rustls::Error) -> Self {
        use CertificateError as Problem;
        let rustls::Error::InvalidCertificate(problem) = error else {
            return Self::Other(error.to_string());
        };
        match problem {
            Problem::Expired | Problem::ExpiredContext { .. } => Self::Expired,
            Problem::NotValidYet | Problem::NotValidYetContext { .. } => Self::NotYetValid,
            Problem::NotValidForName | Problem::NotValidForNameContext { .. } => Self::WrongName,
            Problem::UnknownIssuer => Self::UnknownIssuer,
            _ => Self::Other(error.to_string()),
        }
    }
}

fn connect_failure(error: &ConnectError) -> Failure {
    match error {
        ConnectError::Dns(DnsError(text)) => (AttemptOutcome::Dns, text.clone()),
        // A connection may be accepted and end before the system reports it.
        ConnectError::Tcp(error) if is_disconnect(error) => {
            (AttemptOutcome::Broken, error_message(error))
        }
        ConnectError::Tcp(error) => (AttemptOutcome::Refused, error_message(error)),
        ConnectError::Tls(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            (AttemptOutcome::Tls, format!("{HANDSHAKE_FAILED}: the target closed the connection"))
        }
        ConnectError::Tls(error) => {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
            (AttemptOutcome::Tls, inner.map_or_else(|| error_message(error), tls_message))
        }
    }
}

/// What an error of reqwest means.
pub(super) fn reqwest_failure(error: &reqwest::Error) -> Failure {
    if let Some(DnsError(text)) = find(error) {
        return (AttemptOutcome::Dns, text.clone());
    }
    if let Some(error) = find::<rustls::Error>(error) {
        return (AttemptOutcome::Tls, tls_message(error));
    }
    let is_broken = find::<io::Error>(error).is_some_and(is_disconnect);
    let is_unsent = error.is_connect() || error.is_builder();
    let outcome = match is_unsent && !is_broken {
        true => AttemptOutcome::Refused,
        false => AttemptOutcome::Broken,
    };
    (outcome, reqwest_message(error))
}

/// What an error of reqwest says, in pgwh's own words where the bytes of the response are wrong.
pub fn reqwest_message(error: &reqwest::Error) -> String {
    match find::<hyper::Error>(error) {
        Some(error) if error.is_incomplete_message() => CLOSED.to_owned(),
        Some(error) if error.is_parse() => "the response is not valid HTTP".to_owned(),
        _ => error_message(error),
    }
}

/// The TLS library's text, or a plainer one for what happens most.
fn tls_message(error: &rustls::Error) -> String {
    match (CertificateProblem::from(error), error) {
        (CertificateProblem::Expired, _) => "the certificate has expired".to_owned(),
        (CertificateProblem::NotYetValid, _) => "the certificate is not valid yet".to_owned(),
        (_, rustls::Error::InvalidMessage(InvalidMessage::HandshakePayloadTooLarge)) => {
            CHAIN_TOO_LARGE.to_owned()
        }
        (_, rustls::Error::InvalidMessage(_)) => NOT_TLS.to_owned(),
        (_, rustls::Error::AlertReceived(alert)) => {
            format!("{HANDSHAKE_FAILED}: the target sent the alert {}", in_words(*alert))
        }
        (
            _,
            rustls::Error::InappropriateMessage { .. }
            | rustls::Error::InappropriateHandshakeMessage { .. }
            | rustls::Error::PeerMisbehaved(_),
        ) => format!("{HANDSHAKE_FAILED}: the target does not follow the protocol"),
        (_, rustls::Error::PeerIncompatible(_)) => {
            format!("{HANDSHAKE_FAILED}: the target offers no version or cipher that is safe")
        }
        (_, rustls::Error::General(text)) => text.clone(),
        // The cause within has a type that is private to the library.
        (CertificateProblem::Other(text), _) if text.contains("CaUsedAsEndEntity") => {
            SELF_SIGNED.to_owned()
        }
        _ => error.to_string(),
    }
}

/// `HandshakeFailure` as `handshake failure`.
fn in_words(alert: rustls::AlertDescription) -> String {
    let mut words = String::new();
    for c in format!("{alert:?}").chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

fn is_disconnect(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
}

/// The first error of this type, from the outermost inwards.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = cause(error);
    }
    None
}
