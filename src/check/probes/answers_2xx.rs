//! Does the target accept an event?

use super::*;
use crate::delivery::{Attempt, format_duration, help};

pub(super) const PROBE: Probe = Probe {
    id: "answers-2xx",
    level: Level::Must,
    source: Provenance::Documented,
    passes_when: "Test gets a 2xx; a redirect is not one",
    explanation: "PGM marks a request as successful when the response is a 2xx and as failed when \
        it is anything else; it does not promise to follow redirects. Sends the event Test, as \
        PGM's button \"Test all webhooks\" does. Most other checks need this one and are skipped \
        without it.",
    prerequisite: Prerequisite::Reached,
    phase: Phase::First,
    judge,
    ..DEFAULTS
};

fn judge(_: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let Some((response, attempt)) = responses.first().and_then(|r| Some((r, r.attempt.as_ref()?)))
    else {
        return ProbeResult::skip("nothing was sent");
    };
    let evidence = format!("{} in {}", describe(response), format_duration(attempt.elapsed));
    if response.is_accepted() {
        return ProbeResult::pass(evidence);
    }
    let help = match response.status() {
        Some(400..=499) => reason_in(response.text()).map(str::to_owned),
        _ => None,
    };
    ProbeResult::fail(
        evidence + &detail(attempt),
        help.unwrap_or_else(|| self::help(attempt, None)),
    )
}

/// What the target or the system said about it.
fn detail(attempt: &Attempt) -> String {
    if let Some(error) = &attempt.error {
        return format!(" ({error})");
    }
    let Some(response) = &attempt.response else { return String::new() };
    if let (300..=399, Some(location)) = (response.status, response.header("location")) {
        return format!(", which points to {}", quote(location));
    }
    match quote(&response.text) {
        text if text.is_empty() => text,
        text => format!(": {text}"),
    }
}

/// What to do about a rejection whose text names its reason.
fn reason_in(text: &str) -> Option<&'static str> {
    const OTHER_HEADER: &str = "the text names a header: PGM sends X-PerfectGym-Request and \
        X-PerfectGym-Signature, and none of any other name is known";
    const MISSING_FIELD: &str = "the text names a field: PGM's body is an object with event, \
        triggeredDate and data, and all other fields are in data";
    const UNSUPPORTED: &str = "accept Test like any other event: PGM's button \"Test all webhooks\" \
        sends it, and its failure is what an operator sees";
    let text = text.to_ascii_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match () {
        () if names(&["header", "x-"]) && !names(&["x-perfectgym"]) => Some(OTHER_HEADER),
        () if names(&["unsupported", "not supported", "unknown event", "invalid event"])
            || (names(&["event"]) && names(&["unknown", "unrecognized", "not allowed"])) =>
        {
            Some(UNSUPPORTED)
        }
        () if names(&["missing", "required", "must have", "undefined"]) => Some(MISSING_FIELD),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn only_a_2xx_passes_and_a_redirect_says_where_it_points() {
        assert_eq!(judge(&config(), &[responded(204)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[timed_out()]).status, CheckStatus::Fail);
        let failed = judge(&config(), &[with_header(responded(302), "Location", "/login")]);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert_eq!(failed.evidence, "302 Found in 10 ms, which points to /login");
        assert!(failed.help.unwrap().contains("does not promise to follow"));
        let failed = judge(&config(), &[with_text(responded(500), "boom\nat line 1")]);
        assert_eq!(failed.evidence, "500 Internal Server Error in 10 ms: boom at line 1");
    }
}
