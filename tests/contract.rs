//! The contract against known answers that were computed elsewhere.

use pgwh::pgm::{RequestId, Secret, Signature};
use serde_json::Value;

#[test]
fn signatures_agree_with_those_of_other_tools() {
    let file: Value = serde_json::from_str(include_str!("../fixtures/signatures.json")).unwrap();
    let answers = file["answers"].as_array().unwrap();
    assert!(answers.len() >= 10);
    for answer in answers {
        let text = |key: &str| answer[key].as_str().unwrap();
        let id = RequestId::new(text("requestId")).unwrap();
        let secret = Secret::new(text("secret")).unwrap();
        let signature = Signature::new(&id, &secret);
        assert_eq!(signature.to_string(), text("signature"), "{}", text("why"));
        assert!(signature.matches(&text("signature").to_uppercase()), "{}", text("why"));
    }
}

#[test]
fn the_test_event_is_the_documented_payload_to_the_letter() {
    let event = pgwh::pgm::find("Test").unwrap();
    let envelope = pgwh::pgm::Envelope {
        event: event.event,
        triggered_date: pgwh::pgm::parse_date("2020-06-01T14:44:46Z").unwrap(),
        data: event.data,
    };
    let documented = r#"{"event":"Test","triggeredDate":"2020-06-01T14:44:46Z","data":{"valueLong":12345678,"valueText":"some text value","nestedData":{"text":"nested some text value","date":"2020-06-01T14:44:46Z","amount":33.78}}}"#;
    assert_eq!(String::from_utf8(envelope.to_body()).unwrap(), documented);
}
