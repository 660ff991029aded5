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

pub use attempt::{Answer, Attempt, Delivery, Outcome, Timings, Verdict};
pub use certificate::{Distrust, Peer};
pub use deliver::{Clock, Plan, Transport, deliver};
pub use hints::hint;
pub use retry::{Backoff, InvalidRetryOn, RetryOn, RetryPolicy};
pub use words::{attempt_word, milliseconds, reason};

#[cfg(feature = "cli")]
pub(crate) use credentials::authorization;
#[cfg(feature = "cli")]
pub use http::HttpTransport;
#[cfg(fuzzing)]
pub use line::fuzzed;
#[cfg(feature = "cli")]
pub use line::{Endpoint, Line, NoEndpoint};
#[cfg(feature = "cli")]
pub use network::{InvalidResolve, Network, Resolve};
#[cfg(feature = "cli")]
pub use prober::Prober;
#[cfg(feature = "cli")]
pub use setup::SetupError;
#[cfg(feature = "cli")]
pub(crate) use tls::client_config;
