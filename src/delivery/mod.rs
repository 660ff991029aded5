//! Sending a signed request: one attempt over the network, and the loop that repeats it. Does
//! network I/O, never prints. Here is what came of it, as values and in words.

mod deliver;

#[cfg(feature = "cli")]
mod direct;
#[cfg(feature = "cli")]
mod http_transport;
#[cfg(feature = "cli")]
mod partial_response;
#[cfg(feature = "cli")]
mod reqwest_transport;

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::StatusCode;

use crate::pgm::{self, SignedRequest};
use crate::text::shortened;

pub use deliver::{
    Backoff, Clock, MAX_REPEATS, RetryOn, RetryPolicy, SendMode, Transport, deliver,
};

#[cfg(feature = "cli")]
pub use direct::{KeepAliveTransport, reqwest_message};
#[cfg(feature = "cli")]
pub use http_transport::{HttpTransport, ProbeClient};
#[cfg(feature = "cli")]
pub use reqwest_transport::{Protocol, ProxyError, check_proxies, client_builder, proxy_for};

/// One POST and its outcome.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Its number within its delivery, from 1.
    pub n: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// Whether a connection, TLS included, was established.
    pub reached: bool,
    /// Time from its start to the last byte of the response, or to whatever ended it.
    pub elapsed: Duration,
    /// Where that time went.
    pub timings: Timings,
    /// The response, or as much of it as came before the attempt failed.
    pub response: Option<Response>,
    /// What went wrong, in one line, if there was no whole response in time; or that a response
    /// may be that of a proxy. Comes from the system, a library or the target: escape it before it
    /// is shown.
    pub error: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttemptOutcome {
    /// The target responded, whatever the status, to the last byte and in time.
    Responded,
    /// The time was up before the last byte of the response.
    TimedOut,
    /// Nothing accepted the connection.
    Refused,
    /// The host's name has no address.
    Dns,
    /// The TLS handshake failed.
    Tls,
    /// The connection broke, or what came was not HTTP.
    Broken,
}

impl AttemptOutcome {
    const ALL: [Self; 6] =
        [Self::Responded, Self::TimedOut, Self::Refused, Self::Dns, Self::Tls, Self::Broken];

    /// Its name in JSON and in the requests list.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Responded => "responded",
            Self::TimedOut => "timed-out",
            Self::Refused => "refused",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Broken => "broken",
        }
    }

    /// The outcome of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// How long each phase took; `None` for a phase that was not reached, not needed, or not
/// measured (through a proxy and over HTTP/2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Looking up the host's name.
    pub dns: Option<Duration>,
    /// Connecting.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// From the connection to the head of the response.
    pub wait: Option<Duration>,
    /// From the head of the response to its last byte.
    pub body: Option<Duration>,
}

impl Timings {
    /// The phases that were measured, in their order, with their names for people.
    pub fn phases(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        let Self { dns, connect, tls, wait, body } = *self;
        [("DNS", dns), ("connect", connect), ("TLS", tls), ("wait", wait), ("body", body)]
            .into_iter()
            .filter_map(|(name, time)| Some((name, time?)))
    }
}

/// A target's response. All of it comes from outside: escape it before it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// HTTP version, such as `HTTP/1.1`.
    pub version: String,
    /// Headers in the order they came, values with replacement characters for broken UTF-8.
    pub headers: Vec<(String, String)>,
    /// The first [`pgm::RESPONSE_CHARS`] characters, as PGM keeps them, decompressed where the
    /// target compressed unasked; broken UTF-8 as replacement characters.
    pub text: String,
    /// Size of the body in bytes, as it was transferred.
    pub bytes: u64,
    /// Whether the body is longer than `text`.
    pub truncated: bool,
}

impl Response {
    /// The first value of a header; the name is compared regardless of case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let wanted = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().find(wanted).map(|(_, value)| value.as_str())
    }
}

impl Attempt {
    /// HTTP status of the response, even of one that was not complete.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Whether the response is a whole 2xx, however late.
    pub fn is_accepted(&self) -> bool {
        self.outcome == AttemptOutcome::Responded && self.status().is_some_and(pgm::is_success)
    }

    /// Whether the response is a whole 2xx that came when PGM had given up: a longer time limit than
    /// [`pgm::TIMEOUT`] shows such a response, but does not make it count.
    pub fn is_late(&self) -> bool {
        self.is_accepted() && self.elapsed >= pgm::TIMEOUT
    }

    /// The verdict on this attempt alone.
    pub fn verdict(&self) -> DeliveryVerdict {
        match (self.is_accepted() && !self.is_late(), self.reached) {
            (true, _) => DeliveryVerdict::Delivered,
            (false, true) => DeliveryVerdict::Failed,
            (false, false) => DeliveryVerdict::Unreachable,
        }
    }
}

/// What PGM would show for a request, and whether it could be sent at all. Ordered from good
/// to bad, where a target that fails is worse than one that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryVerdict {
    /// A 2xx in time.
    Delivered,
    /// No connection was ever made.
    Unreachable,
    /// A connection was made, but no 2xx came in time.
    Failed,
}

impl DeliveryVerdict {
    /// Its name in JSON and in the requests list.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
        }
    }
}

/// A signed request's attempts, and the verdict.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// In the order in which they were made; at least one.
    pub attempts: Vec<Attempt>,
    /// What PGM would show.
    pub verdict: DeliveryVerdict,
}

/// What a target showed in the TLS handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsPeer {
    /// Protocol version, such as `TLS 1.3`; `None` when the handshake ended before it was used.
    pub version: Option<&'static str>,
    /// The certificates, DER, its own first.
    pub chain: Vec<Vec<u8>>,
    /// Why its certificate is not trusted, if it is not.
    pub problem: Option<CertificateProblem>,
}

/// Why a certificate is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateProblem {
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// It is for other names.
    WrongName,
    /// It was not issued by a trusted authority.
    UnknownIssuer,
    /// Something else, in the TLS library's words.
    Other(String),
}

/// `8.3 ms`, `1.20 s`: three digits, in the unit a person would use.
pub fn format_duration(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    match ms {
        _ if ms < 10.0 => format!("{ms:.1} ms"),
        _ if ms < 1000.0 => format!("{ms:.0} ms"),
        _ => format!("{:.2} s", ms / 1000.0),
    }
}

/// `503 Service Unavailable`. The standard's words for the status, never the target's own.
pub fn status_line(status: u16) -> String {
    let words = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    match words {
        Some(words) => format!("{status} {words}"),
        None => status.to_string(),
    }
}

/// How an attempt ended, in a few words.
pub fn describe_attempt(attempt: &Attempt) -> String {
    match (attempt.outcome, attempt.status()) {
        (AttemptOutcome::Responded, Some(status)) if attempt.is_late() => {
            format!("{}, too late", status_line(status))
        }
        (AttemptOutcome::Responded, Some(status)) => status_line(status),
        (AttemptOutcome::Responded, None) => "responded".to_owned(),
        (AttemptOutcome::TimedOut, Some(status)) => format!("timed out in the body of a {status}"),
        (AttemptOutcome::TimedOut, None) if attempt.reached => "timed out, no response".to_owned(),
        (AttemptOutcome::TimedOut, None) => "timed out, no connection".to_owned(),
        (AttemptOutcome::Refused, _) => "no connection".to_owned(),
        (AttemptOutcome::Dns, _) => "unknown host".to_owned(),
        (AttemptOutcome::Tls, _) => "TLS failed".to_owned(),
        (AttemptOutcome::Broken, Some(status)) => format!("broke off in the body of a {status}"),
        (AttemptOutcome::Broken, None) => "connection broke".to_owned(),
    }
}

/// Most characters of the URL that a redirect points to.
const MAX_LOCATION_CHARS: usize = 200;

/// What ended an attempt: its outcome and what went wrong.
#[cfg(feature = "cli")]
type Failure = (AttemptOutcome, String);

/// How the error of a failure that may be the proxy's begins.
const BY_PROXY: &str = "through proxy";
/// What the error of a proxy that opens no tunnel says.
const TUNNEL_REFUSED: &str = "refused the tunnel";
/// The error of a server that speaks something else where TLS is expected.
const NOT_TLS: &str = "the target does not speak TLS on this port";
/// The error of a server that does not speak HTTP/2.
const NOT_HTTP2: &str = "the target does not speak HTTP/2 on this port";
/// The error of a certificate chain that the TLS library does not read.
const CHAIN_TOO_LARGE: &str =
    "the certificate chain is too large for the TLS library (more than 64 KiB)";
/// How the error of a handshake begins that failed before a certificate could be verified.
const HANDSHAKE_FAILED: &str = "the TLS handshake failed";
/// The error of a certificate that is its own authority, used as a server's.
const SELF_SIGNED: &str = "the certificate is its own authority (self-signed)";

/// One sentence of help for an attempt that did not succeed. It may quote the target: escape it
/// before it is shown.
pub fn help(attempt: &Attempt, request: Option<&SignedRequest>) -> String {
    let mentions = |text: &str| attempt.error.as_deref().is_some_and(|error| error.contains(text));
    let text = match (attempt.outcome, attempt.status()) {
        (_, Some(407)) => PROXY_PASSWORD_HELP,
        _ if mentions("407 Proxy Authentication Required") => PROXY_PASSWORD_HELP,
        (AttemptOutcome::Responded, _) if mentions("the proxy's own") => PROXY_HELP,
        _ if attempt.is_late() => RESPOND_FIRST_HELP,
        (AttemptOutcome::Responded, Some(status)) => {
            return status_help(status, attempt, request);
        }
        (AttemptOutcome::TimedOut, _) if attempt.reached => RESPOND_FIRST_HELP,
        (AttemptOutcome::TimedOut, _) if attempt.timings.tls.is_some() => NO_TLS_HELP,
        (AttemptOutcome::TimedOut, _) => {
            "nothing responds at that address: check host, port and firewall"
        }
        _ if mentions(BY_PROXY) || mentions(TUNNEL_REFUSED) => PROXY_HELP,
        (AttemptOutcome::Refused, _) if mentions("Too many open files") => {
            "that is this machine's own limit: raise it with `ulimit -n`"
        }
        (AttemptOutcome::Refused, _) => "is the receiver running, and on this port?",
        (AttemptOutcome::Dns, _) => {
            "check the host's name; --resolve HOST:PORT:ADDR uses an address of your own"
        }
        _ if mentions(NOT_HTTP2) => "leave --http2 out: PGM is not known to use HTTP/2",
        _ if mentions("speaks TLS") => "did you mean https://?",
        (AttemptOutcome::Tls, _) if mentions(NOT_TLS) => NO_TLS_HELP,
        (AttemptOutcome::Tls, _) if mentions(CHAIN_TOO_LARGE) => {
            "serve only the server's certificate and its intermediates, not a bundle of authorities"
        }
        (AttemptOutcome::Tls, _) if mentions(HANDSHAKE_FAILED) => {
            "look in the server's log: it must offer TLS 1.2 or 1.3 for this host name on this port"
        }
        (AttemptOutcome::Tls, _) if mentions("no certificate authorities") => {
            "install the system's certificates (ca-certificates), or use --ca-cert FILE"
        }
        (AttemptOutcome::Tls, _) if mentions(SELF_SIGNED) => {
            "create a certificate for the server that it signs and that is not an authority \
             itself, as mkcert does; or use --insecure"
        }
        (AttemptOutcome::Tls, _) => {
            "PGM needs a certificate that is trusted, valid and for this name; for one of your own \
             use --ca-cert FILE, or --insecure"
        }
        _ => {
            "the receiver ended the connection: look for a crash in its log, and check that it \
             speaks HTTP on this port"
        }
    };
    text.to_owned()
}

/// What to do about a response that came too late, or not at all.
pub const RESPOND_FIRST_HELP: &str =
    "respond first, work later: PGM allows 5 seconds until the last byte";
const PROXY_HELP: &str = "the environment names this proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY); list \
                          the target's host in NO_PROXY to bypass it";
const PROXY_PASSWORD_HELP: &str = "the proxy asks for a user and a password: put them into its URL, as \
                                   in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT";
const NO_TLS_HELP: &str =
    "something listens there, but without TLS: did you mean http://, or another port?";

fn status_help(status: u16, attempt: &Attempt, request: Option<&SignedRequest>) -> String {
    let header = |name| attempt.response.as_ref().and_then(|response| response.header(name));
    let text = match status {
        300..=399 => match header("location") {
            Some(location) => {
                let location = shortened(location, MAX_LOCATION_CHARS);
                return format!(
                    "it points to {location}: use that URL; PGM does not promise to follow redirects"
                );
            }
            None => "use the URL that responds itself; PGM does not promise to follow redirects",
        },
        401 | 403 if request.is_some_and(|request| request.signature().is_none()) => {
            "a receiver should reject a request without a signature, as this one does"
        }
        401 | 403 => {
            let id = request.map_or("ID", |request| request.request_id().as_str());
            return format!(
                "the receiver rejected the signature: does it have the same secret? \
                 `pgwh sign --request-id {id}` shows what it should compute"
            );
        }
        404 | 410 => {
            "no receiver at this path: check the URL, also for a missing or extra slash at its end"
        }
        405 => "the receiver accepts no POST at this path",
        413 | 414 | 431 => "the request is too large for the receiver: raise its limits",
        415 | 400 | 422 => "the receiver could not use the body: compare it with `pgwh sign EVENT`",
        429 => match header("retry-after") {
            Some(time) => {
                return format!(
                    "it asks to wait (Retry-After: {time}), which PGM is not known to do: accept \
                     every request at once"
                );
            }
            None => "PGM is not known to slow down: accept every request at once",
        },
        500..=599 => "the receiver failed: look for the request id in its log",
        _ => "PGM counts only a 2xx as success",
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits() {
        for (micros, text) in [
            (0, "0.0 ms"),
            (230, "0.2 ms"),
            (23_400, "23 ms"),
            (999_000, "999 ms"),
            (5_000_000, "5.00 s"),
        ] {
            assert_eq!(format_duration(Duration::from_micros(micros)), text);
        }
    }
}
