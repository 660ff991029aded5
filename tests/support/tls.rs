//! Certificates of the tests' own, and targets that show them.

use std::io::Write;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use super::server::{Stream, Target};

/// An authority, with its certificate in a file that `--ca-cert` can read.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: NamedTempFile,
}

/// The validity of a certificate.
#[derive(Clone, Copy)]
pub enum Validity {
    Current,
    Expired,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(certificate.pem().as_bytes()).unwrap();
        Self { issuer: Issuer::new(params, key), file }
    }

    pub fn file(&self) -> PathBuf {
        self.file.path().to_owned()
    }

    /// A certificate for this name, and its key.
    fn issue(&self, name: &str, validity: Validity) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if let Validity::Expired = validity {
            params.not_before = rcgen::date_time_ymd(2020, 1, 1);
            params.not_after = rcgen::date_time_ymd(2020, 2, 1);
        }
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// A certificate for this name and its key, as files hold them.
    pub fn pem(&self, name: &str, validity: Validity) -> (String, String) {
        let (certificate, key) = self.issue(name, validity);
        (certificate.pem(), key.serialize_pem())
    }

    /// The server's side of TLS with a certificate for this name, offering these protocols.
    pub fn server_config(&self, name: &str, validity: Validity, alpn: &[&str]) -> ServerConfig {
        self.server_config_with_chain(name, validity, alpn, 1)
    }

    /// The same, the certificate this many times in its chain.
    pub fn server_config_with_chain(
        &self,
        name: &str,
        validity: Validity,
        alpn: &[&str],
        times: usize,
    ) -> ServerConfig {
        let (certificate, key) = self.issue(name, validity);
        let chain = vec![CertificateDer::from(certificate.der().to_vec()); times];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        config
    }

    /// A target that speaks TLS with a certificate for this name.
    pub fn target(
        &self,
        name: &str,
        validity: Validity,
        respond: impl Fn(&mut dyn Stream, usize) + Send + Sync + 'static,
    ) -> Target {
        Self::serve(self.server_config(name, validity, &["http/1.1"]), respond)
    }

    /// A target that speaks TLS with this configuration.
    pub fn serve(
        config: ServerConfig,
        respond: impl Fn(&mut dyn Stream, usize) + Send + Sync + 'static,
    ) -> Target {
        let config = Arc::new(config);
        let wrap = move |stream: TcpStream| {
            let tls = ServerConnection::new(config.clone()).unwrap();
            Some(Box::new(StreamOwned::new(tls, stream)) as Box<dyn Stream>)
        };
        Target::start("127.0.0.1:0", wrap, respond)
    }
}
