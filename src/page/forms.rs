//! What URLs and forms say.

use serde::Deserialize;
use url::Url;

use super::received::Received;
use crate::requests::{Filter, Status};
use crate::text::Diagnostic;

/// Rows of a list.
pub(super) const PAGE_ROWS: usize = 100;

/// The filters of a list, as they stand in the URL. An empty one is none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub(super) event: String,
    pub(super) webhook: String,
    pub(super) verdict: String,
    /// 2 for 2xx; 0 for no response.
    pub(super) class: String,
    pub(super) text: String,
    pub(super) id: String,
    /// Only what is older than this row.
    pub(super) before: String,
}

impl ListQuery {
    /// Whether anything is filtered.
    pub(super) fn is_filtered(&self) -> bool {
        let Self { event, webhook, verdict, class, text, id, .. } = self;
        [event, webhook, verdict, class, text, id].into_iter().any(|value| !value.trim().is_empty())
    }

    /// The same filters as a query, for what is older than a row.
    pub(super) fn to_query(&self, before: &str) -> String {
        let Self { event, webhook, verdict, class, text, id, .. } = self;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("event", event.as_str()),
            ("webhook", webhook),
            ("verdict", verdict),
            ("class", class),
            ("text", text),
            ("id", id),
            ("before", before),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// The same for the requests list.
    pub(super) fn filter(&self) -> Filter {
        let text = |value: &str| Some(value.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            event: text(&self.event),
            webhook: text(&self.webhook),
            status: Status::ALL.into_iter().find(|status| status.as_str() == self.verdict),
            status_class: self.class.parse().ok().filter(|class| *class < 10),
            text: text(&self.text),
            id: text(&self.id),
            before: self.before.parse().ok(),
            // One more tells whether there are older ones.
            limit: Some(PAGE_ROWS + 1),
            ..Filter::default()
        }
    }

    pub(super) fn matches(&self, request: &Received) -> bool {
        let is = |wanted: &str, value: Option<&str>| {
            wanted.trim().is_empty() || value == Some(wanted.trim())
        };
        let id = request.request_id.as_deref().unwrap_or_default();
        let verdict = request.verdict_word();
        let class = request.status().map_or(0, |status| status / 100).to_string();
        is(&self.event, request.event.as_deref())
            && is(&self.webhook, request.secret.as_deref())
            && is(&self.verdict, Some(verdict))
            && is(&self.class, Some(&class))
            && id.starts_with(self.id.trim())
            && self.before.parse().map_or(true, |before| request.n < before)
            && (self.text.trim().is_empty() || contains(request, self.text.trim()))
    }
}

/// Whether a request has this text in its path, its headers or its body.
fn contains(request: &Received, text: &str) -> bool {
    let capture = &request.capture;
    let headers = capture.headers.iter().map(|(_, value)| &**value);
    headers.chain(capture.path.as_deref()).any(|value| value.contains(text))
        || memchr::memmem::find(request.body(), text.as_bytes()).is_some()
}

/// What a new request is made of. Every field may be empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Compose {
    /// The name of the webhook it goes to; empty for a URL.
    pub(super) webhook: String,
    pub(super) url: String,
    pub(super) body: String,
    /// Where the first body comes from: an event's sample, a row of the list, a received request.
    pub(super) event: String,
    pub(super) request: String,
    pub(super) received: String,
}

/// Two requests, or two attempts of one.
#[derive(Debug, Deserialize)]
pub(super) struct DiffQuery {
    /// `12` is a row of the list, `r12` a received request.
    pub(super) a: String,
    pub(super) b: String,
    /// The row whose attempts `a` and `b` are compared.
    #[serde(default)]
    pub(super) attempts_of: Option<i64>,
}

/// The URL of a form.
#[derive(Debug, Deserialize)]
pub(super) struct TargetForm {
    pub(super) url: String,
}

/// The webhook of a form.
#[derive(Debug, Deserialize)]
pub(super) struct ChosenWebhook {
    pub(super) webhook: String,
}

/// The URL that a form names as a target.
pub(super) fn target_url(text: &str) -> Result<Url, Diagnostic> {
    let wrong = |why: &str| {
        Diagnostic::new(format!("that is not a URL to send to: {why}"))
            .help("for example http://localhost:3000/pgm")
    };
    let url = Url::parse(text.trim()).map_err(|error| wrong(&error.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(wrong("it starts neither with http:// nor with https://")),
    }
}

/// `NAME=VALUE` as it stands in a query.
pub(super) fn form_pair(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}
