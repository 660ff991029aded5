//! Sending a signed request: one attempt over the network, and the loop that repeats it. Does
//! network I/O, never prints.

mod attempt;
mod deliver;
mod format;
mod help;
mod retry;

#[cfg(feature = "cli")]
mod direct;
#[cfg(feature = "cli")]
mod errors;
#[cfg(feature = "cli")]
mod http_transport;
#[cfg(feature = "cli")]
mod partial_response;
#[cfg(feature = "cli")]
mod proxy;
#[cfg(feature = "cli")]
mod reqwest_transport;

pub use attempt::{
    Attempt, AttemptOutcome, CertificateProblem, Delivery, DeliveryVerdict, Response, Timings,
    TlsPeer,
};
pub use deliver::{Clock, SendMode, Transport, deliver};
pub use format::{describe_attempt, format_duration, status_line};
pub use help::help;
pub use retry::{Backoff, RetryOn, RetryOnError, RetryPolicy};

#[cfg(feature = "cli")]
pub use direct::KeepAliveTransport;
#[cfg(feature = "cli")]
pub use http_transport::{HttpTransport, ProbeClient};
#[cfg(feature = "cli")]
pub use proxy::{ProxyError, check_proxies, proxy_for};
#[cfg(feature = "cli")]
pub use reqwest_transport::{Protocol, client_builder};
