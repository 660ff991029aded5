//! The local receiver: takes requests as PGM's target does, within limits, and answers as it
//! is told to. Does network and file I/O, never prints.
//!
//! [`Receiver`] accepts connections and speaks HTTP; a [`Handler`] makes something of the
//! requests. [`Recorder`] is the small one, for a demonstration; [`Desk`] is the one behind
//! `pgwh listen`.

mod account;
mod answer;
mod body;
mod caller;
mod connection;
mod desk;
mod forward;
mod goal;
mod handler;
mod judge;
mod lanes;
mod ledger;
mod limits;
mod news;
mod policy;
mod received;
mod record;
mod refusal;
mod save;
mod script;
mod server;
mod service;
mod stall;
mod stop;
mod tally;
mod timer;
mod tls;
mod told;

pub use answer::{Answer, Reply};
pub use desk::{Desk, Setup};
pub use forward::{Forward, Forwarder, Passed, Unpassed};
pub use goal::Goal;
pub use handler::Handler;
pub use judge::{Judge, Judgement};
pub use lanes::Lanes;
pub use ledger::{Ledger, Seen};
pub use limits::Limits;
pub use news::{Detail, News};
pub use policy::{Because, Call, Plan, Policy, Rule};
pub use received::Received;
pub use record::{Exchange, Recorder};
pub use refusal::{Reason, Refusal};
pub use save::{CaptureFile, FixtureFolder, Kept, NotSaved, Rotation, Saver, Saving};
pub use script::{parse_delay, parse_script, parse_status, usual_text};
pub use server::{Receiver, Settings};
pub use tally::Tally;
pub use tls::{TlsError, from_files, self_signed};
pub use told::{Account, Given, Told};
