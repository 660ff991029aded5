//! The receiver's side of TLS: a certificate made at the start, or the user's own.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// How long a certificate made here is good for: longer than anybody leaves a receiver
/// running, and short enough for every client.
const DAYS: i64 = 90;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate or the key cannot be read.
    #[error("cannot use {}: {why}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// No certificate can be made.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// Certificate and key do not go together, or are of a kind that cannot be used.
    #[error("cannot use the certificate with its key: {0}")]
    Use(#[from] rustls::Error),
}

/// A certificate for this machine's names and for `address`, from an authority that lives as
/// long as this call. Gives the authority's certificate too, as PEM: who trusts it trusts the
/// receiver, and nobody else, as the authority's key is gone.
///
/// # Errors
/// When the library cannot make one.
pub fn self_signed(
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<(Arc<ServerConfig>, String), TlsError> {
    let authority_key = KeyPair::generate()?;
    let mut authority = params(Vec::new(), now)?;
    authority.distinguished_name.push(DnType::CommonName, "pgwh listen (made for this run)");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let pem = authority.self_signed(&authority_key)?.pem();

    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let own = address.to_string();
    if !address.is_unspecified() && !names.contains(&own) {
        names.push(own);
    }
    let key = KeyPair::generate()?;
    let mut leaf = params(names, now)?;
    leaf.distinguished_name.push(DnType::CommonName, "pgwh listen");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key))?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Ok((config(vec![leaf.der().clone()], key)?, pem))
}

/// The user's own certificate, with those of its authorities after it, and its key; both PEM.
///
/// # Errors
/// When they cannot be used.
pub fn from_files(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let failed = |file: &Path, why: String| TlsError::File { file: file.to_owned(), why };
    let read = |file: &Path| std::fs::read(file).map_err(|error| failed(file, error.to_string()));
    let chain = CertificateDer::pem_slice_iter(&read(cert)?).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| failed(cert, error.to_string()))?;
    if chain.is_empty() {
        return Err(failed(cert, "it holds no PEM certificate".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?);
    config(chain, private.map_err(|error| failed(key, error.to_string()))?)
}

fn params(names: Vec<String>, now: DateTime<Utc>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    // A day earlier: the clock of the caller may be behind.
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    let date = |date: DateTime<Utc>| {
        rcgen::date_time_ymd(date.year(), part(date.month()), part(date.day()))
    };
    params.not_before = date(now - TimeDelta::days(1));
    params.not_after = date(now + TimeDelta::days(DAYS));
    Ok(params)
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
