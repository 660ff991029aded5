//! What is said when nothing was found.

use super::formula::FORMULAS;
use super::ids;
use crate::verify::finding::Finding;
use crate::verify::findings;

/// What a search in full went through.
pub(super) struct Searched {
    pub calculations: u64,
    /// Of all accepted secrets.
    pub spellings: usize,
    /// Secrets of other webhooks.
    pub known: usize,
    /// Ids of other requests.
    pub others: usize,
}

impl Searched {
    /// Says that it found nothing.
    pub fn in_vain(&self) -> Finding {
        let mut parts = vec![
            format!("{} spellings of the secret, alone and in pairs", self.spellings),
            format!("{} of the request id", ids::SUSPECTS.len()),
            format!("{} formulas", FORMULAS.len()),
        ];
        parts.extend(counted(self.known, "other known secret"));
        parts.extend(counted(self.others, "other request id"));
        let last = parts.pop().unwrap_or_default();
        let calculations = self.calculations;
        let message = format!(
            "The signature fits none of {calculations} calculations: {} and {last}.",
            parts.join(", ")
        );
        Finding::new(&findings::CAUSE_UNKNOWN)
            .with_message(message)
            .with("tried", calculations.to_string())
    }
}

/// The signature is no digest at all.
pub(super) fn malformed(signature: &str) -> Finding {
    let length = signature.chars().count();
    Finding::new(&findings::SIGNATURE_MALFORMED).with("characters", length.to_string())
}

fn counted(count: usize, what: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        many => Some(format!("{many} {what}s")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_there_is_counted() {
        let message = |known, others| {
            let searched = Searched { calculations: 9, spellings: 3, known, others };
            searched.in_vain().message.into_owned()
        };
        assert!(
            message(0, 0).ends_with(" of the request id and 52 formulas."),
            "{}",
            message(0, 0)
        );
        assert!(message(1, 2).ends_with(", 1 other known secret and 2 other request ids."));
        assert!(message(2, 1).ends_with(", 2 other known secrets and 1 other request id."));
    }
}
