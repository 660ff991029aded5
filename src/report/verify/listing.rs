//! How many captures a report lists that is read as a whole.

use super::summary::counted;

/// Of the clean captures, and of the others, this many are listed: a page of a million rows
/// helps nobody, and would have to be held in memory.
const LISTED: u64 = 500;

/// Counts what is listed and what is left out.
#[derive(Debug, Default)]
pub(super) struct Listing {
    clean: u64,
    others: u64,
}

impl Listing {
    /// Whether the next capture is listed.
    pub(super) fn takes(&mut self, clean: bool) -> bool {
        let count = if clean { &mut self.clean } else { &mut self.others };
        *count += 1;
        *count <= LISTED
    }

    /// What was left out, in words, if anything was.
    pub(super) fn left_out(&self) -> Option<String> {
        let beyond = |count: u64| count.saturating_sub(LISTED);
        let (clean, others) = (beyond(self.clean), beyond(self.others));
        let text = match (clean, others) {
            (0, 0) => return None,
            (clean, 0) => format!("{} that are valid", counted(clean, "further capture")),
            (0, others) => format!("{} to look at", counted(others, "further capture")),
            (clean, others) => format!(
                "{}, {others} of them to look at",
                counted(clean + others, "further capture")
            ),
        };
        Some(format!("Not listed: {text}. --format json lists all."))
    }
}
