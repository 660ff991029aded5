//! The network settings of the command line, and the warnings that go with them.

use std::time::Duration;

use url::Url;

use super::error::CliError;
use crate::cli::NetworkArgs;
use crate::delivery::format_duration;
use crate::delivery::{HttpTransport, ProbeClient, Protocol, check_proxies};
use crate::http1::{Network, Resolve};
use crate::pgm;
use crate::report::Output;
use crate::text::shown_url;

/// How long a probe waits for a response by default.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// A transport to each of the URLs, in their order. Warns about what PGM would do differently.
pub(super) fn transports(
    urls: &[&Url],
    args: &NetworkArgs,
    protocol: Protocol,
    output: &mut Output,
) -> Result<Vec<HttpTransport>, CliError> {
    check_resolve(urls, args)?;
    urls.iter().try_for_each(|url| check_proxies(url))?;
    let transport = |url: &&Url| {
        announce(url, args, output);
        Ok(HttpTransport::new((*url).clone(), &settings(args), protocol)?)
    };
    urls.iter().map(transport).collect()
}

/// Warns about what PGM would do differently.
pub(super) fn announce(url: &Url, args: &NetworkArgs, output: &mut Output) {
    for text in warnings(url, args) {
        output.warn(text);
    }
}

/// A client that probes a target at `url`. It waits for longer than `limit`, the time that a
/// response may take: a late one tells more than a missing one.
pub(super) fn probe_client(
    url: &Url,
    args: &NetworkArgs,
    limit: Duration,
) -> Result<ProbeClient, CliError> {
    check_resolve(&[url], args)?;
    check_proxies(url)?;
    let network = settings(args);
    let timeout = args.timeout.unwrap_or(PROBE_TIMEOUT).max(limit);
    Ok(ProbeClient::new(url.clone(), &Network { timeout, ..network })?)
}

/// A `--resolve` for none of the URLs is a typing error, and would silently send a request
/// somewhere else.
pub(super) fn check_resolve(urls: &[&Url], args: &NetworkArgs) -> Result<(), CliError> {
    let is_unused = |resolve: &&Resolve| !urls.iter().any(|url| resolve.applies_to(url));
    let Some(unused) = args.resolve.iter().find(is_unused) else { return Ok(()) };
    let shown: Vec<_> = urls.iter().map(|url| shown_url(url)).collect();
    Err(CliError::new(format!(
        "--resolve {}:{}:{} is not for {}",
        unused.host,
        unused.port,
        unused.address,
        shown.join(" or ")
    ))
    .help("its host and port must be those of the URL"))
}

pub(super) fn settings(args: &NetworkArgs) -> Network {
    Network {
        timeout: args.timeout(),
        ca_cert: args.ca_cert.clone(),
        insecure: args.insecure,
        resolve: args.resolve.clone(),
    }
}

fn warnings(url: &Url, args: &NetworkArgs) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(reason) = pgm::blocked(url).filter(|_| !pgm::is_loopback(url)) {
        warnings.push(format!(
            "PGM would not call {}: {reason}; it calls only https on port {}",
            shown_url(url),
            pgm::HTTPS_PORT
        ));
    }
    if args.timeout() > pgm::TIMEOUT {
        warnings.push(format!(
            "with --timeout {} a response may come after PGM has given up, which it does after {}",
            format_duration(args.timeout()),
            format_duration(pgm::TIMEOUT)
        ));
    }
    warnings
}
