//! From an error of the network to an outcome and a line of text.

use std::error::Error;
use std::io;

use rustls::{CertificateError, InvalidMessage};

use super::help::{CHAIN_TOO_LARGE, NOT_TLS, SELF_SIGNED};
use super::{AttemptOutcome, CertificateProblem};
use crate::http1::{ConnectError, DnsError, SendError, cause, error_message};

/// What ended an attempt: its outcome and what went wrong.
pub(super) type Failure = (AttemptOutcome, String);

impl From<&rustls::Error> for CertificateProblem {
    fn from(error: &rustls::Error) -> Self {
        use CertificateError as Problem;
        let rustls::Error::InvalidCertificate(problem) = error else {
            return Self::Other(error.to_string());
        };
        match problem {
            Problem::Expired | Problem::ExpiredContext { .. } => Self::Expired,
            Problem::NotValidYet | Problem::NotValidYetContext { .. } => Self::NotYetValid,
            Problem::NotValidForName | Problem::NotValidForNameContext { .. } => Self::WrongName,
            Problem::UnknownIssuer => Self::UnknownIssuer,
            _ => Self::Other(error.to_string()),
        }
    }
}

pub(super) fn connect_failure(error: &ConnectError) -> Failure {
    match error {
        ConnectError::Dns(DnsError(text)) => (AttemptOutcome::Dns, text.clone()),
        // A connection may be accepted and end before the system reports it.
        ConnectError::Tcp(error) if is_disconnect(error) => {
            (AttemptOutcome::Broken, error_message(error))
        }
        ConnectError::Tcp(error) => (AttemptOutcome::Refused, error_message(error)),
        ConnectError::Tls(error) => {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
            (AttemptOutcome::Tls, inner.map_or_else(|| error_message(error), tls_message))
        }
    }
}

pub(super) fn send_failure(error: &SendError) -> Failure {
    (AttemptOutcome::Broken, error.message())
}

/// What an error of reqwest means.
pub(super) fn reqwest_failure(error: &reqwest::Error) -> Failure {
    if let Some(DnsError(text)) = find(error) {
        return (AttemptOutcome::Dns, text.clone());
    }
    if let Some(error) = find::<rustls::Error>(error) {
        return (AttemptOutcome::Tls, tls_message(error));
    }
    let is_broken = find::<io::Error>(error).is_some_and(is_disconnect);
    let is_unsent = error.is_connect() || error.is_builder();
    let outcome = match is_unsent && !is_broken {
        true => AttemptOutcome::Refused,
        false => AttemptOutcome::Broken,
    };
    (outcome, error_message(error))
}

/// The TLS library's text, or a plainer one for what happens most.
fn tls_message(error: &rustls::Error) -> String {
    match (CertificateProblem::from(error), error) {
        (CertificateProblem::Expired, _) => "the certificate has expired".to_owned(),
        (CertificateProblem::NotYetValid, _) => "the certificate is not valid yet".to_owned(),
        (_, rustls::Error::InvalidMessage(InvalidMessage::HandshakePayloadTooLarge)) => {
            CHAIN_TOO_LARGE.to_owned()
        }
        (_, rustls::Error::InvalidMessage(_)) => NOT_TLS.to_owned(),
        (_, rustls::Error::General(text)) => text.clone(),
        // The cause within has a type that is private to the library.
        (CertificateProblem::Other(text), _) if text.contains("CaUsedAsEndEntity") => {
            SELF_SIGNED.to_owned()
        }
        _ => error.to_string(),
    }
}

fn is_disconnect(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
}

/// The first error of this type, from the outermost inwards.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = cause(error);
    }
    None
}
