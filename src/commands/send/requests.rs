//! What is to be sent, before its targets are known, and so before it is signed.

use std::path::Path;

use crate::capture::{self, Capture, ReadOutcome};
use crate::cli::SendArgs;
use crate::commands::bodies::{self, UnsignedBody};
use crate::commands::error::CliError;
use crate::commands::{input, system};
use crate::pgm::{
    REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, Signature, SignedRequest,
};
use crate::report::Output;

/// One request to be made.
#[derive(Debug)]
pub(super) enum UnsignedRequest {
    /// A new one, with its id where the user chose one.
    New(UnsignedBody, Option<RequestId>),
    /// One that was captured.
    Captured(Capture<'static>),
}

/// Everything that the arguments ask to send, in order.
pub(super) fn all(args: &SendArgs, output: &mut Output) -> Result<Vec<UnsignedRequest>, CliError> {
    if let Some(file) = &args.from {
        let captures = captures(file, output)?;
        return Ok(captures.into_iter().map(UnsignedRequest::Captured).collect());
    }
    let date = bodies::triggered_date(args.triggered_date, system::now())?;
    let id = args.request_id.as_deref().map(RequestId::new).transpose()?;
    let bodies = bodies::bodies(&args.event, &args.payload, date)?;
    Ok(bodies.into_iter().map(|body| UnsignedRequest::New(body, id.clone())).collect())
}

impl UnsignedRequest {
    /// The event, where it is known.
    pub(super) fn event(&self) -> Option<String> {
        match self {
            Self::New(body, _) => body.event.clone(),
            Self::Captured(capture) => {
                capture.body.as_ref().and_then(|body| bodies::event_of(&body.bytes))
            }
        }
    }

    /// Whether the user chose its id, which can be that of one request only.
    pub(super) fn has_chosen_id(&self) -> bool {
        matches!(self, Self::New(_, Some(_)))
    }

    /// Signs the request. Only a captured one can do without a secret: it has a signature.
    pub(super) fn sign(
        &self,
        secret: Option<&Secret>,
        from: Option<&Path>,
        output: &mut Output,
    ) -> Result<SignedRequest, CliError> {
        match (self, secret) {
            (Self::New(body, id), Some(secret)) => {
                let id = id.clone().unwrap_or_else(system::new_request_id);
                Ok(SignedRequest::new(id, secret, body.body.clone()))
            }
            (Self::New(..), None) => Err(CliError::new("a new request needs a secret")),
            (Self::Captured(capture), secret) => {
                let location = location(from.unwrap_or(Path::new("-")), capture);
                let (request, warning) = resend(capture, secret)
                    .map_err(|why| CliError::new(format!("--from: {location}: {why}")))?;
                if let Some(warning) = warning {
                    output.warn(format!("{location}: {warning}"));
                }
                Ok(request)
            }
        }
    }
}

/// The captures of a file.
fn captures(path: &Path, output: &mut Output) -> Result<Vec<Capture<'static>>, CliError> {
    let bytes = input::file_or_stdin("--from", path)?;
    let ReadOutcome { captures, faults, .. } = capture::read(&bytes)
        .map_err(|error| CliError::new(format!("--from: {}: {error}", path.display())))?;
    for fault in &faults {
        output.warn(format!("skipped {}: {fault}", path.display()));
    }
    if captures.is_empty() {
        let message = format!("--from: {} has no request of PGM's", path.display());
        return Err(CliError::new(message)
            .help("`pgwh send --save FILE` writes captures that can be sent again"));
    }
    Ok(captures)
}

/// A captured request, signed with this secret or, without one, as captured; and a warning about
/// it, if there is one.
fn resend(
    capture: &Capture<'_>,
    secret: Option<&Secret>,
) -> Result<(SignedRequest, Option<&'static str>), String> {
    let body = capture.body.as_ref().ok_or("the capture has no body")?;
    let id = match capture.values(REQUEST_ID_HEADER).next() {
        Some(id) => RequestId::new(id).map_err(|error| error.to_string())?,
        None => system::new_request_id(),
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
    let has_other_signature = secret
        .zip(captured)
        .is_some_and(|(secret, captured)| !Signature::new(&id, secret).matches(captured));
    let warning = match (has_other_signature, body.exact) {
        (true, _) => Some("signed with your secret; it was captured with another signature"),
        (false, false) => {
            Some("the capture has no exact body: the JSON is the same, its bytes may differ")
        }
        (false, true) => None,
    };
    Ok((request, warning))
}

/// `FILE, line 3`
fn location(path: &Path, capture: &Capture<'_>) -> String {
    match capture.location.to_string().as_str() {
        "" => path.display().to_string(),
        location => format!("{}, {location}", path.display()),
    }
}
