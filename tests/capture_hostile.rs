//! Files that mean harm: all get a result, in bounded time and memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use pgwh::capture::{self, Item, Layout, LineSplitter, MAX_LINE, ReadError, read_lines};

/// Whatever it is, it is read without a panic; what comes of it is of no interest here.
fn survives(bytes: &[u8]) {
    let _ = capture::read(bytes);
    let mut line = bytes.to_vec();
    line.extend_from_slice(b"\n{}\n");
    let _ = capture::read(&line);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn brackets_without_end() {
    for unit in ["[", "{\"a\":", "[{\"headers\":", "(", "{\"log\":\"", "\"", "<", "1:", "data: ["] {
        survives(unit.repeat(200_000).as_bytes());
    }
    let closed = "[".repeat(200_000) + &"]".repeat(200_000);
    assert!(capture::read(closed.as_bytes()).unwrap().captures.is_empty());
}

#[test]
fn literals_without_end_in_a_text_that_names_pgm() {
    for unit in [
        "{",
        "[",
        "\"{\\",
        "'[",
        "{[",
        "[Symbol(",
        "<Buffer ",
        "{<ref ",
        "[class ",
        "{<a:",
        "[... ",
        "['a'+",
        "&[",
        "{#a: ",
        "{a: #<",
        "{a: #<b \"",
        "[#<struct a=",
        "[k] => a Object\n (\n",
        "{a: object(b)#1 (2) {",
        "((object) ",
        "[k] => (",
        "[k] => (\n",
        "[k] => Array\n (\n",
        "{stream",
        "body {[stream",
    ] {
        survives(format!("x-perfectgym-request\n{}", unit.repeat(40_000 / unit.len())).as_bytes());
    }
}

#[test]
fn texts_within_texts_are_not_read_over_and_over() {
    let id = "X-PerfectGym-Request: 6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10\n";
    let n = 16 << 10;
    for text in [
        "```\n".repeat(n),
        "> a\nb\n".repeat(n),
        format!("{id}a:\n\n> ```\n> [{}\n> ```\n\nb", "[".repeat(n)),
        format!("  a:\n\n  > {{code}}\n  > {}{id}  > {{code}}\n\n  b", "<a>\n  > ".repeat(n)),
        format!("{}{id}", "{code:\n".repeat(n)),
        format!("{}{id}", "a:\n\n[\n]\n\n".repeat(n / 4)),
        "[{\"a\":".repeat(n),
        format!("{}{id}", "a 1 b 2 c 3 d 4 e 5 f 6 g 7 h 8 i 9 j 1 ".repeat(n / 8) + "\n")
            .repeat(2),
        format!("{}1 a {id}{{\n", "1 a 1 a 1 a 1 a [\n".repeat(n)),
    ] {
        survives(text.as_bytes());
    }
}

#[test]
fn texts_in_a_document_are_searched_once() {
    let id = "X-PerfectGym-Request: 6f1c9d0e-5b7a-4c39-9d52-2f8c1a7b3e10";
    let n = 2 << 10;
    let many = |one: &str, n: usize| vec![one; n].join(",");
    for text in [
        // Objects around objects, each with such a text and much beside it.
        format!(
            "{}[{}]{}",
            format!("{{\"a\":\"{id}\",\"b\":").repeat(30),
            many("1", n * 8),
            "}".repeat(30)
        ),
        format!("[{}]", many(&format!("{{\"a\":\"{id}\"}}"), n)),
        format!("{{\"x\":[{}],\"y\":[{}]}}", many(&format!("\"{id}\""), n), many("[[]]", n)),
        format!("{{\"a\":\"{}\"}}", format!("{id} {{").repeat(n)),
        format!("{{\"a\":\"{}\"}}", format!("{id}\\nPOST / HTTP/1.1\\n").repeat(n)),
        // Records of one line each, in lists within lists.
        format!("{}\"{id}\"{}", "[[".repeat(n), "]]".repeat(n)),
        format!("[{}]", many(&format!("[[\"{id}\"]]"), n)),
    ] {
        survives(text.as_bytes());
    }
}

#[test]
fn strings_within_strings() {
    let mut text = r#"{"headers":{"x-perfectgym-request":"1"}}"#.to_owned();
    for _ in 0..12 {
        text = serde_json::json!({ "log": text }).to_string();
    }
    // Deeper than logs go; left alone.
    assert!(capture::read(text.as_bytes()).unwrap().captures.is_empty());
}

#[test]
fn odd_bytes_and_numbers() {
    for bytes in [
        &b"\0"[..],
        b"\0\0\0\0",
        b"{\"a\":\"\0\"}",
        b"{\"headers\":{\"x-perfectgym-request\":\"\xff\xfe\"}}",
        b"\xff\xfe",
        b"\xfe\xff{",
        b"\x1f\x8b",
        b"\x1f\x8b\x08\0\0\0\0\0\0\0",
        b"{\"headers\":{\"a\":1e999999999999},\"body\":-0.0}",
        b"999999999999999999999999:x,",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n{}",
        b"curl ",
        b"$ curl -H",
        b"> POST / HTTP/1.1",
        b"x-perfectgym-request",
        "{'ż': 'ż".as_bytes(),
        "a;\u{feff}headers;body\n\"".as_bytes(),
    ] {
        survives(bytes);
    }
}

#[test]
fn a_bomb_in_a_body_stays_packed() {
    let bomb = gzip(&vec![b' '; 64 << 20]);
    let mut text = b"POST / HTTP/1.1\r\nX-PerfectGym-Request: 1\r\n\r\n".to_vec();
    text.extend_from_slice(&bomb);
    let reading = capture::read(&text).unwrap();
    let body = reading.captures[0].body.as_ref().unwrap();
    assert!(body.bytes.len() <= bomb.len());
}

#[test]
fn a_file_that_is_a_bomb_is_refused() {
    let bomb = gzip(&vec![0; (64 << 20) + 1]);
    assert_eq!(capture::read(&bomb), Err(ReadError::Gzip));
    assert_eq!(capture::read(&gzip(&bomb)), Err(ReadError::Unknown));
}

/// A zip archive of one stored file.
fn zip_of(bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("a", stored).unwrap();
    archive.write_all(bytes).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn archives_and_mails_within_each_other_are_followed_a_few_levels() {
    let request = b"POST / HTTP/1.1\r\nX-PerfectGym-Request: 1\r\n\r\n{}".to_vec();
    let wraps: [fn(&[u8]) -> Vec<u8>; 2] =
        [|bytes| zip_of(&gzip(bytes)), |bytes| [b"MIME-Version: 1.0\nA: b\n\n", bytes].concat()];
    for wrap in wraps {
        let found = |levels: usize| {
            let nested = (0..levels).fold(request.clone(), |bytes, _| wrap(&bytes));
            capture::read(&nested).map_or(0, |read| read.captures.len())
        };
        assert_eq!((found(2), found(200)), (1, 0));
    }
}

#[test]
fn bombs_in_the_parts_of_a_mail_count_together() {
    use base64::prelude::{BASE64_STANDARD, Engine};
    let request = r#"{"headers":{"x-perfectgym-request":"1"},"pad":""#;
    let text = [request, &"x".repeat(30 << 20), "\"}"].concat();
    let part = format!(
        "--b\nContent-Transfer-Encoding: base64\n\n{}\n",
        BASE64_STANDARD.encode(gzip(text.as_bytes()))
    );
    let head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";
    let read = capture::read((head.to_owned() + &part.repeat(20)).as_bytes()).unwrap();
    assert_eq!(read.captures.len(), 2);
}

#[test]
fn lists_that_refer_to_themselves_stay_small() {
    // Each would become 20 000 values.
    let list = r#"[{"":"1"},["1","1","1","1"],0,0]"#;
    let lists = format!("[{}]", [list; 20_000].join(","));
    assert!(capture::read(lists.as_bytes()).unwrap().captures.is_empty());
}

#[test]
fn one_long_name_is_not_held_for_each_of_its_values() {
    let values = vec!["\"\""; 200_000].join(",");
    let name = "A".repeat(200_000);
    let headers = format!(r#"{{"{name}":[{values}],"X-PerfectGym-Request":"1"}}"#);
    let own = r#""receivedAt":"2026-03-01T17:42:09Z","method":"POST","path":"/""#;
    for text in [
        format!("[{{\"headers\":{headers}}}]"),
        format!("{{{own},\"headers\":{{\"{name}\":[{values}]}}}}\n"),
    ] {
        let headers = capture::read(text.as_bytes())
            .map_or(0, |read| read.captures.iter().map(|capture| capture.headers.len()).sum());
        assert!(headers < 100, "{headers}");
    }
}

#[test]
fn long_names_paths_and_words_are_cut() {
    let request = r#"{"headers":{"x-perfectgym-request":"1"},"body":"{}"}"#;
    let (key, requests) = ("k".repeat(1 << 20), [request; 100].join(","));
    let text = format!(r#"{{"path":"/{key}","{key}":[{requests}],"inner":{request}}}"#);
    let read = capture::read(text.as_bytes()).unwrap();
    assert_eq!(read.captures.len(), 101);
    for capture in read.captures {
        assert!(capture.location.path.len() < 1000 && capture.path.is_none());
    }
    let words = "x-perfectgym-request:".repeat(10_000);
    if let Ok(read) = capture::read(format!("a: {words}").as_bytes()) {
        assert!(read.captures.iter().flat_map(|one| one.request_ids()).all(|id| id.len() < 2000));
    }
}

#[test]
fn commands_that_repeat_a_long_text_are_bounded() {
    let long = "x".repeat(1 << 20);
    let body_bytes = |text: &str| -> usize {
        let captures = capture::read(text.as_bytes()).unwrap().captures.into_iter();
        captures.filter_map(|one| one.body).map(|body| body.bytes.len()).sum()
    };
    let line = "irm -Uri h -Headers @{'X-PerfectGym-Request'='1'} -Body $b\n";
    assert!(body_bytes(&format!("$b = '{long}'\n{}", line.repeat(500))) <= 64 << 20);
    let sent = "> POST / HTTP/1.1\n> X-PerfectGym-Request: 1\n";
    assert!(body_bytes(&format!("curl -v h -d '{long}'\n{}", sent.repeat(500))) <= 64 << 20);
    let deep = format!("http POST h X-PerfectGym-Request:1 a{}=1 b=2\n", "[a".repeat(200_000));
    assert_eq!(body_bytes(&deep), "{\"b\": \"2\"}".len());
    let command = "curl -H 'X-PerfectGym-Request: 1' h <<EOF\n";
    assert_eq!(capture::read(command.repeat(20_000).as_bytes()).unwrap().captures.len(), 20_000);
}

#[test]
fn deep_yaml_is_not_read() {
    let text = format!("x-perfectgym-request: 1\nb:\n  - {}\n", "[".repeat(50_000));
    survives(text.as_bytes());
}

#[test]
fn many_requests_in_deep_objects_share_what_is_said_of_them() {
    let names: Vec<_> = (0..500).map(|at| format!(r#""k{at}":0"#)).collect();
    let names = names.join(",");
    let request = |at: usize| {
        format!(r#""r{at}":{{"headers":{{"x-perfectgym-request":"{at}"}},"body":"{{}}"}}"#)
    };
    let requests: Vec<_> = (0..500).map(request).collect();
    let mut text = format!("{{{}}}", requests.join(","));
    for _ in 0..25 {
        text = format!(
            r#"{{"requestContext":{{{names},"http":{{{names}}},"sourceIp":"192.0.2.1"}},"z":{text}}}"#
        );
    }
    let read = capture::read(text.as_bytes()).unwrap();
    assert_eq!(read.captures.len(), 500);
    assert!(read.captures.iter().all(|one| one.remote.as_deref() == Some("192.0.2.1")));
}

#[test]
fn small_bodies_are_not_compared_with_a_large_one() {
    let data = "1,".repeat(200_000);
    let headers = r#"{"x-perfectgym-request":"1"}"#;
    let large = format!(
        "headers: {headers}\nbody: {{\"event\":\"a\",\"triggeredDate\":\"b\",\"data\":[{data}1]}}\n"
    );
    let small = format!("body: {{\"a\":1}}\n{{\"headers\":{headers},\"body\":\"{{}}\"}}\n");
    let read = capture::read((large + &small.repeat(2_000)).as_bytes()).unwrap();
    assert!(read.captures.len() >= 2_000);
}

#[test]
fn a_line_without_end_is_skipped_and_reported_once() {
    let mut splitter = LineSplitter::default();
    let block = vec![b'x'; 1 << 20];
    let mut faults = Vec::new();
    let mut next = 1;
    let mut feed = |block: &[u8]| {
        let mut buffer = Vec::new();
        splitter.start(&mut buffer);
        buffer.extend_from_slice(block);
        assert!(buffer.len() <= MAX_LINE + (2 << 20));
        let chunk = splitter.cut(buffer);
        next = chunk.read(next, |item| {
            if let Item::Fault(fault) = item {
                faults.push((fault.line, fault.message));
            }
        });
    };
    feed(b"{}\n{\n");
    for _ in 0..100 {
        feed(&block);
    }
    feed(b"end\n{\n");
    assert_eq!(next, 5);
    assert_eq!(faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4]);
    assert!(faults[1].1.starts_with("longer than"), "{faults:?}");
}

#[test]
fn a_torn_last_line_and_a_bad_one_do_not_hide_the_others() {
    let good = r#"{"headers":{"x-perfectgym-request":"1"}}"#;
    let text = format!("{good}\n{{\"headers\": oops}}\n\n{good}\r\n{}", &good[..20]);
    let (mut captures, mut faults) = (Vec::new(), Vec::new());
    read_lines(text.as_bytes(), 1, |item| match item {
        Item::Capture(capture) | Item::Part(capture) => {
            captures.push(capture.location.to_string());
        }
        Item::Fault(fault) => faults.push((fault.line, fault.torn)),
        Item::Skipped { .. } => {}
    });
    assert_eq!(captures, ["line 1", "line 4"]);
    assert_eq!(faults, [(2, false), (5, true)]);
}

#[test]
fn a_damaged_line_of_pgwhs_own_is_a_fault_whatever_it_shows() {
    let damaged = concat!(
        r#"{"receivedAt":"2026-03-02T09:16:03.011Z","method":"POST","path":"/pgm","headers":{"host":"#,
        r#"["a"],"x-perfectgym-request":["1"],"x-perfectgym-signature":["2"]},"body":"{\"event\: \""#,
    );
    let mut found = Vec::new();
    read_lines(damaged.as_bytes(), 1, |item| found.push(format!("{item:?}")));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("Fault"), "{found:?}");
}

#[test]
fn of_repeated_members_the_last_counts() {
    let headers = r#""headers":{"x-perfectgym-request":["1"]}"#;
    let line = format!(
        r#"{{"receivedAt":"","method":"POST","path":"/","headers":{{}},"body":"a",{headers},"body":"b"}}"#
    );
    let capture = &capture::read(line.as_bytes()).unwrap().captures[0];
    assert_eq!(capture.values("x-perfectgym-request").collect::<Vec<_>>(), ["1"]);
    assert_eq!(&*capture.body.as_ref().unwrap().bytes, b"b");
}

#[test]
fn errors_name_line_and_column() {
    let error = capture::read(b"{\n  \"log\": {\n    \"entries\": [\n").unwrap_err();
    assert_eq!(error.to_string(), "line 4, column 1: it ends too early");
    let error = capture::read(b"{\n  \"a\": }").unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 2, column 8: this is no JSON value: texts need double quotes"
    );
    assert_eq!(capture::read(b" \n"), Err(ReadError::Empty));
    assert_eq!(capture::read(b"hello"), Err(ReadError::Unknown));
}

#[test]
fn the_format_is_detected_from_the_start() {
    let own =
        r#"{"receivedAt":"2026-03-02T09:15:31.204Z","method":"POST","path":"/","headers":{}}"#;
    for (head, complete, form) in [
        (format!("{own}\n"), false, Some(Layout::Lines)),
        (own.to_owned(), true, Some(Layout::Lines)),
        (own[..30].to_owned(), false, None),
        ("{}\n".to_owned(), false, None),
        ("{}\n".to_owned(), true, Some(Layout::Whole)),
        // One of the next lines may have headers alone, with their body on another.
        ("{}\n{}\n".to_owned(), false, None),
        ("{}\n{}\n".to_owned(), true, Some(Layout::Lines)),
        ("{}\n".repeat(8), false, Some(Layout::Lines)),
        ("{}\n{}\n{\"x-perfectgym-request\":\n".to_owned(), true, Some(Layout::Whole)),
        (format!("torn\"}}\n{own}\n"), false, Some(Layout::Lines)),
        ("{\n  \"a\"".to_owned(), false, Some(Layout::Whole)),
        ("[\n{}\n]".to_owned(), true, Some(Layout::Whole)),
        ("POST / HTTP/1.1\n".to_owned(), false, Some(Layout::Whole)),
        ("data: {}\n\ndata: {}\n".to_owned(), false, Some(Layout::Whole)),
    ] {
        assert_eq!(Layout::detect(head.as_bytes(), complete), form, "{head}");
    }
}

#[test]
fn a_file_that_is_read_by_lines_stays_so_as_it_grows() {
    let kinds = [
        "word",
        "{}",
        "id 1 {\"a\":2}",
        "{\"x-perfectgym-request\":",
        "x-perfectgym-request: 1",
        "data: {\"headers\":{\"x-perfectgym-request\":\"1\"}}",
    ];
    let count = kinds.len();
    for number in 0..count.pow(3) {
        let digits = (0..3).map(|place| number / count.pow(place) % count);
        let text: String = digits.map(|kind| format!("{}\n", kinds[kind])).collect();
        let by_lines =
            |end| Layout::detect(&text.as_bytes()[..end], end == text.len()) == Some(Layout::Lines);
        let ends = (0..=text.len()).filter(|end| by_lines(*end));
        let early = ends.min().unwrap_or(text.len());
        assert!(early == text.len() || by_lines(text.len()), "{text}");
    }
}

/// pgwh's own lines, as many as are written before and after a writer was killed.
fn own_lines(count: usize) -> Vec<String> {
    let line = |number: usize| {
        let headers = [
            ("host".to_owned(), "h".to_owned()),
            ("x-perfectgym-request".to_owned(), format!("request-{number}")),
            ("x-perfectgym-signature".to_owned(), "ae19569ade4910fa319fd4e35dcff75e".to_owned()),
        ];
        let record = capture::CaptureRecord {
            received_at: "2026-03-01T17:42:09.5Z".parse().unwrap(),
            method: "POST",
            path: "/pgm",
            remote: Some("127.0.0.1:9"),
            headers: &headers,
            body: br#"{"event":"Test","triggeredDate":"2026-03-01T17:42:09Z","data":{}}"#,
        };
        record.to_json()
    };
    (0..count).map(line).collect()
}

#[test]
fn a_torn_first_line_is_one_fault_wherever_it_is_cut() {
    let lines = own_lines(5);
    let others = lines[1..].concat();
    for cut in 1..lines[0].len() - 1 {
        for glue in ["\n", ""] {
            let text = format!("{}{glue}{others}", &lines[0][..cut]);
            let reading = capture::read(text.as_bytes()).unwrap();
            let found = (reading.captures.len(), reading.faults.len());
            assert_eq!(found, (4, 1), "cut at {cut}: {:?}", reading.faults);
            let ids: Vec<_> = reading.captures.iter().flat_map(|one| one.request_ids()).collect();
            assert_eq!(ids, ["request-1", "request-2", "request-3", "request-4"]);
        }
    }
}
