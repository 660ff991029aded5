//! What the user wants to know, and the requests that are built from it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use super::request::ProbeRequest;
use crate::pgm::{self, Envelope, RequestId, Secret, SignedRequest};

/// What the user wants to know, and about which target.
#[derive(Debug, Clone)]
pub struct CheckConfig {
    /// The target.
    pub url: Url,
    /// The webhook's secret.
    pub secret: Secret,
    /// Headers of every request besides PGM's own.
    pub headers: Vec<(String, String)>,
    /// The time now, for dates and certificates.
    pub now: DateTime<Utc>,
    /// The time that a response may take.
    pub limit: Duration,
    /// How many responses are timed, the first one included.
    pub samples: u32,
    /// How many different requests the burst has, if it is wanted.
    pub burst: Option<u32>,
    /// Real events to send besides `Test`: name and `data`.
    pub events: Vec<(String, Value)>,
    /// Accept a URL that PGM would block.
    pub allow_url: bool,
    /// Require that bad signatures are rejected.
    pub require_signature: bool,
    /// Whether the user named the authority to trust.
    pub own_authority: bool,
    /// Whether requests go through a proxy, which decides about connections and header names.
    pub is_proxied: bool,
    /// The ids of the checks to make; empty for all.
    pub only: Vec<String>,
    /// The ids of the checks to leave out.
    pub skip: Vec<String>,
    /// Treat recommendations as requirements.
    pub strict: bool,
}

/// How many responses are timed by default.
const SAMPLES: u32 = 5;

impl CheckConfig {
    /// The defaults: the event `Test`, and PGM's own limits.
    pub fn new(url: Url, secret: Secret, now: DateTime<Utc>) -> Self {
        Self {
            url,
            secret,
            headers: Vec::new(),
            now,
            limit: pgm::TIMEOUT,
            samples: SAMPLES,
            burst: None,
            events: Vec::new(),
            allow_url: false,
            require_signature: false,
            own_authority: false,
            is_proxied: false,
            only: Vec::new(),
            skip: Vec::new(),
            strict: false,
        }
    }

    /// Whether the user wants the check of this id.
    pub(super) fn wants(&self, id: &str) -> bool {
        let names = |list: &[String]| list.iter().any(|name| name == id);
        (self.only.is_empty() || names(&self.only)) && !names(&self.skip)
    }
}

/// Builds the requests of a probe.
pub(super) struct RequestFactory<'a> {
    pub(super) config: &'a CheckConfig,
    pub(super) ids: &'a mut dyn FnMut() -> RequestId,
    /// The first request of the run.
    pub(super) first: Option<&'a SignedRequest>,
    /// The status of its response.
    pub(super) first_status: Option<u16>,
}

impl RequestFactory<'_> {
    /// The event `Test`, as PGM documents it, with a new id.
    pub(super) fn test(&mut self) -> SignedRequest {
        self.event("Test", test_data())
    }

    /// An event with a new id.
    pub(super) fn event(&mut self, name: &str, data: Value) -> SignedRequest {
        let request = SignedRequest::new((self.ids)(), &self.config.secret, self.body(name, data));
        request.with(&self.config.headers)
    }

    /// `Test` with a new id and this signature.
    pub(super) fn test_signed(
        &mut self,
        signature: impl FnOnce(&RequestId) -> String,
    ) -> SignedRequest {
        let id = (self.ids)();
        let signature = signature(&id);
        let body = self.body("Test", test_data());
        SignedRequest::with_signature(id, signature, body).with(&self.config.headers)
    }

    /// The first request once more, byte for byte.
    pub(super) fn first_again(&mut self, label: &str) -> ProbeRequest {
        let request = self.first.cloned().unwrap_or_else(|| self.test());
        ProbeRequest::new(label, request)
    }

    fn body(&self, name: &str, data: Value) -> Vec<u8> {
        Envelope { event: name.to_owned(), triggered_date: self.config.now, data }.to_body()
    }
}

/// The `data` of the documented `Test`.
pub(super) fn test_data() -> Value {
    pgm::find("Test").map(|event| event.data).unwrap_or_default()
}

/// Replaces every id in [`anonymize`]: it looks like nobody's id, and fits 32 bits.
const NOBODY: u32 = 999_999_999;
/// The same for ids in the form of a GUID.
const NOBODY_GUID: &str = "99999999-9999-4999-8999-999999999999";

/// A payload in which every id belongs to nobody.
pub fn anonymize(mut data: Value) -> Value {
    replace_ids(&mut data);
    data
}

fn replace_ids(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                if !is_id(key) {
                    replace_ids(value);
                } else if value.is_number() {
                    *value = Value::from(NOBODY);
                } else if let Some(text) = value.as_str() {
                    let is_guid = text.len() == NOBODY_GUID.len() && text.contains('-');
                    let nobody = NOBODY.to_string();
                    *value = Value::from(if is_guid { NOBODY_GUID } else { &nobody });
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(replace_ids),
        _ => {}
    }
}

fn is_id(key: &str) -> bool {
    key == "id" || key.ends_with("Id") || matches!(key, "userNumber" | "cardNumber")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_id_of_any_sample_remains() {
        let data = anonymize(pgm::find("UserModified").unwrap().data);
        assert_eq!(data["userId"], 999_999_999);
        assert_eq!(data["user"]["userNumber"], "999999999");
        assert_eq!(data["user"]["userFirstName"], "Żaneta");
        for name in pgm::event_names() {
            let data = pgm::find(name).unwrap().data;
            let after = anonymize(data.clone());
            for (key, value) in data.as_object().unwrap() {
                let nobody = [json!(NOBODY), json!(NOBODY.to_string()), json!(NOBODY_GUID)];
                let is_right = match value {
                    value if is_id(key) => {
                        nobody.contains(&after[key])
                            && after[key].is_string() == value.is_string()
                            && *value != after[key]
                    }
                    value => value.is_object() || after[key] == *value,
                };
                assert!(is_right, "{name}.{key}: {}", after[key]);
            }
        }
    }
}
