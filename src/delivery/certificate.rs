//! What a target showed in the TLS handshake, as a value.

/// The other side of a TLS connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsPeer {
    /// Protocol version, such as `TLS 1.3`; `None` when the handshake ended before it mattered.
    pub version: Option<&'static str>,
    /// The certificates that it showed, DER, its own first.
    pub chain: Vec<Vec<u8>>,
    /// Why its certificate is not trusted, if it is not.
    pub distrust: Option<CertificateProblem>,
}

/// Why a certificate is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateProblem {
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// It is for other names.
    WrongName,
    /// No authority that is trusted stands behind it.
    UnknownIssuer,
    /// Something else, in the TLS library's words.
    Other(String),
}
