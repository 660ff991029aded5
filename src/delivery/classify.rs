//! From an HTTP client's error to an outcome and one line of words.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::hints::{NOT_TLS, SELF_SIGNED};
use super::names::DnsError;
use super::phases::Marks;
use super::{AttemptOutcome, CertificateProblem};

/// What an attempt came to, and what went wrong in words: `result` is what its exchange gave, if
/// that was before its time was up.
pub(super) fn conclude<E>(
    result: Option<Result<(), E>>,
    elapsed: Duration,
    timeout: Duration,
    explain: impl FnOnce(E) -> (AttemptOutcome, String),
) -> (AttemptOutcome, Option<String>) {
    // An answer that kept this thread too busy to see the timer is late all the same.
    match result.filter(|_| elapsed <= timeout) {
        Some(Ok(())) => (AttemptOutcome::Responded, None),
        Some(Err(error)) => {
            let (outcome, words) = explain(error);
            (outcome, Some(words))
        }
        None => (AttemptOutcome::TimedOut, Some(format!("no whole answer in {timeout:?}"))),
    }
}

/// What an error of the HTTP client means.
pub(super) fn classify(error: &reqwest::Error, marks: &Marks) -> (AttemptOutcome, String) {
    let chain = chain(error);
    if let Some(error) = chain.iter().find_map(|e| e.downcast_ref::<DnsError>()) {
        return (AttemptOutcome::Dns, error.to_string());
    }
    if let Some(error) = chain.iter().find_map(|e| e.downcast_ref::<rustls::Error>()) {
        return (AttemptOutcome::Tls, tls_words(error));
    }
    let outcome = match (marks.connected(), marks.tls_started()) {
        (true, _) => AttemptOutcome::Broken,
        (false, true) => AttemptOutcome::Tls,
        (false, false) if broke(&chain) => AttemptOutcome::Broken,
        (false, false) => AttemptOutcome::Refused,
    };
    (outcome, innermost(&chain))
}

/// The TLS library's words, or plainer ones for what happens most.
pub(super) fn tls_words(error: &rustls::Error) -> String {
    match CertificateProblem::from(error) {
        CertificateProblem::Expired => "the certificate has expired".to_owned(),
        CertificateProblem::NotYetValid => "the certificate is not valid yet".to_owned(),
        _ if matches!(error, rustls::Error::InvalidMessage(_)) => NOT_TLS.to_owned(),
        // The cause within is of a type that the library keeps to itself.
        CertificateProblem::Other(words) if words.contains("CaUsedAsEndEntity") => {
            SELF_SIGNED.to_owned()
        }
        _ => error.to_string(),
    }
}

/// Whether a connection was there to be broken: it may end before the connector has told of it.
fn broke(chain: &[&(dyn Error + 'static)]) -> bool {
    chain.iter().filter_map(|error| error.downcast_ref::<io::Error>()).any(is_end)
}

/// Whether a connection that was there ended.
pub(super) fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset)
}

/// The error and everything beneath it. An `io::Error` hides the error that it wraps from
/// `source()`, so that one is taken out by hand.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut chain = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        chain.push(error);
        let wrapped = error.downcast_ref::<io::Error>().and_then(|error| error.get_ref());
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    chain
}

/// What happened, in one line of words.
pub(super) fn words(error: &(dyn Error + 'static)) -> String {
    innermost(&chain(error))
}

/// The innermost error says what happened; the ones around it say only where.
fn innermost(chain: &[&(dyn Error + 'static)]) -> String {
    let Some(innermost) = chain.last() else { return String::new() };
    let text = innermost.to_string();
    match text.split_once(" (os error ") {
        Some((text, _)) => text.to_owned(),
        None => text,
    }
}
