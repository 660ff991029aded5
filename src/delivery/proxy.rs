//! Which proxy the environment names for a target, and what its failures mean.

use hyper_util::client::proxy::matcher::Matcher;
use url::{Position, Url};

use super::help::{BY_PROXY, TUNNEL_REFUSED};
use super::{AttemptOutcome, Response};
use crate::pgm;

/// Schemes of proxies that work.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A proxy of the environment that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{variable} names a proxy that cannot be used: {problem}; expected a URL that starts with {}",
    SCHEMES.map(|scheme| format!("{scheme}://")).join(", ")
)]
pub struct ProxyError {
    /// The environment variable.
    pub variable: &'static str,
    /// What is wrong with its value, which is not shown: it may hold a password.
    pub problem: String,
}

/// Checks the environment's proxies for a URL: reqwest ignores those that it cannot use, and the
/// request would go straight to its target.
///
/// # Errors
/// When a proxy that is meant for this URL cannot be used.
pub fn check_proxies(url: &Url) -> Result<(), ProxyError> {
    if pgm::is_loopback(url) {
        return Ok(());
    }
    let own = match url.scheme() {
        "https" => ["HTTPS_PROXY", "https_proxy"],
        _ => ["HTTP_PROXY", "http_proxy"],
    };
    for variable in own.into_iter().chain(["ALL_PROXY", "all_proxy"]) {
        let Ok(value) = std::env::var(variable) else { continue };
        if let Some(problem) = proxy_problem(&value) {
            return Err(ProxyError { variable, problem });
        }
    }
    Ok(())
}

fn proxy_problem(value: &str) -> Option<String> {
    let Some((scheme, rest)) = value.split_once("://") else {
        // `proxy:3128`, which stands for `http://proxy:3128`.
        return (!value.is_empty() && value.parse::<http::uri::Authority>().is_err())
            .then(|| "it is not a URL".to_owned());
    };
    if !SCHEMES.contains(&scheme) {
        return Some(format!("unknown scheme {scheme:?}"));
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let has_host = authority.parse::<http::uri::Authority>().is_ok_and(|it| !it.host().is_empty());
    (!has_host).then(|| "it has no host".to_owned())
}

/// The proxy for a URL without its user and password, as reqwest will find it too; none for this
/// machine.
pub fn proxy_for(url: &Url) -> Option<String> {
    if pgm::is_loopback(url) {
        return None;
    }
    // A path may be longer than a `Uri` can be, and has no say in it.
    let origin = format!("{}://{}/", url.scheme(), &url[Position::BeforeHost..Position::AfterPort]);
    let proxy = Matcher::from_env().intercept(&origin.parse().ok()?)?;
    Some(proxy.uri().to_string().trim_end_matches('/').to_owned())
}

/// The message of a failed attempt through a proxy, which may be what failed.
pub(super) fn proxy_failure(proxy: &str, outcome: AttemptOutcome, message: String) -> String {
    match message.strip_prefix("tunnel error: ") {
        Some("proxy authorization required") => {
            format!("proxy {proxy} {TUNNEL_REFUSED}: 407 Proxy Authentication Required")
        }
        Some("unsuccessful") => format!("proxy {proxy} {TUNNEL_REFUSED}"),
        Some(problem) => format!("proxy {proxy} {TUNNEL_REFUSED}: {problem}"),
        None if matches!(outcome, AttemptOutcome::Refused | AttemptOutcome::Dns) => {
            format!("{BY_PROXY} {proxy}: {message}")
        }
        None => message,
    }
}

/// Whose response this is, if it came through a proxy over plain HTTP and is not a 2xx, and whether
/// it is the proxy's for a fact.
pub(super) fn proxy_response(
    proxy: &str,
    url: &Url,
    response: &Response,
) -> Option<(String, bool)> {
    if url.scheme() == "https" || !proxy.starts_with("http") || pgm::is_success(response.status) {
        return None;
    }
    Some(match response.status == 407 || response.header("proxy-status").is_some() {
        true => (format!("{BY_PROXY} {proxy}: the response is the proxy's own"), true),
        false => (format!("{BY_PROXY} {proxy}: may be its own response"), false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_that_cannot_be_used_are_named() {
        for good in ["", "proxy:3128", "http://u:p@proxy:3128/", "socks5h://[::1]:1080"] {
            assert_eq!(proxy_problem(good), None, "{good}");
        }
        for bad in ["ftp://proxy", "http://", "http:///x", "not a proxy"] {
            assert!(proxy_problem(bad).is_some(), "{bad}");
        }
    }
}
