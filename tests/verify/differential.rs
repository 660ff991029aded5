//! A plain reader of pgwh's own format, by `serde_json`, says the same of every line of a file
//! that chance has damaged.

use std::collections::HashMap;
use std::fmt;

use md5::{Digest, Md5};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::support::{SECRET, run};
use crate::{BODY, REQUESTS, json_lines, line, saved, signed};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(dead_code, reason = "they have to be there, and text")]
struct Own {
    received_at: String,
    method: String,
    path: String,
    remote: Option<String>,
    headers: Headers,
    body: String,
}

struct Headers(Vec<(String, Vec<String>)>);

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("headers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Headers(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl Own {
    fn values(&self, wanted: &str) -> Vec<&str> {
        let named = |(name, _): &&(String, Vec<String>)| name.eq_ignore_ascii_case(wanted);
        self.headers.0.iter().filter(named).flat_map(|(_, v)| v).map(String::as_str).collect()
    }

    /// The strict rule: one value of each, an id of printable ASCII without a comma, and its
    /// signature in hex of either case.
    fn is_valid(&self) -> bool {
        let ids = self.values("x-perfectgym-request");
        let signatures = self.values("x-perfectgym-signature");
        let ([id], [signature]) = (&ids[..], &signatures[..]) else { return false };
        let digest = Md5::digest(format!("{id}:{SECRET}"));
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let is_printable = id.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b',');
        is_printable && id.trim() == *id && !id.is_empty() && signature.eq_ignore_ascii_case(&hex)
    }

    fn event(&self) -> Option<String> {
        let body = self.body.strip_prefix('\u{feff}').unwrap_or(&self.body);
        let body: Value = serde_json::from_str(body).ok()?;
        Some(body.get("event")?.as_str()?.to_owned())
    }
}

#[derive(Debug, Clone)]
enum Change {
    Put(u8),
    Insert(u8),
    Delete,
    Cut,
    Double(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let byte = prop_oneof![
        proptest::sample::select(br#""\{}[],: u0aA/-"#.to_vec()),
        proptest::sample::select(vec![0, 9, 13, 0x1f, 0x7f, 0xc5, 0xff]),
    ];
    prop_oneof![
        4 => byte.clone().prop_map(Change::Put),
        4 => byte.prop_map(Change::Insert),
        2 => Just(Change::Delete),
        1 => Just(Change::Cut),
        2 => (1..80_usize).prop_map(Change::Double),
    ]
}

fn changed(line: &[u8], at: proptest::sample::Index, change: &Change) -> Vec<u8> {
    let mut line = line.to_vec();
    if line.is_empty() {
        return line;
    }
    let at = at.index(line.len());
    match change {
        Change::Put(byte) => line[at] = *byte,
        Change::Insert(byte) => line.insert(at, *byte),
        Change::Delete => drop(line.remove(at)),
        Change::Cut => line.truncate(at),
        Change::Double(length) => {
            let piece = line[at..line.len().min(at + length)].to_vec();
            line.splice(at..at, piece);
        }
    }
    line.retain(|byte| *byte != b'\n');
    line
}

fn lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let mut whole: Vec<String> = REQUESTS.iter().map(|request| signed(*request)).collect();
    let (id, signature) = REQUESTS[0];
    whole.push(line(
        &serde_json::json!({
            "X-PerfectGym-Request": [id, id],
            "accept": ["a,b"],
            "x-perfectgym-signature": [format!("{signature}, {signature}")],
        }),
        &BODY.replace("ClassesBooked", "\\u0054est \\\"\u{142}\\\""),
    ));
    let whole: Vec<Vec<u8>> = whole.iter().map(|line| line.trim_end().into()).collect();
    let changes = proptest::collection::vec((any::<proptest::sample::Index>(), change()), 0..3);
    let line = (proptest::sample::select(whole), changes).prop_map(|(line, changes)| {
        changes.iter().fold(line, |line, (at, change)| changed(&line, *at, change))
    });
    proptest::collection::vec(line, 150)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_plain_reader_agrees_line_by_line(lines in lines()) {
        // A whole line first, so that the file is read by lines.
        let text = [vec![signed(REQUESTS[0]).trim_end().as_bytes().to_vec()], lines].concat();
        let file = saved(text.join(&b'\n'));
        let ours = json_lines(&run(["verify", &file.path, "--format", "json"]));
        let mut verdicts = HashMap::new();
        for line in ours.iter().filter(|line| line["type"] == "capture") {
            verdicts.insert(line["source"].as_str().unwrap().to_owned(), line);
        }
        for (number, bytes) in text.iter().enumerate() {
            let Ok(plain) = serde_json::from_slice::<Own>(bytes) else { continue };
            let named = ["x-perfectgym-request", "x-perfectgym-signature"];
            if named.iter().all(|name| plain.values(name).is_empty()) {
                continue;
            }
            let source = format!("{}: line {}", file.path, number + 1);
            let shown = String::from_utf8_lossy(bytes);
            let ours = verdicts.get(&source);
            prop_assert!(ours.is_some(), "line {} is not a capture: {shown}", number + 1);
            let ours = ours.unwrap();
            prop_assert_eq!(ours["verdict"] == "valid", plain.is_valid(), "{}: {}", ours, shown);
            let event = plain.event();
            prop_assert_eq!(ours["event"].as_str(), event.as_deref(), "{}", shown);
        }
    }
}
