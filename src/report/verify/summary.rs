//! The sum of a run, in words that several reports share.

use crate::report::grouped;
use crate::verify::{SignatureVerdict, Totals};

/// The sum of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// How many captures had which verdict.
    pub totals: Totals,
    /// How many captures were the same request again.
    pub retries: u64,
    /// How many files, or parts of files, could not be read.
    pub unread: u64,
}

impl Summary {
    /// Whether every capture is proven.
    pub fn is_good(&self) -> bool {
        self.totals.all_valid() && self.unread == 0
    }

    /// "3 captures: 2 valid, 1 invalid".
    pub(super) fn verdicts(&self) -> String {
        let totals = &self.totals;
        let captures = counted(totals.captures, "capture");
        if totals.all_valid() {
            let all = if totals.captures == 1 { "valid" } else { "all valid" };
            return format!("{captures}, {all}");
        }
        let counts = SignatureVerdict::ALL.map(|verdict| (totals.of(verdict), verdict));
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<_> =
            counts.map(|(count, verdict)| format!("{} {verdict}", grouped(*count))).collect();
        format!("{captures}: {}", counts.join(", "))
    }

    /// What else was counted, a sentence each.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.retries > 0 {
            let requests = counted(self.totals.distinct_requests, "distinct request");
            let retries = match self.retries {
                1 => "1 capture is a retry".to_owned(),
                many => format!("{} captures are retries", grouped(many)),
            };
            remarks.push(format!("{retries}; {requests} in all."));
        }
        match self.totals.skipped {
            0 => {}
            1 => remarks.push("1 other request is not PGM's, and was skipped.".to_owned()),
            many => {
                let many = grouped(many);
                remarks.push(format!("{many} other requests are not PGM's, and were skipped."));
            }
        }
        match self.unread {
            0 => {}
            1 => remarks.push("1 part could not be read: nothing is proven of it.".to_owned()),
            many => {
                let many = grouped(many);
                remarks.push(format!("{many} parts could not be read: nothing is proven of them."));
            }
        }
        remarks
    }
}

/// "1 capture", "2,000 captures".
pub(super) fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_read_like_sentences() {
        let words = |captures, valid, invalid| {
            let totals = Totals { captures, valid, invalid, ..Totals::default() };
            Summary { totals, ..Summary::default() }.verdicts()
        };
        assert_eq!(words(1, 1, 0), "1 capture, valid");
        assert_eq!(words(1000, 1000, 0), "1,000 captures, all valid");
        assert_eq!(words(3, 2, 1), "3 captures: 2 valid, 1 invalid");
        assert_eq!(grouped(12), "12");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
