//! Sending a signed request: one attempt over the network, and the loop that repeats it.
//! Does network I/O, never prints.

mod attempt;
mod certificate;
mod deliver;
mod hints;
mod retry;
mod words;

#[cfg(feature = "cli")]
mod classify;
#[cfg(feature = "cli")]
mod client;
#[cfg(feature = "cli")]
mod credentials;
#[cfg(feature = "cli")]
mod hang_up;
#[cfg(feature = "cli")]
mod http;
#[cfg(feature = "cli")]
mod line;
#[cfg(feature = "cli")]
mod moments;
#[cfg(feature = "cli")]
mod names;
#[cfg(feature = "cli")]
mod network;
#[cfg(feature = "cli")]
mod peer;
#[cfg(feature = "cli")]
mod phases;
#[cfg(feature = "cli")]
mod prober;
#[cfg(feature = "cli")]
mod proxy;
#[cfg(feature = "cli")]
mod received;
#[cfg(feature = "cli")]
mod response;
#[cfg(feature = "cli")]
mod setup;
#[cfg(feature = "cli")]
mod tls;

pub use attempt::{Attempt, AttemptOutcome, Delivery, DeliveryVerdict, Response, Timings};
pub use certificate::{CertificateProblem, TlsPeer};
pub use deliver::{Clock, SendMode, Transport, deliver};
pub use hints::help;
pub use retry::{Backoff, RetryOn, RetryOnError, RetryPolicy};
pub use words::{describe_attempt, format_duration, status_line};

#[cfg(feature = "cli")]
pub use http::HttpTransport;
#[cfg(fuzzing)]
pub use line::fuzzed;
#[cfg(feature = "cli")]
pub use line::{Endpoint, EndpointError, Line};
#[cfg(feature = "cli")]
pub use network::{Network, Resolve, ResolveError};
#[cfg(feature = "cli")]
pub use prober::Prober;
#[cfg(feature = "cli")]
pub use setup::TlsConfigError;
#[cfg(feature = "cli")]
pub(crate) use tls::client_config;
