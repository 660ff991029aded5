//! What has to be known of a capture to judge it.

use chrono::{DateTime, Utc};

use crate::capture::Capture;
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

/// A capture as far as a verdict needs it, borrowed from wherever the reader keeps it.
#[derive(Debug, Clone, Copy, Default)]
pub struct View<'a> {
    /// Every value of `X-PerfectGym-Request`, in the order they came.
    pub request_ids: &'a [&'a str],
    /// Every value of `X-PerfectGym-Signature`, in the order they came.
    pub signatures: &'a [&'a str],
    /// When the request was received, if the capture says so.
    pub received_at: Option<DateTime<Utc>>,
    /// The body's bytes, if the capture has a body.
    pub body: Option<&'a [u8]>,
    /// Whether those are the bytes that were received; see [`crate::capture::Body::exact`].
    pub exact: bool,
}

/// The header values of a [`Capture`], collected so that a [`View`] can borrow them.
#[derive(Debug)]
pub struct Values<'a> {
    request_ids: Vec<&'a str>,
    signatures: Vec<&'a str>,
    capture: &'a Capture,
}

impl<'a> Values<'a> {
    /// Collects what [`Self::view`] shows.
    pub fn of(capture: &'a Capture) -> Self {
        Self {
            request_ids: capture.values(REQUEST_ID_HEADER).collect(),
            signatures: capture.values(SIGNATURE_HEADER).collect(),
            capture,
        }
    }

    /// The capture as the verifier reads it.
    pub fn view(&self) -> View<'_> {
        View {
            request_ids: &self.request_ids,
            signatures: &self.signatures,
            received_at: self.capture.received_at,
            body: self.capture.body.as_ref().map(|body| body.bytes.as_slice()),
            exact: self.capture.body.as_ref().is_none_or(|body| body.exact),
        }
    }
}
