//! Would PGM call this URL at all?

use super::prelude::*;
use crate::pgm;

pub(super) const PROBE: Probe = Probe {
    id: "https-443",
    level: Level::Must,
    source: Source::Documented,
    passes_when: "the URL is https on port 443",
    explanation: "PGM calls only https on port 443 and blocks everything else. Nothing is sent: \
        the URL tells. On this machine (localhost, 127.0.0.0/8, ::1) the check is skipped; \
        --allow-url skips it for a staging system that listens elsewhere.",
    guards_signature: false,
    needs: Needs::Nothing,
    turn: Turn::Together,
    sends: |_| Sends::InTurn(Vec::new()),
    judge,
};

fn judge(setting: &Setting, _: &[Reply]) -> Judgement {
    let url = &setting.url;
    match pgm::blocked(url) {
        None => Judgement::pass("https on port 443"),
        Some(why) if pgm::is_loopback(url) => {
            Judgement::skip(format!("loopback; PGM would not call it: {why}"))
        }
        Some(why) if setting.allow_url => {
            Judgement::skip(format!("--allow-url; PGM would not call it: {why}"))
        }
        Some(why) => Judgement::fail(
            format!("PGM would not call it: {why}"),
            "put the receiver behind https on port 443; for a check of a staging system elsewhere \
             there is --allow-url",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn only_https_on_443_passes() {
        let on = |url: &str, allow_url| {
            let setting = Setting { url: url.parse().unwrap(), allow_url, ..setting() };
            judge(&setting, &[]).word
        };
        assert_eq!(on("https://example.com/x", false), Word::Pass);
        assert_eq!(on("https://example.com:8443/x", false), Word::Fail);
        assert_eq!(on("http://example.com/x", false), Word::Fail);
        assert_eq!(on("http://example.com/x", true), Word::Skip);
        assert_eq!(on("http://localhost:3000/x", false), Word::Skip);
    }
}
