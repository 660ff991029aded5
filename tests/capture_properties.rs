//! What is written reads back equal, in every family of shapes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pgwh::capture::{self, Capture, CaptureRecord};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any headers that can be sent, and any body.
fn own_request() -> impl Strategy<Value = (Vec<(String, String)>, Vec<u8>)> {
    let header = ("[A-Za-z][A-Za-z0-9_-]{0,20}", "[ -~]{0,30}|\\PC{0,10}");
    let body = prop_oneof![
        "\\PC{0,60}".prop_map(String::into_bytes),
        "[{}\\[\\]\":,\\\\a-z\n\t\u{0}ż\u{1f600}]{0,60}".prop_map(String::into_bytes),
        "(ey|ew|H4sI|UE9TV)[A-Za-z0-9+/]{0,20}={0,2}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    (prop::collection::vec(header, 0..8), body)
}

/// A request as PGM sends it: an id, a signature, and an envelope.
fn pgm_request() -> impl Strategy<Value = (String, String, String)> {
    let data = prop_oneof![
        any::<i64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(Value::Null),
        prop::collection::vec(("[a-z]{1,6}", any::<u32>()), 0..4)
            .prop_map(|pairs| pairs.into_iter().map(|(k, v)| (k, Value::from(v))).collect()),
    ];
    // A replacement character would say that the tool lost something.
    let data = data.prop_filter("lossy", |data| !data.to_string().contains('\u{fffd}'));
    let envelope = ("[A-Z][a-z]{0,10}", data).prop_map(|(event, data)| {
        let date = "2026-03-02T09:15:30Z";
        json!({ "event": event, "triggeredDate": date, "data": { "value": data } }).to_string()
    });
    ("[0-9a-f]{8}-[0-9a-f]{27}", "[0-9a-fA-F]{32}", envelope)
}

fn headers(id: &str, signature: &str) -> [(&'static str, String); 4] {
    [
        ("Host", "hooks.example.org".to_owned()),
        ("Content-Type", "application/json".to_owned()),
        ("X-PerfectGym-Request", id.to_owned()),
        ("X-PerfectGym-Signature", signature.to_owned()),
    ]
}

/// The same request in each family of header containers.
fn containers(id: &str, signature: &str) -> Vec<Value> {
    let headers = headers(id, signature);
    let lines: String = headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
    let map: Value = headers.iter().map(|(n, v)| (n.to_lowercase(), json!(v))).collect();
    vec![
        map.clone(),
        headers.iter().map(|(n, v)| ((*n).to_owned(), json!([v]))).collect(),
        headers.iter().map(|(n, v)| json!({ "name": n, "value": v })).collect(),
        headers.iter().map(|(n, v)| json!({ "Key": n, "Value": [v] })).collect(),
        headers.iter().map(|(n, v)| json!([n, v])).collect(),
        headers.iter().flat_map(|(n, v)| [json!(n), json!(v)]).collect(),
        headers.iter().map(|(n, v)| json!(format!("{n}: {v}"))).collect(),
        headers
            .iter()
            .map(|(n, v)| (format!("HTTP_{}", n.to_uppercase().replace('-', "_")), json!(v)))
            .collect(),
        json!(lines),
        json!(map.to_string()),
    ]
}

/// The same body in each family; whether its bytes survive that.
fn bodies(body: &str) -> Vec<(&'static str, Value, bool)> {
    use base64::Engine;
    let base64 = base64::prelude::BASE64_STANDARD.encode(body);
    let parsed: Value = serde_json::from_str(body).unwrap();
    let message = format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    vec![
        ("body", json!(body), true),
        ("content", json!(body), true),
        ("body", parsed.clone(), false),
        ("payload", parsed, false),
        ("body", json!(base64), true),
        ("request_payload_base64", json!(base64), true),
        ("postData", json!({ "text": base64, "encoding": "base64" }), true),
        ("raw", json!(base64::prelude::BASE64_STANDARD.encode(&message)), true),
        ("raw", json!(message), true),
        ("body", json!({ "type": "Buffer", "data": body.as_bytes() }), true),
    ]
}

fn assert_same(capture: &Capture, id: &str, signature: &str, body: &str, exact: bool) {
    assert_eq!(capture.values("x-perfectgym-request").collect::<Vec<_>>(), [id]);
    assert_eq!(capture.values("x-perfectgym-signature").collect::<Vec<_>>(), [signature]);
    let read = capture.body.as_ref().unwrap();
    assert_eq!((std::str::from_utf8(&read.bytes).unwrap(), read.exact), (body, exact));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn own_lines_read_back_equal((mut headers, body) in own_request(), millis in 0..4_000_000_000_000_i64) {
        headers.push(("X-PerfectGym-Request".to_owned(), "1".to_owned()));
        let received_at = chrono::DateTime::from_timestamp_millis(millis).unwrap();
        let line = CaptureRecord { received_at, method: "POST", path: "/a?b=\"c\"", remote: None, headers: &headers, body: &body };
        let reading = capture::read(line.to_json().as_bytes()).unwrap();
        prop_assert_eq!(reading.captures.len(), 1);
        let capture = &reading.captures[0];
        prop_assert_eq!(capture.received_at, Some(received_at));
        prop_assert_eq!(capture.path.as_deref(), Some("/a?b=\"c\""));
        prop_assert_eq!(&capture.body.as_ref().unwrap().bytes, &body);
        for (name, _) in &headers {
            let sent = headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
            let sent: Vec<_> = sent.map(|(_, value)| value.as_str()).collect();
            prop_assert_eq!(capture.values(name).collect::<Vec<_>>(), sent);
        }
    }

    #[test]
    fn the_same_request_in_every_family_reads_back_equal((id, signature, body) in pgm_request()) {
        for container in containers(&id, &signature) {
            for (name, content, exact) in bodies(&body) {
                let request = json!({ "method": "POST", "headers": container, name: content });
                let response = json!({ "headers": { "X-PerfectGym-Request": "not-this-one" } });
                for file in [
                    request.clone(),
                    json!([request]),
                    json!({ "items": [{ "request": request, "response": response }] }),
                    json!({ "log": request.to_string() }),
                ] {
                    let reading = capture::read(file.to_string().as_bytes()).unwrap();
                    prop_assert_eq!(reading.captures.len(), 1, "{}", file);
                    assert_same(&reading.captures[0], &id, &signature, &body, exact);
                }
            }
        }
    }

    #[test]
    fn the_same_request_as_http_text_reads_back_equal((id, signature, body) in pgm_request()) {
        for eol in ["\n", "\r\n"] {
            let lines: String = headers(&id, &signature).iter().map(|(n, v)| format!("{n}: {v}{eol}")).collect();
            let text = format!("POST /pgm HTTP/1.1{eol}{lines}{eol}{body}");
            let reading = capture::read(text.as_bytes()).unwrap();
            assert_same(&reading.captures[0], &id, &signature, &body, true);
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = capture::read(&bytes);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "[\\[\\]{}\":,'<>=\\\\a-z0-9 \n\t$;-]{0,200}") {
        let _ = capture::read(text.as_bytes());
        let _ = capture::read(format!("X-PerfectGym-Request: {text}").as_bytes());
        let _ = capture::read(format!("{{'x-perfectgym-request': {text}}}").as_bytes());
    }
}
