//! The local receiver: accepts requests as PGM's target does, within limits, and responds as it is
//! told to. Does network and file I/O, never prints.
//!
//! [`Receiver`] accepts connections and speaks HTTP; a [`Handler`] decides how to respond.
//! [`ListenHandler`] is the one behind `pgwh listen`.

mod event;
mod forward;
mod handler;
mod response;
mod saver;
mod script;
mod server;
mod service;

pub use event::{
    EventDetail, EventSink, ListenEvent, ListenStats, Occurrence, RequestEvent, RequestOutcome,
    RequestReport, SeenIds, SignatureChecker, StopCondition,
};
pub use forward::{ForwardConfig, ForwardError, Forwarded, Forwarder, headers_by_name};
pub use handler::{ListenConfig, ListenHandler};
pub use response::{
    PlanSource, Reply, RequestInfo, Response, ResponsePlan, ResponsePolicy, ResponseRule,
};
pub use saver::{FixtureFolder, SaveError, Saver};
pub use script::{default_text, parse_delay, parse_script, parse_status};
pub use server::{Receiver, TlsError, from_files, self_signed};
pub use service::{Handler, IncomingRequest, Limits, Refusal, RefusalReason, Settings};
