//! What the user wants to know, and what a probe needs to build its calls.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use super::Call;
use crate::pgm::{self, Envelope, RequestId, Secret, SignedRequest};

/// What the user wants to know, and of whom.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The target.
    pub url: Url,
    /// The webhook's secret.
    pub secret: Secret,
    /// Headers on every call besides PGM's own.
    pub headers: Vec<(String, String)>,
    /// The time now, for dates and certificates.
    pub now: DateTime<Utc>,
    /// The time that an answer may take.
    pub limit: Duration,
    /// How many answers are timed, the first one included.
    pub samples: u32,
    /// How many different calls the burst makes, if it is wanted.
    pub burst: Option<u32>,
    /// Real events to send besides `Test`: name and `data`.
    pub events: Vec<(String, Value)>,
    /// The URL may be one that PGM would block.
    pub allow_url: bool,
    /// Refusing bad signatures is a demand.
    pub require_signature: bool,
    /// Whether the user named the authority to trust.
    pub own_authority: bool,
    /// The ids to run; empty for all.
    pub only: Vec<String>,
    /// The ids to leave out.
    pub skip: Vec<String>,
    /// Whether advice counts like a demand.
    pub strict: bool,
}

/// How many answers are timed when nothing else is asked for.
const SAMPLES: u32 = 5;

impl Setting {
    /// What every target is asked: the event `Test`, and PGM's own limits.
    pub fn plain(url: Url, secret: Secret, now: DateTime<Utc>) -> Self {
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
            only: Vec::new(),
            skip: Vec::new(),
            strict: false,
        }
    }

    /// Whether the user wants the probe of this id.
    pub(super) fn wants(&self, id: &str) -> bool {
        let names = |list: &[String]| list.iter().any(|name| name == id);
        (self.only.is_empty() || names(&self.only)) && !names(&self.skip)
    }
}

/// Builds the calls of a probe.
pub(super) struct Asking<'a> {
    pub(super) setting: &'a Setting,
    pub(super) ids: &'a mut dyn FnMut() -> RequestId,
    /// The request of the first call.
    pub(super) first: Option<&'a SignedRequest>,
}

impl Asking<'_> {
    /// The event `Test`, as PGM documents it, with a new id.
    pub(super) fn test(&mut self) -> SignedRequest {
        let data = test_data();
        self.event("Test", data)
    }

    /// An event with a new id.
    pub(super) fn event(&mut self, name: &str, data: Value) -> SignedRequest {
        let request = SignedRequest::new((self.ids)(), &self.setting.secret, self.body(name, data));
        self.with_headers(request)
    }

    /// `Test` with a new id and this signature, or none.
    pub(super) fn test_signed(
        &mut self,
        signature: impl FnOnce(&RequestId) -> String,
    ) -> SignedRequest {
        let id = (self.ids)();
        let signature = signature(&id);
        let body = self.body("Test", test_data());
        self.with_headers(SignedRequest::with_signature(id, signature, body))
    }

    /// The first call's request once more, byte for byte.
    pub(super) fn first_again(&mut self, label: &str) -> Call {
        let request = match self.first {
            Some(first) => first.clone(),
            None => self.test(),
        };
        Call::new(label, request)
    }

    fn body(&self, name: &str, data: Value) -> Vec<u8> {
        Envelope { event: name.to_owned(), triggered_date: self.setting.now, data }.to_body()
    }

    fn with_headers(&self, request: SignedRequest) -> SignedRequest {
        let headers = self.setting.headers.iter();
        headers.fold(request, |request, (name, value)| request.header(name, value))
    }
}

/// The `data` of the documented `Test`.
pub(super) fn test_data() -> Value {
    pgm::find("Test").map(|event| event.data).unwrap_or_default()
}
