//! Sending a signed request: one attempt over the network, and the loop that repeats it.
//! Does network I/O, never prints.

mod attempt;
mod classify;
mod deliver;
mod http;
mod network;
mod phases;
mod response;
mod retry;
mod tls;

pub use attempt::{Answer, Attempt, Delivery, Outcome, Timings, Verdict};
pub use deliver::{Clock, Plan, Transport, deliver};
pub use http::{HttpTransport, SetupError};
pub use network::{InvalidResolve, Network, Resolve};
pub use retry::{Backoff, InvalidRetryOn, RetryOn, RetryPolicy};
pub(crate) use tls::client_config;
