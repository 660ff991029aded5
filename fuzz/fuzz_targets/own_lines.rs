//! The reader of pgwh's own lines against a plain one: on every line they agree about request id, signature
//! and body, and neither takes one of pgwh's own that is not JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pgwh::capture::{Item, read_lines};
use serde_json::Value;

#[derive(Debug, PartialEq)]
struct Plain {
    ids: Vec<String>,
    signatures: Vec<String>,
    body: Option<Vec<u8>>,
}

/// A line of pgwh's own format, read as `serde_json::Value`; `None` for any other line.
fn plain(line: &[u8]) -> Option<Plain> {
    let value: Value = serde_json::from_slice(line).ok()?;
    let object = value.as_object()?;
    let known = ["receivedAt", "method", "path", "remote", "headers", "body"];
    if !object.keys().all(|key| known.contains(&key.as_str())) {
        return None;
    }
    for key in &known[..3] {
        object.get(*key)?.as_str()?;
    }
    let headers = object.get("headers")?.as_object()?;
    let mut values = Vec::new();
    for (name, list) in headers {
        for value in list.as_array()? {
            values.push((name.to_ascii_lowercase(), value.as_str()?.to_owned()));
        }
    }
    let of = |wanted: &str| {
        let found = values.iter().filter(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let body = match object.get("body") {
        None => None,
        Some(body) => Some(body.as_str()?.as_bytes().to_vec()),
    };
    let optional = object.get("remote");
    if optional.is_some_and(|remote| !remote.is_string()) {
        return None;
    }
    Some(Plain { ids: of("x-perfectgym-request"), signatures: of("x-perfectgym-signature"), body })
}

fuzz_target!(|data: &[u8]| {
    // All lines in one go, as a line may follow a torn one.
    let mut found: Vec<(Option<u64>, Plain)> = Vec::new();
    read_lines(data, 1, |item| {
        if let Item::Capture(capture) = item {
            let read = Plain {
                ids: capture.request_ids().map(str::to_owned).collect(),
                signatures: capture.signatures().map(str::to_owned).collect(),
                body: capture.body.as_ref().map(|body| body.bytes.to_vec()),
            };
            found.push((capture.location.line, read));
        }
    });
    for (line, number) in data.split(|byte| *byte == b'\n').zip(1..) {
        let of_line = found.iter().filter(|(line, _)| *line == Some(number));
        compare(line, &of_line.map(|(_, read)| read).collect::<Vec<_>>());
    }
});

/// What was found in a line against what `serde_json` reads.
fn compare(line: &[u8], found: &[&Plain]) {
    let json = line.trim_ascii();
    const OWN: &[u8] = b"{\"receivedAt\":";
    if json.starts_with(OWN) && serde_json::from_slice::<Value>(json).is_err() {
        // A whole line may follow one whose writer was killed.
        let is_glued = json.windows(OWN.len()).skip(1).any(|start| start == OWN);
        assert!(found.is_empty() || is_deep(json) || is_glued, "took a line that is not JSON");
    }
    // `Value` keeps the last of repeated members, the readers keep all; that is no contradiction.
    let repeated = found.iter().any(|one| one.ids.len() > 1 || one.signatures.len() > 1);
    if let (Some(plain), [one], false) = (plain(line), found, repeated) {
        assert_eq!(plain, **one);
    }
}

/// Whether brackets may nest more deeply than `serde_json` builds values for.
fn is_deep(json: &[u8]) -> bool {
    json.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() > 100
}
