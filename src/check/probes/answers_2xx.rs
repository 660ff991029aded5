//! Does the target acknowledge an event?

use super::super::judging::word;
use super::prelude::*;
use crate::delivery::{Attempt, format_duration, help};

pub(super) const PROBE: Probe = Probe {
    id: "answers-2xx",
    level: Level::Must,
    source: Source::Documented,
    passes_when: "Test gets a 2xx; a redirect is none",
    explanation: "PGM marks a request successful when the answer is a 2xx, and failed when it is \
        anything else; it does not promise to follow redirects. Sends the event Test, as PGM's \
        button \"Test all webhooks\" does. Most other checks stand on this one and are skipped \
        without it.",
    guards_signature: false,
    needs: Needs::Call,
    turn: Turn::Together,
    sends: |_| Sends::First,
    judge,
};

fn judge(_: &Setting, replies: &[Reply]) -> Judgement {
    let Some((reply, attempt)) = replies.first().and_then(|r| Some((r, r.attempt.as_ref()?)))
    else {
        return Judgement::skip("nothing was sent");
    };
    let evidence = format!("{} in {}", word(reply), format_duration(attempt.elapsed));
    if reply.is_accepted() {
        return Judgement::pass(evidence);
    }
    Judgement::fail(evidence + &detail(attempt), help(attempt))
}

/// What the target or the system said about it.
fn detail(attempt: &Attempt) -> String {
    if let Some(error) = &attempt.error {
        return format!(" ({error})");
    }
    let Some(answer) = &attempt.response else { return String::new() };
    if let (300..=399, Some(location)) = (answer.status, answer.header("location")) {
        return format!(", which points to {location}");
    }
    match answer.text.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => format!(": {}", line.chars().take(100).collect::<String>()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn only_a_2xx_passes_and_a_redirect_says_where_it_points() {
        assert_eq!(judge(&setting(), &[answered(204)]).word, Word::Pass);
        assert_eq!(judge(&setting(), &[timed_out()]).word, Word::Fail);
        let failed = judge(&setting(), &[with_header(answered(302), "Location", "/login")]);
        assert_eq!(failed.word, Word::Fail);
        assert_eq!(failed.evidence, "302 Found in 10 ms, which points to /login");
        assert!(failed.hint.unwrap().contains("does not promise to follow"));
        let failed = judge(&setting(), &[with_text(answered(500), "boom\nat line 1")]);
        assert_eq!(failed.evidence, "500 Internal Server Error in 10 ms: boom");
    }
}
