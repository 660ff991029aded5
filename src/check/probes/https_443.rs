//! Would PGM call this URL at all?

use super::*;
use crate::pgm;

pub(super) const PROBE: Probe = Probe {
    id: "https-443",
    level: Level::Must,
    source: Provenance::Documented,
    passes_when: "the URL is https on port 443",
    explanation: "PGM calls only https on port 443 and blocks everything else. Sends nothing and \
        looks at the URL. Skipped for this machine (localhost, 127.0.0.0/8, ::1); --allow-url \
        skips it for a staging system that listens elsewhere.",
    prerequisite: Prerequisite::None,
    phase: Phase::First,
    traffic: |_| Traffic::InTurn(Vec::new()),
    judge,
    ..DEFAULTS
};

fn judge(config: &CheckConfig, _: &[ProbeResponse]) -> ProbeResult {
    let url = &config.url;
    match pgm::blocked(url) {
        None => ProbeResult::pass("https on port 443"),
        Some(reason) if pgm::is_loopback(url) => {
            ProbeResult::skip(format!("loopback; PGM would not call it: {reason}"))
        }
        Some(reason) if config.allow_url => {
            ProbeResult::skip(format!("--allow-url; PGM would not call it: {reason}"))
        }
        Some(reason) => ProbeResult::fail(
            format!("PGM would not call it: {reason}"),
            "put the receiver behind https on port 443; use --allow-url to check a staging system \
             elsewhere",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn only_https_on_443_passes() {
        let on = |url: &str, allow_url| {
            let config = CheckConfig { url: url.parse().unwrap(), allow_url, ..config() };
            judge(&config, &[]).status
        };
        assert_eq!(on("https://example.com/x", false), CheckStatus::Pass);
        assert_eq!(on("https://example.com:8443/x", false), CheckStatus::Fail);
        assert_eq!(on("http://example.com/x", false), CheckStatus::Fail);
        assert_eq!(on("http://example.com/x", true), CheckStatus::Skip);
        assert_eq!(on("http://localhost:3000/x", false), CheckStatus::Skip);
    }
}
