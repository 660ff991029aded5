//! The JSON body of every request.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::format_date;

/// The body `{"event", "triggeredDate", "data"}`, keys in this order (documented).
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Technical name of the event, sent just as it was given.
    pub event: String,
    /// When the event happened; sent in whole seconds, UTC.
    pub triggered_date: DateTime<Utc>,
    /// What happened; its keys are sent in the order they have here.
    pub data: Value,
}

impl Envelope {
    /// The exact bytes of the body: compact JSON, UTF-8. Compactness is our choice; the
    /// vendor's page does not fix the white space.
    pub fn to_body(&self) -> Vec<u8> {
        // A struct of text and JSON always has a JSON form.
        serde_json::to_vec(&self.wire_form()).unwrap_or_default()
    }

    /// The body for people: the same JSON, indented.
    pub fn to_pretty(&self) -> String {
        serde_json::to_string_pretty(&self.wire_form()).unwrap_or_default()
    }

    fn wire_form(&self) -> Wire<'_> {
        Wire {
            event: &self.event,
            triggered_date: format_date(self.triggered_date),
            data: &self.data,
        }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    event: &'a str,
    #[serde(rename = "triggeredDate")]
    triggered_date: String,
    data: &'a Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_pgms_order_and_data_its_own() {
        let envelope = Envelope {
            event: "Test".into(),
            triggered_date: "2020-06-01T14:44:46Z".parse().unwrap(),
            data: serde_json::from_str(r#"{"z": 1, "a": 33.780, "ą": null}"#).unwrap(),
        };
        let body = String::from_utf8(envelope.to_body()).unwrap();
        assert_eq!(
            body,
            r#"{"event":"Test","triggeredDate":"2020-06-01T14:44:46Z","data":{"z":1,"a":33.780,"ą":null}}"#
        );
    }
}
