//! The few things in a certificate that a person wants to see.

use core::net::{Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, NaiveDateTime, Utc};

use super::der::{GENERALIZED_TIME, Item, SEQUENCE, UTC_TIME, first, items};

/// What a certificate says of itself. Text in it comes from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    /// Who issued it: organisation and common name.
    pub(super) issuer: String,
    /// The names and addresses that it is for.
    pub(super) names: Vec<String>,
    /// When its time is over.
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
/// The field that holds the version, which the first edition left out.
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

fn time(item: Item<'_>) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(item.content).ok()?;
    let full = match item.tag {
        GENERALIZED_TIME => text.to_owned(),
        // Two digits of the year: those from 50 up are of the last century.
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
        // Between the kind and the value there may be a flag that it is critical.
        let value = parts.last()?;
        (kind.content == ALTERNATIVE_NAMES).then_some(value.content)
    });
    items(names.and_then(|value| first(value, SEQUENCE)).unwrap_or_default())
        .filter_map(name)
        .collect()
}

fn name(item: Item<'_>) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate of an authority of the test's own, for these names.
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
}
