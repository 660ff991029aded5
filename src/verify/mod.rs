//! What a capture proves, and the reason when it proves nothing. Pure: the present time and
//! randomness are passed in.
//!
//! [`Examiner`] judges one capture by itself and is free to run on many threads; [`Ledger`]
//! and [`Diagnoser`] take the results in the order of the file and add what only several
//! captures show. [`Verifier`] is all of them in one, for one thread.

mod body;
mod diagnosis;
mod examine;
mod finding;
mod findings;
mod headers;
mod json;
mod ledger;
mod lines;
mod redaction;
mod seed;
mod verdict;
mod verifier;

pub use diagnosis::{Diagnoser, Signed};
pub use examine::{Examined, Examiner, NamedSecret};
pub use finding::{Finding, FindingKind, Severity};
pub use ledger::{Key, Ledger, Recurrence};
pub use lines::CaptureLine;
pub use seed::Seed;
pub use verdict::Verdict;
pub use verifier::{Secrets, Totals, Verifier};
