//! Each verdict, its exit code, and what several captures say together.

use serde_json::json;

use crate::support::run;
use crate::{BODY, REQUESTS, captures, findings, json_lines, line, signed, verify};

#[test]
fn valid_is_the_only_verdict_that_exits_0() {
    let (id, signature) = REQUESTS[0];
    let headers = |ids: &[&str], signatures: &[&str]| json!({ "x-perfectgym-request": ids, "x-perfectgym-signature": signatures });
    for (headers, verdict, code) in [
        (headers(&[id], &[signature]), "valid", 0),
        (headers(&[id], &[&signature.to_uppercase()]), "valid", 0),
        (headers(&[id, id], &[signature]), "ambiguous", 1),
        (headers(&[&format!("{id}, {id}")], &[signature]), "ambiguous", 1),
        (headers(&[id], &[&format!("{signature},")]), "invalid", 1),
        (headers(&[id], &[&format!("{signature}\u{a0}")]), "invalid", 1),
        (headers(&[id], &[REQUESTS[1].1]), "invalid", 1),
        (headers(&[id], &[]), "unsigned", 1),
        (headers(&[], &[signature]), "unsigned", 1),
        (headers(&[id, "another"], &[signature]), "ambiguous", 1),
        (headers(&[id], &["***"]), "redacted", 1),
    ] {
        let ran = verify(line(&headers, BODY), &["--format", "json"]).exits(code);
        let lines = json_lines(&ran);
        assert_eq!(lines.len(), 2, "{ran:#?}");
        assert_eq!(lines[0]["verdict"], verdict, "{ran:#?}");
        assert_eq!(lines[1][verdict], 1, "{ran:#?}");
        let human = verify(line(&headers, BODY), &[]).exits(code);
        assert!(human.stdout.contains(&format!("captures.txt: line 1: {verdict}")), "{human:#?}");
    }
}

#[test]
fn one_bad_capture_among_good_ones_decides() {
    let bad = signed((REQUESTS[2].0, REQUESTS[0].1));
    let text = signed(REQUESTS[0]) + &bad + &signed(REQUESTS[1]);
    let ran = verify(&text, &["--format", "json"]).exits(1);
    let lines = json_lines(&ran);
    assert_eq!(
        lines[3],
        json!({
            "type": "summary", "captures": 3, "valid": 2, "invalid": 1, "unsigned": 0,
            "ambiguous": 0, "redacted": 0, "skipped": 0, "distinctRequests": 3,
        })
    );
    assert_eq!(findings(&lines[1]), ["signature-of-another-request"]);
}

#[test]
fn a_signature_of_a_later_request_is_recognised_too() {
    let text = signed((REQUESTS[0].0, REQUESTS[1].1)) + &signed(REQUESTS[1]);
    let lines = json_lines(&verify(&text, &["--format", "json"]).exits(1));
    assert_eq!(findings(&lines[0]), ["signature-of-another-request"]);
    // In one document, too.
    let document = format!("[{}]", text.trim_end().replace('\n', ",\n"));
    let lines = json_lines(&verify(document, &["--format", "json"]).exits(1));
    assert_eq!(findings(&lines[0]), ["signature-of-another-request"]);
    assert_eq!(lines[0]["findings"][0]["evidence"]["requestId"], REQUESTS[1].0);
}

#[test]
fn retries_are_grouped_and_no_fault() {
    let text = signed(REQUESTS[0]).repeat(3) + &signed(REQUESTS[1]);
    let ran = verify(&text, &["--format", "json"]).exits(0);
    let lines = json_lines(&ran);
    let ids: Vec<_> = captures(&lines).into_iter().map(findings).collect();
    assert_eq!(ids, [vec![], vec!["retry"], vec!["retry"], vec![]]);
    assert_eq!((&lines[4]["captures"], &lines[4]["distinctRequests"]), (&json!(4), &json!(2)));
    let human = verify(&text, &[]).exits(0);
    assert!(human.stdout.contains("2 captures are retries; 2 distinct requests in all."));
}

#[test]
fn a_replayed_signature_is_found_whatever_the_verdict() {
    let (id, signature) = REQUESTS[0];
    let headers = json!({ "x-perfectgym-request": [id], "x-perfectgym-signature": [signature] });
    let other = BODY.replace("\"userId\":7", "\"userId\":8");
    let text = signed(REQUESTS[0]) + &line(&headers, &other);
    let lines = json_lines(&verify(&text, &["--format", "json"]).exits(0));
    assert_eq!(
        (&lines[1]["verdict"], findings(&lines[1])),
        (&json!("valid"), vec!["replayed-signature"])
    );
    let human = verify(&text, &[]).exits(0);
    assert!(human.stdout.contains("replayed-signature"), "{human:#?}");
}

#[test]
fn a_request_from_a_screen_needs_no_file() {
    let (id, signature) = REQUESTS[0];
    let typed = |id: &str, args: &[&str]| {
        run([&["verify", "--request-id", id, "--signature", signature], args].concat())
    };
    let ran = typed(id, &["--body", BODY, "--format", "json"]).exits(0);
    let lines = json_lines(&ran);
    assert_eq!((&lines[0]["event"], findings(&lines[0])), (&json!("ClassesBooked"), vec![]));
    typed(id, &[]).exits(0);
    let ran = typed(&id.to_uppercase(), &["--format", "json"]).exits(1);
    assert_eq!(findings(&json_lines(&ran)[0]), ["id-case", "body-missing"]);
    run(["verify", "--request-id", id]).refused();
    typed(id, &["some-file"]).refused();
}

#[test]
fn the_reason_and_its_help_are_printed_once_each() {
    let (id, signature) = REQUESTS[0];
    let args = ["verify", "--request-id", id, "--signature", signature, "--secret"];
    let ran = run([&args[..], &["correct-horse-battery-staple "]].concat()).exits(1);
    assert_eq!(ran.stdout.matches("secret-spaces: ").count(), 1, "{ran:#?}");
    assert_eq!(ran.stdout.matches('→').count(), 1, "{ran:#?}");
    assert!(!ran.stdout.contains("A valid signature"), "{ran:#?}");
}

#[test]
fn an_expected_signature_does_not_go_into_a_pipe() {
    let (id, signature) = REQUESTS[0];
    let wrong = REQUESTS[1].1;
    let args = ["verify", "--request-id", id, "--signature", wrong, "--show-expected"];
    let ran = run(args).exits(1);
    assert!(!ran.stdout.contains(signature) && !ran.stderr.contains(signature), "{ran:#?}");
    assert!(ran.stderr.contains("--show-expected"), "{ran:#?}");
}
