//! What a capture proves, and the reason when it proves nothing. Pure: the present time and
//! randomness are passed in.
//!
//! [`Examiner`] judges one capture by itself and is free to run on many threads; [`Ledger`]
//! and [`Diagnoser`] take the results in the order of the file and add what only several
//! captures show. [`Verifier`] is all of them in one, for one thread.

mod body;
mod catalogue;
mod diagnosis;
mod examine;
mod finding;
mod headers;
mod json;
mod ledger;
mod lines;
mod redaction;
mod seed;
mod verdict;
mod verifier;

pub use catalogue::Kind;
pub use diagnosis::{Diagnoser, Signed};
pub use examine::{Examined, Examiner, NamedSecret};
pub use finding::{Finding, Severity};
pub use ledger::{Key, Ledger, Recurrence};
pub use lines::CaptureLine;
pub use seed::Seed;
pub use verdict::Verdict;
pub use verifier::{Secrets, Totals, Verifier};

/// The candidate whose name looks most like `name`, if one is near enough to be meant.
fn nearest<T>(
    name: &str,
    candidates: impl Iterator<Item = T>,
    name_of: impl Fn(&T) -> &'static str,
) -> Option<T> {
    // Jaro-Winkler: 1 is equal, 0 has nothing in common.
    const NEAR: f64 = 0.85;
    let rated = candidates.map(|it| (strsim::jaro_winkler(name, name_of(&it)), it));
    let near = rated.filter(|(rate, _)| *rate >= NEAR);
    near.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, it)| it)
}
