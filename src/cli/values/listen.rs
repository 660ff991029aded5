//! Values that only `listen` has: an address, a route, a delay, a status, a rate.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use clap::builder::ValueParserFactory;

use super::TargetUrl;
use super::url::UrlParser;
use crate::receiver::{parse_delay, parse_status};

/// `--addr`: where to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenAddress(pub SocketAddr);

impl FromStr for ListenAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        if let Ok(address) = text.parse() {
            return Ok(Self(address));
        }
        let port = text.strip_prefix("localhost").unwrap_or(text);
        if let Ok(port) = port.strip_prefix(':').unwrap_or(port).parse() {
            return Ok(Self(SocketAddr::new(here, port)));
        }
        Err("expected an address and a port, as in 127.0.0.1:4100, 0.0.0.0:4100 or [::1]:4100; \
             port 0 picks a free one"
            .to_owned())
    }
}

/// `--route EVENT=URL`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The event.
    pub event: String,
    /// Where its requests go.
    pub url: TargetUrl,
}

impl FromStr for Route {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((event, url)) if !event.is_empty() => {
                Ok(Self { event: event.to_owned(), url: url.parse()? })
            }
            _ => Err("expected EVENT=URL, as in Test=http://localhost:3000/test".to_owned()),
        }
    }
}

impl ValueParserFactory for Route {
    type Parser = UrlParser<Self>;

    fn value_parser() -> Self::Parser {
        UrlParser::new()
    }
}

/// `--delay`: at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelayArg(pub Duration, pub Duration);

impl FromStr for DelayArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_delay(text).map(|(least, most)| Self(least, most))
    }
}

/// Reads a status that can end an exchange.
pub(in crate::cli) fn status(text: &str) -> Result<u16, String> {
    let expected = || "expected a status from 200 to 599, such as 503".to_owned();
    parse_status(text.parse().map_err(|_| expected())?).map(|status| status.as_u16())
}

/// Reads a part of all: from 0 to 1.
pub(in crate::cli) fn rate(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate));
    number.ok_or_else(|| "expected a number from 0 to 1, such as 0.2 for a fifth".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_the_forms_that_people_type() {
        for (text, address) in [
            ("4100", "127.0.0.1:4100"),
            (":4100", "127.0.0.1:4100"),
            ("localhost:4100", "127.0.0.1:4100"),
            ("0.0.0.0:0", "0.0.0.0:0"),
            ("[::1]:443", "[::1]:443"),
        ] {
            assert_eq!(text.parse::<ListenAddress>().unwrap().0.to_string(), address, "{text}");
        }
        for bad in ["", "localhost", "127.0.0.1", "example.com:80", "::1", ":99999"] {
            assert!(bad.parse::<ListenAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn routes_rates_and_statuses() {
        let route: Route = "Test=http://localhost:3000/x?a=b".parse().unwrap();
        assert_eq!((route.event.as_str(), route.url.0.query()), ("Test", Some("a=b")));
        assert!("http://localhost".parse::<Route>().is_err());
        assert!(rate("0.2").is_ok() && rate("1.1").is_err() && rate("NaN").is_err());
        assert!(status("503").is_ok() && status("101").is_err() && status("x").is_err());
    }
}
