//! What is to be sent, before it is known to whom, and so before it is signed.

use std::path::Path;

use crate::capture::Capture;
use crate::cli::SendArgs;
use crate::commands::failure::Failure;
use crate::commands::outgoing::{self, Outgoing};
use crate::commands::{edge, replay};
use crate::pgm::{RequestId, Secret, SignedRequest};
use crate::report::Output;

/// One request to be made.
#[derive(Debug)]
pub(super) enum Item {
    /// A new one, with the id that the user gave it, if one was given.
    New(Outgoing, Option<RequestId>),
    /// One that was captured.
    Captured(Capture<'static>),
}

/// Everything that the arguments ask to send, in order.
pub(super) fn all(args: &SendArgs, output: &mut Output) -> Result<Vec<Item>, Failure> {
    if let Some(file) = &args.from {
        return Ok(replay::read(file, output)?.into_iter().map(Item::Captured).collect());
    }
    let now = edge::now();
    let date = outgoing::date(args.triggered_date, now)?;
    let own_id = args.request_id.as_deref().map(RequestId::new).transpose()?;
    let bodies = outgoing::bodies(&args.event, &args.payload, date)?;
    Ok(bodies.into_iter().map(|outgoing| Item::New(outgoing, own_id.clone())).collect())
}

impl Item {
    /// The event, where it is known.
    pub(super) fn event(&self) -> Option<String> {
        match self {
            Self::New(outgoing, _) => outgoing.event.clone(),
            Self::Captured(capture) => {
                capture.body.as_ref().and_then(|body| outgoing::event_of(&body.bytes))
            }
        }
    }

    /// Whether the user gave it an id, which can be that of one request only.
    pub(super) fn has_own_id(&self) -> bool {
        matches!(self, Self::New(_, Some(_)))
    }

    /// The request. Only one that was captured can do without a secret: it has a signature.
    pub(super) fn sign(
        &self,
        secret: Option<&Secret>,
        from: Option<&Path>,
        output: &mut Output,
    ) -> Result<SignedRequest, Failure> {
        match (self, secret) {
            (Self::New(outgoing, own_id), Some(secret)) => {
                let id = own_id.clone().unwrap_or_else(edge::new_request_id);
                Ok(SignedRequest::new(id, secret, outgoing.body.clone()))
            }
            (Self::New(..), None) => Err(Failure::new("a new request needs a secret")),
            (Self::Captured(capture), secret) => {
                replay::signed(from.unwrap_or(Path::new("-")), capture, secret, output)
            }
        }
    }
}
