//! The JSON of `verify`: one object a capture, and last one for all of them. Described in
//! `schemas/verify.schema.json`.

use serde::Serialize;

use super::examine::Examined;
use super::finding::Finding;
use super::verdict::Verdict;

/// One capture's verdict.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(tag = "type", rename = "capture", rename_all = "camelCase")]
pub struct CaptureLine<'a> {
    /// File name and place: `requests.har: log.entries[3].request`.
    pub source: &'a str,
    /// `X-PerfectGym-Request`; null when it is missing or ambiguous.
    pub request_id: Option<&'a str>,
    /// The event's name; null when the body has none.
    pub event: Option<&'a str>,
    /// The verdict.
    pub verdict: Verdict,
    /// Which of several secrets fits; absent when there is only one, or none fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<&'a str>,
    /// What there is to say; the cause of an invalid signature comes first.
    pub findings: &'a [Finding],
}

impl<'a> CaptureLine<'a> {
    /// The line of a capture. `secret` is the name of the one that fits, if it is to be shown.
    pub fn new(source: &'a str, examined: &'a Examined<'a>, secret: Option<&'a str>) -> Self {
        Self {
            source,
            request_id: examined.request_id,
            event: examined.event.as_deref(),
            verdict: examined.verdict,
            secret,
            findings: &examined.findings,
        }
    }
}
