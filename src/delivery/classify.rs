//! From an HTTP client's error to an outcome and one line of words.

use std::error::Error;
use std::io;

use super::Outcome;
use super::phases::{DnsError, Marks};

/// What an error of the HTTP client means.
pub(super) fn classify(error: &reqwest::Error, marks: &Marks) -> (Outcome, String) {
    let chain = chain(error);
    if let Some(error) = chain.iter().find_map(|e| e.downcast_ref::<DnsError>()) {
        return (Outcome::Dns, error.to_string());
    }
    if let Some(error) = chain.iter().find_map(|e| e.downcast_ref::<rustls::Error>()) {
        return (Outcome::Tls, error.to_string());
    }
    let outcome = match (marks.connected(), marks.tls_started()) {
        (true, _) => Outcome::Broken,
        (false, true) => Outcome::Tls,
        (false, false) => Outcome::Refused,
    };
    (outcome, words(&chain))
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

/// The innermost error says what happened; the ones around it say only where.
fn words(chain: &[&(dyn Error + 'static)]) -> String {
    let Some(innermost) = chain.last() else { return String::new() };
    let text = innermost.to_string();
    match text.split_once(" (os error ") {
        Some((text, _)) => text.to_owned(),
        None => text,
    }
}
