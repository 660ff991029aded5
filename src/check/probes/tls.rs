//! Is the certificate one that PGM would trust? And the few things in a certificate that a person
//! wants to see, read from its DER. The bytes come from outside: every length is checked against what
//! is there.

use std::net::{Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::*;
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
    phase: Phase::First,
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
                attempt.error.as_deref().unwrap_or("the TLS handshake failed"),
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

/// What a certificate says about itself. Its text comes from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Certificate {
    /// Who issued it: organisation and common name.
    issuer: String,
    /// The names and addresses that it is for.
    names: Vec<String>,
    /// When it expires.
    not_after: DateTime<Utc>,
}

/// `2.5.4.3`
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// `2.5.4.10`
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
/// `2.5.29.17`
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
/// The field of a certificate that holds its extensions.
const EXTENSIONS: u8 = 0xa3;
/// The field that holds the version; certificates of version 1 lack it.
const VERSION: u8 = 0xa0;
/// A DNS name among the alternative names.
const DNS_NAME: u8 = 0x82;
/// An IP address among them.
const IP_ADDRESS: u8 = 0x87;

impl Certificate {
    /// Reads DER; `None` when it is not a certificate.
    fn read(der: &[u8]) -> Option<Self> {
        let body = first(first(der, SEQUENCE)?, SEQUENCE)?;
        let mut fields = items(body).skip_while(|field| field.tag == VERSION);
        let (_serial, _algorithm) = (fields.next()?, fields.next()?);
        let issuer = fields.next()?.content;
        let not_after = time(items(fields.next()?.content).nth(1)?)?;
        let extensions = fields.find(|field| field.tag == EXTENSIONS);
        Some(Self {
            issuer: issuer_name(issuer),
            names: extensions.map(|field| alternative_names(field.content)).unwrap_or_default(),
            not_after,
        })
    }
}

fn time(item: DerItem<'_>) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(item.content).ok()?;
    let full = match item.tag {
        GENERALIZED_TIME => text.to_owned(),
        // A year of two digits: from 50 on it is one of the last century.
        UTC_TIME if text.get(..2)? >= "50" => format!("19{text}"),
        UTC_TIME => format!("20{text}"),
        _ => return None,
    };
    Some(NaiveDateTime::parse_from_str(&full, "%Y%m%d%H%M%SZ").ok()?.and_utc())
}

fn issuer_name(name: &[u8]) -> String {
    let attributes = items(name).flat_map(|set| items(set.content));
    let found: Vec<_> = attributes
        .filter_map(|attribute| {
            let mut parts = items(attribute.content);
            Some((parts.next()?.content, parts.next()?.content))
        })
        .collect();
    let text = |wanted: &[u8]| {
        let (_, value) = found.iter().find(|(kind, _)| *kind == wanted)?;
        Some(String::from_utf8_lossy(value).into_owned())
    };
    let parts: Vec<_> = [text(ORGANISATION), text(COMMON_NAME)].into_iter().flatten().collect();
    if parts.is_empty() { "an issuer without a name".to_owned() } else { parts.join(" ") }
}

fn alternative_names(extensions: &[u8]) -> Vec<String> {
    let list = first(extensions, SEQUENCE).unwrap_or_default();
    let names = items(list).find_map(|extension| {
        let mut parts = items(extension.content);
        let kind = parts.next()?;
        // A flag that it is critical may stand between the kind and the value.
        let value = parts.last()?;
        (kind.content == ALTERNATIVE_NAMES).then_some(value.content)
    });
    items(names.and_then(|value| first(value, SEQUENCE)).unwrap_or_default())
        .filter_map(name)
        .collect()
}

fn name(item: DerItem<'_>) -> Option<String> {
    match item.tag {
        DNS_NAME => Some(String::from_utf8_lossy(item.content).into_owned()),
        IP_ADDRESS => match item.content.len() {
            4 => Some(Ipv4Addr::from(<[u8; 4]>::try_from(item.content).ok()?).to_string()),
            16 => Some(Ipv6Addr::from(<[u8; 16]>::try_from(item.content).ok()?).to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// One value: its tag, and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DerItem<'a> {
    tag: u8,
    content: &'a [u8],
}

/// `SEQUENCE`
const SEQUENCE: u8 = 0x30;
/// `UTCTime`
const UTC_TIME: u8 = 0x17;
/// `GeneralizedTime`
const GENERALIZED_TIME: u8 = 0x18;

/// The values in `bytes`, one after the other, up to the first that is not DER.
fn items(bytes: &[u8]) -> impl Iterator<Item = DerItem<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (item, after) = split(rest)?;
        rest = after;
        Some(item)
    })
}

/// The first value, if it has this tag.
fn first(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    items(bytes).next().filter(|item| item.tag == tag).map(|item| item.content)
}

fn split(bytes: &[u8]) -> Option<(DerItem<'_>, &[u8])> {
    let (&[tag, length], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((DerItem { tag, content }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    fn on(days_left: i64, problem: Option<CertificateProblem>) -> ProbeResult {
        let mut params = rcgen::CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2030, 1, 31);
        let key = rcgen::KeyPair::generate().unwrap();
        let chain = vec![params.self_signed(&key).unwrap().der().to_vec()];
        let end = "2030-01-31T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
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

    /// A certificate for these names, issued by an authority of the test.
    fn der(names: &[&str]) -> Vec<u8> {
        use rcgen::{CertificateParams, DnType, Issuer, KeyPair};
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.distinguished_name = rcgen::DistinguishedName::new();
        authority.distinguished_name.push(DnType::OrganizationName, "Przykład");
        authority.distinguished_name.push(DnType::CommonName, "CA 1");
        let issuer = Issuer::new(authority, KeyPair::generate().unwrap());
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = rcgen::date_time_ymd(2031, 5, 17);
        let key = KeyPair::generate().unwrap();
        params.signed_by(&key, &issuer).unwrap().der().to_vec()
    }

    #[test]
    fn reads_issuer_names_and_expiry() {
        let certificate = Certificate::read(&der(&["a.example", "*.b.example", "::1"])).unwrap();
        assert_eq!(certificate.issuer, "Przykład CA 1");
        assert_eq!(certificate.names, ["a.example", "*.b.example", "::1"]);
        assert_eq!(certificate.not_after.to_rfc3339(), "2031-05-17T00:00:00+00:00");
        assert_eq!(Certificate::read(&der(&[])).unwrap().names, [""; 0]);
    }

    #[test]
    fn anything_else_is_no_certificate() {
        let der = der(&["a.example"]);
        assert_eq!(Certificate::read(b""), None);
        assert_eq!(Certificate::read(b"-----BEGIN CERTIFICATE-----"), None);
        for end in 0..der.len() {
            assert_eq!(Certificate::read(&der[..end]), None, "cut at {end}");
        }
    }

    #[test]
    fn reads_short_and_long_lengths_and_stops_at_nonsense() {
        let bytes = [&[0x02, 1, 7, 0x04, 0x81, 2, 8, 9][..], &[0x04, 0x82, 0xff, 0xff, 0]].concat();
        let found: Vec<_> = items(&bytes).collect();
        assert_eq!(
            found,
            [DerItem { tag: 2, content: &[7] }, DerItem { tag: 4, content: &[8, 9] }],
            "the last one claims more than there is"
        );
        for broken in [&[][..], &[0x30], &[0x30, 0x80, 0, 0], &[0x30, 0x89, 1], &[0x30, 0x84, 1]] {
            assert_eq!(items(broken).next(), None, "{broken:?}");
        }
    }
}
