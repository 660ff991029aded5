//! Which headers travel on. Those about the connection end with it; everything else passes
//! unchanged.

use hyper::HeaderMap;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, HeaderValue, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};

/// Headers of one connection.
const OF_THE_CONNECTION: [HeaderName; 9] = [
    CONNECTION,
    // The next connection measures the body by itself.
    CONTENT_LENGTH,
    EXPECT,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// A request's headers for the next target, which is `host`.
pub(super) fn onward(received: &HeaderMap, host: HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(received.len());
    headers.insert(HOST, host);
    headers.extend(end_to_end(received).filter(|(name, _)| *name != HOST));
    headers
}

/// An answer's headers for the caller.
pub(super) fn back(answered: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    end_to_end(answered).collect()
}

fn end_to_end(headers: &HeaderMap) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let named: Vec<_> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let passes = move |name: &HeaderName| {
        !OF_THE_CONNECTION.contains(name) && !named.iter().any(|other| other == name.as_str())
    };
    let travelling = headers.iter().filter(move |(name, _)| passes(name));
    travelling.map(|(name, value)| (name.clone(), value.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_connection_stays_behind() {
        let mut received = HeaderMap::new();
        for (name, value) in [
            ("host", "tunnel.example.com"),
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("content-length", "2"),
            ("x-a", "1"),
            ("x-a", "2"),
            ("user-agent", "PGM"),
        ] {
            received.append(name, HeaderValue::from_static(value));
        }
        let sent = onward(&received, HeaderValue::from_static("localhost:3000"));
        let sent: Vec<_> = sent
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        assert_eq!(sent, ["host: localhost:3000", "x-a: 1", "x-a: 2", "user-agent: PGM"]);
    }
}
