//! The network settings of the command line, and the warnings that go with them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};
use url::Url;

use super::CliError;
use crate::cli::{HeaderArg, time_limit};
use crate::delivery::{
    HttpTransport, ProbeClient, Protocol, check_proxies, format_duration, proxy_for,
};
use crate::http1::{Network, Resolve};
use crate::pgm;
use crate::report::Output;
use crate::text::shown_url;
use crate::webhooks::SendDefaults;

/// How long a probe waits for a response by default.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// How requests reach the target.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network")]
pub(super) struct NetworkArgs {
    /// Time limit of an attempt [default: 5s, as PGM allows]
    ///
    /// It covers the whole attempt, from its start to the last byte of the response.
    #[arg(long, value_name = "TIME", value_parser = time_limit)]
    timeout: Option<Duration>,
    /// Add a header, replace one of PGM's, or leave one out with 'NAME:'; repeatable
    #[arg(long, hide_short_help = true, value_name = "NAME: VALUE")]
    header: Vec<HeaderArg>,
    /// Trust only the certificate authorities in this PEM file
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    ca_cert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long, hide_short_help = true)]
    insecure: bool,
    /// Connect to ADDR for this host and port, as with curl; repeatable
    #[arg(long, hide_short_help = true, value_name = "HOST:PORT:ADDR")]
    resolve: Vec<Resolve>,
}

impl NetworkArgs {
    /// Fills in what pgwh.toml says.
    pub fn apply_defaults(&mut self, defaults: &SendDefaults) {
        self.timeout = self.timeout.or(defaults.timeout);
        if self.ca_cert.is_none() && !self.insecure {
            self.ca_cert.clone_from(&defaults.ca_cert);
        }
    }

    /// The time limit of an attempt: the one given, else PGM's own.
    pub fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(pgm::TIMEOUT)
    }

    /// The user's own headers as pairs.
    pub fn headers(&self) -> Vec<(String, String)> {
        let headers = self.header.iter().map(HeaderArg::parts);
        headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Whether the user names the certificate authorities.
    pub fn has_own_authority(&self) -> bool {
        self.ca_cert.is_some()
    }

    /// The addresses of a URL's host.
    pub fn addresses(&self, url: &Url) -> Vec<SocketAddr> {
        let own = self.resolve.iter().filter(|resolve| resolve.applies_to(url));
        let own: Vec<_> =
            own.map(|resolve| SocketAddr::new(resolve.address, resolve.port)).collect();
        if own.is_empty() { url.socket_addrs(|| None).unwrap_or_default() } else { own }
    }

    /// A transport to each of the URLs, in their order. Warns about what PGM would do differently.
    pub fn transports(
        &self,
        urls: &[&Url],
        protocol: Protocol,
        output: &mut Output,
    ) -> Result<Vec<HttpTransport>, CliError> {
        self.check_resolve(urls)?;
        urls.iter().try_for_each(|url| check_proxies(url))?;
        let transport = |url: &&Url| {
            self.warn_about(url, output);
            Ok(HttpTransport::new((*url).clone(), &self.settings(), protocol)?)
        };
        urls.iter().map(transport).collect()
    }

    /// A client that probes a target at `url`. It waits for longer than `limit`, the time that a
    /// response may take: a late one tells more than a missing one.
    pub fn probe_client(&self, url: &Url, limit: Duration) -> Result<ProbeClient, CliError> {
        self.check_resolve(&[url])?;
        check_proxies(url)?;
        let timeout = self.timeout.unwrap_or(PROBE_TIMEOUT).max(limit);
        Ok(ProbeClient::new(url.clone(), &Network { timeout, ..self.settings() })?)
    }

    /// The settings of connections that go straight to a URL's host. Warns as `transports` does.
    pub fn direct(&self, url: &Url, output: &mut Output) -> Result<Network, CliError> {
        check_proxies(url)?;
        if let Some(proxy) = proxy_for(url) {
            return Err(CliError::new(format!(
                "the environment sets the proxy {proxy} for this URL, but a load run connects \
                 directly to its target"
            ))
            .help("add the target's host to NO_PROXY to bypass it"));
        }
        self.elsewhere(url, output)
    }

    /// The settings of connections to a URL's host that another program makes. Warns as `transports`
    /// does.
    pub fn elsewhere(&self, url: &Url, output: &mut Output) -> Result<Network, CliError> {
        self.check_resolve(&[url])?;
        self.warn_about(url, output);
        Ok(self.settings())
    }

    fn settings(&self) -> Network {
        Network {
            timeout: self.timeout(),
            ca_cert: self.ca_cert.clone(),
            insecure: self.insecure,
            resolve: self.resolve.clone(),
        }
    }

    /// Refuses a `--resolve` that matches no URL: it is a typing error, and would silently send a
    /// request somewhere else.
    fn check_resolve(&self, urls: &[&Url]) -> Result<(), CliError> {
        let is_unused = |resolve: &&Resolve| !urls.iter().any(|url| resolve.applies_to(url));
        let Some(unused) = self.resolve.iter().find(is_unused) else { return Ok(()) };
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

    /// Warns about what PGM would do differently.
    fn warn_about(&self, url: &Url, output: &mut Output) {
        if let Some(reason) = pgm::blocked(url).filter(|_| !pgm::is_loopback(url)) {
            output.warn(format!(
                "PGM would not call {}: {reason}; it calls only https on port {}",
                shown_url(url),
                pgm::HTTPS_PORT
            ));
        }
        if self.timeout() > pgm::TIMEOUT {
            output.warn(format!(
                "with --timeout {} a response may arrive after PGM has given up, which it does after \
                 {}; it is shown, and counts as failed",
                format_duration(self.timeout()),
                format_duration(pgm::TIMEOUT)
            ));
        }
    }
}
