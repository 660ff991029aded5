//! What each file in `fixtures/captures/` yields.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use pgwh::capture::{self, Capture, Format, ReadOutcome};
use serde_json::Value;

/// One of the two requests that the files hold; see the README beside them.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Request {
    Booked,
    Modified,
}

/// What is left of its body.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kept {
    Exact,
    Remade,
    Absent,
}

use Kept::{Absent, Exact, Remade};
use Request::{Booked, Modified};

/// Place, request, how often its headers stand there, and its body.
type Expected = (&'static str, Request, usize, Kept);
/// File, shape, captures, number of other requests, lines that cannot be read.
type Case = (&'static str, Format, &'static [Expected], usize, &'static [u64]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("aws-alb.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("aws-api-gateway-v1.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("aws-api-gateway-v2.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("aws-lambda-url.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("azure-functions.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("beeceptor.json", Format::Json, &[("[0].req", Booked, 1, Exact)], 0, &[]),
    ("cgi-environment.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("convoy.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("curl-command.sh", Format::CurlCommand, &[("", Booked, 1, Exact)], 0, &[]),
    ("curl-verbose.txt", Format::CurlVerbose, &[("line 3", Booked, 1, Absent)], 0, &[]),
    ("docker-log.ndjson", Format::Ndjson, &[("line 1, log.req", Booked, 1, Exact), ("line 2, log.req", Modified, 1, Exact)], 0, &[]),
    ("dotnet.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("express.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("har-bom.json", Format::Har, &[("log.entries[1].request", Booked, 1, Exact), ("log.entries[2].request", Modified, 1, Exact)], 1, &[]),
    ("har-utf16be.json", Format::Har, &[("log.entries[1].request", Booked, 1, Exact), ("log.entries[2].request", Modified, 1, Exact)], 1, &[]),
    ("har-utf16le.json", Format::Har, &[("log.entries[1].request", Booked, 1, Exact), ("log.entries[2].request", Modified, 1, Exact)], 1, &[]),
    ("har-without-pgm.json", Format::Har, &[], 3, &[]),
    ("har.json", Format::Har, &[("log.entries[1].request", Booked, 1, Exact), ("log.entries[2].request", Modified, 1, Exact)], 1, &[]),
    ("headers-only.txt", Format::Text, &[("", Booked, 1, Absent)], 0, &[]),
    ("hookdeck.json", Format::Json, &[("data", Booked, 1, Remade)], 0, &[]),
    ("http-chunked.txt", Format::Http, &[("", Booked, 1, Exact)], 0, &[]),
    ("http-conversation.txt", Format::Http, &[("line 1", Booked, 1, Exact), ("line 20", Modified, 1, Exact)], 1, &[]),
    ("http-crlf.txt", Format::Http, &[("", Booked, 1, Exact)], 0, &[]),
    ("http-gzip.bin", Format::Http, &[("", Booked, 1, Exact)], 0, &[]),
    ("http-lf.txt", Format::Http, &[("", Booked, 1, Exact)], 0, &[]),
    ("httpbin.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("make.json", Format::Json, &[("[0]", Booked, 1, Remade)], 0, &[]),
    ("mitmproxy-dump.json", Format::Json, &[("[0].request", Booked, 1, Exact)], 0, &[]),
    ("mitmproxy.flow", Format::MitmproxyFlow, &[("[0].request", Booked, 1, Exact), ("[1].request", Modified, 1, Exact)], 0, &[]),
    ("mockserver-request-responses.json", Format::Json, &[("[0].httpRequest", Booked, 1, Exact)], 0, &[]),
    ("mockserver.json", Format::Json, &[("[0]", Booked, 1, Remade)], 0, &[]),
    ("n8n-binary.json", Format::Json, &[("[0].json", Booked, 1, Exact)], 0, &[]),
    ("n8n.json", Format::Json, &[("[0]", Booked, 1, Remade)], 0, &[]),
    ("ngrok.json", Format::Json, &[("requests[0].request", Booked, 1, Exact), ("requests[1].request", Modified, 1, Exact)], 0, &[]),
    ("ngrok.ndjson", Format::Ndjson, &[("line 1, request", Booked, 1, Exact), ("line 2, request", Modified, 1, Exact)], 0, &[]),
    ("node-inspect.txt", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("node-red.json", Format::Json, &[("req", Booked, 1, Remade)], 0, &[]),
    ("pgwh.ndjson", Format::Ndjson, &[("line 1", Booked, 1, Exact), ("line 2", Modified, 1, Exact)], 1, &[]),
    ("php-print-r.txt", Format::Text, &[("line 2", Booked, 1, Exact)], 0, &[]),
    ("pipedream.json", Format::Json, &[("trigger.event", Booked, 1, Remade)], 0, &[]),
    ("postman-collection.json", Format::Json, &[("item[0].request", Booked, 1, Exact)], 0, &[]),
    ("power-automate-content.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("power-automate.json", Format::Json, &[("", Booked, 1, Remade)], 0, &[]),
    ("prefixed.log", Format::Ndjson, &[("line 2", Booked, 1, Exact), ("line 3", Modified, 1, Exact)], 0, &[]),
    ("python-repr.txt", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("smee.json", Format::Json, &[("", Booked, 1, Remade)], 0, &[]),
    ("smee.sse", Format::EventStream, &[("line 5", Booked, 1, Remade), ("line 10", Modified, 1, Remade)], 0, &[]),
    ("table-columns.csv", Format::Csv, &[("line 2", Booked, 1, Exact), ("line 3", Modified, 1, Exact)], 0, &[]),
    ("table-headers-json.csv", Format::Csv, &[("line 2", Booked, 1, Exact), ("line 4", Modified, 1, Exact)], 1, &[]),
    ("torn.ndjson", Format::Ndjson, &[("line 1", Booked, 1, Exact), ("line 3", Modified, 1, Exact)], 0, &[2, 4]),
    ("vcr-cassette.yml", Format::Yaml, &[("http_interactions[0].request", Booked, 1, Exact)], 0, &[]),
    ("webhook-site-page.json", Format::Json, &[("data[0]", Booked, 1, Exact), ("data[2]", Modified, 1, Exact)], 1, &[]),
    ("webhook-site-request.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("webhook-tester.json", Format::Json, &[("[0]", Booked, 1, Exact), ("[1]", Modified, 1, Exact)], 0, &[]),
    ("wiremock.json", Format::Json, &[("requests[0].request", Booked, 1, Exact), ("requests[1].request", Modified, 1, Exact)], 0, &[]),
    ("zapier-catch-hook.json", Format::Json, &[("", Booked, 0, Remade)], 0, &[]),
    ("zapier-flattened.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
    ("zapier-raw-hook.json", Format::Json, &[("", Booked, 1, Exact)], 0, &[]),
];

const BOOKED: &str = r#"{"event":"ClassesBooked","triggeredDate":"2026-03-02T09:15:30Z","data":{"userId":1204,"timeTableEventId":88031}}"#;
const MODIFIED: &str = r#"{"event":"UserModified","triggeredDate":"2026-03-02T09:16:02Z","data":{"modificationType":"Updated","userId":1204,"user":{"userId":1204,"userNumber":"M-1204","userFirstName":"Žofie","userLastName":"Testová","userPhone":null,"userEmail":"zofie@example.org","birthDate":"1990-04-01"},"homeClubId":3,"userType":"Member"}}"#;

impl Request {
    /// Request id, signature and body. The signatures are made with
    /// `printf '%s' "ID:correct-horse-battery-staple" | md5sum`.
    fn parts(self) -> [&'static str; 3] {
        match self {
            Booked => {
                let id = "6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10";
                [id, "4d7cdf31e781a0ddc0da8bbcc77ee86d", BOOKED]
            }
            Modified => {
                let id = "0b7d52f4-93c1-4f0a-8a6e-d41e7c25b9f3";
                [id, "e5814c08400f7b75f764eab53af8cdb7", MODIFIED]
            }
        }
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/captures"))
}

fn check(file: &str, capture: &Capture<'_>, (place, request, count, kept): Expected) {
    let [id, signature, body] = request.parts();
    assert_eq!(capture.location.to_string(), place, "{file}");
    let ids: Vec<_> = capture.values("X-PerfectGym-Request").collect();
    assert_eq!(ids, vec![id; count], "{file}: {place}");
    let signatures: Vec<_> = capture.values("X-PerfectGym-Signature").collect();
    assert_eq!(signatures, vec![signature; count], "{file}: {place}");
    let Some(read) = &capture.body else {
        assert_eq!(kept, Absent, "{file}: {place}");
        return;
    };
    assert_eq!(read.exact, kept == Exact, "{file}: {place}");
    let value = |bytes| serde_json::from_slice::<Value>(bytes).unwrap();
    assert_eq!(value(&read.bytes), value(body.as_bytes()), "{file}: {place}");
    // One of the bodies was laid out by hand before it was "captured".
    if kept == Exact && file != "table-headers-json.csv" {
        assert_eq!(&*read.bytes, body.as_bytes(), "{file}: {place}");
    }
}

#[test]
fn every_file_yields_what_it_should() {
    for (file, format, expected, skipped, faults) in CASES {
        let bytes = fs::read(folder().join(file)).unwrap();
        let reading = capture::read(&bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(reading.format, *format, "{file}");
        assert_eq!(reading.skipped, *skipped, "{file}");
        let lines: Vec<_> = reading.faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, *faults, "{file}");
        assert_eq!(reading.captures.len(), expected.len(), "{file}");
        for (capture, expected) in reading.captures.iter().zip(*expected) {
            check(file, capture, *expected);
        }
    }
}

/// What a reading is compared by: where a request stands is another matter, and what a tool puts
/// beside PGM's members in a body.
fn contents(reading: &ReadOutcome) -> Vec<String> {
    let content = |capture: &Capture<'_>| {
        let body = capture.body.as_ref();
        let value = body.map(|body| {
            let value: Value = serde_json::from_slice(&body.bytes).unwrap();
            ["event", "triggeredDate", "data"].map(|name| value[name].clone())
        });
        let ids: Vec<_> = capture.request_ids().collect();
        let signatures: Vec<_> = capture.signatures().collect();
        format!("{ids:?} {signatures:?} {value:?}")
    };
    let mut contents: Vec<_> = reading.captures.iter().map(content).collect();
    contents.sort();
    contents
}

/// People paste captures into tickets, chats and mails, and save those.
#[test]
fn every_text_reads_the_same_within_another() {
    type Around = fn(&str) -> String;
    fn each(text: &str, mark: &str) -> String {
        text.lines().map(|line| format!("{mark}{line}\n")).collect()
    }
    let ways: [(&str, Around); 8] = [
        ("indented", |text| each(text, "    ")),
        ("quoted", |text| each(text, "> ")),
        ("a reply", |text| format!("Eve wrote:\n\n{}\nThanks, Bob\n", each(text, "> "))),
        ("quoted twice", |text| format!("Eve wrote:\n{}", each(text, ">> "))),
        ("Markdown", |text| format!("Hi,\n\n```json\n{text}\n```\n\nThanks\nBob\n")),
        ("Jira", |text| format!("h3. Seen\n{{code:title=x}}\n{text}\n{{code}}\nBye\n")),
        ("below words", |text| format!("We got this:\n\n{text}")),
        ("between words", |text| format!("We got this:\n\n{text}\n\nRegards, Bob\n")),
    ];
    let mut count = 0;
    for (file, format, ..) in CASES {
        let bytes = fs::read(folder().join(file)).unwrap();
        // Files for programs, and those in which each line is read by itself.
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        if text.contains('\0') || matches!(format, Format::MitmproxyFlow | Format::Ndjson) {
            continue;
        }
        let whole = contents(&capture::read(&bytes).unwrap());
        for (name, around) in ways {
            let reading = capture::read(around(text).as_bytes());
            let reading = reading.unwrap_or_else(|error| panic!("{file}, {name}: {error}"));
            assert_eq!(contents(&reading), whole, "{file}, {name}");
            count += 1;
        }
    }
    assert!(count > 250, "{count}");
}

#[test]
fn a_request_keeps_its_line_where_it_is_fenced() {
    let message = fs::read_to_string(folder().join("http-conversation.txt")).unwrap();
    let line = capture::read(message.as_bytes()).unwrap().captures[1].location.line.unwrap();
    let ticket = format!("Seen:\n```\n{message}\n```\n");
    let captures = capture::read(ticket.as_bytes()).unwrap().captures;
    assert_eq!(captures[1].location.line, Some(line + 2));
}

#[test]
fn json_that_breaks_off_gives_the_requests_before() {
    let whole = fs::read_to_string(folder().join("har.json")).unwrap();
    let (start, _) = whole.rsplit_once("e5814c08").unwrap();
    let reading = capture::read(start.as_bytes()).unwrap();
    let ids: Vec<_> = reading.captures.iter().flat_map(Capture::request_ids).collect();
    // The other request has lost its signature, and is not judged.
    assert_eq!(ids, ["6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10"]);
    let [fault] = &reading.faults[..] else { panic!("{:?}", reading.faults) };
    assert!(fault.message.contains("breaks off"), "{fault}");
    assert_eq!(fault.line, start.lines().count() as u64);
    // Where nothing is left, the file as a whole cannot be read.
    let error = capture::read(b"{\"headers\":{\"X-PerfectGym-Request\":\"1\"").unwrap_err();
    assert!(error.to_string().ends_with("it ends too early"), "{error}");
}

#[test]
fn every_file_is_in_the_table_and_in_the_readme() {
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || CASES.iter().any(|(file, ..)| *file == name), "{name}");
        assert!(name == "README.md" || readme.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn details_beside_the_headers_are_kept() {
    for (file, method, path, remote, received) in [
        ("pgwh.ndjson", "POST", "/pgm", "127.0.0.1:50312", "2026-03-02T09:15:31.204Z"),
        ("ngrok.json", "POST", "/pgm", "203.0.113.9", "2026-03-02T09:15:31.204Z"),
        ("aws-api-gateway-v1.json", "POST", "/pgm", "203.0.113.9", "2026-03-02T09:15:31.204Z"),
        ("wiremock.json", "POST", "/pgm", "127.0.0.1", "2026-03-02T09:15:31.204Z"),
    ] {
        let bytes = fs::read(folder().join(file)).unwrap();
        let capture = &capture::read(&bytes).unwrap().captures[0];
        assert_eq!(capture.method.as_deref(), Some(method), "{file}");
        assert_eq!(capture.path.as_deref(), Some(path), "{file}");
        assert_eq!(capture.remote.as_deref(), Some(remote), "{file}");
        assert_eq!(capture.received_at, Some(received.parse().unwrap()), "{file}");
    }
}

#[test]
fn a_file_without_pgms_requests_says_what_it_has() {
    let bytes = fs::read(folder().join("har-without-pgm.json")).unwrap();
    let none = capture::read(&bytes).unwrap().no_capture().unwrap();
    assert_eq!(none.to_string(), "a HAR file with 3 requests, none with X-PerfectGym-… headers");
    let bytes = fs::read(folder().join("har.json")).unwrap();
    assert_eq!(capture::read(&bytes).unwrap().no_capture(), None);
}
