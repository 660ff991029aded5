//! Captured requests that are to be sent again: same id, same body.

use std::path::Path;

use super::failure::Failure;
use super::{edge, input};
use crate::capture::{self, Capture, ReadOutcome};
use crate::pgm::{
    REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, Signature, SignedRequest,
};
use crate::report::Output;

/// A captured request, signed with this secret or, without one, as it was when it was captured.
pub(super) fn signed(
    path: &Path,
    capture: &Capture<'_>,
    secret: Option<&Secret>,
    output: &mut Output,
) -> Result<SignedRequest, Failure> {
    let (request, doubt) = request(capture, secret)
        .map_err(|why| Failure::new(format!("--from: {}{why}", place(path, capture))))?;
    if let Some(doubt) = doubt {
        let text = format!("{}{doubt}", place(path, capture));
        output.warn(text);
    }
    Ok(request)
}

/// The captures of a file.
pub(super) fn read(path: &Path, output: &mut Output) -> Result<Vec<Capture<'static>>, Failure> {
    let bytes = input::file_or_stdin("--from", path)?;
    let ReadOutcome { captures, faults, .. } = capture::read(&bytes)
        .map_err(|error| Failure::new(format!("--from: {}: {error}", path.display())))?;
    for fault in &faults {
        let text = format!("left out {}: {fault}", path.display());
        output.warn(text);
    }
    if captures.is_empty() {
        return Err(Failure::new(format!("--from: {} holds no request of PGM's", path.display()))
            .help("`pgwh send --save FILE` writes captures that can be sent again"));
    }
    Ok(captures)
}

/// The request of one capture, and what is doubtful about it.
fn request(
    capture: &Capture<'_>,
    secret: Option<&Secret>,
) -> Result<(SignedRequest, Option<&'static str>), String> {
    let body = capture.body.as_ref().ok_or("the capture has no body")?;
    let id = match capture.values(REQUEST_ID_HEADER).next() {
        Some(id) => RequestId::new(id).map_err(|error| error.to_string())?,
        None => edge::new_request_id(),
    };
    let captured = capture.values(SIGNATURE_HEADER).next();
    let request = match (secret, captured) {
        (Some(secret), _) => SignedRequest::new(id.clone(), secret, body.bytes.to_vec()),
        (None, Some(signature)) => {
            SignedRequest::with_signature(id.clone(), signature.to_owned(), body.bytes.to_vec())
        }
        (None, None) => return Err("the capture has no signature, and there is no secret".into()),
    };
    let request = match capture.values("content-type").next() {
        Some(content_type) => request.header("Content-Type", content_type),
        None => request,
    };
    Ok((request, doubt(&id, secret, captured, body.exact)))
}

fn doubt(
    id: &RequestId,
    secret: Option<&Secret>,
    captured: Option<&str>,
    exact: bool,
) -> Option<&'static str> {
    let differs = |(secret, captured)| !Signature::new(id, secret).matches(captured);
    if secret.zip(captured).is_some_and(differs) {
        Some("signed with your secret; the captured signature was made with another")
    } else if !exact {
        Some("the tool kept no exact body: the JSON is the same, its bytes may differ")
    } else {
        None
    }
}

fn place(path: &Path, capture: &Capture<'_>) -> String {
    match capture.location.to_string().as_str() {
        "" => format!("{}: ", path.display()),
        location => format!("{}, {location}: ", path.display()),
    }
}
