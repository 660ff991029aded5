//! What is to be sent, before its targets are known, and so before it is signed.

use std::collections::BTreeSet;
use std::path::Path;

use super::SendArgs;
use crate::capture::Capture;
use crate::commands::bodies::{self, UnsignedBody};
use crate::commands::{CliError, new_request_id, now, read_captures, secret};
use crate::pgm::{REQUEST_ID_HEADER, RequestId, SIGNATURE_HEADER, Secret, SignedRequest};
use crate::report::{Output, escape};
use crate::text::nearest;

/// Request ids that an error lists.
const MAX_LISTED: usize = 10;

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
    let now = now();
    if let Some(file) = &args.from {
        let captures = chosen(read_captures(file, output)?, args)?;
        if !args.payload.has_edits() && args.triggered_date.is_none() {
            return Ok(captures.into_iter().map(UnsignedRequest::Captured).collect());
        }
        let mut requests = Vec::new();
        for capture in captures {
            let body = capture.body.as_ref().map(|body| &*body.bytes).unwrap_or_default();
            let body = args.payload.edited(body, args.triggered_date, now, output)?;
            requests.push(UnsignedRequest::New(body, None));
        }
        return Ok(requests);
    }
    let date = bodies::triggered_date(args.triggered_date, now)?;
    let id = args.request_id.as_deref().map(RequestId::new).transpose()?;
    let bodies = args.payload.bodies(&args.event, date, output)?;
    Ok(bodies.into_iter().map(|body| UnsignedRequest::New(body, id.clone())).collect())
}

/// The captures that `--event` and `--id` choose.
fn chosen(
    mut captures: Vec<Capture<'static>>,
    args: &SendArgs,
) -> Result<Vec<Capture<'static>>, CliError> {
    if let Some(event) = &args.from_event {
        let known: BTreeSet<_> = captures.iter().filter_map(event_of_capture).collect();
        captures.retain(|capture| event_of_capture(capture).as_ref() == Some(event));
        if captures.is_empty() {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            return Err(CliError::new(format!("--event: no capture of {}", escape(event)))
                .suggest(nearest(event, &known))
                .help(format!("the captures are of {}", escape(&known.join(", ")))));
        }
    }
    let Some(prefix) = &args.id else { return Ok(captures) };
    if prefix != "last" {
        captures.retain(|capture| id_of(capture).is_some_and(|id| id.starts_with(prefix.as_str())));
        let ids: BTreeSet<_> = captures.iter().filter_map(id_of).collect();
        if ids.len() > 1 {
            let error = CliError::new(format!("--id: several request ids begin with {prefix:?}"));
            return Err(ids
                .iter()
                .take(MAX_LISTED)
                .map(|id| escape(id))
                .fold(error, CliError::help));
        }
    }
    // A request may have been captured several times: it is sent once.
    match captures.pop() {
        Some(capture) => Ok(vec![capture]),
        None => Err(CliError::new(format!("--id: no captured request id begins with {prefix:?}"))
            .help("`last` chooses the last capture")),
    }
}

fn id_of<'a>(capture: &'a Capture<'_>) -> Option<&'a str> {
    capture.values(REQUEST_ID_HEADER).next()
}

fn event_of_capture(capture: &Capture<'_>) -> Option<String> {
    capture.body.as_ref().and_then(|body| bodies::event_of(&body.bytes))
}

impl UnsignedRequest {
    /// The event, where it is known.
    pub fn event(&self) -> Option<String> {
        match self {
            Self::New(body, _) => body.event.clone(),
            Self::Captured(capture) => event_of_capture(capture),
        }
    }

    /// Whether the user chose its id, which can be that of one request only.
    pub fn has_chosen_id(&self) -> bool {
        matches!(self, Self::New(_, Some(_)))
    }

    /// Signs the request. Only a captured one can do without a secret: it has a signature.
    pub fn sign(
        &self,
        secret: Option<&Secret>,
        args: &SendArgs,
        output: &mut Output,
    ) -> Result<SignedRequest, CliError> {
        let request = match args.unsigned {
            true => return self.unsigned(),
            false => self.signed(secret, args.from.as_deref(), output)?,
        };
        let signature = request.signature().map(wrong_signature);
        Ok(match signature.filter(|_| args.wrong_signature) {
            Some(signature) => request.header(SIGNATURE_HEADER, &signature),
            None => request,
        })
    }

    /// The request without the two headers of a signature.
    fn unsigned(&self) -> Result<SignedRequest, CliError> {
        let (id, body) = match self {
            Self::New(body, id) => (id.clone(), body.body.clone()),
            Self::Captured(capture) => {
                let body = capture.body.as_ref().map(|body| body.bytes.to_vec());
                (id_of(capture).map(RequestId::new).transpose()?, body.unwrap_or_default())
            }
        };
        let id = id.unwrap_or_else(new_request_id);
        let request = SignedRequest::with_signature(id, String::new(), body);
        Ok(request.without(REQUEST_ID_HEADER).without(SIGNATURE_HEADER))
    }

    fn signed(
        &self,
        secret: Option<&Secret>,
        from: Option<&Path>,
        output: &mut Output,
    ) -> Result<SignedRequest, CliError> {
        match (self, secret) {
            (Self::New(body, id), Some(secret)) => {
                let id = id.clone().unwrap_or_else(new_request_id);
                Ok(SignedRequest::new(id, secret, body.body.clone()))
            }
            (Self::New(..), None) => Err(secret::missing()),
            (Self::Captured(capture), secret) => {
                let location = location(from.unwrap_or(Path::new("-")), capture);
                let (request, warning) = capture
                    .resend(secret, new_request_id)
                    .map_err(|why| CliError::new(format!("--from: {location}: {why}")))?;
                if let Some(warning) = warning {
                    output.warn(format!("{location}: {warning}"));
                }
                Ok(request)
            }
        }
    }
}

/// A signature that differs in its first digit.
fn wrong_signature(signature: &str) -> String {
    let first = if signature.starts_with('0') { '1' } else { '0' };
    let rest = signature.chars().skip(1);
    std::iter::once(first).chain(rest).collect()
}

/// `FILE, line 3`
fn location(path: &Path, capture: &Capture<'_>) -> String {
    match capture.location.to_string().as_str() {
        "" => path.display().to_string(),
        location => format!("{}, {location}", path.display()),
    }
}
