//! Does PGM get to show the whole response?

use super::*;
use crate::pgm::RESPONSE_CHARS;
use crate::text::count;

/// How much of the text that PGM keeps is shown: its end.
const SHOWN_CHARS: usize = 30;

pub(super) const PROBE: Probe = Probe {
    id: "brief-response",
    level: Level::Should,
    source: Provenance::Documented,
    passes_when: "the response has at most 1000 characters",
    explanation: "PGM keeps and shows only the first 1000 characters of a response, and asks for \
        responses as brief as possible, such as Ok. Looks at the response to the first request.",
    phase: Phase::First,
    judge,
    ..DEFAULTS
};

fn judge(_: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let response = responses.first().and_then(|first| first.attempt.as_ref()?.response.as_ref());
    let Some(response) = response else { return ProbeResult::skip("there is no response") };
    let characters = response.text.chars().count();
    if !response.truncated {
        return ProbeResult::pass(count(characters as u64, "character"));
    }
    let end: String = response.text.chars().skip(characters.saturating_sub(SHOWN_CHARS)).collect();
    ProbeResult::fail(
        format!(
            "{} bytes; PGM would cut it after {RESPONSE_CHARS} characters: …{end}",
            response.bytes
        ),
        "respond briefly, for example Ok; details belong in the receiver's log",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_response_that_pgm_would_cut_fails() {
        assert_eq!(judge(&config(), &[with_text(responded(200), "Ok")]).evidence, "2 characters");
        let failed = judge(&config(), &[cut_off(responded(200), &"ż".repeat(1000), 2002)]);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert_eq!(
            failed.evidence,
            format!("2002 bytes; PGM would cut it after 1000 characters: …{}", "ż".repeat(30))
        );
    }
}
