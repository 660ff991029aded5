//! URLs, headers and addresses. A URL may contain a password: errors show it without.

use std::ffi::OsStr;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use clap::builder::{TypedValueParser, ValueParser, ValueParserFactory};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};
use reqwest::header::{HeaderName, HeaderValue};
use url::Url;

use crate::pgm::REQUEST_ID_HEADER;
use crate::text::{hide_password, http_url, shortened, url_error};

/// An absolute http or https URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetUrl(pub Url);

impl FromStr for TargetUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXAMPLE: &str = "as in https://staging.example.com/hooks/pgm";
        // `localhost:3000/x` parses as a URL with the scheme `localhost`.
        let with_scheme = |scheme: &str| {
            let text = format!("{scheme}://{text}");
            Url::parse(&text).is_ok_and(|url| url.host_str().is_some_and(looks_like_host))
        };
        if let Some(url) = http_url(text)? {
            return Ok(Self(url));
        }
        match Url::parse(text) {
            Ok(url) if url.has_host() => {
                Err(format!("{} is neither https nor http, {EXAMPLE}", url.scheme()))
            }
            _ if with_scheme("http") => {
                let shown = hide_password(text);
                let https = match is_local(text) {
                    true => String::new(),
                    false => format!(" or https://{shown}"),
                };
                Err(format!("the scheme is missing; did you mean http://{shown}{https}?"))
            }
            Ok(_) => Err(format!("expected an https or http URL, {EXAMPLE}")),
            Err(error) => Err(format!("{}, expected a URL {EXAMPLE}", url_error(error))),
        }
    }
}

fn looks_like_host(host: &str) -> bool {
    host == "localhost" || host.contains('.') || host.starts_with('[')
}

fn is_local(text: &str) -> bool {
    ["localhost", "127.", "[::1]"].iter().any(|local| text.starts_with(local))
}

/// A parser of values that contain a URL. Unlike clap's own it shows an invalid value without its
/// password.
pub fn url_parser<T>() -> ValueParser
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    ValueParser::new(UrlParser::<T>(PhantomData))
}

/// Most characters of an invalid value that are shown.
const MAX_SHOWN: usize = 200;

#[derive(Debug, Clone)]
struct UrlParser<T>(PhantomData<T>);

impl<T> TypedValueParser for UrlParser<T>
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        let text = value.to_string_lossy();
        text.parse().map_err(|error| {
            let arg = arg.map(|arg| format!(" for '{arg}'")).unwrap_or_default();
            let shown = hide_password(&text);
            let shown = shortened(&shown, MAX_SHOWN);
            let message = format!("invalid value '{shown}'{arg}: {error}");
            Error::raw(ErrorKind::ValueValidation, message + "\n").with_cmd(command)
        })
    }
}

impl ValueParserFactory for TargetUrl {
    type Parser = ValueParser;

    fn value_parser() -> ValueParser {
        url_parser::<Self>()
    }
}

/// Where to listen: an address and a port, or a port of this machine.
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

/// A header to send besides PGM's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderArg {
    /// Its name, as typed.
    name: String,
    /// Its value, without white space around it; empty to leave the header out.
    value: String,
}

impl HeaderArg {
    /// The name as typed, and the value.
    pub fn parts(&self) -> (&str, &str) {
        (&self.name, &self.value)
    }
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
    fn errors_say_what_is_missing() {
        assert!("https://example.com/x?y=1".parse::<TargetUrl>().is_ok());
        for (bad, text) in [
            ("localhost:3000/x", "did you mean http://localhost:3000/x?"),
            ("example.com/x", "http://example.com/x or https://example.com/x?"),
            ("me:s3cret@example.com/x", "http://me:hidden@example.com/x"),
            ("ftp://example.com", "neither https nor http"),
            ("nonsense", "it has no scheme such as https://"),
            ("http://a b/", "the host name is not valid"),
            ("https://", "empty host"),
            ("", "as in https://"),
        ] {
            let error = bad.parse::<TargetUrl>().unwrap_err();
            assert!(error.contains(text) && !error.contains("s3cret"), "{bad}: {error}");
        }
    }

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
}
