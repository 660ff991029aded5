//! Is an event about somebody unknown accepted?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "unknown-member",
    level: Level::Should,
    source: Provenance::Observed,
    passes_when: "an event about a member that the receiver does not know gets a 2xx",
    explanation: "Some receivers reject an event because they do not know its member, who may have \
        registered a moment ago or belong to another club. PGM retries such a request in vain. \
        Sends the first event of --events that names a member, with userId 999999999. Respond with \
        a 2xx, and fetch the member or ignore the event.",
    traffic: |factory| {
        let names_member = |(_, data): &&(String, serde_json::Value)| !data["userId"].is_null();
        match factory.config.events.iter().find(names_member).cloned() {
            None => Traffic::NotApplicable(
                "add --events UserModified to send an event about an unknown member",
            ),
            Some((name, data)) => {
                let request = factory.event(&name, data);
                Traffic::InTurn(vec![ProbeRequest::new(name, request)])
            }
        }
    },
    judge: |_, responses| {
        let Some(response) = responses.first() else {
            return ProbeResult::skip("nothing was sent");
        };
        let evidence = format!("{}: {}", response.label, describe(response));
        if response.is_accepted() {
            return ProbeResult::pass(evidence);
        }
        let text = quote(response.text());
        let said = if text.is_empty() { text } else { format!(": {text}") };
        ProbeResult::fail(
            evidence + &said,
            "respond to an event about an unknown member with a 2xx: PGM retries anything else, and \
             the member does not become known by it",
        )
    },
    ..DEFAULTS
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_rejection_fails_and_is_quoted() {
        let judge = PROBE.judge;
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Pass);
        let failed = judge(&config(), &[with_text(responded(404), "no such member")]);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert_eq!(failed.evidence, "request: 404 Not Found: no such member");
    }
}
