//! A request as it goes over the wire.

use std::io::Write;

use super::framing::has_token;
use crate::pgm::{self, HeaderText, SignedRequest};

/// Bodies up to this size are copied, to go out in one write with the head.
const MAX_COPIED_BODY: usize = 16 * 1024;

/// Writes a request's head over what is in `out`, and its body if it is small; returns what is to
/// be sent after that. Header names go out as they are spelt. `target` are the headers that the
/// URL asks for: they stand first, unless the request has its own.
pub fn write_request<'r>(
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
    for (name, value) in target.iter().filter(|(name, _)| values(headers, name).next().is_none()) {
        write_header(out, name, value);
    }
    for (name, value) in headers {
        // Only the body itself says how long it is.
        if !name.eq_ignore_ascii_case("content-length") {
            write_header(out, name, value);
        }
    }
    // Writing to a Vec is infallible.
    let _ = write!(out, "Content-Length: {}\r\n\r\n", request.body().len());
    if request.body().len() > MAX_COPIED_BODY {
        return request.body();
    }
    out.extend_from_slice(request.body());
    &[]
}

/// Whether the request asks for the connection to end after the response.
pub fn asks_to_close(request: &SignedRequest) -> bool {
    values(request.headers(), "connection").any(|value| has_token(value.as_bytes(), b"close"))
}

fn write_header(out: &mut Vec<u8>, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
}

fn values<'a>(
    headers: &'a [(HeaderText, HeaderText)],
    name: &str,
) -> impl Iterator<Item = &'a str> {
    let named = move |(other, _): &&(HeaderText, HeaderText)| other.eq_ignore_ascii_case(name);
    headers.iter().filter(named).map(|(_, value)| &**value)
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
        let target = [("Host", "example.com:8080".to_owned())];
        let rest = write_request(&mut out, "/a?b=c", &target, request);
        String::from_utf8([&out, rest].concat()).unwrap()
    }

    #[test]
    fn header_names_go_out_as_the_vendor_and_the_user_write_them() {
        let own = [("X-A", "1"), ("X-B", "2"), ("x-a", "3")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let signature = request().signature().unwrap().to_owned();
        assert_eq!(
            written(&request().with(&own)),
            format!(
                "POST /a?b=c HTTP/1.1\r\nHost: example.com:8080\r\nAccept: */*\r\n\
                 Content-Type: application/json\r\nUser-Agent: {}\r\nX-PerfectGym-Request: 1\r\n\
                 X-PerfectGym-Signature: {signature}\r\nX-A: 1\r\nX-B: 2\r\nx-a: 3\r\n\
                 Content-Length: 2\r\n\r\n{{}}",
                pgm::USER_AGENT
            )
        );
    }

    #[test]
    fn the_users_own_host_is_used_and_the_length_is_always_the_bodys() {
        let text = written(&request().header("Host", "other").header("Content-Length", "99"));
        assert!(text.contains("Host: other\r\n") && !text.contains("example.com"), "{text}");
        assert!(text.contains("Content-Length: 2\r\n") && !text.contains("99"), "{text}");
    }

    #[test]
    fn a_large_body_is_not_copied() {
        let (secret, id) = (Secret::new("s").unwrap(), RequestId::new("1").unwrap());
        let large = SignedRequest::new(id, &secret, vec![b'x'; MAX_COPIED_BODY + 1]);
        let mut out = Vec::new();
        assert_eq!(write_request(&mut out, "/", &[], &large), large.body());
        assert!(out.ends_with(b"Content-Length: 16385\r\n\r\n"));
    }

    #[test]
    fn a_request_may_ask_to_close() {
        assert!(!asks_to_close(&request()));
        assert!(asks_to_close(&request().header("Connection", "upgrade, Close")));
    }
}
