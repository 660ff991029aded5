//! Which proxy the environment names for a target.

use hyper_util::client::proxy::matcher::Matcher;
use url::{Position, Url};

use crate::pgm;

/// The proxy for a URL, as reqwest will find it too; none for this machine.
pub fn proxy_for(url: &Url) -> Option<String> {
    if pgm::is_loopback(url) {
        return None;
    }
    // A path may be longer than a `Uri` can be, and has no say in it.
    let origin = format!("{}://{}/", url.scheme(), &url[Position::BeforeHost..Position::AfterPort]);
    let proxy = Matcher::from_env().intercept(&origin.parse().ok()?)?;
    Some(proxy.uri().to_string())
}
