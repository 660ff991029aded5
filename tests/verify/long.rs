//! Long files: in order, in few words, whatever the chunks in which they are read.

use serde_json::{Value, json};

use crate::support::run;
use crate::{BODY, REQUESTS, captures, json_lines, saved, signed, verify};

/// More than several chunks, with 1 in 100 signed by nobody we know.
fn long() -> String {
    let mut text = String::new();
    for number in 0..10_000 {
        let id =
            if number % 100 == 50 { format!("unknown-{number}") } else { REQUESTS[0].0.to_owned() };
        text += &signed((&id, REQUESTS[0].1));
    }
    text
}

#[test]
fn captures_come_in_the_order_of_the_file_with_their_lines() {
    let file = saved(long().trim_end());
    let lines = json_lines(&run(["verify", &file.path, "--format", "json"]).exits(1));
    let captures = captures(&lines);
    assert_eq!(captures.len(), 10_000);
    for (number, capture) in captures.iter().enumerate() {
        assert_eq!(capture["source"], format!("{}: line {}", file.path, number + 1));
        let verdict = if number % 100 == 50 { "invalid" } else { "valid" };
        assert_eq!(capture["verdict"], verdict, "{number}");
    }
    assert_eq!(lines[10_000]["distinctRequests"], 101);
}

/// A log whose headers and bodies are records of their own, in either order, behind others.
#[test]
fn parts_of_a_request_are_joined_wherever_a_chunk_ends() {
    let parts = |number: usize| {
        let (id, signature) = REQUESTS[number % 3];
        let headers = json!({ "x-perfectgym-request": id, "x-perfectgym-signature": signature });
        let event = ["ClassesBooked", "UserModified", "ContractCreated"][number % 3];
        // Their lengths differ, so that chunks end in all places.
        let note = "x".repeat(number % 37);
        let body = json!({
            "event": event, "triggeredDate": "2026-03-02T09:15:30Z", "data": { "note": note },
        });
        [json!({ "note": note, "headers": headers }), json!({ "body": body })]
    };
    for is_body_first in [false, true] {
        let mut text = "{\"msg\":\"started\"}\n".repeat(20);
        for number in 0..3000 {
            let [headers, body] = parts(number);
            let [first, second] = if is_body_first { [body, headers] } else { [headers, body] };
            text += &format!("{first}\n{second}\n");
        }
        let lines = json_lines(&verify(text, &["--format", "json"]).exits(0));
        let captures = captures(&lines);
        assert_eq!(captures.len(), 3000);
        for (number, capture) in captures.iter().enumerate() {
            let event = ["ClassesBooked", "UserModified", "ContractCreated"][number % 3];
            let seen = (capture["requestId"].as_str(), capture["event"].as_str());
            assert_eq!(seen, (Some(REQUESTS[number % 3].0), Some(event)), "{number}");
            assert_eq!(capture["verdict"], "valid", "{number}");
        }
    }
}

#[test]
fn parts_are_not_joined_over_another_request() {
    let (id, signature) = REQUESTS[0];
    let headers = json!({ "x-perfectgym-request": id, "x-perfectgym-signature": signature });
    let body: Value = serde_json::from_str(BODY).unwrap();
    let other = json!({ "headers": { "host": "a", "user-agent": "b" }, "body": "c" });
    let text = format!("{}\n{other}\n{}\n", json!({ "headers": headers }), json!({ "body": body }));
    // By lines, and as a whole.
    for text in ["{\"msg\":\"started\"}\n".repeat(20) + &text, text] {
        let lines = json_lines(&verify(text, &["--format", "json"]).exits(1));
        let verdicts: Vec<_> = captures(&lines).iter().map(|one| one["verdict"].clone()).collect();
        assert_eq!(verdicts, ["valid", "unsigned"]);
    }
}

#[test]
fn of_many_only_the_bad_are_shown_and_of_many_bad_the_rest_is_counted() {
    let ran = verify(long(), &[]).exits(1);
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("✗ ") && line.contains(": line ")).count(),
        20
    );
    assert!(!lines.iter().any(|line| line.starts_with("✓ ")), "{}", ran.stdout);
    assert!(ran.stdout.contains("… and 80 more"), "{}", ran.stdout);
    assert!(ran.stdout.contains("✗ 10,000 captures: 9,900 valid, 100 invalid"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "", "no progress where nobody looks");
    let all = verify(long(), &["-v"]).exits(1);
    assert_eq!(all.stdout.lines().filter(|line| line.contains(": line ")).count(), 10_000);
}

#[test]
fn of_many_valid_ones_only_the_sum_is_said() {
    let ran = verify(signed(REQUESTS[0]).repeat(5000), &[]).exits(0);
    assert!(ran.stdout.starts_with("\n✓ 5,000 captures, all valid\n"), "{}", ran.stdout);
    assert!(ran.stdout.lines().count() < 6);
    assert_eq!(verify(signed(REQUESTS[0]).repeat(5000), &["-q"]).exits(0).stdout, "");
}

#[test]
fn reports_that_are_read_as_a_whole_stay_short_and_count_all() {
    for format in ["junit", "markdown", "github"] {
        let ran = verify(long(), &["--format", format]).exits(1);
        assert!(ran.stdout.len() < 600_000, "{format}: {}", ran.stdout.len());
        assert!(ran.stdout.contains("10,000 captures: 9,900 valid, 100 invalid"), "{format}");
        let listed =
            ran.stdout.matches("unknown-").count() + ran.stdout.matches(": invalid").count();
        assert!(listed > 0 || format == "junit" || format == "markdown", "{format}");
    }
}

#[test]
fn a_line_beyond_all_measure_is_dropped_and_said() {
    let long = format!("{{\"a\":\"{}\"}}\n", "x".repeat(17 << 20));
    let ran = verify(signed(REQUESTS[0]) + &long + &signed(REQUESTS[1]), &["--format", "json"]);
    let ran = ran.exits(1);
    let lines = json_lines(&ran);
    assert_eq!(captures(&lines).len(), 2);
    assert_eq!(lines[1]["type"], "fault");
    assert_eq!(lines[2]["source"].as_str().unwrap().rsplit(": ").next(), Some("line 3"));
}

#[test]
fn one_file_may_hold_many_documents_in_one_line() {
    let headers =
        json!({ "x-perfectgym-request": REQUESTS[0].0, "x-perfectgym-signature": REQUESTS[0].1 });
    let one = json!({ "request": { "headers": headers, "body": BODY } });
    let many = json!(vec![one; 2000]);
    let lines = json_lines(&verify(many.to_string(), &["--format", "json"]).exits(0));
    assert_eq!(captures(&lines).len(), 2000);
    assert!(lines[1999]["source"].as_str().unwrap().ends_with(": [1999].request"));
}
