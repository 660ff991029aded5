//! Shapes that no reader was written for: the rules about names and values are to carry.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pgwh::capture;
use serde_json::{Value, json};

const BODY: &str = r#"{"event":"Test","triggeredDate":"2026-03-02T09:15:30Z","data":{"n":1}}"#;

fn headers() -> Value {
    json!({ "X-PerfectGym-Request": "1", "X-PerfectGym-Signature": "4d7cdf31e781a0ddc0da8bbcc77ee86d" })
}

fn body() -> Value {
    serde_json::from_str(BODY).unwrap()
}

/// Reads one request; its place, and whether its body is exact.
fn one(file: &str) -> (String, Option<bool>) {
    let reading = capture::read(file.as_bytes()).unwrap_or_else(|e| panic!("{file}: {e}"));
    assert_eq!(reading.captures.len(), 1, "{file}");
    let capture = &reading.captures[0];
    assert_eq!(capture.values("x-perfectgym-request").collect::<Vec<_>>(), ["1"], "{file}");
    assert_eq!(
        capture.values("x-perfectgym-signature").collect::<Vec<_>>(),
        ["4d7cdf31e781a0ddc0da8bbcc77ee86d"],
        "{file}"
    );
    if let Some(body) = &capture.body {
        assert_eq!(std::str::from_utf8(&body.bytes).unwrap(), BODY, "{file}");
    }
    (capture.location.to_string().clone(), capture.body.as_ref().map(|body| body.exact))
}

#[test]
fn requests_wherever_they_stand() {
    // printf '%s' BODY | base64 -w0
    let base64 = "eyJldmVudCI6IlRlc3QiLCJ0cmlnZ2VyZWREYXRlIjoiMjAyNi0wMy0wMlQwOToxNTozMFoiLCJkYXRhIjp7Im4iOjF9fQ==";
    let plain = json!({ "headers": headers(), "body": BODY });
    let lists = json!({ "X-Perfectgym-Request": ["1"], "X-Perfectgym-Signature": ["4d7cdf31e781a0ddc0da8bbcc77ee86d"] });
    let pairs = json!([
        ["x-perfectgym-request", "1"],
        ["x-perfectgym-signature", "4d7cdf31e781a0ddc0da8bbcc77ee86d"]
    ]);
    let named = json!([
        { "name": "X-PerfectGym-Request", "value": "1", "active": true },
        { "name": "X-PerfectGym-Signature", "value": "4d7cdf31e781a0ddc0da8bbcc77ee86d", "active": true },
    ]);
    let response =
        json!({ "status": 200, "headers": { "X-PerfectGym-Request": "2" }, "body": "Ok" });
    for (file, place, exact) in [
        (json!({ "meta": headers(), "payload": body() }), "", Some(false)),
        (json!({ "data": headers(), "body": BODY }), "data", Some(true)),
        (json!({ "request": { "headers": headers() }, "body": BODY }), "request", Some(true)),
        (
            json!({ "jsonPayload": plain, "httpRequest": { "status": 200 } }),
            "jsonPayload",
            Some(true),
        ),
        (
            json!({ "Records": [{ "messageId": "a", "body": plain.to_string() }] }),
            "Records[0].body",
            Some(true),
        ),
        (
            json!({ "events": [{ "message": plain.to_string() + "\n" }] }),
            "events[0].message",
            Some(true),
        ),
        (json!({ "detail-type": "x", "detail": plain }), "detail", Some(true)),
        (json!({ "Method": "POST", "Header": lists, "Body": base64 }), "", Some(true)),
        (json!({ "headers": headers().to_string(), "payload": BODY }), "", Some(true)),
        (json!({ "headers": pairs, "raw_body": BODY, "json": body() }), "", Some(true)),
        (
            json!({ "resources": [{ "headers": named, "body": { "mimeType": "application/json", "text": BODY } }] }),
            "resources[0]",
            Some(true),
        ),
        (
            json!({ "requests": [{ "headers": named, "body": { "contentType": "application/json", "body": BODY } }] }),
            "requests[0]",
            Some(true),
        ),
        (
            json!({ "http": { "request": { "headers": headers(), "body": { "content": BODY } }, "response": response } }),
            "http.request",
            Some(true),
        ),
        (
            json!({ "_source": { "http.request.headers.x-perfectgym-request": "1", "http.request.headers.x-perfectgym-signature": ["4d7cdf31e781a0ddc0da8bbcc77ee86d"], "http.request.body.content": BODY, "http.response.headers.x-perfectgym-request": "2" } }),
            "_source",
            Some(true),
        ),
        (
            json!({ "event": { "request": { "method": "POST", "headers": headers() }, "response": response }, "logs": [] }),
            "event.request",
            None,
        ),
        (
            json!({ "status": 200, "headers": { "server": "x" }, "data": { "items": [plain] } }),
            "data.items[0]",
            Some(true),
        ),
        (
            json!({ "req": { "headers": headers(), "body": body() }, "res": response }),
            "req",
            Some(false),
        ),
        (
            json!({ "request": { "method": "POST", "headers": headers(), "body": BODY }, "reply": response }),
            "request",
            Some(true),
        ),
        (
            json!({ "headers": headers(), "headersRaw": ["X-PerfectGym-Request", "1", "X-PerfectGym-Signature", "4d7cdf31e781a0ddc0da8bbcc77ee86d"], "content": BODY }),
            "",
            Some(true),
        ),
    ] {
        assert_eq!(one(&file.to_string()), (place.to_owned(), exact), "{file}");
    }
}

#[test]
fn requests_in_other_texts() {
    for (file, exact) in [
        (
            format!(
                "X-PerfectGym-Request\tX-PerfectGym-Signature\tbody\n1\t4d7cdf31e781a0ddc0da8bbcc77ee86d\t{BODY}\n"
            ),
            Some(true),
        ),
        (
            format!(
                "meta {{\n  name: x\n}}\nheaders {{\n  X-PerfectGym-Request: 1\n  X-PerfectGym-Signature: 4d7cdf31e781a0ddc0da8bbcc77ee86d\n}}\nbody:json {{\n  {BODY}\n}}\n"
            ),
            Some(false),
        ),
        (
            format!(
                "  x-perfectgym-request   1\n  x-perfectgym-signature   4d7cdf31e781a0ddc0da8bbcc77ee86d\n\n{BODY}\n"
            ),
            Some(false),
        ),
        (
            format!(
                "<h name=\"X-PerfectGym-Request\">1</h><h name=\"X-PerfectGym-Signature\">4d7cdf31e781a0ddc0da8bbcc77ee86d</h><b>{BODY}</b>"
            ),
            Some(true),
        ),
        (
            format!(
                "{{ headers: Headers {{ 'x-perfectgym-request': '1', 'x-perfectgym-signature': '4d7cdf31e781a0ddc0da8bbcc77ee86d' }}, body: '{BODY}' }}"
            ),
            Some(true),
        ),
        (
            format!(
                "HTTP/1.1 200 OK\nX-PerfectGym-Request: 2\n\nOk\nPOST / HTTP/1.1\nX-PerfectGym-Request: 1\nX-PerfectGym-Signature: 4d7cdf31e781a0ddc0da8bbcc77ee86d\n\n{BODY}\n"
            ),
            Some(true),
        ),
        (
            format!(
                "X-PerfectGym-Request: 1\nX-PerfectGym-Signature: 4d7cdf31e781a0ddc0da8bbcc77ee86d\nbody: {BODY}\n"
            ),
            Some(false),
        ),
        (
            format!(
                "From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nX-PerfectGym-Request: 1\nX-PerfectGym-Signature: 4d7cdf31e781a0ddc0da8b=\nbcc77ee86d\n\n{BODY}\n"
            ),
            Some(false),
        ),
        (
            format!(
                "Here\u{2019}s what we got:\nX\u{2011}PerfectGym\u{2011}Request: 1\nX\u{2011}PerfectGym\u{2011}Signature: 4d7cdf31e781a0ddc0da8bbcc77ee86d\n{}\n",
                BODY.replace("{\"", "{\u{201c}").replace('"', "\u{201d}")
            ),
            Some(false),
        ),
        (
            // printf 'POST / HTTP/1.1\r\nX-PerfectGym-Request: 1\r\nX-PerfectGym-Signature: …\r\n\r\n%s'
            // BODY | base64
            "UE9TVCAvIEhUVFAvMS4xDQpYLVBlcmZlY3RHeW0tUmVxdWVzdDogMQ0KWC1QZXJmZWN0R3ltLVNp\nZ25hdHVyZTogNGQ3Y2RmMzFlNzgxYTBkZGMwZGE4YmJjYzc3ZWU4NmQNCg0KeyJldmVudCI6IlRl\nc3QiLCJ0cmlnZ2VyZWREYXRlIjoiMjAyNi0wMy0wMlQwOToxNTozMFoiLCJkYXRhIjp7Im4iOjF9\nfQ==\n"
                .to_owned(),
            Some(true),
        ),
    ] {
        assert_eq!(one(&file).1, exact, "{file}");
    }
}

#[test]
fn members_of_a_body_that_became_columns_are_no_body() {
    for name in ["body.", "body_", "payload/", "http.request.body.", "_source.body."] {
        let mut row = headers();
        for (member, value) in [("event", "Test"), ("triggeredDate", "x"), ("data.userId", "1")] {
            row[format!("{name}{member}")] = json!(value);
        }
        let reading = capture::read(row.to_string().as_bytes()).unwrap();
        let capture = &reading.captures[0];
        assert!(capture.body.is_none() && capture.body_left_out, "{row}");
    }
}

#[test]
fn nothing_is_taken_from_responses_and_bodies() {
    let inner = json!({ "headers": headers(), "body": BODY });
    for (file, skipped) in [
        (json!({ "method": "POST", "headers": { "a": "b" }, "body": inner }), 1),
        (json!({ "method": "POST", "headers": { "a": "b" }, "body": inner.to_string() }), 1),
        (json!({ "response": inner }), 0),
        (json!({ "responseDefinition": inner, "res": inner, "httpResponse": inner }), 0),
        (json!({ "item": [{ "response": [{ "originalRequest": inner }] }] }), 0),
        (json!({ "statusCode": 200, "headers": headers(), "body": "ok" }), 0),
        (json!({ "statusCode": 200, "headers": headers() }), 0),
        (json!({ "status": 200, "statusText": "OK", "headers": headers(), "data": body() }), 0),
        (
            json!({ "results": [{ "status": 200, "headers": headers(), "data": { "a": inner } }] }),
            0,
        ),
    ] {
        let reading = capture::read(file.to_string().as_bytes()).unwrap();
        assert_eq!((reading.captures.len(), reading.skipped), (0, skipped), "{file}");
    }
}

#[test]
fn a_text_is_a_request_unless_something_around_it_has_one() {
    let id = "6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10";
    let text = format!(
        "Hi\n\nX-PerfectGym-Request: {id}\nX-PerfectGym-Signature: 4d7cdf31e781a0ddc0da8bbcc77ee86d\n\n{BODY}\n\nBob"
    );
    let structured = json!({ "headers": headers(), "body": BODY });
    for (file, count, found) in [
        (json!({ "a": [{ "b": text }] }), 1, id),
        (json!({ "log": json!({ "message": text }).to_string() + "\n" }), 1, id),
        (json!({ "value": [{ "body": { "contentType": "text", "content": text } }] }), 1, id),
        (json!({ "body": { "storage": [text] } }), 0, ""),
        (json!({ "message": text, "context": structured }), 1, "1"),
        (json!({ "event": structured, "logs": [{ "message": [text] }] }), 1, "1"),
        (json!({ "event": "Test", "triggeredDate": "x", "data": { "note": text } }), 1, ""),
        (json!({ "event": "Test", "data": { "note": text } }), 0, ""),
        (json!({ "response": text, "expected": { "a": text } }), 0, ""),
        (json!({ "method": "POST", "headers": { "a": "b" }, "body": text }), 0, ""),
        (
            json!({ "a": text.replace("X-PerfectGym-Signature: 4", "X-PerfectGym-Signature: ") }),
            1,
            id,
        ),
    ] {
        let reading = capture::read(file.to_string().as_bytes()).unwrap();
        assert_eq!(reading.captures.len(), count, "{file}");
        let ids: Vec<_> = reading.captures.iter().flat_map(|one| one.request_ids()).collect();
        assert_eq!(ids.concat(), found, "{file}");
    }
}

#[test]
fn the_status_of_a_response_beside_a_request_is_no_response() {
    for file in [
        json!({ "status": 200, "headers": headers(), "body": BODY }),
        json!({ "status": 200, "request_headers": headers(), "request_body": BODY }),
        json!({ "statusCode": 200, "method": "POST", "headers": headers(), "body": body() }),
    ] {
        assert!(one(&file.to_string()).1.is_some(), "{file}");
    }
}

#[test]
fn headers_that_were_not_read_are_a_fault() {
    let (id, signature) =
        ("6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10", "4d7cdf31e781a0ddc0da8bbcc77ee86d");
    // Clojure's map, and an array of PostgreSQL.
    for text in [
        format!(
            "{{:headers {{\"x-perfectgym-request\" \"{id}\", \"x-perfectgym-signature\" \"{signature}\"}}, :body {:?}}}\n",
            BODY
        ),
        format!(
            "{{\"(X-PerfectGym-Request,{id})\",\"(X-PerfectGym-Signature,{signature})\"}}\n{BODY}\n"
        ),
    ] {
        let read = capture::read(text.as_bytes()).unwrap();
        assert_eq!(read.captures.len(), 1, "{text}");
        assert!(read.faults[0].message.contains("not in a form"), "{text}");
    }
    // What a body says, and what was sent in a response, is not missing.
    let names = format!("X-PerfectGym-Request: {id}\nX-PerfectGym-Signature: {signature}\n");
    for text in [
        format!("headers {{}} body {}\n", BODY.replace("\"n\":1", &format!("\"n\":{names:?}"))),
        format!("headers {{:a 1}} body {BODY}\nresponse\n{names}"),
    ] {
        let faults = capture::read(text.as_bytes()).map_or(vec![], |read| read.faults);
        assert_eq!(faults, [], "{text}");
    }
}

#[test]
fn values_under_other_names_are_not_headers() {
    let (id, signature) =
        ("6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10", "4d7cdf31e781a0ddc0da8bbcc77ee86d");
    for row in [
        json!({ "request_id": id, "expected_signature": signature, "payload": body() }),
        json!({ "request_id": id, "signature": signature, "pgm_signature": "x", "payload": body() }),
        json!({ "request_id": 17, "signature": signature, "payload": body() }),
        json!({ "request_id": id, "signature": format!("sha256={signature}"), "payload": body() }),
        json!({ "request_id": id, "signature": signature, "payload": { "type": "charge" } }),
        json!({ "request_id": id, "signature": signature, "headers": { "host": "h" }, "payload": body() }),
    ] {
        let text = row.to_string();
        let captures = capture::read(text.as_bytes()).map_or(vec![], |read| read.captures);
        assert!(captures.iter().all(|capture| capture.signatures().next().is_none()), "{text}");
    }
}

#[test]
fn prose_holds_no_requests() {
    for text in [
        "PGM sends `X-PerfectGym-Request` and `X-PerfectGym-Signature` with each call.\n",
        "theirs carry the header `X-PerfectGym-Request: not-this-one`, which no reader may take.\n",
        "Compare X-PerfectGym-Signature with what you get.\nX-PerfectGym-Request\nis an id.\n",
    ] {
        assert!(capture::read(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn one_header_with_a_value_such_as_pgm_sends_is_a_request() {
    for text in [
        "The call had X-PerfectGym-Request 6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10 in it.\n",
        "The call had X-PerfectGym-Signature 4D7CDF31E781A0DDC0DA8BBCC77EE86D in it.\n",
    ] {
        assert_eq!(capture::read(text.as_bytes()).unwrap().captures.len(), 1, "{text}");
    }
}

#[test]
fn a_value_that_goes_on_in_another_cell_is_not_judged() {
    // The rows of a table without the line that shows where its columns are: sqlite3's boxes, its
    // columns, and psql's.
    for text in [
        "│ 1 │ {\"x-perfectgym-request\": \"6f1c9d0e │ {\"event\":\"Test\"} │\n│   │ -5b7a\", \"x-perfectgym-signature\": \"4d7cdf31e781a0ddc0 │  │\n",
        "{\"x-perfectgym-request\": \"6f1c9d0e  {\"event\":\"Test\"}\n-5b7a-4c39\", \"x-perfectgym-signature\": \"4d7cdf31e781a0ddc0\n",
        "headers | {\"x-perfectgym-request\": \"6f1c9d0e.\n        |.-5b7a\", \"x-perfectgym-signature\": \"4d7cdf31e781a0ddc0\"}\n",
    ] {
        let read = capture::read(text.as_bytes()).unwrap();
        assert_eq!(read.captures, [], "{text}");
        assert!(read.faults[0].to_string().contains("wraps its cells"), "{text}");
    }
}
