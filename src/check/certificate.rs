//! The few things in a certificate that a person wants to see, read from its DER. The bytes come
//! from outside: every length is checked against what is there.

use core::net::{Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, NaiveDateTime, Utc};

/// What a certificate says about itself. Its text comes from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    /// Who issued it: organisation and common name.
    pub(super) issuer: String,
    /// The names and addresses that it is for.
    pub(super) names: Vec<String>,
    /// When it expires.
    pub(super) not_after: DateTime<Utc>,
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
    pub(super) fn read(der: &[u8]) -> Option<Self> {
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
