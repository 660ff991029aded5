//! Which version of HTTP does the target speak?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "http-version",
    level: Level::Note,
    source: Provenance::Recommendation,
    passes_when: "the target responds as HTTP/1.1",
    explanation: "Shows the version of HTTP in the response to the first request, which is \
        HTTP/1.1. Which version PGM speaks is not known. HTTP/1.0 is so old that it may be a \
        mistake in a proxy's configuration.",
    phase: Phase::First,
    judge,
    ..DEFAULTS
};

fn judge(_: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let response = responses.first().and_then(|first| first.attempt.as_ref()?.response.as_ref());
    match response.map(|response| response.version.as_str()) {
        None => ProbeResult::skip("there is no response"),
        Some(old @ ("HTTP/0.9" | "HTTP/1.0")) => ProbeResult::warn(
            old,
            "let the server speak HTTP/1.1, which every client of today expects",
        ),
        Some(version) => ProbeResult::pass(version),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn http_1_0_is_noted() {
        let on = |version| judge(&config(), &[with_version(responded(200), version)]);
        assert_eq!(on("HTTP/1.1").evidence, "HTTP/1.1");
        assert_eq!(on("HTTP/1.0").status, CheckStatus::Warn);
    }
}
