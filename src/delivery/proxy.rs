//! Which proxy is on the way to a target.

use hyper_util::client::proxy::matcher::Matcher;
use url::{Position, Url};

use crate::pgm;

/// The proxy that the environment names for a URL, as the HTTP client will find it; none for
/// loopback.
pub(super) fn proxy_of(url: &Url) -> Option<String> {
    if pgm::is_loopback(url) {
        return None;
    }
    // Only this much is asked about; a path may be longer than the type for it takes.
    let origin = format!("{}://{}/", url.scheme(), &url[Position::BeforeHost..Position::AfterPort]);
    let proxy = Matcher::from_env().intercept(&origin.parse().ok()?)?;
    Some(proxy.uri().to_string())
}
