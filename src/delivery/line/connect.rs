//! From addresses to a connection.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::select_ok;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long one family of addresses is tried before the other is tried beside it (RFC 8305, 5,
/// recommends 250 ms; this is what reqwest takes).
const HEAD_START: Duration = Duration::from_millis(300);

/// Connects to the first address that accepts. Where there are addresses of both families, one
/// that leads nowhere does not keep the other.
pub(super) async fn connect(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let is_v4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (first, other): (Vec<_>, Vec<_>) =
        addresses.iter().copied().partition(|to| to.is_ipv4() == is_v4);
    let mut first = pin!(TcpStream::connect(&first[..]));
    let stream = match other.is_empty() {
        true => first.await?,
        false => match timeout(HEAD_START, &mut first).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(_)) => TcpStream::connect(&other[..]).await?,
            Err(_) => select_ok([first, pin!(TcpStream::connect(&other[..]))]).await?.0,
        },
    };
    // There is nothing to wait for: a request goes out at once. One that was reset is found so soon.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}
