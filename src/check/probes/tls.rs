//! Is the certificate one that PGM would trust?

use chrono::TimeDelta;

use super::super::certificate::Certificate;
use super::prelude::*;
use crate::delivery::{AttemptOutcome, CertificateProblem, TlsPeer};
use crate::pgm::format_date;

/// A certificate that expires sooner than this deserves a look: renewals run weeks before.
const SOON: TimeDelta = TimeDelta::days(14);

/// Most names that are shown; some certificates have a hundred.
const MAX_NAMES: usize = 4;

pub(super) const PROBE: Probe = Probe {
    id: "tls",
    level: Level::Must,
    source: Provenance::Documented,
    passes_when: "the certificate is trusted, valid and for this name; warns 14 days before it expires",
    explanation: "PGM calls only https, so the certificate must have a chain to an authority that \
        is trusted, name the host and be valid today. Looks at the handshake of the first request. \
        An authority of your own (--ca-cert) is trusted here but not by PGM; --insecure makes the \
        other checks in spite of a certificate that fails.",
    prerequisite: Prerequisite::Reached,
    traffic: |_| Traffic::First,
    judge,
    ..DEFAULTS
};

fn judge(config: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    if config.url.scheme() != "https" {
        return ProbeResult::skip("the URL is http: there is no TLS");
    }
    let first = responses.first();
    match first.and_then(|response| response.peer.as_ref()) {
        Some(peer) => judge_peer(config, peer),
        None => match first.and_then(|response| response.attempt.as_ref()) {
            Some(attempt) if attempt.outcome == AttemptOutcome::Tls => ProbeResult::fail(
                format!("no TLS here: {}", attempt.error.as_deref().unwrap_or("it broke off")),
                "let the server speak TLS 1.2 or 1.3 on this port",
            ),
            _ => ProbeResult::skip("there was no handshake to look at"),
        },
    }
}

fn judge_peer(config: &CheckConfig, peer: &TlsPeer) -> ProbeResult {
    let certificate = peer.chain.first().and_then(|der| Certificate::read(der));
    let facts = facts(config, peer, certificate.as_ref());
    if let Some(problem) = &peer.problem {
        let (what, help) = explain(config, problem);
        return ProbeResult::fail(format!("{what}; {facts}"), help);
    }
    match certificate {
        Some(certificate) if certificate.not_after - config.now < SOON => ProbeResult::warn(
            format!("trusted, but expires soon; {facts}"),
            "renew the certificate now, and find out why it was not renewed automatically",
        ),
        _ if config.own_authority => ProbeResult::pass(format!("trusted by --ca-cert; {facts}")),
        _ => ProbeResult::pass(format!("trusted; {facts}")),
    }
}

fn facts(config: &CheckConfig, peer: &TlsPeer, certificate: Option<&Certificate>) -> String {
    let mut facts = Vec::new();
    if let Some(certificate) = certificate {
        facts.push(format!("issued by {}", certificate.issuer));
        facts.push(format!("for {}", names(&certificate.names)));
        facts.push(expiry(config, certificate));
    }
    facts.extend(peer.version.map(str::to_owned));
    facts.join(", ")
}

fn names(names: &[String]) -> String {
    match names.len() {
        0 => "no name".to_owned(),
        n if n > MAX_NAMES => {
            format!("{} and {} more", names[..MAX_NAMES].join(" "), n - MAX_NAMES)
        }
        _ => names.join(" "),
    }
}

fn expiry(config: &CheckConfig, certificate: &Certificate) -> String {
    let date = format_date(certificate.not_after);
    match (certificate.not_after - config.now).num_days() {
        _ if certificate.not_after <= config.now => format!("expired {date}"),
        1 => format!("expires {date}, in 1 day"),
        days => format!("expires {date}, in {days} days"),
    }
}

fn explain(config: &CheckConfig, problem: &CertificateProblem) -> (String, String) {
    let host = config.url.host_str().unwrap_or_default();
    match problem {
        CertificateProblem::Expired => ("it has expired".into(), "renew the certificate".into()),
        CertificateProblem::NotYetValid => (
            "it is not valid yet".into(),
            "check the clock of the machine that created it, and of this one".into(),
        ),
        CertificateProblem::WrongName => (
            format!("it is not for {host}"),
            format!("get a certificate that has {host} among its names, or use a name that it has"),
        ),
        CertificateProblem::UnknownIssuer => (
            "its issuer is not trusted".into(),
            "serve the whole chain (fullchain.pem, not cert.pem) of a public authority; PGM does \
             not know an authority of your own, which pgwh trusts with --ca-cert FILE"
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

    fn on(days_left: i64, problem: Option<CertificateProblem>) -> ProbeResult {
        let mut params = rcgen::CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2030, 1, 31);
        let key = rcgen::KeyPair::generate().unwrap();
        let chain = vec![params.self_signed(&key).unwrap().der().to_vec()];
        let end = "2030-01-31T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let config = CheckConfig {
            url: "https://example.com/x".parse().unwrap(),
            now: end - TimeDelta::days(days_left),
            ..config()
        };
        let peer = TlsPeer { version: Some("TLS 1.3"), chain, problem };
        judge(&config, &[ProbeResponse { peer: Some(peer), ..responded(200) }])
    }

    #[test]
    fn a_trusted_certificate_passes_until_its_last_two_weeks() {
        let passed = on(15, None);
        assert_eq!(passed.status, CheckStatus::Pass);
        assert_eq!(
            passed.evidence,
            "trusted; issued by rcgen self signed cert, for example.com, \
             expires 2030-01-31T00:00:00Z, in 15 days, TLS 1.3"
        );
        assert_eq!(on(13, None).status, CheckStatus::Warn);
    }

    #[test]
    fn a_certificate_that_is_not_trusted_fails_and_says_why() {
        for (problem, word) in [
            (CertificateProblem::Expired, "it has expired"),
            (CertificateProblem::NotYetValid, "not valid yet"),
            (CertificateProblem::WrongName, "it is not for example.com"),
            (CertificateProblem::UnknownIssuer, "its issuer is not trusted"),
            (CertificateProblem::Other("strange".into()), "strange"),
        ] {
            let failed = on(100, Some(problem));
            assert_eq!(failed.status, CheckStatus::Fail);
            assert!(failed.evidence.contains(word), "{failed:?}");
        }
        assert_eq!(judge(&config(), &[responded(200)]).status, CheckStatus::Skip, "http");
    }
}
