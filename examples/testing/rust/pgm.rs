//! The crate pgwh in a test of a Rust receiver: no process, no network. In Cargo.toml:
//! `pgwh = { git = "…", default-features = false }`.

use pgwh::pgm::{
    HeaderText, REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, Signature, SignedRequest,
    sample,
};

const SECRET: &str = "the secret of the tests";

/// In place of your handler: it returns the status.
fn receive(headers: &http::HeaderMap, body: &[u8]) -> u16 {
    let header = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let (Some(id), Some(signature)) = (header(REQUEST_ID_HEADER), header(SIGNATURE_HEADER)) else {
        return 401;
    };
    let (Ok(id), Ok(secret)) = (RequestId::new(id), Secret::new(SECRET)) else { return 401 };
    match Signature::new(&id, &secret).matches(signature) {
        true if serde_json::from_slice::<serde_json::Value>(body).is_ok() => 200,
        true => 400,
        false => 401,
    }
}

/// A sample event as PGM would send it.
fn sign(event: &str, secret: &str) -> SignedRequest {
    let data = sample(event).unwrap_or_default();
    let body = serde_json::json!({
        "event": event, "triggeredDate": "2026-05-01T10:00:00Z", "data": data,
    });
    let id = RequestId::new("7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4").unwrap();
    SignedRequest::new(id, &Secret::new(secret).unwrap(), body.to_string())
}

fn status_of(request: &SignedRequest) -> u16 {
    let header =
        |(name, value): &(HeaderText, HeaderText)| -> (http::HeaderName, http::HeaderValue) {
            (name.parse().unwrap(), value.parse().unwrap())
        };
    let headers = request.headers().iter().map(header).collect();
    receive(&headers, request.body())
}

#[test]
fn a_signed_sample_is_accepted() {
    assert_eq!(status_of(&sign("UserModified", SECRET)), 200);
}

#[test]
fn another_secret_is_refused() {
    assert_eq!(status_of(&sign("Test", "not the secret")), 401);
}
