//! From a host's name to its addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::Resolve;
use crate::pgm::is_localhost;

/// This machine's own addresses, in the order in which systems give them.
const HERE: [IpAddr; 2] = [IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)];

/// The host's name has no address: tells a failed lookup from a failed connection.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct DnsError(pub(super) String);

/// Addresses that need no lookup: the user's own, and those of `localhost`, for which a lookup
/// would start a thread and read half a dozen files.
pub(super) fn known(name: &str, port: u16, own: &[Resolve]) -> Vec<SocketAddr> {
    let own = own.iter().filter(|own| own.host.eq_ignore_ascii_case(name));
    let mut addresses: Vec<_> = own.map(|own| own.address).collect();
    if addresses.is_empty() && is_localhost(name) {
        addresses = HERE.to_vec();
    }
    addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect()
}

/// Asks the system.
pub(super) async fn look_up(name: &str, port: u16) -> Result<Vec<SocketAddr>, DnsError> {
    match tokio::net::lookup_host((name, port)).await {
        Ok(found) => Ok(found.collect()),
        Err(error) => Err(DnsError(format!("{name} has no address: {error}"))),
    }
}
