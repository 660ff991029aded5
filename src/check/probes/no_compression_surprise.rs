//! Is the response sent as it was asked for: not compressed?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "no-compression-surprise",
    level: Level::Note,
    source: Provenance::Recommendation,
    passes_when: "the response is not compressed, as nobody asked for it",
    explanation: "pgwh sends no Accept-Encoding, and whether PGM does is not known. PGM's requests \
        list may show the responses of a target that compresses unasked as gibberish. Looks at \
        the response to the first request.",
    phase: Phase::First,
    judge,
    ..DEFAULTS
};

fn judge(_: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let response = responses.first().and_then(|first| first.attempt.as_ref()?.response.as_ref());
    let encoding = response.and_then(|response| response.header("content-encoding"));
    match encoding.map(str::trim) {
        None | Some("" | "identity") => ProbeResult::pass("not compressed"),
        Some(encoding) => ProbeResult::warn(
            format!("compressed with {}, unasked", quote(encoding)),
            "compress only for clients that send Accept-Encoding",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn compression_that_nobody_asked_for_is_noted() {
        let with =
            |value| judge(&config(), &[with_header(responded(200), "Content-Encoding", value)]);
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Pass);
        assert_eq!(with("identity").status, CheckStatus::Pass);
        assert_eq!(with("gzip").status, CheckStatus::Warn);
    }
}
