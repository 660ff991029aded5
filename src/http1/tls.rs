//! The client's side of TLS: which authorities are trusted, and what a target shows.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::Network;
use crate::files::error_text;

/// The error of a handshake on a machine without any certificate authority.
const NO_AUTHORITIES: &str = "this system has no certificate authorities to trust";

/// Why the TLS settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsConfigError {
    /// The file of authorities cannot be read.
    #[error("cannot read the CA certificate {}: {}", .0.display(), error_text(.1))]
    Unreadable(PathBuf, io::Error),
    /// The file of authorities cannot be used.
    #[error("cannot use the CA certificate {}: {reason}", file.display())]
    CaCert {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// TLS itself cannot be set up.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] Error),
    /// The HTTP client of another library cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// TLS settings on ring that trust what `verifier` trusts and offer one protocol (ALPN).
///
/// # Errors
/// When the TLS library refuses its own defaults.
pub fn client_config(
    verifier: Arc<TargetVerifier>,
    protocol: &[u8],
) -> Result<ClientConfig, TlsConfigError> {
    let mut config = ClientConfig::builder_with_provider(verifier.provider.clone())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    Ok(config)
}

/// The certificate that a target showed, whether it is trusted or not.
#[derive(Debug, Clone)]
pub struct ShownCertificate {
    /// Protocol version, such as `TLS 1.3`; `None` when the handshake ended before it was used.
    pub version: Option<&'static str>,
    /// DER, the target's own certificate first.
    pub chain: Vec<Vec<u8>>,
    /// Why it is not trusted.
    pub error: Option<Error>,
}

/// Checks a target's certificate and records it.
#[derive(Debug)]
pub struct TargetVerifier {
    provider: Arc<CryptoProvider>,
    /// `None` where there is no authority at all.
    authorities: Option<Arc<WebPkiServerVerifier>>,
    accepts_any: bool,
    shown: Mutex<Option<ShownCertificate>>,
}

impl TargetVerifier {
    /// Trusts the authorities of `network.ca_cert`, else those of the system, which are read only
    /// if `needs_system` is set: reading them takes longer than a request.
    ///
    /// # Errors
    /// When the CA file cannot be used.
    pub fn new(network: &Network, needs_system: bool) -> Result<Self, TlsConfigError> {
        let provider = Arc::new(ring::default_provider());
        let roots = match &network.ca_cert {
            Some(file) => read_roots(file)?,
            None if needs_system => system_roots(),
            None => RootCertStore::empty(),
        };
        let authorities = if roots.is_empty() {
            None
        } else {
            let builder =
                WebPkiServerVerifier::builder_with_provider(roots.into(), provider.clone());
            Some(builder.build().map_err(|error| Error::General(error.to_string()))?)
        };
        Ok(Self { provider, authorities, accepts_any: network.insecure, shown: Mutex::default() })
    }

    /// A verifier with the same trust that has recorded nothing.
    pub fn fresh(&self) -> Self {
        Self {
            provider: self.provider.clone(),
            authorities: self.authorities.clone(),
            accepts_any: self.accepts_any,
            shown: Mutex::default(),
        }
    }

    /// What the last handshake showed.
    pub fn take_shown(&self) -> Option<ShownCertificate> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The handshake's signature is checked by one function for each version.
    fn record_version(&self, version: &'static str) {
        if let Some(shown) = &mut *self.shown.lock().unwrap_or_else(PoisonError::into_inner) {
            shown.version = Some(version);
        }
    }
}

impl ServerCertVerifier for TargetVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = match &self.authorities {
            Some(real) => real.verify_server_cert(end_entity, intermediates, name, ocsp, now),
            None => Err(Error::General(NO_AUTHORITIES.to_owned())),
        };
        let chain = std::iter::once(end_entity).chain(intermediates);
        let shown = ShownCertificate {
            version: None,
            chain: chain.map(|certificate| certificate.to_vec()).collect(),
            error: verdict.as_ref().err().cloned(),
        };
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        if self.accepts_any { Ok(ServerCertVerified::assertion()) } else { verdict }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.record_version("TLS 1.2");
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.record_version("TLS 1.3");
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The authorities of a PEM file, and no others.
fn read_roots(file: &Path) -> Result<RootCertStore, TlsConfigError> {
    let failed = |reason: String| TlsConfigError::CaCert { file: file.to_owned(), reason };
    let unreadable = |error| TlsConfigError::Unreadable(file.to_owned(), error);
    let pem = std::fs::read(file).map_err(unreadable)?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| failed(error.to_string()))?;
        roots.add(certificate).map_err(|error| failed(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(failed("it holds no PEM certificate (-----BEGIN CERTIFICATE-----)".to_owned()));
    }
    Ok(roots)
}

/// The system's authorities, without those that cannot be read.
fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}
