//! Does a token in the URL guard anything?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "query-token",
    level: Level::Note,
    source: Provenance::Observed,
    passes_when: "a URL with a query rejects requests without it",
    explanation: "PGM calls a URL with its query, and a live receiver is guarded by a token there. \
        Sends Test, signed as always, to the URL without its query. A receiver that accepts it \
        does not check the token: then the signature alone has to guard it.",
    traffic: |factory| match factory.config.url.query() {
        None | Some("") => Traffic::NotApplicable("the URL has no query"),
        Some(_) => {
            let request = ProbeRequest::new("without the query", factory.test());
            Traffic::InTurn(vec![request.mode(ConnectionMode::WithoutQuery)])
        }
    },
    judge: |_, responses| match responses.first() {
        None => ProbeResult::skip("nothing was sent"),
        Some(response) if response.is_accepted() => ProbeResult::warn(
            format!("without the query: {}", describe(response)),
            "if the query holds a token, check it; in any case verify the signature",
        ),
        Some(response) => ProbeResult::pass(format!("without the query: {}", describe(response))),
    },
    ..DEFAULTS
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_query_that_is_not_checked_is_noted() {
        let judge = PROBE.judge;
        assert_eq!(judge(&config(), &[responded(401)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Warn);
    }
}
