//! What a capture proves, and the reason when it proves nothing. Pure: the present time is
//! passed in.
//!
//! [`Examiner`] judges one capture by itself and can be used from many threads; [`RequestIndex`]
//! and [`Diagnoser`] take the results in the order of the file and add what only several
//! captures show. [`Verifier`] is all of them in one, for one thread.

mod body;
mod diagnosis;
mod examine;
mod finding;
mod findings;
mod headers;
mod request_index;
mod verifier;

pub use diagnosis::{Diagnoser, Signed};
pub use examine::{Examination, Examiner, NamedSecret};
pub use finding::{Finding, FindingKind, Severity, SignatureVerdict};
pub use request_index::{Repetition, RequestIndex, RequestKey};
pub use verifier::{CaptureLine, Secrets, Totals, Verifier};
