//! How fast the readers are, in bytes a second: pgwh's own lines, another tool's lines, and a
//! single document. The lines are some 680 bytes long.

#![allow(clippy::expect_used, missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pgwh::capture::{CaptureRecord, Item, read_lines, read_whole};

/// Captures a run reads.
const COUNT: usize = 2_000;

const BODY: &str = r#"{"event":"ClassesBooked","triggeredDate":"2026-03-02T09:15:30Z","data":{"userId":1204,"timeTableEventId":88031}}"#;

fn headers(number: usize) -> Vec<(String, String)> {
    [
        ("host", "hooks.example.org".to_owned()),
        ("accept-encoding", "gzip, deflate".to_owned()),
        ("user-agent", "a client that says who it is".to_owned()),
        ("content-type", "application/json; charset=utf-8".to_owned()),
        ("content-length", BODY.len().to_string()),
        ("x-forwarded-for", "203.0.113.9".to_owned()),
        ("x-perfectgym-request", format!("6f1c9d0e-5b7a-4c39-9d52-{number:012x}")),
        ("x-perfectgym-signature", "4d7cdf31e781a0ddc0da8bbcc77ee86d".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn own_lines() -> String {
    let received_at = "2026-03-02T09:15:31.204Z".parse().expect("a date");
    let line = |number| {
        let headers = headers(number);
        let (method, path, body) = ("POST", "/pgm", BODY.as_bytes());
        CaptureRecord {
            received_at,
            method,
            path,
            remote: Some("127.0.0.1:50312"),
            headers: &headers,
            body,
        }
        .to_json()
    };
    (0..COUNT).map(line).collect()
}

fn other_line(number: usize) -> String {
    let headers: Vec<_> = headers(number)
        .into_iter()
        .map(|(name, value)| serde_json::json!({ "name": name, "value": value }))
        .collect();
    let request =
        serde_json::json!({ "method": "POST", "url": "/pgm", "headers": headers, "body": BODY });
    serde_json::json!({ "time": "2026-03-02T09:15:31.204Z", "request": request }).to_string()
}

fn count(item: Item<'_>, captures: &mut usize) {
    if let Item::Capture(capture) = item {
        black_box((capture.request_ids().next(), capture.signatures().next(), &capture.body));
        *captures += 1;
    }
}

fn readers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    let other: String = (0..COUNT).map(|number| other_line(number) + "\n").collect();
    for (name, text) in [("own lines", own_lines()), ("other lines", other.clone())] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut captures = 0;
                read_lines(text.as_bytes(), 1, |item| count(item, &mut captures));
                assert_eq!(captures, COUNT);
            });
        });
    }
    let document = format!("[{}]", other.trim_end().replace('\n', ","));
    group.throughput(Throughput::Bytes(document.len() as u64));
    group.bench_function("document", |bencher| {
        bencher.iter(|| {
            let mut captures = 0;
            let read = read_whole(document.as_bytes(), |item| count(item, &mut captures));
            assert!(read.is_ok() && captures == COUNT);
        });
    });
    group.finish();
}

criterion_group!(benches, readers);
criterion_main!(benches);
