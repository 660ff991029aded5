//! The local receiver: accepts requests as PGM's target does, within limits, and responds as it is
//! told to. Does network and file I/O, never prints.
//!
//! [`Receiver`] accepts connections and speaks HTTP; a [`Handler`] decides how to respond.
//! [`ListenHandler`] is the one behind `pgwh listen`.

mod accept;
mod connection;
mod event;
mod fixtures;
mod forward;
mod handler;
mod policy;
mod refusal;
mod request;
mod response;
mod saver;
mod script;
mod seen_ids;
mod server;
mod service;
mod signature_checker;
mod stats;
mod tls;

pub use accept::Receiver;
pub use event::{EventDetail, EventSink, ListenEvent, RequestEvent, RequestOutcome};
pub use fixtures::FixtureFolder;
pub use forward::{ForwardConfig, ForwardError, Forwarded, Forwarder, headers_by_name};
pub use handler::{ListenConfig, ListenHandler};
pub use policy::{PlanSource, RequestInfo, ResponsePlan, ResponsePolicy, ResponseRule};
pub use refusal::{Refusal, RefusalReason};
pub use request::{Handler, IncomingRequest};
pub use response::{Reply, Response};
pub use saver::{SaveError, Saver};
pub use script::{default_text, parse_delay, parse_script, parse_status};
pub use seen_ids::{Occurrence, SeenIds};
pub use server::{Limits, Settings};
pub use signature_checker::{RequestReport, SignatureChecker};
pub use stats::{ListenStats, StopCondition};
pub use tls::{TlsError, from_files, self_signed};
