//! A delivery for programs, as `schemas/delivery.schema.json` describes it.

use chrono::SecondsFormat;
use serde::Serialize;
use url::Url;

use super::json::elapsed_ms;
use super::json::json_line;
use crate::delivery::{Attempt, Delivery, Response, Timings};
use crate::pgm::SignedRequest;
use crate::text::shown_url;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryJson<'a> {
    r#type: &'static str,
    event: Option<&'a str>,
    webhook: Option<&'a str>,
    url: String,
    request_id: &'a str,
    verdict: &'static str,
    attempts: Vec<AttemptJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttemptJson<'a> {
    n: u32,
    started_at: String,
    outcome: &'static str,
    status: Option<u16>,
    elapsed_ms: f64,
    timings: TimingsJson,
    response: Option<ResponseJson<'a>>,
    error: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TimingsJson {
    dns_ms: Option<f64>,
    connect_ms: Option<f64>,
    tls_ms: Option<f64>,
    wait_ms: Option<f64>,
    body_ms: Option<f64>,
}

#[derive(Serialize)]
struct ResponseJson<'a> {
    text: &'a str,
    bytes: u64,
    truncated: bool,
}

/// One line of JSON, line feed included.
pub fn delivery_json(
    event: Option<&str>,
    webhook: Option<&str>,
    url: &Url,
    request: &SignedRequest,
    delivery: &Delivery,
) -> String {
    let json = DeliveryJson {
        r#type: "delivery",
        event,
        webhook,
        url: shown_url(url),
        request_id: request.request_id().as_str(),
        verdict: delivery.verdict.as_str(),
        attempts: delivery.attempts.iter().map(AttemptJson::from).collect(),
    };
    json_line(&json)
}

/// An attempt as it stands in a delivery.
pub(super) fn attempt_value(attempt: &Attempt) -> serde_json::Value {
    serde_json::to_value(AttemptJson::from(attempt)).unwrap_or_default()
}

impl<'a> From<&'a Attempt> for AttemptJson<'a> {
    fn from(attempt: &'a Attempt) -> Self {
        Self {
            n: attempt.n,
            started_at: attempt.started_at.to_rfc3339_opts(SecondsFormat::Millis, true),
            outcome: attempt.outcome.as_str(),
            status: attempt.status(),
            elapsed_ms: elapsed_ms(attempt.elapsed),
            timings: TimingsJson::from(&attempt.timings),
            response: attempt.response.as_ref().map(ResponseJson::from),
            error: attempt.error.as_deref(),
        }
    }
}

impl From<&Timings> for TimingsJson {
    fn from(timings: &Timings) -> Self {
        Self {
            dns_ms: timings.dns.map(elapsed_ms),
            connect_ms: timings.connect.map(elapsed_ms),
            tls_ms: timings.tls.map(elapsed_ms),
            wait_ms: timings.wait.map(elapsed_ms),
            body_ms: timings.body.map(elapsed_ms),
        }
    }
}

impl<'a> From<&'a Response> for ResponseJson<'a> {
    fn from(response: &'a Response) -> Self {
        Self { text: &response.text, bytes: response.bytes, truncated: response.truncated }
    }
}
