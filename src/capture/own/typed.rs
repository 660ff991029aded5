//! The plain reader of pgwh's own format: `serde_json` into a struct.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::super::date;
use super::super::{Body, Capture};

/// Exactly the format: an unknown field makes a line somebody else's. Of repeated fields the
/// last counts, as it does for nearly every JSON parser.
#[derive(Default)]
struct Wire<'a> {
    received_at: Option<Cow<'a, str>>,
    method: Option<String>,
    path: Option<String>,
    remote: Option<String>,
    headers: Option<Headers>,
    body: Option<String>,
    body_base64: Option<Cow<'a, str>>,
}

/// A string, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Wire<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Wire<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a captured request")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wire<'de>, A::Error> {
                let mut wire = Wire::default();
                while let Some(Text(name)) = map.next_key()? {
                    match &*name {
                        "receivedAt" => wire.received_at = Some(map.next_value::<Text<'_>>()?.0),
                        "method" => wire.method = Some(map.next_value()?),
                        "path" => wire.path = Some(map.next_value()?),
                        "remote" => wire.remote = map.next_value()?,
                        "headers" => wire.headers = Some(map.next_value()?),
                        "body" => wire.body = map.next_value()?,
                        "bodyBase64" => {
                            let text: Option<Text<'_>> = map.next_value()?;
                            wire.body_base64 = text.map(|text| text.0);
                        }
                        other => return Err(A::Error::unknown_field(other, &[])),
                    }
                }
                Ok(wire)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// Names in lower case with their values, a name once for each value.
struct Headers(Vec<(String, String)>);

/// Why a line is not read as pgwh's own.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It is of another shape, or no JSON at all.
    Other,
    /// It is pgwh's, but `bodyBase64` is not base64.
    Base64,
}

/// Reads one line; the capture's `place` is left empty.
///
/// # Errors
/// When the line is not of pgwh's format; [`Failure`] says how.
pub(crate) fn read(line: &[u8]) -> Result<Capture, Failure> {
    let wire: Wire<'_> = serde_json::from_slice(line).map_err(|_| Failure::Other)?;
    let (Some(received_at), Some(method), Some(path), Some(headers)) =
        (wire.received_at, wire.method, wire.path, wire.headers)
    else {
        return Err(Failure::Other);
    };
    let bytes = match (wire.body, wire.body_base64) {
        (Some(_), Some(_)) => return Err(Failure::Other),
        (Some(text), None) => Some(text.into_bytes()),
        (None, Some(base64)) => {
            Some(BASE64_STANDARD.decode(&*base64).map_err(|_| Failure::Base64)?)
        }
        (None, None) => None,
    };
    Ok(Capture {
        place: String::new(),
        received_at: date::from_text(&received_at),
        method: Some(method),
        path: Some(path),
        remote: wire.remote,
        headers: headers.0,
        body: bytes.map(|bytes| Body { bytes, exact: true }),
    })
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of names to lists of values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut pairs = Vec::new();
                while let Some((name, values)) = map.next_entry::<String, Vec<String>>()? {
                    let name = name.to_ascii_lowercase();
                    pairs.extend(values.into_iter().map(|value| (name.clone(), value)));
                }
                Ok(Headers(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
