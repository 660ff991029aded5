//! Sending a signed request: one attempt over the network, and the loop that repeats it.
//! Does network I/O, never prints.

mod attempt;
mod classify;
mod client;
mod credentials;
mod deliver;
mod hang_up;
mod hints;
mod http;
mod line;
mod moments;
mod names;
mod network;
mod peer;
mod phases;
mod prober;
mod proxy;
mod received;
mod response;
mod retry;
mod setup;
mod tls;
mod words;

pub use attempt::{Answer, Attempt, Delivery, Outcome, Timings, Verdict};
pub(crate) use credentials::authorization;
pub use deliver::{Clock, Plan, Transport, deliver};
pub use hints::hint;
pub use http::HttpTransport;
#[cfg(fuzzing)]
pub use line::fuzzed;
pub use line::{Endpoint, Line, NoEndpoint};
pub use network::{InvalidResolve, Network, Resolve};
pub use peer::{Distrust, Peer};
pub use prober::Prober;
pub use retry::{Backoff, InvalidRetryOn, RetryOn, RetryPolicy};
pub use setup::SetupError;
pub(crate) use tls::client_config;
pub use words::{attempt_word, milliseconds, reason};
