//! A request as it goes over the wire.

use std::io::Write;

use crate::pgm::{self, HeaderText, SignedRequest};

/// Bodies up to this size are copied, to go out in one write with the head.
const SMALL: usize = 16 * 1024;

/// Writes a request in place of what is in `out`; gives what is to follow it. Headers have the form that a single send gives
/// them: names in lower case, those of the same name together, then what the `target` asks for that
/// the request does not have, and the body's length.
pub(in super::super) fn write<'r>(
    out: &mut Vec<u8>,
    path: &str,
    target: &[(&str, String)],
    request: &'r SignedRequest,
) -> &'r [u8] {
    out.clear();
    for part in [pgm::METHOD, " ", path, " HTTP/1.1\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    let headers = request.headers();
    for (n, (name, value)) in headers.iter().enumerate() {
        if is_same(name, "content-length") || of_name(&headers[..n], name).next().is_some() {
            continue;
        }
        header(out, name, value);
        of_name(&headers[n + 1..], name).for_each(|value| header(out, name, value));
    }
    for (name, value) in target {
        if of_name(headers, name).next().is_none() {
            header(out, name, value);
        }
    }
    // Nothing can go wrong when it is memory that is written to.
    let _ = write!(out, "content-length: {}\r\n\r\n", request.body().len());
    if request.body().len() > SMALL {
        return request.body();
    }
    out.extend_from_slice(request.body());
    &[]
}

/// Whether the connection is to end with the answer.
pub(in super::super) fn asks_to_close(request: &SignedRequest) -> bool {
    let mut values = of_name(request.headers(), "connection");
    values.any(|value| super::rest::has_token(value.as_bytes(), b"close"))
}

fn header(out: &mut Vec<u8>, name: &str, value: &str) {
    let start = out.len();
    out.extend_from_slice(name.as_bytes());
    out[start..].make_ascii_lowercase();
    out.extend_from_slice(b": ");
    out.extend_from_slice(value.as_bytes());
    out.extend_from_slice(b"\r\n");
}

fn of_name<'a>(
    headers: &'a [(HeaderText, HeaderText)],
    name: &str,
) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(other, _)| is_same(other, name)).map(|(_, value)| &**value)
}

fn is_same(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgm::{RequestId, Secret};

    fn request() -> SignedRequest {
        let secret = Secret::new("s").unwrap();
        SignedRequest::new(RequestId::new("1").unwrap(), &secret, &b"{}"[..])
    }

    fn written(request: &SignedRequest) -> String {
        let mut out = b"what was sent before".to_vec();
        let target = [("host", "example.com:8080".to_owned())];
        let rest = write(&mut out, "/a?b=c", &target, request);
        String::from_utf8([&out, rest].concat()).unwrap()
    }

    #[test]
    fn it_is_what_a_single_send_writes() {
        let own = [("X-A", "1"), ("X-B", "2"), ("x-a", "3")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let signature = request().signature().unwrap().to_owned();
        assert_eq!(
            written(&request().with(&own)),
            format!(
                "POST /a?b=c HTTP/1.1\r\naccept: */*\r\ncontent-type: application/json\r\n\
                 user-agent: {}\r\nx-perfectgym-request: 1\r\nx-perfectgym-signature: {signature}\r\n\
                 x-a: 1\r\nx-a: 3\r\nx-b: 2\r\nhost: example.com:8080\r\ncontent-length: 2\r\n\r\n{{}}",
                pgm::USER_AGENT
            )
        );
    }

    #[test]
    fn a_host_of_the_users_own_stands_and_the_length_is_always_the_bodys() {
        let text = written(&request().header("Host", "other").header("Content-Length", "99"));
        assert!(text.contains("host: other\r\n") && !text.contains("example.com"), "{text}");
        assert!(text.contains("content-length: 2\r\n") && !text.contains("99"), "{text}");
    }

    #[test]
    fn a_large_body_is_not_copied() {
        let (secret, id) = (Secret::new("s").unwrap(), RequestId::new("1").unwrap());
        let large = SignedRequest::new(id, &secret, vec![b'x'; SMALL + 1]);
        let mut out = Vec::new();
        assert_eq!(write(&mut out, "/", &[], &large), large.body());
        assert!(out.ends_with(b"content-length: 16385\r\n\r\n"));
    }

    #[test]
    fn a_request_may_ask_to_close() {
        assert!(!asks_to_close(&request()));
        assert!(asks_to_close(&request().header("Connection", "upgrade, Close")));
    }
}
