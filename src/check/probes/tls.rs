//! Is the certificate one that PGM would trust?

use chrono::TimeDelta;

use super::super::certificate::Certificate;
use super::prelude::*;
use crate::delivery::{AttemptOutcome, CertificateProblem, TlsPeer};
use crate::pgm::format_date;

/// A certificate that ends sooner than this deserves a look: renewals run weeks before.
const SOON: TimeDelta = TimeDelta::days(14);

/// Names that are shown; some certificates have a hundred.
const SHOWN_NAMES: usize = 4;

pub(super) const PROBE: Probe = Probe {
    id: "tls",
    level: Level::Must,
    source: Source::Documented,
    passes_when: "the certificate is trusted, for this name and in date; warns 14 days before its end",
    explanation: "PGM calls only https, so the certificate must have a chain to an authority that \
        is trusted, name the host and be in date. Looked at in the handshake of the first call. \
        An authority of your own (--ca-cert) is trusted here, but not by PGM; --insecure goes on \
        past a certificate that fails, so that the rest can be checked.",
    guards_signature: false,
    needs: Needs::Call,
    turn: Turn::Together,
    sends: |_| Sends::First,
    judge,
};

fn judge(setting: &Setting, replies: &[Reply]) -> Judgement {
    if setting.url.scheme() != "https" {
        return Judgement::skip("the URL is http: there is no TLS");
    }
    let first = replies.first();
    match first.and_then(|reply| reply.peer.as_ref()) {
        Some(peer) => judge_peer(setting, peer),
        None => match first.and_then(|reply| reply.attempt.as_ref()) {
            Some(attempt) if attempt.outcome == AttemptOutcome::Tls => Judgement::fail(
                format!("no TLS here: {}", attempt.error.as_deref().unwrap_or("it broke off")),
                "let the server speak TLS 1.2 or 1.3 on this port",
            ),
            _ => Judgement::skip("there was no handshake to look at"),
        },
    }
}

fn judge_peer(setting: &Setting, peer: &TlsPeer) -> Judgement {
    let certificate = peer.chain.first().and_then(|der| Certificate::read(der));
    let facts = facts(setting, peer, certificate.as_ref());
    if let Some(problem) = &peer.problem {
        let (what, hint) = explain(setting, problem);
        return Judgement::fail(format!("{what}; {facts}"), hint);
    }
    match certificate {
        Some(certificate) if certificate.not_after - setting.now < SOON => Judgement::warn(
            format!("trusted, but not for long; {facts}"),
            "renew the certificate now, and see why it was not renewed by itself",
        ),
        _ if setting.own_authority => Judgement::pass(format!("trusted by --ca-cert; {facts}")),
        _ => Judgement::pass(format!("trusted; {facts}")),
    }
}

fn facts(setting: &Setting, peer: &TlsPeer, certificate: Option<&Certificate>) -> String {
    let mut facts = Vec::new();
    if let Some(certificate) = certificate {
        facts.push(format!("issued by {}", certificate.issuer));
        facts.push(format!("for {}", names(&certificate.names)));
        facts.push(expiry(setting, certificate));
    }
    facts.extend(peer.version.map(str::to_owned));
    facts.join(", ")
}

fn names(names: &[String]) -> String {
    match names.len() {
        0 => "no name".to_owned(),
        n if n > SHOWN_NAMES => {
            format!("{} and {} more", names[..SHOWN_NAMES].join(" "), n - SHOWN_NAMES)
        }
        _ => names.join(" "),
    }
}

fn expiry(setting: &Setting, certificate: &Certificate) -> String {
    let date = format_date(certificate.not_after);
    match (certificate.not_after - setting.now).num_days() {
        _ if certificate.not_after <= setting.now => format!("expired {date}"),
        1 => format!("expires {date}, in 1 day"),
        days => format!("expires {date}, in {days} days"),
    }
}

fn explain(setting: &Setting, problem: &CertificateProblem) -> (String, String) {
    let host = setting.url.host_str().unwrap_or_default();
    match problem {
        CertificateProblem::Expired => ("it has expired".into(), "renew the certificate".into()),
        CertificateProblem::NotYetValid => (
            "its time has not begun".into(),
            "look at the clock of the machine that made it, and of this one".into(),
        ),
        CertificateProblem::WrongName => (
            format!("it is not for {host}"),
            format!("get a certificate that has {host} among its names, or use a name that it has"),
        ),
        CertificateProblem::UnknownIssuer => (
            "its issuer is not trusted".into(),
            "serve the whole chain (fullchain.pem, not cert.pem) of a public authority; PGM does \
             not know one of your own, which --ca-cert FILE lets pgwh trust"
                .into(),
        ),
        CertificateProblem::Other(words) => {
            (words.clone(), "get a certificate of a public authority for this name".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn on(days_left: i64, problem: Option<CertificateProblem>) -> Judgement {
        let mut params = rcgen::CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2030, 1, 31);
        let key = rcgen::KeyPair::generate().unwrap();
        let chain = vec![params.self_signed(&key).unwrap().der().to_vec()];
        let end = "2030-01-31T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let setting = Setting {
            url: "https://example.com/x".parse().unwrap(),
            now: end - TimeDelta::days(days_left),
            ..setting()
        };
        let peer = TlsPeer { version: Some("TLS 1.3"), chain, problem };
        judge(&setting, &[Reply { peer: Some(peer), ..answered(200) }])
    }

    #[test]
    fn a_trusted_certificate_passes_until_its_last_two_weeks() {
        let passed = on(15, None);
        assert_eq!(passed.word, Word::Pass);
        assert_eq!(
            passed.evidence,
            "trusted; issued by rcgen self signed cert, for example.com, \
             expires 2030-01-31T00:00:00Z, in 15 days, TLS 1.3"
        );
        assert_eq!(on(13, None).word, Word::Warn);
    }

    #[test]
    fn a_certificate_that_is_not_trusted_fails_and_says_why() {
        for (problem, word) in [
            (CertificateProblem::Expired, "it has expired"),
            (CertificateProblem::NotYetValid, "not begun"),
            (CertificateProblem::WrongName, "it is not for example.com"),
            (CertificateProblem::UnknownIssuer, "its issuer is not trusted"),
            (CertificateProblem::Other("strange".into()), "strange"),
        ] {
            let failed = on(100, Some(problem));
            assert_eq!(failed.word, Word::Fail);
            assert!(failed.evidence.contains(word), "{failed:?}");
        }
        assert_eq!(judge(&setting(), &[answered(200)]).word, Word::Skip, "http");
    }
}
