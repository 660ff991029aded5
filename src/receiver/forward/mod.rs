//! Passing requests on, with their exact bytes.

mod exchange;
mod headers;
mod routes;

pub use exchange::{Passed, Unpassed};
pub use routes::{Forward, Forwarder};
