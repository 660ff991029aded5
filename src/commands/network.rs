//! Getting ready to call a URL: settings, and the warnings that go with them.

use std::time::Duration;

use url::Url;

use super::error::CliError;
use crate::cli::NetworkArgs;
use crate::delivery::{HttpTransport, ProbeClient, Protocol};
use crate::http1::{Network, Resolve};
use crate::pgm;
use crate::report::{Output, format_duration, shown_url};

/// How long a probe waits for a response where the user does not say.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// A transport to `url`. Warns of what PGM would do otherwise.
pub(super) fn transport(
    url: &Url,
    args: &NetworkArgs,
    protocol: Protocol,
    output: &mut Output,
) -> Result<HttpTransport, CliError> {
    announce(url, args, output);
    Ok(HttpTransport::new(url.clone(), &settings(args), protocol)?)
}

/// A transport to each of the URLs, in their order.
pub(super) fn transports(
    urls: &[&Url],
    args: &NetworkArgs,
    protocol: Protocol,
    output: &mut Output,
) -> Result<Vec<HttpTransport>, CliError> {
    check_resolve(urls, args)?;
    let to = |url: &&Url| {
        let mut args = args.clone();
        args.resolve.retain(|resolve| resolve.applies_to(url));
        transport(url, &args, protocol, output)
    };
    urls.iter().map(to).collect()
}

/// Warns of what PGM would do otherwise.
pub(super) fn announce(url: &Url, args: &NetworkArgs, output: &mut Output) {
    for text in warnings(url, args) {
        output.warn(text);
    }
}

/// What probes a target at `url`. It waits for longer than `limit`, the time that an answer
/// may take: one that is late tells more than one that is missing.
pub(super) fn prober(
    url: &Url,
    args: &NetworkArgs,
    limit: Duration,
) -> Result<ProbeClient, CliError> {
    check_resolve(&[url], args)?;
    let network = settings(args);
    let timeout = args.timeout.unwrap_or(PROBE_TIMEOUT).max(limit);
    Ok(ProbeClient::new(url.clone(), &Network { timeout, ..network })?)
}

/// An address that is for none of the URLs is a typing error; it must not send a request
/// somewhere else in silence.
pub(super) fn check_resolve(urls: &[&Url], args: &NetworkArgs) -> Result<(), CliError> {
    let is_unused = |resolve: &&Resolve| !urls.iter().any(|url| resolve.applies_to(url));
    let Some(unused) = args.resolve.iter().find(is_unused) else { return Ok(()) };
    let shown: Vec<_> = urls.iter().map(|url| shown_url(url)).collect();
    Err(CliError::new(format!(
        "--resolve {}:{}:{} is not about {}",
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
    if let Some(why) = pgm::blocked(url).filter(|_| !pgm::is_loopback(url)) {
        warnings.push(format!(
            "PGM would not call {}: {why}; it calls only https on port {}",
            shown_url(url),
            pgm::HTTPS_PORT
        ));
    }
    if args.timeout() > pgm::TIMEOUT {
        warnings.push(format!(
            "with --timeout {} an answer may come after PGM has given up, which it does after {}",
            format_duration(args.timeout()),
            format_duration(pgm::TIMEOUT)
        ));
    }
    warnings
}
