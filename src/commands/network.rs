//! Getting ready to call a URL: settings, and the warnings that go with them.

use std::time::Duration;

use url::Url;

use super::failure::Failure;
use crate::cli::NetworkArgs;
use crate::delivery::{HttpTransport, Network, Prober};
use crate::pgm;
use crate::report::{Output, milliseconds, shown_url, warning};

/// A transport to `url`. Warns of what PGM would do otherwise.
pub(super) fn transport(
    url: &Url,
    args: &NetworkArgs,
    output: &mut Output,
) -> Result<HttpTransport, Failure> {
    for text in warnings(url, args) {
        output.note(&warning(&text, output.note_palette()));
    }
    Ok(HttpTransport::new(url.clone(), &settings(url, args)?)?)
}

/// What probes a target at `url`. It waits for longer than `limit`, the time that an answer
/// may take: one that is late tells more than one that is missing.
pub(super) fn prober(url: &Url, args: &NetworkArgs, limit: Duration) -> Result<Prober, Failure> {
    let network = settings(url, args)?;
    let timeout = network.timeout.max(limit);
    Ok(Prober::new(url.clone(), &Network { timeout, ..network })?)
}

fn settings(url: &Url, args: &NetworkArgs) -> Result<Network, Failure> {
    if let Some(unused) = args.resolve.iter().find(|resolve| !resolve.applies_to(url)) {
        return Err(Failure::new(format!(
            "--resolve {}:{}:{} is not about {}",
            unused.host,
            unused.port,
            unused.address,
            shown_url(url)
        ))
        .help("its host and port must be those of the URL"));
    }
    Ok(Network {
        timeout: args.timeout,
        ca_cert: args.ca_cert.clone(),
        insecure: args.insecure,
        resolve: args.resolve.clone(),
    })
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
    if args.timeout > pgm::TIMEOUT {
        warnings.push(format!(
            "with --timeout {} an answer may come after PGM has given up, which it does after {}",
            milliseconds(args.timeout),
            milliseconds(pgm::TIMEOUT)
        ));
    }
    warnings
}
