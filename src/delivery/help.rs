//! What to do after an attempt that PGM would mark as failed.

use super::{Attempt, AttemptOutcome};
use crate::pgm::RequestId;
use crate::text::shortened;

/// Most characters of the URL that a redirect points to.
const MAX_LOCATION_CHARS: usize = 200;

/// How the error of a failure that may be the proxy's begins.
pub(super) const BY_PROXY: &str = "through proxy";
/// What the error of a proxy that opens no tunnel says.
pub(super) const TUNNEL_REFUSED: &str = "refused the tunnel";
/// The error of a server that speaks something else where TLS is expected.
pub(super) const NOT_TLS: &str = "the target does not speak TLS on this port";
/// The error of a certificate chain that the TLS library does not read.
pub(super) const CHAIN_TOO_LARGE: &str =
    "the certificate chain is too large for the TLS library (more than 64 KiB)";
/// How the error of a handshake begins that failed before a certificate could be verified.
pub(super) const HANDSHAKE_FAILED: &str = "the TLS handshake failed";
/// The error of a certificate that is its own authority, used as a server's.
pub(super) const SELF_SIGNED: &str = "the certificate is its own authority (self-signed)";

/// One sentence of help for an attempt that did not succeed. It may quote the target: escape it
/// before it is shown.
pub fn help(attempt: &Attempt, request_id: Option<&RequestId>) -> String {
    let mentions = |text: &str| attempt.error.as_deref().is_some_and(|error| error.contains(text));
    let text = match (attempt.outcome, attempt.status()) {
        (_, Some(407)) => PROXY_PASSWORD_HELP,
        _ if mentions("407 Proxy Authentication Required") => PROXY_PASSWORD_HELP,
        (AttemptOutcome::Responded, _) if mentions("the proxy's own") => PROXY_HELP,
        (AttemptOutcome::Responded, Some(status)) => {
            return status_help(status, attempt, request_id);
        }
        (AttemptOutcome::TimedOut, _) if attempt.reached => {
            "respond first, work later: PGM allows 5 seconds until the last byte"
        }
        (AttemptOutcome::TimedOut, _) if attempt.timings.tls.is_some() => NO_TLS_HELP,
        (AttemptOutcome::TimedOut, _) => {
            "nothing responds at that address: check host, port and firewall"
        }
        _ if mentions(BY_PROXY) || mentions(TUNNEL_REFUSED) => PROXY_HELP,
        (AttemptOutcome::Refused, _) if mentions("Too many open files") => {
            "that is this machine's own limit: raise it with `ulimit -n`"
        }
        (AttemptOutcome::Refused, _) => "is the receiver running, and on this port?",
        (AttemptOutcome::Dns, _) => {
            "check the host's name; --resolve HOST:PORT:ADDR uses an address of your own"
        }
        (AttemptOutcome::Tls, _) if mentions(NOT_TLS) => NO_TLS_HELP,
        (AttemptOutcome::Tls, _) if mentions(CHAIN_TOO_LARGE) => {
            "serve only the server's certificate and its intermediates, not a bundle of authorities"
        }
        (AttemptOutcome::Tls, _) if mentions(HANDSHAKE_FAILED) => {
            "look in the server's log: it must offer TLS 1.2 or 1.3 for this host name on this port"
        }
        (AttemptOutcome::Tls, _) if mentions("no certificate authorities") => {
            "install the system's certificates (ca-certificates), or use --ca-cert FILE"
        }
        (AttemptOutcome::Tls, _) if mentions(SELF_SIGNED) => {
            "create a certificate for the server that it signs and that is not an authority \
             itself, as mkcert does; or use --insecure"
        }
        (AttemptOutcome::Tls, _) => {
            "PGM needs a certificate that is trusted, valid and for this name; for one of your own \
             use --ca-cert FILE, or --insecure"
        }
        _ => {
            "the receiver ended the connection: look for a crash in its log, and check that it \
             speaks HTTP on this port"
        }
    };
    text.to_owned()
}

const PROXY_HELP: &str = "the environment names this proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY); list \
                          the target's host in NO_PROXY to bypass it";
const PROXY_PASSWORD_HELP: &str = "the proxy asks for a user and a password: put them into its URL, as \
                                   in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT";
const NO_TLS_HELP: &str =
    "something listens there, but without TLS: did you mean http://, or another port?";

fn status_help(status: u16, attempt: &Attempt, request_id: Option<&RequestId>) -> String {
    let header = |name| attempt.response.as_ref().and_then(|response| response.header(name));
    let text = match status {
        300..=399 => match header("location") {
            Some(location) => {
                let location = shortened(location, MAX_LOCATION_CHARS);
                return format!(
                    "it points to {location}: use that URL; PGM does not promise to follow redirects"
                );
            }
            None => "use the URL that responds itself; PGM does not promise to follow redirects",
        },
        401 | 403 => {
            let id = request_id.map_or("ID", RequestId::as_str);
            return format!(
                "the receiver rejected the signature: does it have the same secret? \
                 `pgwh sign --request-id {id}` shows what it should compute"
            );
        }
        404 | 410 => {
            "no receiver at this path: check the URL, also for a missing or extra slash at its end"
        }
        405 => "the receiver accepts no POST at this path",
        413 | 414 | 431 => "the request is too large for the receiver: raise its limits",
        415 | 400 | 422 => "the receiver could not use the body: compare it with `pgwh sign EVENT`",
        429 => match header("retry-after") {
            Some(time) => {
                return format!(
                    "it asks to wait (Retry-After: {time}), which PGM is not known to do: accept \
                     every request at once"
                );
            }
            None => "PGM is not known to slow down: accept every request at once",
        },
        500..=599 => "the receiver failed: look for the request id in its log",
        _ => "PGM counts only a 2xx as success",
    };
    text.to_owned()
}
