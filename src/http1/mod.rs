//! The HTTP/1.1 client that sends PGM's own requests straight to their target.
//!
//! It exists because the bytes on the wire are the product: header names go out as the vendor
//! writes them (`X-PerfectGym-Request`), which hyper and reqwest cannot do and which receivers
//! behind a gateway that keeps the case may depend on. It also gives the time of each phase and
//! control over the connection. A property test holds it against hyper.

mod connection;
mod endpoint;
mod framing;
mod network;
mod response;
#[cfg(test)]
mod tests;
mod tls;

pub use connection::{Connection, ResponseSink, SendError, asks_to_close, write_request};
pub use endpoint::{
    ConnectError, Endpoint, EndpointError, PhaseTimestamps, Stream, authorization, cause,
    error_message,
};
pub use network::{DnsError, Network, Resolve, ResolveError, lookup, static_addresses};
#[cfg(fuzzing)]
pub use response::fuzzing;
pub use response::{BodyPolicy, ResponseHead};
pub use tls::{ShownCertificate, TargetVerifier, TlsConfigError, client_config};
