//! `--url`: an absolute http or https URL.

use std::str::FromStr;

use url::Url;

/// A URL that can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetUrl(pub Url);

impl FromStr for TargetUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXAMPLE: &str = "as in https://staging.example.com/hooks/pgm";
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Self(url)),
            Ok(url) if url.has_host() => {
                Err(format!("{} is neither https nor http, {EXAMPLE}", url.scheme()))
            }
            // `localhost:3000/x` parses as a URL of the scheme `localhost`.
            _ if Url::parse(&format!("http://{text}"))
                .is_ok_and(|url| url.host_str().is_some_and(looks_like_host)) =>
            {
                Err(format!("the scheme is missing; did you mean http://{text} or https://{text}?"))
            }
            Ok(_) => Err(format!("expected an https or http URL, {EXAMPLE}")),
            Err(error) => Err(format!("{error}, expected a URL {EXAMPLE}")),
        }
    }
}

fn looks_like_host(host: &str) -> bool {
    host == "localhost" || host.contains('.') || host.starts_with('[')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_missing() {
        assert!("https://example.com/x?y=1".parse::<TargetUrl>().is_ok());
        for (bad, word) in [
            ("localhost:3000/x", "http://localhost:3000/x"),
            ("example.com/x", "scheme is missing"),
            ("ftp://example.com", "neither https nor http"),
            ("nonsense", "as in https://"),
            ("https://", "empty host"),
            ("", "as in https://"),
        ] {
            let error = bad.parse::<TargetUrl>().unwrap_err();
            assert!(error.contains(word), "{bad}: {error}");
        }
    }
}
