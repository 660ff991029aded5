//! `--anonymize FILE`: a copy that can be shown to strangers.

use std::fs;

use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::support::{SECRET, pgwh};
use crate::{REQUESTS, Saved, captures, findings, json_lines, line, saved, signed};

fn md5(text: &str) -> String {
    Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn run(file: &Saved, args: &[&str], secret: &str) -> crate::support::Ran {
    let mut command = pgwh([&["verify", "captures.txt"], args].concat());
    command.current_dir(file.beside("")).env("PGWH_SECRET", secret).output().unwrap().into()
}

/// Makes the copy, and returns it with what `verify` says of it.
#[track_caller]
fn copied(file: &Saved, secret: &str) -> (String, Vec<Value>) {
    let ran = run(file, &["--anonymize", "copy.ndjson", "--format", "json"], secret).exits(0);
    let said = json_lines(&ran).remove(0);
    assert_eq!((&said["type"], &said["file"]), (&json!("anonymized"), &json!("copy.ndjson")));
    let mut command = pgwh(["verify", "copy.ndjson", "--format", "json"]);
    command.current_dir(file.beside("")).env("PGWH_SECRET", said["secret"].as_str().unwrap());
    let again: crate::support::Ran = command.output().unwrap().into();
    (fs::read_to_string(file.beside("copy.ndjson")).unwrap(), json_lines(&again))
}

const PERSONAL: &str = r#"{"event":"UserModified","triggeredDate":"2026-03-02T09:15:30Z","data":{
    "userId":80412377,"firstName":"Bogumiła","lastName":"Grzegorzewska","birthDate":"1987-11-23",
    "userEmail":"bogumila.grzegorzewska@firma-xyz.pl","userPhone":"+48 601 234 987","isSuccess":true,
    "homeAddress":"ul. Piotrkowska 271/14, Łódź","Grzegorzewska":null,"balance":1234.56,
    "createdAt":"2019-05-17T23:41:08.123+02:00","photo":"https://cdn.firma-xyz.pl/p/80412377.jpg?sig=hG7tRq"}}"#;

fn personal((id, signature): (&str, &str)) -> String {
    let headers = json!({
        "x-perfectgym-request": [id],
        "x-perfectgym-signature": [signature],
        "content-type": ["application/json"],
        "authorization": ["Bearer eyJhbGciOi.J0b2tlbiI6ODg4.c2lnbmF0dXJl"],
        "cookie": ["session=Kp4Zx81LmQ; user=bogumila"],
        "x-tenant-grzegorzewska": ["firma-xyz"],
        "host": ["hooks.firma-xyz.pl"],
    });
    let mut line: Value = serde_json::from_str(&line(&headers, PERSONAL)).unwrap();
    line["path"] = "/hooks/grzegorzewska?token=Kp4Zx81LmQ".into();
    line["remote"] = "91.198.174.192:50312".into();
    format!("{line}\n")
}

#[test]
fn no_personal_value_survives_and_the_verdict_stays() {
    let file = saved(personal(REQUESTS[0]) + &personal(REQUESTS[0]) + &personal(REQUESTS[1]));
    let (copy, lines) = copied(&file, SECRET);
    let lower = copy.to_lowercase();
    for personal in [
        "80412377",
        "bogumi",
        "grzegorz",
        "1987-11-23",
        "firma",
        "601 234",
        "piotrkowska",
        "łódź",
        "1234.56",
        "2019-05",
        "hg7trq",
        "eyjhbgcioi",
        "j0b2tlbii6",
        "kp4zx81lmq",
        "91.198",
        "xyz",
        REQUESTS[0].0,
        REQUESTS[0].1,
        REQUESTS[1].0,
        REQUESTS[1].1,
        SECRET,
    ] {
        assert!(!lower.contains(&personal.to_lowercase()), "{personal}: {copy}");
    }
    let captures = captures(&lines);
    assert!(captures.iter().all(|capture| capture["verdict"] == "valid"), "{lines:#?}");
    assert!(captures.iter().all(|capture| capture["event"] == "UserModified"), "{lines:#?}");
    assert_eq!(
        captures.iter().map(|it| findings(it)).collect::<Vec<_>>(),
        [vec![], vec!["retry"], vec![]]
    );
    let body: Value = serde_json::from_str(copy.lines().next().unwrap()).unwrap();
    let body: Value = serde_json::from_str(body["body"].as_str().unwrap()).unwrap();
    let data = &body["data"];
    assert!(data["userEmail"].as_str().unwrap().ends_with("@example.com"), "{data}");
    assert_eq!(data["userId"].to_string().len(), 8, "{data}");
    assert_eq!(data["isSuccess"], true);
    assert!(data["birthDate"].as_str().unwrap().parse::<chrono::NaiveDate>().is_ok(), "{data}");
}

#[test]
fn a_cause_is_the_same_in_the_copy() {
    let id = REQUESTS[0].0;
    for (given, signature, cause) in [
        (format!("{SECRET}\n"), md5(&format!("{id}:{SECRET}")), "secret-newline"),
        (format!("\"{SECRET}\""), md5(&format!("{id}:{SECRET}")), "secret-quotes"),
        (SECRET.to_owned(), md5(&format!("{id}{SECRET}")), "no-colon"),
        (SECRET.to_owned(), md5(&format!("{id}:{SECRET}\n")), "signed-with-newline"),
        (SECRET.to_owned(), md5(&format!("{}:{SECRET}", id.to_uppercase())), "id-case"),
        (SECRET.to_owned(), md5(&format!("{PERSONAL}{SECRET}")), "body-signed"),
        (SECRET.to_owned(), md5(&format!("{id}:undefined")), "signed-without-secret"),
        (SECRET.to_owned(), format!("md5={}", REQUESTS[0].1), "signature-prefixed"),
        (SECRET.to_owned(), REQUESTS[0].1[..16].to_owned(), "signature-cut"),
    ] {
        let file = saved(personal((id, &signature)));
        let original = json_lines(&run(&file, &["--format", "json"], &given));
        if findings(&original[0])[0] != cause {
            // Digits that are cut off are redacted rather than a cause.
            assert_eq!((cause, &original[0]["verdict"]), ("signature-cut", &json!("redacted")));
            continue;
        }
        let (copy, lines) = copied(&file, &given);
        assert_eq!(lines[0]["verdict"], "invalid", "{cause}: {copy}");
        assert_eq!(findings(&lines[0]), findings(&original[0]), "{cause}: {copy}");
        assert!(!copy.contains(SECRET) && !copy.contains(id), "{cause}: {copy}");
    }
}

#[test]
fn what_cannot_be_repeated_is_refused_and_nothing_is_written() {
    for (id, signature) in [
        (REQUESTS[0].0, "0123456789abcdef0123456789abcdef"),
        (REQUESTS[0].0, "***"),
        (&format!("{0},{0}", REQUESTS[0].0), REQUESTS[0].1),
    ] {
        let file = saved(signed(REQUESTS[1]) + &signed((id, signature)));
        let ran = run(&file, &["--anonymize", "copy.ndjson"], SECRET).refused();
        assert!(ran.stderr.contains("capture 2: "), "{ran:#?}");
        assert!(!file.beside("copy.ndjson").exists());
    }
}

#[test]
fn a_file_that_exists_is_not_overwritten_and_a_new_one_is_for_its_owner() {
    let file = saved(signed(REQUESTS[0]));
    let human = run(&file, &["--anonymize", "copy.ndjson"], SECRET).exits(0);
    assert!(human.stdout.contains("wrote 1 capture to copy.ndjson"), "{human:#?}");
    assert!(human.stdout.contains("PGWH_SECRET='"), "{human:#?}");
    let before = fs::read(file.beside("copy.ndjson")).unwrap();
    run(&file, &["--anonymize", "copy.ndjson"], SECRET).refused();
    assert_eq!(fs::read(file.beside("copy.ndjson")).unwrap(), before);
    run(&file, &["--anonymize", "other.ndjson", "--format", "junit"], SECRET).refused();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(file.beside("copy.ndjson")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_uuid_stays_one_though_groups_of_it_have_letters_alone() {
    let id = "abcdefab-feed-4c39-bead-2f8c1a7b3e10";
    let file = saved(signed((id, &md5(&format!("{id}:{SECRET}")))));
    let (copy, lines) = copied(&file, SECRET);
    assert_eq!(lines[0]["verdict"], "valid");
    let invented = lines[0]["requestId"].as_str().unwrap();
    assert!(uuid::Uuid::parse_str(invented).is_ok(), "{invented}");
    for group in ["abcdefab", "feed", "bead"] {
        assert!(!copy.contains(group), "{copy}");
    }
}

#[test]
fn a_request_from_a_screen_can_be_copied() {
    let (id, signature) = REQUESTS[0];
    let folder = tempfile::tempdir().unwrap();
    let mut command = pgwh(["verify", "--request-id", id, "--signature", signature]);
    command.args(["--anonymize", "copy.ndjson"]).current_dir(folder.path());
    let ran = crate::support::Ran::from(command.env("PGWH_SECRET", SECRET).output().unwrap());
    ran.exits(0);
    let copy = fs::read_to_string(folder.path().join("copy.ndjson")).unwrap();
    assert!(copy.lines().count() == 1 && !copy.contains(id), "{copy}");
}

#[test]
fn a_capture_that_cannot_be_copied_is_named_by_its_place() {
    let unknown = personal((REQUESTS[1].0, "00000000000000000000000000000000"));
    let file = saved(personal(REQUESTS[0]) + &unknown);
    let ran = run(&file, &["--anonymize", "copy.ndjson"], SECRET).refused();
    assert!(ran.stderr.contains("captures.txt: line 2: "), "{ran:?}");
    assert!(ran.stderr.contains("help: leave this capture out"), "{ran:?}");
}
