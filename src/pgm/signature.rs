//! `X-PerfectGym-Signature`: MD5 of the request id, a colon and the secret (documented).

use std::fmt;

use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

use super::{RequestId, Secret};

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
        hex::decode_to_slice(received, &mut digest).is_ok() && self.0.ct_eq(&digest).into()
    }
}

/// Lower-case hex, the form in which pgwh sends it (our choice: the case is not documented).
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
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
