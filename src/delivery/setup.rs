//! What can be wrong with the settings for reaching a target.

use std::path::PathBuf;

/// Why no attempt can be made with these settings.
#[derive(Debug, thiserror::Error)]
pub enum TlsConfigError {
    /// The file of authorities cannot be used.
    #[error("cannot use the CA certificate {}: {why}", file.display())]
    CaCert {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The HTTP client cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Client(reqwest::Error),
    /// TLS itself cannot be set up.
    #[error("cannot set up TLS: {0}")]
    Tls(rustls::Error),
}
