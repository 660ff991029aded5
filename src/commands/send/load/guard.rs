//! A load run against somebody else's server is an attack: nobody should start one by mistake.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::Url;

use crate::cli::SendArgs;
use crate::commands::error::CliError;
use crate::load::LoadConfig;
use crate::text::shown_url;

/// Requests a second that no server minds.
const HARMLESS_RATE: f64 = 10.0;

/// Refuses to put a public host under load, unless the user confirms that they may.
pub(super) fn check(
    url: &Url,
    addresses: &[SocketAddr],
    config: &LoadConfig,
    args: &SendArgs,
) -> Result<(), CliError> {
    let is_harmless = config.peak().is_some_and(|peak| peak <= HARMLESS_RATE);
    if args.load.yes_load_test || is_harmless {
        return Ok(());
    }
    let Some(address) = addresses.iter().find(|address| is_global_address(address.ip())) else {
        return Ok(());
    };
    let speed = match config.peak() {
        Some(peak) => format!("up to {peak} requests a second"),
        None => "as many requests as it responds to".to_owned(),
    };
    Err(CliError::new(format!(
        "{} is a public host ({}), and this run would send it {speed}",
        shown_url(url),
        address.ip()
    ))
    .help("for a server that is not yours, or that nobody warned, that is an attack")
    .help("confirm that you may with --yes-load-test, or stay below --rate 10/s"))
}

/// Whether an address is on the internet: neither this machine nor a private network.
fn is_global_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !is_private_v4(address),
        IpAddr::V6(address) => !is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    // 100.64.0.0/10 is for carriers and overlay networks (RFC 6598).
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && second & 0xc0 == 64;
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_unspecified()
        || is_shared
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_private_networks_are_not_global() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_global_address(private.parse().unwrap()), "{private}");
        }
        for public in
            ["203.0.113.7", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:8.8.8.8", "8.8.8.8"]
        {
            assert!(is_global_address(public.parse().unwrap()), "{public}");
        }
    }
}
