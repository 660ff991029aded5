//! Which HTTP was agreed on?

use super::prelude::*;

pub(super) const PROBE: Probe = Probe {
    id: "http-version",
    level: Level::Note,
    source: Source::Advice,
    passes_when: "HTTP/1.1 or HTTP/2 was agreed on",
    explanation: "Tells which version of HTTP the target chose: HTTP/2 and HTTP/1.1 are offered \
        over TLS, HTTP/1.1 without it. Which of them PGM speaks is not known. HTTP/1.0 is old \
        enough to be a mistake in a proxy's configuration.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends: |_| Sends::First,
    judge,
};

fn judge(_: &Setting, replies: &[Reply]) -> Judgement {
    let answer = replies.first().and_then(|reply| reply.attempt.as_ref()?.response.as_ref());
    match answer.map(|answer| answer.version.as_str()) {
        None => Judgement::skip("there is no answer"),
        Some("HTTP/2.0") => Judgement::pass("HTTP/2"),
        Some(old @ ("HTTP/0.9" | "HTTP/1.0")) => Judgement::warn(
            old,
            "let the server speak HTTP/1.1: it is what every caller of today expects",
        ),
        Some(version) => Judgement::pass(version),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn http_1_0_is_noted() {
        let on = |version| judge(&setting(), &[with_version(answered(200), version)]);
        assert_eq!(on("HTTP/1.1").evidence, "HTTP/1.1");
        assert_eq!(on("HTTP/2.0").evidence, "HTTP/2");
        assert_eq!(on("HTTP/1.0").word, Word::Warn);
    }
}
