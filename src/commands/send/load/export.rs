//! `pgwh send … --export k6=FILE`: the load as a script for k6.

use std::fs;
use std::path::Path;

use url::Url;

use super::{AllowedFailures, HARMLESS_RATE, SendArgs, WeightedEvent, load_config, templates};
use crate::commands::{CliError, Exit};
use crate::files::error_text;
use crate::load::{K6Error, K6Script, StopAfter};
use crate::report::{Output, escape};

/// Headers whose values may be secrets.
const SECRET_HEADERS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// Writes the script; sends nothing and reads no secret.
pub(super) fn write(
    file: &Path,
    url: &Url,
    args: &SendArgs,
    events: &[WeightedEvent],
    output: &mut Output,
) -> Result<Exit, CliError> {
    let network = args.network.elsewhere(url, output)?;
    if network.ca_cert.is_some() {
        return Err(CliError::new("--ca-cert: k6 has no option for certificate authorities")
            .help("name them when it runs: SSL_CERT_FILE=ca.pem k6 run …"));
    }
    let (config, headers) = (load_config(args), args.network.headers());
    let is_harmless = config.peak().is_some_and(|peak| peak <= HARMLESS_RATE);
    let hosts = network.resolve.iter().map(|resolve| {
        let address = std::net::SocketAddr::new(resolve.address, resolve.port);
        (format!("{}:{}", resolve.host, resolve.port), address.to_string())
    });
    let script = K6Script {
        url,
        config: &config,
        events: &templates(events, args)?,
        headers: &headers,
        timeout: network.timeout,
        insecure: network.insecure,
        hosts: hosts.collect(),
        allowed_failures: allowed_failures(args, config.stop_after)?,
        allows_public_hosts: args.load.yes_load_test || is_harmless,
    };
    let script = script.render().map_err(|error| {
        let cli_error = CliError::new(format!("--export: {error}"));
        match error {
            K6Error::Password => {
                cli_error.help("leave it out; PGWH_URL names the whole URL when k6 runs the script")
            }
            K6Error::Number(_) | K6Error::Header(_) => cli_error,
        }
    })?;
    for (name, _) in headers {
        if SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            output.warn(format!("the value of the header {} is in the script", escape(&name)));
        }
    }
    fs::write(file, script).map_err(|error| {
        let why = error_text(&error);
        CliError::new(format!("--export: cannot write {}: {why}", file.display()))
    })?;
    let shown = file.display();
    output.stderr(&format!("wrote {shown}; run it with: PGWH_SECRET=… k6 run {shown}\n"));
    Ok(Exit::Yes)
}

/// The share of requests that may fail.
#[allow(clippy::cast_precision_loss, reason = "a share does not need 53 bits")]
fn allowed_failures(args: &SendArgs, stop_after: StopAfter) -> Result<f64, CliError> {
    match (args.load.allow_failures, stop_after) {
        (None, _) => Ok(0.0),
        (Some(AllowedFailures::Percent(percent)), _) => Ok(percent / 100.0),
        (Some(AllowedFailures::Count(most)), StopAfter::Count(total)) => {
            Ok((most as f64 / total as f64).min(1.0))
        }
        (Some(AllowedFailures::Count(_)), StopAfter::Duration(_)) => {
            Err(CliError::new("--allow-failures: k6 knows the share of failures only")
                .help("allow a share, as in --allow-failures 0.1%"))
        }
    }
}
