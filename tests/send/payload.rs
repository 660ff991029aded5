//! What is sent, and under which secret: samples, edits, files, standard input.

use crate::support::{Ran, SECRET, pgwh, run, run_with_stdin};
use crate::{ok, sent_body};
use serde_json::Value;
use std::fs;

#[test]
fn the_payload_can_be_replaced_and_edited() {
    let data = |args: &[&str]| {
        let json: Value = serde_json::from_str(&sent_body(args)).unwrap();
        json["data"].to_string()
    };
    let sample = [
        "ClassesBooked",
        "--data",
        r#"{"userId":1,"price":1.50,"user":{"a b":null}}"#,
        "--set",
        "userId=42",
        "--set",
        r#"data.user."a b"="7""#,
        "--add",
        "user.tags[0]=żółć",
        "--add",
        "more={\"x\":true}",
    ];
    assert_eq!(
        data(&sample),
        r#"{"userId":42,"price":1.50,"user":{"a b":"7","tags":["żółć"]},"more":{"x":true}}"#
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data.json");
    fs::write(&file, "[1, 2]").unwrap();
    assert_eq!(data(&["Test", "--data", &format!("@{}", file.display())]), "[1,2]");
    assert_eq!(data(&["Brandnew", "--unlisted", "--data", "null"]), "null");
}

#[test]
fn a_whole_envelope_as_data_counts_as_its_data() {
    let body =
        sent_body(&["Test", "--data", r#"{"event":"Test","triggeredDate":"","data":{"a":1}}"#]);
    assert!(
        body.starts_with(r#"{"event":"Test","#) && body.ends_with(r#""data":{"a":1}}"#),
        "{body}"
    );
}

#[test]
fn a_body_is_sent_byte_for_byte_from_a_file_or_standard_input() {
    let bytes = b"\xef\xbb\xbf{ \"event\": \"Custom\" }\r\n\xff\x00".to_vec();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("body");
    fs::write(&file, &bytes).unwrap();

    let target = ok();
    let url = target.url("/");
    let from_file = format!("@{}", file.display());
    run(["send", "--body", &from_file, "--url", &url]).exits(0);
    run_with_stdin(pgwh(["send", "--body", "-", "--url", &url]), &bytes).exits(0);
    assert!(target.seen().iter().all(|seen| seen.body == bytes));
}

#[test]
fn fixtures_of_the_user_lie_over_the_built_in_ones() {
    let folder = tempfile::tempdir().unwrap();
    let vip =
        r#"{"event":"ClassesBooked","triggeredDate":"2020-01-01T00:00:00Z","data":{"vip":1}}"#;
    fs::write(folder.path().join("vip.json"), vip).unwrap();
    fs::write(folder.path().join("Test.json"), r#"{"mine":true}"#).unwrap();
    let fixtures = folder.path().to_str().unwrap();
    assert!(sent_body(&["Test", "--fixtures", fixtures]).ends_with(r#""data":{"mine":true}}"#));
    let body = sent_body(&["vip", "--fixtures", fixtures]);
    assert!(body.starts_with(r#"{"event":"ClassesBooked","#), "{body}");
    assert!(body.ends_with(r#""data":{"vip":1}}"#), "{body}");
}

#[test]
fn an_empty_variable_is_none_and_a_byte_order_mark_no_part_of_anything() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let secret = write("secret", format!("\u{feff}{SECRET}\r\n").as_bytes());
    let data = format!("@{}", write("data.json", "\u{feff}{\"a\":1}".as_bytes()));
    let target = ok();
    let url = target.url("/");
    let id = "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4";
    let args = ["send", "Test", "--url", &url, "--secret-file", &secret, "--data", &data];
    let mut command = pgwh(args.iter().chain(&["--request-id", id]));
    command.env("PGWH_FIXTURES", "").env("PGWH_CONFIG", "");
    Ran::from(command.output().unwrap()).exits(0);
    let seen = target.seen().remove(0);
    // printf '%s' "$id:correct-horse-battery-staple" | md5sum
    assert_eq!(seen.header("x-perfectgym-signature"), Some("7676a4495df92546d401bdeabbda6428"));
    assert!(seen.body.ends_with(br#""data":{"a":1}}"#));

    let utf16 = write("utf16", b"\xff\xfes\0");
    let ran = run(["send", "Test", "--url", &url, "--secret-file", &utf16]).refused();
    assert!(ran.stderr.contains("save it as UTF-8"), "{}", ran.stderr);
}

#[test]
fn the_secret_comes_from_a_file_or_standard_input_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    fs::write(&file, "zażółć-gęślą-jaźń\n").unwrap();
    let target = ok();
    let url = target.url("/");
    let id = ["--request-id", "7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4", "-v"];
    let base = ["send", "Test", "--url", &url, "--secret-file"];
    let from_file = run(base.iter().chain(&[file.to_str().unwrap()]).chain(&id)).exits(0);
    let command = pgwh(base.iter().chain(&["-"]).chain(&id));
    let from_stdin = run_with_stdin(command, "zażółć-gęślą-jaźń".as_bytes()).exits(0);
    for (ran, seen) in [from_file, from_stdin].iter().zip(target.seen()) {
        // printf '%s' '7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4:zażółć-gęślą-jaźń' | md5sum
        assert_eq!(seen.header("x-perfectgym-signature"), Some("4ef2fa8e3ae412294b16b46a027503a3"));
        assert!(!ran.stdout.contains("jaźń") && !ran.stderr.contains("jaźń"), "{ran:#?}");
    }
    let ran = run(["send", "Test", "--url", &url, "--secret", "on-the-command-line"]).exits(0);
    assert!(ran.stderr.contains("other users"), "{ran:#?}");
}

#[test]
fn an_edit_that_would_do_something_else_than_it_says_is_refused() {
    let sample = ["sign", "Test"];
    for (args, words) in [
        (&["--add", "valueLong=3"][..], &["valueLong is in data already", "--set valueLong="][..]),
        (&["--set-date", "valueLong=+2d"], &["valueLong is 12345678, not a date"]),
        (&["--set-date", "nestedData=now"], &["not a date"]),
        (
            &["--remove", "nestedData", "--set", "data.nestedData.text=3"],
            &["--set data.nestedData.text has no effect", "--remove nestedData"],
        ),
        (&["--remove", "valueText", "--add", "valueText.more=3"], &["--add"]),
    ] {
        let ran = run(sample.iter().chain(args)).refused();
        assert!(words.iter().all(|words| ran.stderr.contains(words)), "{args:?}: {ran:?}");
    }
    let dated = ["--set-date", "nestedData.date=+2d", "--remove", "valueText", "--add", "new=1"];
    run(sample.iter().chain(&dated)).exits(0);
}

#[cfg(target_os = "linux")]
#[test]
fn an_input_without_end_is_refused() {
    // A gigabyte of a sparse file is read, and no more.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large");
    fs::File::create(&file).unwrap().set_len((1 << 30) + 1).unwrap();
    let body = format!("@{}", file.display());
    let ran = run(["sign", "--body", &body]).refused();
    assert!(ran.stderr.contains("it has more than 1 GiB"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn an_edit_that_cannot_be_sent_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let edited = |editor: &str| {
        let mut command = pgwh(["sign", "Test", "--edit"]);
        command.env_remove("VISUAL").env("EDITOR", editor).env("TMPDIR", folder.path());
        Ran::from(command.output().unwrap()).refused().stderr
    };
    let kept = || -> Vec<_> {
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let told = edited("sh -c 'echo {broken > \"$1\"' sh");
    let files = kept();
    assert_eq!((files.len(), fs::read_to_string(&files[0]).unwrap()), (1, "{broken\n".to_owned()));
    assert!(told.contains(&format!("--body @{}", files[0].display())), "{told}");
    edited("false");
    assert_eq!(kept().len(), 2);
}
