//! From a host's name to its addresses. Ports are left to the caller: all are 0.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::Resolve;
use crate::pgm::is_localhost;

/// This machine's own addresses, in the order in which systems give them.
const HERE: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
];

/// The host's name has no address: tells a failed lookup from a failed connection.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct DnsError(pub(super) String);

/// Addresses that need no lookup: the user's own, and those of `localhost`, for which a lookup
/// would start a thread and read half a dozen files.
pub(super) fn known(name: &str, own: &[Resolve]) -> Vec<SocketAddr> {
    let own = own.iter().filter(|own| own.host.eq_ignore_ascii_case(name));
    let own: Vec<_> = own.map(|own| SocketAddr::new(own.address, 0)).collect();
    match own.is_empty() && is_localhost(name) {
        true => HERE.to_vec(),
        false => own,
    }
}

/// Asks the system.
pub(super) async fn look_up(name: &str) -> Result<Vec<SocketAddr>, DnsError> {
    match tokio::net::lookup_host((name, 0)).await {
        Ok(found) => Ok(found.collect()),
        Err(error) => Err(DnsError(format!("{name} has no address: {error}"))),
    }
}
