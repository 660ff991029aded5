//! `--header 'Name: value'`.

use std::str::FromStr;

use reqwest::header::{HeaderName, HeaderValue};

/// A header to send besides PGM's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderArg {
    /// Its name, as typed.
    pub name: String,
    /// Its value, without the white space around it.
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
        HeaderValue::from_str(value)
            .map_err(|_| format!("{value:?} cannot be the value of a header"))?;
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_colon_and_refuses_what_no_header_can_carry() {
        let header: HeaderArg = "X-Time:  12:30 ".parse().unwrap();
        assert_eq!((header.name.as_str(), header.value.as_str()), ("X-Time", "12:30"));
        for bad in ["X-Time", "X Time: 1", ": 1", "X: a\r\nY: b"] {
            assert!(bad.parse::<HeaderArg>().is_err(), "{bad}");
        }
    }
}
