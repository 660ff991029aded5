//! Verdicts, findings and diagnoses, against answers that were computed by other tools.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use pgwh::capture::{Body, Capture};
use pgwh::pgm::{Secret, Signature};
use pgwh::verify::{
    CaptureLine, Diagnoser, Examiner, Finding, FindingKind, NamedSecret, Secrets, Severity,
    SignatureVerdict, Signed, Verifier,
};
use proptest::prelude::*;
use serde_json::Value;

const ID: &str = "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4";
// printf %s "$ID:kettlebell-42" | md5sum
const SIGNATURE: &str = "ae19569ade4910fa319fd4e35dcff75e";
const BODY: &str =
    r#"{"event":"UserModified","triggeredDate":"2026-03-01T17:42:09Z","data":{"userId":7}}"#;

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    time("2026-03-01T18:00:00Z")
}

fn named(name: &str, secret: impl Into<Vec<u8>>) -> NamedSecret {
    NamedSecret { name: name.into(), secret: Secret::new(secret).unwrap() }
}

fn headers(ids: &[&str], signatures: &[&str]) -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
    let pair = |name: &'static str, value: &&str| (name.into(), (*value).to_owned().into());
    let ids = ids.iter().map(|id| pair("x-perfectgym-request", id));
    ids.chain(signatures.iter().map(|value| pair("x-perfectgym-signature", value))).collect()
}

fn capture(ids: &[&str], signatures: &[&str], body: &str) -> Capture<'static> {
    Capture {
        received_at: Some(time("2026-03-01T17:42:11Z")),
        headers: headers(ids, signatures),
        body: Some(Body { bytes: body.as_bytes().to_vec().into(), exact: true }),
        ..Capture::default()
    }
}

/// Verdict and finding ids of each capture, in one run.
fn judge_all(captures: &[Capture<'_>]) -> Vec<(SignatureVerdict, Vec<&'static str>)> {
    let accepted = [named("club", "kettlebell-42")];
    let secrets = Secrets { accepted: &accepted, known: &[] };
    let mut verifier = Verifier::new(secrets, now());
    let judge = |capture: &Capture<'_>| {
        let examined = verifier.verify(capture);
        (examined.verdict, examined.findings.iter().map(|finding| finding.id).collect())
    };
    captures.iter().map(judge).collect()
}

fn judge(capture: &Capture<'_>) -> (SignatureVerdict, Vec<&'static str>) {
    judge_all(std::slice::from_ref(capture)).remove(0)
}

#[test]
fn a_clean_capture_is_valid_and_needs_no_words() {
    assert_eq!(judge(&capture(&[ID], &[SIGNATURE], BODY)), (SignatureVerdict::Valid, vec![]));
    let upper = SIGNATURE.to_uppercase();
    assert_eq!(judge(&capture(&[ID], &[&upper], BODY)), (SignatureVerdict::Valid, vec![]));
}

#[test]
fn more_than_one_value_is_ambiguous_even_if_they_are_equal() {
    let joined = format!("{ID}, {ID}");
    let doubled = format!("{SIGNATURE},{}", SIGNATURE.to_uppercase());
    for (ids, signatures, finding) in [
        (&[ID, ID][..], &[SIGNATURE][..], "request-id-ambiguous"),
        (&[&joined], &[SIGNATURE], "request-id-ambiguous"),
        (&[ID, "other"], &[SIGNATURE], "request-id-ambiguous"),
        (&[ID], &[SIGNATURE, SIGNATURE], "signature-ambiguous"),
        (&[ID], &[&doubled], "signature-ambiguous"),
        (&[ID], &[&format!("{SIGNATURE}, 00")], "signature-ambiguous"),
    ] {
        let judged = judge(&capture(ids, signatures, BODY));
        assert_eq!(judged, (SignatureVerdict::Ambiguous, vec![finding]), "{ids:?} {signatures:?}");
    }
}

#[test]
fn an_id_that_strict_receivers_refuse_is_not_valid_however_it_is_signed() {
    let secret = Secret::new("kettlebell-42").unwrap();
    for id in [" a", "a\t", "a\u{a0}", "\u{3000}a", "ż", "a\u{1}b", "a,", ", a"] {
        let signature = Signature::over(id.as_bytes(), &secret).to_string();
        let judged = judge(&capture(&[id], &[&signature], BODY));
        let expected = (SignatureVerdict::Invalid, vec!["request-id-malformed"]);
        assert_eq!(judged, expected, "{id:?}");
    }
}

#[test]
fn a_missing_header_is_named() {
    for (ids, signatures, finding) in [
        (&[ID][..], &[][..], "signature-missing"),
        (&[ID], &[""], "signature-missing"),
        (&[ID], &["undefined"], "signature-missing"),
        (&[], &[SIGNATURE], "request-id-missing"),
        (&[], &[], "headers-missing"),
    ] {
        assert_eq!(
            judge(&capture(ids, signatures, BODY)),
            (SignatureVerdict::Unsigned, vec![finding])
        );
    }
}

#[test]
fn masked_and_cut_off_values_are_redacted() {
    for (id, signature, findings) in [
        (ID, "***", vec!["signature-redacted"]),
        (ID, "[REDACTED]", vec!["signature-redacted"]),
        (ID, "ae19569ade49", vec!["signature-redacted"]),
        (ID, "ae19569ade49...", vec!["signature-redacted"]),
        ("[Filtered]", SIGNATURE, vec!["request-id-redacted"]),
        ("xxxx", "xxxx", vec!["request-id-redacted", "signature-redacted"]),
    ] {
        let judged = judge(&capture(&[id], &[signature], BODY));
        assert_eq!(judged, (SignatureVerdict::Redacted, findings), "{id} {signature}");
    }
}

#[test]
fn findings_about_the_body_leave_the_verdict_alone() {
    let old = BODY.replace("17:42:09", "16:42:09");
    let late = BODY.replace("17:42:09", "17:52:09");
    for (body, findings) in [
        ("", vec!["body-missing"]),
        ("event=Test", vec!["body-not-json"]),
        ("[]", vec!["body-not-envelope"]),
        ("{\"event\":\"Test\"}", vec!["body-not-envelope"]),
        (&BODY.replace("{\"userId\":7}", "null"), vec!["body-not-envelope"]),
        (&BODY.replace("UserModified", "UserModifed"), vec!["unknown-event"]),
        (&BODY.replace("UserModified", "ClassesBookedOnStadbyList"), vec![]),
        (&BODY.replace("UserModified", "ClassesBookedOnStandbyList"), vec![]),
        (
            &BODY.replace("2026-03-01T17:42:09Z", "01.03.2026 17:42"),
            vec!["triggered-date-malformed"],
        ),
        (&BODY.replace("17:42:09Z", "17:42:09"), vec!["triggered-date-malformed"]),
        (&BODY.replace("17:42:09Z", "19:42:09+02:00"), vec!["triggered-date-malformed"]),
        (&BODY.replace("17:42:09Z", "17:42:09.123Z"), vec![]),
        (&BODY.replace("17:42:09Z", "17:42:09+00:00"), vec![]),
        (&old, vec!["triggered-date-old"]),
        (&old.replace("UserModified", "Test"), vec![]),
        (&late, vec!["triggered-date-future"]),
    ] {
        assert_eq!(
            judge(&capture(&[ID], &[SIGNATURE], body)),
            (SignatureVerdict::Valid, findings),
            "{body}"
        );
    }
}

#[test]
fn without_a_time_of_receipt_only_the_future_is_strange() {
    let judged =
        |body: &str| judge(&Capture { received_at: None, ..capture(&[ID], &[SIGNATURE], body) }).1;
    assert!(judged(&BODY.replace("2026", "2019")).is_empty());
    assert_eq!(judged(&BODY.replace("2026", "2027")), ["triggered-date-future"]);
}

#[test]
fn a_body_that_was_written_again_is_reported_and_is_not_a_replay() {
    let exact = capture(&[ID], &[SIGNATURE], BODY);
    let spaced = r#"{ "data": {"userId": 7.0}, "triggeredDate": "2026-03-01T17:42:09Z", "event": "UserModified" }"#;
    let mut rebuilt = capture(&[ID], &[SIGNATURE], spaced);
    rebuilt.body.as_mut().unwrap().exact = false;
    let judged = judge_all(&[exact, rebuilt]);
    assert_eq!(judged[1], (SignatureVerdict::Valid, vec!["body-not-exact", "retry"]));
}

#[test]
fn replays_retries_and_second_signatures_are_reported_at_the_later_capture() {
    let first = capture(&[ID], &[SIGNATURE], BODY);
    let replay = capture(&[ID], &[SIGNATURE], &BODY.replace(":7}", ":8}"));
    let forged = capture(&[ID], &[&"0".repeat(32)], BODY);
    let judged = judge_all(&[first.clone(), first.clone(), replay, forged, first]);
    assert_eq!(judged[0], (SignatureVerdict::Valid, vec![]));
    assert_eq!(judged[1], (SignatureVerdict::Valid, vec!["retry"]));
    assert_eq!(judged[2].1[..1], ["replayed-signature"]);
    assert_eq!(
        judged[3],
        (SignatureVerdict::Invalid, vec!["cause-unknown", "id-with-two-signatures"])
    );
    assert_eq!(judged[4], (SignatureVerdict::Valid, vec!["retry"]));
}

#[test]
fn a_late_retry_is_a_retry_and_nothing_else() {
    let first = capture(&[ID], &[SIGNATURE], BODY);
    let late = Capture { received_at: Some(time("2026-03-02T17:42:11Z")), ..first.clone() };
    assert_eq!(judge_all(&[first, late])[1], (SignatureVerdict::Valid, vec!["retry"]));
}

#[test]
fn the_summary_counts_distinct_ids() {
    let accepted = [named("club", "kettlebell-42")];
    let mut verifier = Verifier::new(Secrets { accepted: &accepted, known: &[] }, now());
    let wrong = "0".repeat(32);
    for (ids, signatures) in [
        (&[ID][..], &[SIGNATURE][..]),
        (&[ID], &[SIGNATURE]),
        (&[ID], &[]),
        (&["b"], &[&wrong]),
        (&["c"], &["***"]),
        (&["d", "e"], &[&wrong]),
        (&["***"], &[&wrong]),
    ] {
        verifier.verify(&capture(ids, signatures, BODY));
    }
    verifier.skip(2);
    let summary = serde_json::to_value(verifier.totals()).unwrap();
    let expected = serde_json::json!({
        "type": "summary", "captures": 7, "valid": 2, "invalid": 1, "unsigned": 1, "ambiguous": 1,
        "redacted": 2, "skipped": 2, "distinctRequests": 3,
    });
    assert_eq!(summary, expected);
    assert_eq!(verifier.retries(), 2);
    assert!(!verifier.totals().all_valid());
    assert_matches_schema(&summary);
}

struct Row {
    findings: Vec<String>,
    secret: Vec<u8>,
    signature: String,
    command: String,
}

struct Table {
    id: String,
    other_id: String,
    other_secret: String,
    body: String,
    headers: Vec<(String, String)>,
    rows: Vec<Row>,
}

fn table() -> Table {
    let file: Value = serde_json::from_str(include_str!("../fixtures/diagnosis.json")).unwrap();
    let text = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let row = |row: &Value| Row {
        findings: serde_json::from_value(row["findings"].clone()).unwrap(),
        secret: match row["secretHex"].as_str() {
            Some(hex) => hex::decode(hex).unwrap(),
            None => text(row, "secret").into(),
        },
        signature: text(row, "signature"),
        command: row["command"].as_str().or(row["python"].as_str()).unwrap().to_owned(),
    };
    Table {
        id: text(&file, "requestId"),
        other_id: text(&file, "otherRequestId"),
        other_secret: text(&file, "otherSecret"),
        body: text(&file, "body"),
        headers: serde_json::from_value::<BTreeMap<_, _>>(file["headers"].clone())
            .unwrap()
            .into_iter()
            .collect(),
        rows: file["rows"].as_array().unwrap().iter().map(row).collect(),
    }
}

/// The findings of one row, with everything known that a row may need.
fn diagnose(table: &Table, row: &Row) -> Vec<Finding> {
    let accepted = [named("given", row.secret.clone())];
    let known = [named("other webhook", table.other_secret.as_str())];
    let mut diagnoser = Diagnoser::new(&accepted, &known);
    diagnoser.remember_id(&table.other_id);
    let findings = diagnoser.diagnose(Signed {
        request_id: &table.id,
        signature: &row.signature,
        body: Some(table.body.as_bytes()),
        headers: &table.headers,
    });
    let capture = capture(&[&table.id], &[&row.signature], &table.body);
    let mut examined = Examiner::new(&accepted, now()).examine(&capture);
    assert_ne!(
        examined.verdict,
        SignatureVerdict::Valid,
        "a diagnosis never makes valid: {}",
        row.command
    );
    examined.findings = findings;
    let line = CaptureLine::new("capture.json", &examined, None);
    assert_matches_schema(&serde_json::to_value(line).unwrap());
    examined.findings
}

/// The findings of each row, in order: computed once, on all cores.
fn diagnoses() -> &'static (Table, Vec<Vec<Finding>>) {
    static DIAGNOSES: OnceLock<(Table, Vec<Vec<Finding>>)> = OnceLock::new();
    DIAGNOSES.get_or_init(|| {
        let table = table();
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
        let size = table.rows.len().div_ceil(threads);
        let found = std::thread::scope(|scope| {
            let diagnose = |rows| {
                let table = &table;
                scope.spawn(move || <[Row]>::iter(rows).map(|row| diagnose(table, row)).collect())
            };
            let running: Vec<_> = table.rows.chunks(size).map(diagnose).collect();
            running.into_iter().flat_map(|thread| -> Vec<_> { thread.join().unwrap() }).collect()
        });
        (table, found)
    })
}

#[test]
fn every_cause_is_named() {
    let (table, found) = diagnoses();
    let mut wrong = String::new();
    for (row, found) in table.rows.iter().zip(found) {
        let found: BTreeSet<_> = found.iter().map(|finding| finding.id).collect();
        let expected: BTreeSet<_> = row.findings.iter().map(String::as_str).collect();
        if found != expected {
            let secret = String::from_utf8_lossy(&row.secret);
            wrong += &format!("{secret:?} {}: {found:?}, not {expected:?}\n", row.command);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_cause_has_a_row() {
    let table = table();
    let tested: BTreeSet<_> = table.rows.iter().flat_map(|row| &row.findings).collect();
    let causes = [
        "secret-",
        "signed-",
        "id-",
        "hmac-",
        "signature-",
        "no-",
        "wrong-",
        "body-signed",
        "body-rewritten",
        "text-",
        "event-",
        "time-",
        "constant-",
        "other-",
        "colon-",
    ];
    // Those about several captures, and those that are no cause.
    let others = [
        "id-with-two-signatures",
        "signature-missing",
        "signature-ambiguous",
        "signature-redacted",
    ];
    for kind in FindingKind::all().filter(|kind| !others.contains(&kind.id)) {
        if causes.iter().any(|prefix| kind.id.starts_with(prefix)) {
            assert!(tested.contains(&kind.id.to_owned()), "{} has no known answer", kind.id);
        }
    }
}

#[test]
fn no_finding_shows_a_secret_or_an_expected_signature() {
    let (table, found) = diagnoses();
    for (row, found) in table.rows.iter().zip(found) {
        let expected =
            Signature::over(table.id.as_bytes(), &Secret::new(row.secret.clone()).unwrap());
        for finding in found {
            let shown = serde_json::to_string(finding).unwrap();
            let hidden = ["kettle", "zażół", "caf", "another-webhooks", &expected.to_string()];
            assert!(!hidden.into_iter().any(|text| shown.contains(text)), "{shown}");
            assert_eq!(
                FindingKind::find(finding.id).map(|kind| kind.severity),
                Some(finding.severity)
            );
            let uncertain = finding.severity == Severity::Warning;
            let says_may = finding.message.contains("may");
            let is_certain = finding.severity == Severity::Error;
            assert!(is_certain || says_may, "{}: {}", finding.id, finding.message);
            assert!(!uncertain || row.findings.iter().any(|id| id == "cause-unknown"));
            assert!(finding.message.ends_with(['.', ')']), "{}", finding.message);
        }
    }
}

#[test]
fn headers_that_changed_places_are_seen() {
    let judged = judge(&capture(&[SIGNATURE], &[ID], BODY));
    assert_eq!(judged, (SignatureVerdict::Invalid, vec!["headers-swapped"]));
}

#[test]
fn the_secret_that_matches_is_named() {
    let accepted = [named("club a", "x"), named("club b", "kettlebell-42")];
    let secrets = Secrets { accepted: &accepted, known: &[] };
    let mut verifier = Verifier::new(secrets, now());
    let capture = capture(&[ID], &[SIGNATURE], BODY);
    let examined = verifier.verify(&capture);
    assert_eq!((examined.verdict, examined.secret), (SignatureVerdict::Valid, Some(1)));
}

#[test]
fn many_invalid_captures_report_why_the_rest_is_not_searched() {
    let accepted = [named("club", "kettlebell-42")];
    let mut verifier = Verifier::new(Secrets { accepted: &accepted, known: &[] }, now());
    let mut ids = |id: &str, signature: &str| {
        let capture = capture(&[id], &[signature], BODY);
        let examined = verifier.verify(&capture);
        examined.findings.first().map(|finding| finding.id)
    };
    for number in 0..20 {
        let found = ids(&format!("request {number}"), &format!("{number:032}"));
        let expected = if number < 8 { "cause-unknown" } else { "not-diagnosed" };
        assert_eq!(found, Some(expected), "{number}");
    }
}

/// The number before these words in the documentation.
fn documented(words: &str) -> u64 {
    let page = include_str!("../docs/verify.md");
    let before = page.split(words).next().unwrap().rsplit([' ', '|']).next().unwrap();
    before.replace(',', "").parse().unwrap()
}

#[test]
fn no_capture_and_no_run_costs_more_calculations_than_documented() {
    let capture_limit = documented(" calculations; with one secret");
    let run_limit = documented(" calculations |");
    assert!(capture_limit < run_limit);
    // Long secrets of letters that look like others have the most variants.
    let accepted: Vec<_> =
        (0..6).map(|number| named("club", format!("O0l1I-5S$8B %2Z&6G.{number}qg9"))).collect();
    let mut diagnoser = Diagnoser::new(&accepted, &[]);
    let (mut made, mut most) = (0, 0);
    for number in 0..40 {
        let id = format!("request {number}");
        diagnoser.remember_id(&id);
        let signature = format!("{:032x}", 0x1234_5678_9abc_def0_u128 << 64 | number);
        let findings = diagnoser.diagnose(Signed {
            request_id: &id,
            signature: &signature,
            body: Some(BODY.as_bytes()),
            headers: &[],
        });
        let tried = findings.iter().flat_map(|finding| &finding.evidence);
        let tried = tried.filter(|(name, _)| *name == "tried").map(|(_, count)| count);
        let tried: u64 = tried.map(|count| count.parse::<u64>().unwrap()).sum();
        assert!(tried <= capture_limit, "{tried}");
        (made, most) = (made + tried, most.max(tried));
    }
    assert!(made <= run_limit, "{made}");
    assert!(
        most > capture_limit / 2 && made > run_limit / 2,
        "the limits are reached: {most}, {made}"
    );
}

#[test]
fn valid_captures_spare_the_others_the_mistakes_in_the_given_secret() {
    let accepted = [named("club", "kettlebell-42")];
    let mut verifier = Verifier::new(Secrets { accepted: &accepted, known: &[] }, now());
    let unknown = format!("{:032x}", 1);
    let tried = |examined: &pgwh::verify::Examination| {
        let evidence = &examined.findings[0].evidence;
        evidence.iter().find(|(name, _)| *name == "tried").unwrap().1.parse::<u64>().unwrap()
    };
    let before = verifier.verify(&capture(&["a"], &[&unknown], BODY));
    assert!(verifier.verify(&capture(&[ID], &[SIGNATURE], BODY)).findings.is_empty());
    let after = verifier.verify(&capture(&["b"], &[&unknown], BODY));
    assert!(tried(&after) < tried(&before), "{} {}", tried(&after), tried(&before));
    let third = verifier.verify(&capture(&["c"], &[&unknown], BODY));
    assert_eq!(third.findings[0].id, "not-diagnosed");
    assert!(third.findings[0].message.contains("short search"), "{}", third.findings[0].message);
}

#[test]
fn what_was_lost_from_a_secret_that_is_right_was_lost_at_the_signer() {
    let accepted = [named("club", "kettle#bell-42")];
    let cut = Signature::over(b"cut", &Secret::new("kettle").unwrap()).to_string();
    let whole = Signature::over(ID.as_bytes(), &accepted[0].secret).to_string();
    for (first, expected) in [(None, "secret-comment"), (Some(&whole), "signed-with-expanded")] {
        let mut verifier = Verifier::new(Secrets { accepted: &accepted, known: &[] }, now());
        if let Some(whole) = first {
            assert!(verifier.verify(&capture(&[ID], &[whole], BODY)).findings.is_empty());
        }
        let examined = verifier.verify(&capture(&["cut"], &[&cut], BODY));
        assert_eq!(examined.findings[0].id, expected);
    }
}

#[test]
fn no_cause_is_found_for_random_signatures_of_any_form() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..3 {
        let bytes: Vec<u8> = (0..16).map(|_| random().to_le_bytes()[3]).collect();
        let hex = hex::encode(&bytes);
        let low: Vec<u8> = bytes.iter().map(|byte| byte & 0x7f).collect();
        let decimal: String = bytes.iter().map(u8::to_string).collect();
        let number = u128::from_str_radix(&hex, 16).unwrap() | 1 << 127;
        let uuid = |version: char| {
            let digits = format!("{}{version}{}a{}", &hex[..12], &hex[13..16], &hex[17..]);
            [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]]
                .join("-")
        };
        for signature in [
            hex.clone(),
            hex::encode(low),
            format!("{hex}{hex}"),
            hex[..8].to_owned(),
            decimal[..9].to_owned(),
            decimal,
            uuid('3'),
            uuid('5'),
            format!("{:e}", number as f64),
            format!("-{}", &hex[..31]),
            format!("MD5-{hex}"),
            format!("\\x{hex}"),
        ] {
            let (verdict, findings) = judge(&capture(&[ID], &[&signature], BODY));
            assert_eq!(verdict, SignatureVerdict::Invalid, "{signature}");
            assert_eq!(findings, ["cause-unknown"], "{signature}");
        }
    }
}

#[test]
fn a_cause_that_was_found_is_tried_first_however_many_follow() {
    let accepted = [named("club", "\"kettlebell-42\"\n")];
    let mut verifier = Verifier::new(Secrets { accepted: &accepted, known: &[] }, now());
    let right = Secret::new("kettlebell-42").unwrap();
    for number in 0..2_000 {
        let id = format!("request {number}");
        let signature = Signature::over(id.as_bytes(), &right).to_string();
        let capture = capture(&[&id], &[&signature], BODY);
        let examined = verifier.verify(&capture);
        let found: Vec<_> = examined.findings.iter().map(|finding| finding.id).collect();
        assert_eq!(found, ["secret-newline", "secret-quotes"], "{number}");
    }
}

/// `UPDATE_DOCS=1 cargo test --test verify_library` writes the page.
#[test]
fn the_page_explains_every_finding() {
    let mut page = include_str!("../docs/findings.md").split("## ").next().unwrap().to_owned();
    for (family, kinds) in FindingKind::families() {
        page += &format!("## {family}\n\n");
        for kind in kinds {
            let FindingKind { id, severity, message, help, explanation } = kind;
            page += &format!(
                "### {id}\n\n*{severity}* — {message}\n\n{explanation}\n\n**help:** {help}\n\n"
            );
        }
    }
    let page = page.trim_end().to_owned() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write("docs/findings.md", &page).unwrap();
    }
    assert!(include_str!("../docs/findings.md") == page, "docs/findings.md is out of date");
}

fn assert_matches_schema(line: &Value) {
    let schema = include_str!("../schemas/verify.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = schema.iter_errors(line).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{line:#} {errors:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_request_that_is_signed_right_is_valid(
        id in "[ -~]{1,60}",
        secret in proptest::collection::vec(any::<u8>(), 1..80),
        body in any::<Option<Vec<u8>>>(),
        upper in any::<bool>(),
    ) {
        prop_assume!(!id.is_empty() && id.trim() == id && !id.contains(','));
        let accepted = [named("s", secret)];
        let mut signature = Signature::over(id.as_bytes(), &accepted[0].secret).to_string();
        if upper {
            signature.make_ascii_uppercase();
        }
        let body = body.map(|bytes| Body { bytes: bytes.into(), exact: true });
        let capture = Capture { headers: headers(&[&id], &[&signature]), body, ..Capture::default() };
        let mut verifier =
            Verifier::new(Secrets { accepted: &accepted, known: &[] }, now());
        prop_assert_eq!(verifier.verify(&capture).verdict, SignatureVerdict::Valid);
    }

    #[test]
    fn no_capture_panics_and_every_finding_is_in_the_catalogue(
        ids in proptest::collection::vec("\\PC{0,40}", 0..3),
        signatures in proptest::collection::vec("[0-9a-fx*=+/, %.-]{0,44}|\\PC{0,40}", 0..3),
        secret in proptest::collection::vec(any::<u8>(), 1..40),
        body in "\\{?(\"(event|data|triggeredDate)\":([0-9.eE-]{1,4}|\"\\PC{0,9}\"|\\{\\}),?){0,3}\\}?",
    ) {
        let accepted = [named("s", secret)];
        let mut verifier =
            Verifier::new(Secrets { accepted: &accepted, known: &[] }, now());
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let signatures: Vec<_> = signatures.iter().map(String::as_str).collect();
        let capture = capture(&ids, &signatures, &body);
        let examined = verifier.verify(&capture);
        prop_assert!(examined.verdict == SignatureVerdict::Valid || !examined.findings.is_empty());
        for finding in &examined.findings {
            prop_assert!(FindingKind::find(finding.id).is_some(), "{}", finding.id);
        }
    }
}
