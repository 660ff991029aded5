//! Is a request accepted again after its client gave up on it?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "retry-after-failure",
    level: Level::Should,
    source: Provenance::Observed,
    passes_when: "a request whose client hung up before the response is accepted when it is retried",
    explanation: "PGM allows 5 seconds, and a request that fails is sent again. Sends a request, closes \
        the connection a moment after its last byte, and sends the same request again. A receiver \
        that marked the request as seen and then lost its client must not reject the retry.",
    traffic: |factory| {
        if factory.config.is_proxied {
            return Traffic::NotApplicable("a proxy hides that a client hangs up");
        }
        let request = factory.test();
        Traffic::InTurn(vec![
            ProbeRequest::new("first", request.clone()).mode(ConnectionMode::CloseEarly),
            ProbeRequest::new("sent again", request),
        ])
    },
    judge: |_, responses| {
        let again = responses.iter().filter(|response| response.mode != ConnectionMode::CloseEarly);
        all_accepted(&again.cloned().collect::<Vec<_>>(), HELP)
    },
    ..DEFAULTS
};

const HELP: &str = "a request that lost its client is retried: mark it as done only when it is \
                    done, and respond to the retry with a 2xx";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn the_retry_decides() {
        let judge = PROBE.judge;
        let hung_up =
            ProbeResponse { mode: ConnectionMode::CloseEarly, attempt: None, ..responded(200) };
        assert_eq!(judge(&config(), &[hung_up.clone(), responded(200)]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[hung_up, responded(409)]).status, CheckStatus::Fail);
    }
}
