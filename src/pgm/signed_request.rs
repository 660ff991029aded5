//! A request as PGM sends it, built once so that every attempt sends the same bytes; and its
//! signature: MD5 of the request id, a colon and the secret (documented).

use super::Secret;
use bytes::Bytes;
use md5::{Digest, Md5};
use std::borrow::Cow;
use std::fmt;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// The HTTP method of every request (documented).
pub const METHOD: &str = "POST";
/// Header that carries the request id; a retry carries the same value (documented).
pub const REQUEST_ID_HEADER: &str = "X-PerfectGym-Request";
/// Header that carries the signature (documented).
pub const SIGNATURE_HEADER: &str = "X-PerfectGym-Signature";
/// Whether a header is one of PGM's two, in any case.
pub fn is_pgm_header(name: &str) -> bool {
    [REQUEST_ID_HEADER, SIGNATURE_HEADER].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The content type of a JSON body (documented to be JSON; the exact value is our choice).
pub const CONTENT_TYPE: &str = "application/json";
/// Any response will do (our choice: what PGM sends is not known).
const ACCEPT: &str = "*/*";
/// What pgwh calls itself. PGM's own `User-Agent` is not known.
pub const USER_AGENT: &str = concat!("pgwh/", env!("CARGO_PKG_VERSION"));

/// `X-PerfectGym-Request`: identifies a request through all its retries. A UUID as far as is
/// known, so any text that an HTTP header can carry is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestId(String);

/// Why a text cannot be a request id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequestId {
    /// There is no text.
    #[error("a request id cannot be empty")]
    Empty,
    /// A header's value would lose the white space at either end.
    #[error("a request id cannot start or end with white space")]
    Blank,
    /// The character, given here, cannot travel in a header.
    #[error("a request id is sent in a header, which cannot carry {0:?}")]
    Character(char),
}

impl RequestId {
    /// Takes a request id as it will be sent and signed.
    ///
    /// # Errors
    /// When a header could not carry it unchanged.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidRequestId> {
        let text = text.into();
        Self::check(&text).map(|()| Self(text))
    }

    /// Whether a header can carry this text unchanged.
    ///
    /// # Errors
    /// When it cannot.
    pub fn check(text: &str) -> Result<(), InvalidRequestId> {
        if text.is_empty() {
            return Err(InvalidRequestId::Empty);
        }
        if text.trim() != text {
            return Err(InvalidRequestId::Blank);
        }
        if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Ok(());
        }
        let unfit = text.chars().find(|c| !(' '..='~').contains(c));
        unfit.map_or(Ok(()), |c| Err(InvalidRequestId::Character(c)))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The form that PGM is assumed to use; hyphenated hex is always fit for a header.
impl From<Uuid> for RequestId {
    fn from(id: Uuid) -> Self {
        Self(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A header's name, or its value. Most are the same in every request.
pub type HeaderText = Cow<'static, str>;

/// Method, headers and the exact body bytes of one request. Never changed after it is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest {
    request_id: RequestId,
    headers: Vec<(HeaderText, HeaderText)>,
    body: Bytes,
}

impl SignedRequest {
    /// Signs `request_id` and puts the headers that PGM sends before `body`.
    pub fn new(request_id: RequestId, secret: &Secret, body: impl Into<Bytes>) -> Self {
        let signature = Signature::new(&request_id, secret).to_string();
        Self::with_signature(request_id, signature, body)
    }

    /// A request whose signature was made elsewhere: a captured one that is sent again, or one
    /// that is wrong on purpose.
    pub fn with_signature(
        request_id: RequestId,
        signature: String,
        body: impl Into<Bytes>,
    ) -> Self {
        let body = body.into();
        let headers = vec![
            ("Accept".into(), ACCEPT.into()),
            ("Content-Type".into(), CONTENT_TYPE.into()),
            ("User-Agent".into(), USER_AGENT.into()),
            (REQUEST_ID_HEADER.into(), request_id.0.clone().into()),
            (SIGNATURE_HEADER.into(), signature.into()),
        ];
        Self { request_id, headers, body }
    }

    /// A request that was built before: exactly these headers, in this order, and this body.
    pub fn from_parts(
        request_id: RequestId,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { request_id, headers: headers.collect(), body: body.into() }
    }

    /// The same request signed with another secret.
    #[must_use]
    pub fn resigned(self, secret: &Secret) -> Self {
        let signature = Signature::new(&self.request_id, secret).to_string();
        self.header(SIGNATURE_HEADER, &signature)
    }

    /// Sets one more header, or another value for one that is there (names regardless of case).
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, known)) => *known = value.to_owned().into(),
            None => self.headers.push((name.to_owned().into(), value.to_owned().into())),
        }
        self
    }

    /// Adds a header, whatever others of its name there are.
    fn one_more(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned().into(), value.to_owned().into()));
        self
    }

    /// Sets headers of the user's: the first of a name replaces one that is there, others of that
    /// name are added. One without a value is left out.
    #[must_use]
    pub fn with(self, headers: &[(String, String)]) -> Self {
        headers.iter().enumerate().fold(self, |request, (n, (name, value))| {
            let again = headers[..n].iter().any(|(before, _)| before.eq_ignore_ascii_case(name));
            if value.is_empty() {
                return request.without(name);
            }
            if again { request.one_more(name, value) } else { request.header(name, value) }
        })
    }

    /// Takes a header away, regardless of case: what a caller who is not PGM would send.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// The request id that was signed.
    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// The signature that is sent, if one is.
    pub fn signature(&self) -> Option<&str> {
        let signature = |(name, _): &&(HeaderText, HeaderText)| name == SIGNATURE_HEADER;
        self.headers.iter().find(signature).map(|(_, value)| &**value)
    }

    /// The headers in the order in which they are sent. `Host` and `Content-Length` are the
    /// transport's to add.
    pub fn headers(&self) -> &[(HeaderText, HeaderText)] {
        &self.headers
    }

    /// The same as texts of their own.
    pub fn owned_headers(&self) -> impl Iterator<Item = (String, String)> {
        self.headers.iter().map(|(name, value)| (name.to_string(), value.to_string()))
    }

    /// The exact bytes of the body. Cloning them copies nothing.
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

/// The signature of a request id under a secret. It does not cover the body, the time or the URL:
/// whoever has seen one id with its signature can send any body with them.
#[derive(Clone, Copy)]
pub struct Signature([u8; 16]);

impl Signature {
    /// Computes MD5 of the bytes `id:secret`.
    pub fn new(id: &RequestId, secret: &Secret) -> Self {
        Self::over(id.as_str().as_bytes(), secret)
    }

    /// Does the same for a captured id, which may be one that no header can carry.
    pub fn over(id: &[u8], secret: &Secret) -> Self {
        let md5 = Md5::new().chain_update(id).chain_update(b":").chain_update(secret.expose());
        Self(md5.finalize().into())
    }

    /// Whether `received`, the header's value, is this signature. Hex digits may be upper or lower
    /// case, as the documentation does not say which; digests are compared in constant time.
    pub fn matches(&self, received: &str) -> bool {
        let mut digest = [0; 16];
        let decoded = hex::decode_to_slice(received, &mut digest).is_ok();
        decoded && u128::from_ne_bytes(self.0).ct_eq(&u128::from_ne_bytes(digest)).into()
    }
}

/// Lower-case hex, the form in which pgwh sends it (our choice: the case is not documented).
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Hides the digest: an expected signature is as good as the secret for its request id.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_a_header_would_change_are_refused() {
        assert!(RequestId::new("6b2f…").is_err());
        assert!(RequestId::new("any text of ours").is_ok());
        assert_eq!(RequestId::new(""), Err(InvalidRequestId::Empty));
        assert_eq!(RequestId::new("a "), Err(InvalidRequestId::Blank));
        assert_eq!(RequestId::new("a\r\nb"), Err(InvalidRequestId::Character('\r')));
    }

    #[test]
    fn a_header_is_replaced_regardless_of_case_and_can_be_taken_away() {
        let secret = Secret::new("s").unwrap();
        let request = SignedRequest::new(RequestId::new("1").unwrap(), &secret, Vec::new())
            .header("content-type", "text/plain")
            .header("X-Tenant", "7")
            .without("x-perfectgym-signature");
        let names: Vec<_> = request.headers().iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["Accept", "Content-Type", "User-Agent", REQUEST_ID_HEADER, "X-Tenant"]);
        assert_eq!(request.headers()[1].1, "text/plain");
        assert_eq!(request.signature(), None);
    }

    fn signature(id: &str, secret: &str) -> Signature {
        Signature::new(&RequestId::new(id).unwrap(), &Secret::new(secret).unwrap())
    }

    #[test]
    fn hex_case_does_not_matter_but_everything_else_does() {
        let ours = signature("1", "s");
        // printf "%s" 1:s | md5sum
        assert_eq!(ours.to_string(), "b814e8a178517eeb9b0da8eeb20a0df2");
        assert!(ours.matches(&ours.to_string()));
        assert!(ours.matches(&ours.to_string().to_uppercase()));
        for wrong in ["", "0", &format!(" {ours}"), &format!("{ours}0"), "ż", &"g".repeat(32)] {
            assert!(!ours.matches(wrong), "{wrong:?}");
        }
        assert!(!ours.matches(&signature("2", "s").to_string()));
    }
}
