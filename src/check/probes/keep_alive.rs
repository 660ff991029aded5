//! Does the target keep connections?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "keep-alive",
    level: Level::Note,
    source: Provenance::Recommendation,
    passes_when: "a second request can use the connection of the first",
    explanation: "A kept connection saves the next request its TCP and TLS handshakes, which count \
        towards the 5 seconds. Sends Test twice, the second time over the connection of the first \
        if the target keeps it. Whether PGM keeps connections is not known.",
    traffic: |factory| {
        if factory.config.is_proxied {
            return Traffic::NotApplicable("the proxy decides about connections");
        }
        let mut request =
            |label| ProbeRequest::new(label, factory.test()).mode(ConnectionMode::KeepAlive);
        Traffic::InTurn(vec![request("first"), request("second")])
    },
    judge,
    ..DEFAULTS
};

fn judge(_: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    match responses {
        [_, second] if second.reused => ProbeResult::pass("the connection is kept"),
        [_, second] if second.is_accepted() => ProbeResult::warn(
            "the connection is closed after each response",
            "let the server keep connections: each handshake counts towards the 5 seconds",
        ),
        _ => ProbeResult::skip("the requests got no 2xx"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn a_second_connection_is_noted() {
        let reused = ProbeResponse { reused: true, ..responded(200) };
        assert_eq!(judge(&config(), &[responded(200), reused]).status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(200), responded(200)]).status, CheckStatus::Warn);
        assert_eq!(judge(&config(), &[responded(500)]).status, CheckStatus::Skip);
    }
}
