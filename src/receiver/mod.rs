//! The local receiver: takes requests as PGM's target does, within limits, and answers as it
//! is told to. Does network I/O, never prints.
//!
//! [`Receiver`] accepts connections and speaks HTTP; a [`Handler`] makes something of the
//! requests.

mod answer;
mod body;
mod connection;
mod handler;
mod ledger;
mod limits;
mod policy;
mod received;
mod record;
mod refusal;
mod server;
mod service;
mod stop;

pub use answer::{Answer, Reply};
pub use handler::Handler;
pub use ledger::{Ledger, Seen};
pub use limits::Limits;
pub use policy::{Call, Plan, Policy};
pub use received::Received;
pub use record::{Exchange, Recorder};
pub use refusal::{Reason, Refusal};
pub use server::{Receiver, Settings};
