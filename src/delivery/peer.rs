//! What a target showed in the TLS handshake, written down while it happens. The certificate
//! is kept whether it is trusted or not, so that what is wrong with it can be said.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::{CertificateProblem, TlsPeer};

impl From<&Error> for CertificateProblem {
    fn from(error: &Error) -> Self {
        use CertificateError as Why;
        match error {
            Error::InvalidCertificate(Why::Expired | Why::ExpiredContext { .. }) => Self::Expired,
            Error::InvalidCertificate(Why::NotValidYet | Why::NotValidYetContext { .. }) => {
                Self::NotYetValid
            }
            Error::InvalidCertificate(
                Why::NotValidForName | Why::NotValidForNameContext { .. },
            ) => Self::WrongName,
            Error::InvalidCertificate(Why::UnknownIssuer) => Self::UnknownIssuer,
            other => Self::Other(other.to_string()),
        }
    }
}

/// A place for a peer that a handshake fills.
#[derive(Debug, Clone, Default)]
pub(super) struct PeerSlot(Arc<Mutex<Option<TlsPeer>>>);

impl PeerSlot {
    /// Whom the last handshake met.
    pub(super) fn take(&self) -> Option<TlsPeer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, peer: TlsPeer) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(peer);
    }

    /// The handshake's signature is checked by a function for each version: the one sign of
    /// the version that the HTTP client lets through.
    fn version(&self, version: &'static str) {
        if let Some(peer) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            peer.version = Some(version);
        }
    }
}

/// Checks a certificate with `real` and writes down what it saw.
#[derive(Debug)]
pub(super) struct WatchedVerifier {
    pub(super) real: Arc<dyn ServerCertVerifier>,
    /// Let a certificate pass that `real` does not trust.
    pub(super) lenient: bool,
    pub(super) seen: PeerSlot,
}

impl ServerCertVerifier for WatchedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.real.verify_server_cert(end_entity, intermediates, name, ocsp, now);
        let chain = std::iter::once(end_entity).chain(intermediates);
        self.seen.set(TlsPeer {
            version: None,
            chain: chain.map(|certificate| certificate.to_vec()).collect(),
            distrust: verdict.as_ref().err().map(CertificateProblem::from),
        });
        if self.lenient { Ok(ServerCertVerified::assertion()) } else { verdict }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.seen.version("TLS 1.2");
        self.real.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.seen.version("TLS 1.3");
        self.real.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.real.supported_verify_schemes()
    }
}
