//! What to do next after an attempt that PGM would mark as failed.

use super::{Attempt, AttemptOutcome};

/// How the error of a failure that may be the proxy's begins.
pub(super) const BY_PROXY: &str = "through the proxy";
/// The error of a server that speaks something else where TLS is expected.
pub(super) const NOT_TLS: &str = "the target does not speak TLS on this port";
/// The error of a certificate chain that the TLS library does not read.
pub(super) const CHAIN_TOO_LARGE: &str =
    "the certificate chain is too large for this TLS library (more than 64 KiB)";
/// The error of a certificate that is its own authority, used as a server's.
pub(super) const SELF_SIGNED: &str = "the certificate is its own authority (self-signed)";

/// One sentence that helps, for an attempt that did not succeed. It may quote the target: escape
/// it before it is shown.
pub fn help(attempt: &Attempt) -> String {
    match (attempt.outcome, attempt.status()) {
        (AttemptOutcome::Responded, Some(status)) => status_hint(status, attempt),
        (AttemptOutcome::TimedOut, _) if attempt.reached => {
            "answer first and work afterwards: PGM waits 5 seconds for the last byte".to_owned()
        }
        (AttemptOutcome::TimedOut, _) if attempt.timings.tls.is_some() => speaks_no_tls(),
        (AttemptOutcome::TimedOut, _) => {
            "nothing answers at that address: check host, port and firewall".to_owned()
        }
        _ if says(attempt, BY_PROXY) => {
            "the environment names this proxy (HTTPS_PROXY, HTTP_PROXY, \
             ALL_PROXY); NO_PROXY makes an exception"
                .to_owned()
        }
        (AttemptOutcome::Refused, _) if says(attempt, "Too many open files") => {
            "that is this machine's own limit: raise it with `ulimit -n`".to_owned()
        }
        (AttemptOutcome::Refused, _) => "is the receiver running, and on this port?".to_owned(),
        (AttemptOutcome::Dns, _) => {
            "check the host's name; --resolve HOST:PORT:ADDR sends to an address of your own"
                .to_owned()
        }
        (AttemptOutcome::Tls, _) if says(attempt, NOT_TLS) => speaks_no_tls(),
        (AttemptOutcome::Tls, _) if says(attempt, SELF_SIGNED) => {
            "make a certificate for the server that \
             is signed by it and is no authority itself, as mkcert does; or use --insecure"
                .to_owned()
        }
        (AttemptOutcome::Tls, _) => {
            "PGM needs a certificate that is trusted, in date and for this name; \
             for one of your own use --ca-cert FILE, or --insecure"
                .to_owned()
        }
        _ => "the receiver ended the connection: look for a crash in its log, \
              and that it speaks HTTP on this port"
            .to_owned(),
    }
}

fn says(attempt: &Attempt, words: &str) -> bool {
    attempt.error.as_deref().is_some_and(|error| error.contains(words))
}

fn speaks_no_tls() -> String {
    "something listens there, but not with TLS: did you mean http://, or another port?".to_owned()
}

fn status_hint(status: u16, attempt: &Attempt) -> String {
    match status {
        300..=399 => redirect_hint(attempt),
        401 | 403 => "the receiver refused the signature: does it have the same secret? \
                      `pgwh sign --request-id ID` shows what it should compute"
            .to_owned(),
        404 | 410 => {
            "no receiver at this path: check the URL, also a missing or extra slash at its end"
                .to_owned()
        }
        405 => "the receiver has no POST at this path".to_owned(),
        413 | 414 | 431 => "the receiver found the request too large: raise its limits".to_owned(),
        415 | 400 | 422 => {
            "the receiver could not use the body: compare it with `pgwh sign EVENT`".to_owned()
        }
        429 => rate_hint(attempt),
        500..=599 => "the receiver failed: look in its log for the request id".to_owned(),
        _ => "PGM counts only a 2xx as success".to_owned(),
    }
}

fn redirect_hint(attempt: &Attempt) -> String {
    let location = attempt.response.as_ref().and_then(|answer| answer.header("location"));
    match location {
        Some(location) => format!(
            "it points to {}: use that URL; PGM does not promise to follow redirects",
            location
        ),
        None => "use the URL that answers by itself; PGM does not promise to follow redirects"
            .to_owned(),
    }
}

fn rate_hint(attempt: &Attempt) -> String {
    let wait = attempt.response.as_ref().and_then(|answer| answer.header("retry-after"));
    match wait {
        Some(wait) => format!(
            "it asks to wait (Retry-After: {}), which PGM is not known to do: take every call at once",
            wait
        ),
        None => "PGM is not known to slow down: take every call at once".to_owned(),
    }
}
