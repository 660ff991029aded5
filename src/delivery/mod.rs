//! Sending a signed request: one attempt over the network, and the loop that repeats it. Does
//! network I/O, never prints.

mod attempt;
mod deliver;
mod help;

#[cfg(feature = "cli")]
mod direct;
#[cfg(feature = "cli")]
mod http_transport;
#[cfg(feature = "cli")]
mod partial_response;
#[cfg(feature = "cli")]
mod reqwest_transport;

pub use attempt::{
    Attempt, AttemptOutcome, CertificateProblem, Delivery, DeliveryVerdict, Response, Timings,
    TlsPeer, describe_attempt, format_duration, status_line,
};
pub use deliver::{
    Backoff, Clock, RetryOn, RetryOnError, RetryPolicy, SendMode, Transport, deliver,
};
pub use help::help;

#[cfg(feature = "cli")]
pub use direct::{KeepAliveTransport, reqwest_message};
#[cfg(feature = "cli")]
pub use http_transport::{HttpTransport, ProbeClient};
#[cfg(feature = "cli")]
pub use reqwest_transport::{Protocol, ProxyError, check_proxies, client_builder, proxy_for};
