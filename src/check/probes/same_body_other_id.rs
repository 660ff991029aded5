//! Are two requests with equal bodies two events?

use serde_json::json;

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "same-body-other-id",
    level: Level::Should,
    source: Provenance::Observed,
    passes_when: "a request with a new id is not taken for a repeat because its body is known",
    explanation: "Some receivers recognize repeats by a hash of the body, so that two real events \
        with equal bodies (two payments of one contract in one second) become one. Sends Test with \
        a new body, the same body with another id, and the first of them again. Fails if the \
        second is rejected, or gets the response of a repeat. Recognize repeats by the request id \
        or the signature.",
    traffic: |factory| {
        let mut data = test_data();
        data["valueText"] = json!("two events with equal bodies");
        let first = factory.event("Test", data.clone());
        let other = factory.event("Test", data);
        Traffic::InTurn(vec![
            ProbeRequest::new("first", first.clone()),
            ProbeRequest::new("same body, other id", other),
            ProbeRequest::new("repeat of the first", first),
        ])
    },
    judge,
    ..DEFAULTS
};

const HELP: &str = "recognize a repeat by its request id or signature, never by its body: two \
                    events may have equal bodies";

fn judge(_: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let [first, other, repeats @ ..] = responses else {
        return ProbeResult::skip("the first of the two requests got no 2xx in time");
    };
    let evidence = format!("{}: {}", other.label, describe(other));
    if !other.is_accepted() {
        return ProbeResult::fail(evidence, HELP);
    }
    let same = |a: &ProbeResponse, b: &ProbeResponse| {
        a.status() == b.status() && without_digits(a.text()) == without_digits(b.text())
    };
    let is_like_repeat = repeats.first().is_some_and(|repeat| same(other, repeat));
    let says_so = speaks_of_repeat(other.text()) && !speaks_of_repeat(first.text());
    if !same(first, other) && (is_like_repeat || says_so) {
        return ProbeResult::fail(
            format!("{evidence}, as for a repeat: {}", quote(other.text())),
            HELP,
        );
    }
    ProbeResult::pass(evidence)
}

/// A text without its numbers, which may differ from response to response.
fn without_digits(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

fn speaks_of_repeat(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["duplicate", "already", "repeat"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn the_response_of_a_repeat_to_a_new_id_fails() {
        let says = |text: &str| with_text(responded(200), text);
        let on = |responses: [ProbeResponse; 3]| judge(&config(), &responses).status;
        assert_eq!(on([says("Ok 1"), says("Ok 2"), says("duplicate")]), CheckStatus::Pass);
        assert_eq!(on([says("Ok"), says("Ok"), says("Ok")]), CheckStatus::Pass);
        assert_eq!(on([says("Ok"), says("known"), says("known")]), CheckStatus::Fail);
        assert_eq!(on([says("Ok"), says("already processed"), says("x")]), CheckStatus::Fail);
        assert_eq!(judge(&config(), &[responded(200), responded(409)]).status, CheckStatus::Fail);
        assert_eq!(judge(&config(), &[responded(500)]).status, CheckStatus::Skip);
    }
}
