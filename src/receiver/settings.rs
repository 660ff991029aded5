//! How to receive: limits, and TLS with a certificate made for the run, or the user's own.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};

use crate::files::error_text;

/// What a client may ask for. One that exceeds a limit gets a response that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body; more is a 413.
    pub body: usize,
    /// Bytes of a head, request line included; more is a 431.
    pub head: usize,
    /// Time for a head to arrive, and for an idle connection to send something. Then a 408, or
    /// the end of the connection if nothing arrived at all.
    pub head_time: Duration,
    /// Time for a body to arrive; then a 408. Also the time in which a client has to read
    /// something of its response.
    pub body_time: Duration,
    /// Open connections; the next one waits until one of them ends.
    pub connections: usize,
}

impl Default for Limits {
    /// Far above what PGM sends: its bodies have some hundred bytes.
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            head: 64 * 1024,
            head_time: Duration::from_secs(5),
            body_time: Duration::from_secs(30),
            connections: 1024,
        }
    }
}

/// How to receive.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a client may ask for.
    pub limits: Limits,
    /// Serve https with this configuration.
    pub tls: Option<Arc<ServerConfig>>,
    /// Accept what web pages of other sites make a browser send.
    pub allow_browser: bool,
    /// Reads the clock.
    pub now: fn() -> DateTime<Utc>,
}

impl Settings {
    /// Plain HTTP within the default limits.
    pub fn plain(now: fn() -> DateTime<Utc>) -> Self {
        Self { limits: Limits::default(), tls: None, allow_browser: false, now }
    }
}

/// Days that a certificate made here is valid: longer than a receiver runs, and short enough for
/// every client.
const VALID_DAYS: i64 = 90;

/// Why a receiver cannot serve https.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate or the key cannot be read.
    #[error("cannot read {}: {}", .0.display(), error_text(.1))]
    Unreadable(PathBuf, io::Error),
    /// It holds something else.
    #[error("cannot use {}: {reason}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A name cannot be that of a host.
    #[error("cannot make a certificate for {0:?}: not a host name or an IP address")]
    Name(String),
    /// No certificate can be made.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// Certificate and key do not match, or are of a kind that cannot be used.
    #[error("cannot use the certificate with its key: {0}")]
    Use(#[from] rustls::Error),
}

/// Makes a certificate for this machine's names, for `address` and for `more` names, from an
/// authority of its own. Returns the authority's certificate too, as PEM. Whoever trusts it trusts
/// this receiver and nobody else: the authority's key is gone with this call.
///
/// # Errors
/// When a name is not valid, or the library cannot make a certificate.
pub fn self_signed(
    address: IpAddr,
    more: &[String],
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
    for name in more {
        if ServerName::try_from(name.as_str()).is_err() {
            return Err(TlsError::Name(name.clone()));
        }
        names.push(name.clone());
    }
    let key = KeyPair::generate()?;
    let mut leaf = params(names, now)?;
    leaf.distinguished_name.push(DnType::CommonName, "pgwh listen");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key))?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Ok((config(vec![leaf.der().clone()], key)?, pem))
}

/// Reads the user's own certificate, followed by those of its authorities, and its key; both PEM.
///
/// # Errors
/// When they cannot be used.
pub fn from_files(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let failed = |file: &Path, reason: String| TlsError::File { file: file.to_owned(), reason };
    let unreadable = |file: &Path, error| TlsError::Unreadable(file.to_owned(), error);
    let read = |file: &Path| std::fs::read(file).map_err(|error| unreadable(file, error));
    let chain = CertificateDer::pem_slice_iter(&read(cert)?).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| failed(cert, error.to_string()))?;
    if chain.is_empty() {
        return Err(failed(cert, "it has no PEM certificate".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?);
    config(chain, private.map_err(|error| failed(key, error.to_string()))?)
}

fn params(names: Vec<String>, now: DateTime<Utc>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    // A day earlier: the clock of the client may be behind.
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    let date = |date: DateTime<Utc>| {
        rcgen::date_time_ymd(date.year(), part(date.month()), part(date.day()))
    };
    params.not_before = date(now - TimeDelta::days(1));
    params.not_after = date(now + TimeDelta::days(VALID_DAYS));
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
