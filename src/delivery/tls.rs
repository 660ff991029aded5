//! Whom to trust. Made only for an `https` target: reading the system's authorities costs
//! more than the request.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::{Network, TlsConfigError};

/// The client's side of TLS: ring, HTTP/2 offered before HTTP/1.1. Where TLS is not `needed`
/// nobody is trusted: reading the system's authorities would be wasted.
pub(crate) fn client_config(
    network: &Network,
    needed: bool,
) -> Result<ClientConfig, TlsConfigError> {
    let provider = provider();
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(TlsConfigError::Tls)?;
    let mut config = if network.insecure {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(TrustAnyone(provider)))
            .with_no_client_auth()
    } else {
        let roots = roots(network, needed)?;
        builder.with_root_certificates(roots).with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What checks a certificate for real, `insecure` or not.
pub(super) fn verifier(network: &Network) -> Result<Arc<dyn ServerCertVerifier>, TlsConfigError> {
    let verifier =
        WebPkiServerVerifier::builder_with_provider(roots(network, true)?.into(), provider());
    // Fails when the system has no authorities at all: then there is none to trust.
    let no_roots =
        |_| TlsConfigError::Tls(Error::General("there is no authority to trust".to_owned()));
    Ok(verifier.build().map_err(no_roots)?)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn roots(network: &Network, needed: bool) -> Result<RootCertStore, TlsConfigError> {
    match &network.ca_cert {
        Some(file) => roots_of(file),
        None if needed => Ok(system_roots()),
        None => Ok(RootCertStore::empty()),
    }
}

/// The authorities of a PEM file, and no others.
fn roots_of(file: &Path) -> Result<RootCertStore, TlsConfigError> {
    let failed = |why: String| TlsConfigError::CaCert { file: file.to_owned(), why };
    let pem = std::fs::read(file).map_err(|error| failed(error.to_string()))?;
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

/// The system's authorities. Those that cannot be read are left out; with none at all every
/// handshake fails, which says so by itself.
fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Accepts every certificate, but still checks that the peer owns the one it shows.
#[derive(Debug)]
struct TrustAnyone(Arc<CryptoProvider>);

impl ServerCertVerifier for TrustAnyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
