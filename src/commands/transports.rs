//! Transports to several targets at once.

use url::Url;

use super::failure::Failure;
use super::network;
use crate::cli::NetworkArgs;
use crate::delivery::{HttpTransport, Resolve};
use crate::report::{Output, shown_url};

/// A transport to each of the URLs, in their order.
pub(super) fn to_each(
    urls: &[&Url],
    args: &NetworkArgs,
    output: &mut Output,
) -> Result<Vec<HttpTransport>, Failure> {
    check_resolve(urls, args)?;
    let transport = |url: &&Url| {
        let mut args = args.clone();
        args.resolve.retain(|resolve| resolve.applies_to(url));
        network::transport(url, &args, output)
    };
    urls.iter().map(transport).collect()
}

/// An address that is for none of the URLs is a typing error; it must not send a request
/// somewhere else in silence.
fn check_resolve(urls: &[&Url], args: &NetworkArgs) -> Result<(), Failure> {
    let is_unused = |resolve: &&Resolve| !urls.iter().any(|url| resolve.applies_to(url));
    let Some(unused) = args.resolve.iter().find(is_unused) else { return Ok(()) };
    let shown: Vec<_> = urls.iter().map(|url| shown_url(url)).collect();
    Err(Failure::new(format!(
        "--resolve {}:{}:{} is not about {}",
        unused.host,
        unused.port,
        unused.address,
        shown.join(" or ")
    ))
    .help("its host and port must be those of the URL"))
}
