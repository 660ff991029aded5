//! Transports to several targets at once.

use url::Url;

use super::failure::Failure;
use super::network;
use crate::cli::NetworkArgs;
use crate::delivery::{HttpTransport, Protocol};
use crate::report::Output;

/// A transport to each of the URLs, in their order.
pub(super) fn to_each(
    urls: &[&Url],
    args: &NetworkArgs,
    protocol: Protocol,
    output: &mut Output,
) -> Result<Vec<HttpTransport>, Failure> {
    network::check_resolve(urls, args)?;
    let transport = |url: &&Url| {
        let mut args = args.clone();
        args.resolve.retain(|resolve| resolve.applies_to(url));
        network::transport(url, &args, protocol, output)
    };
    urls.iter().map(transport).collect()
}
