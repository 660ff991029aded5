//! The requests list: every request that was sent, with its attempts, in a SQLite file of the
//! user's. Does file I/O, never prints, and never fails a send: see [`Recorder`].
//!
//! What is promised: an attempt is in the list before it is sent, and its result right after it.
//! A process that is killed loses nothing of that, as the system holds what was written. A machine
//! that loses power may lose the newest rows, but never the list and never later ones: waiting for
//! the disk would be the most expensive part of a send (4 ms a commit against 0.1 ms).

mod error;
mod list;
mod model;
mod query;
mod recorder;
mod write;

pub use error::{ListError, Warning};
pub use list::{RequestsList, Retention};
pub use model::{AttemptStatus, LoadCounts, RequestRow, Status, StoredAttempt, StoredRequest};
pub use query::{Filter, IdMatch};
pub use recorder::Recorder;
pub use write::{LoadRun, RequestMeta};
