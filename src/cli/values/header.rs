//! `--header 'Name: value'`.

use std::str::FromStr;

use reqwest::header::{HeaderName, HeaderValue};

use crate::pgm::REQUEST_ID_HEADER;

/// A header to send besides PGM's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderArg {
    /// Its name, as typed.
    pub name: String,
    /// Its value, without white space around it; empty to leave the header out.
    pub value: String,
}

impl FromStr for HeaderArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text
            .split_once(':')
            .ok_or_else(|| "expected 'Name: value', as in 'X-Tenant: 7'".to_owned())?;
        HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("{name:?} cannot be the name of a header"))?;
        let value = value.trim();
        check_name(name, value.is_empty())?;
        HeaderValue::from_str(value)
            .map_err(|_| format!("{value:?} cannot be the value of a header"))?;
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}

/// Refuses headers that HTTP requires or that belong to the body, and a request id that is not
/// signed.
fn check_name(name: &str, is_left_out: bool) -> Result<(), String> {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    if is("content-length") || is("transfer-encoding") {
        return Err(format!("{name} follows from the body, which is sent as it is"));
    }
    if is("host") && is_left_out {
        return Err(format!("{name} cannot be left out: every HTTP/1.1 request has it"));
    }
    if is(REQUEST_ID_HEADER) && !is_left_out {
        return Err("the request id is signed: give it as --request-id".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_colon_and_refuses_what_no_header_can_carry() {
        let header: HeaderArg = "X-Time:  12:30 ".parse().unwrap();
        assert_eq!((header.name.as_str(), header.value.as_str()), ("X-Time", "12:30"));
        assert_eq!("X-PerfectGym-Request:".parse::<HeaderArg>().unwrap().value, "");
        for bad in [
            "X-Time",
            "Host:",
            "Content-Length:",
            "X-PerfectGym-Request: 1",
            "X Time: 1",
            ": 1",
            "X: a\r\nY: b",
            "content-length: 1",
        ] {
            assert!(bad.parse::<HeaderArg>().is_err(), "{bad}");
        }
    }
}
