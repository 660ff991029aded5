//! Where secrets come from, which one fits, and that none is shown.

use std::fs;

use crate::support::{SECRET, pgwh, run_with_stdin};
use crate::{REQUESTS, Saved, findings, json_lines, saved, signed};

const TOML: &str = r#"
[[webhook]]
name = "booking"
url = "https://example.com/a"
secret = { env = "BOOKING_SECRET" }

[[webhook]]
name = "members"
url = "https://example.com/b"
secret = { file = "members.secret" }
"#;

/// A capture that fits `SECRET`, beside a webhooks file whose second webhook has it.
fn project() -> Saved {
    let file = saved(signed(REQUESTS[0]));
    fs::write(file.beside("pgwh.toml"), TOML).unwrap();
    fs::write(file.beside("members.secret"), format!("{SECRET}\n")).unwrap();
    fs::write(file.beside("wrong.secret"), "something else").unwrap();
    file
}

fn verify(file: &Saved, args: &[&str], env: &[(&str, &str)]) -> crate::support::Ran {
    let mut command = pgwh([&["verify", "captures.txt", "--format", "json"], args].concat());
    command.current_dir(file.beside("")).env_remove("PGWH_SECRET").envs(env.iter().copied());
    command.output().unwrap().into()
}

#[test]
fn without_any_secret_the_ways_to_give_one_are_named() {
    let file = saved(signed(REQUESTS[0]));
    let ran = verify(&file, &[], &[]).refused();
    for way in ["--secret-file", "PGWH_SECRET", "--webhook"] {
        assert!(ran.stderr.contains(way), "{ran:#?}");
    }
    verify(&file, &[], &[("PGWH_SECRET", "")]).refused();
}

#[test]
fn without_a_named_secret_those_of_all_webhooks_are_accepted() {
    let ran = verify(&project(), &[], &[("BOOKING_SECRET", "x")]).exits(0);
    assert_eq!(json_lines(&ran)[0]["secret"], "members");
    // One that cannot be had is said, and does not stand in the way of the others.
    let ran = verify(&project(), &[], &[]).exits(0);
    assert!(ran.stderr.contains("BOOKING_SECRET"), "{ran:#?}");
    assert!(json_lines(&ran)[0].get("secret").is_none(), "one secret needs no name");
}

#[test]
fn webhooks_and_files_are_accepted_beside_each_other_and_the_one_that_fits_is_named() {
    let file = project();
    let booking = [("BOOKING_SECRET", "x")];
    let both = ["--webhook", "booking", "--webhook", "members"];
    assert_eq!(json_lines(&verify(&file, &both, &booking).exits(0))[0]["secret"], "members");
    let also = ["--secret-file", "wrong.secret", "--also-secret-file", "old=members.secret"];
    assert_eq!(json_lines(&verify(&file, &also, &[]).exits(0))[0]["secret"], "old");
    let ran = verify(&file, &["--webhook", "bookings"], &booking).refused();
    assert!(ran.stderr.contains("did you mean booking?"), "{ran:#?}");
    verify(&file, &["--also-secret-file", "members.secret"], &[]).refused();
}

#[test]
fn the_secret_of_another_webhook_is_a_cause_and_no_pass() {
    let ran = verify(&project(), &["--secret-file", "wrong.secret"], &[]).exits(1);
    let lines = json_lines(&ran);
    assert_eq!(findings(&lines[0]), ["other-secret"]);
    assert_eq!(lines[0]["findings"][0]["evidence"]["secret"], "members");
}

#[test]
fn a_webhooks_file_that_nobody_asked_for_does_not_stand_in_the_way() {
    let file = project();
    fs::write(file.beside("pgwh.toml"), "[[webhook").unwrap();
    let ran = verify(&file, &[], &[("PGWH_SECRET", SECRET)]).exits(0);
    assert!(ran.stderr.contains("\"warning\""), "{ran:#?}");
    verify(&file, &["--webhook", "members"], &[("PGWH_SECRET", SECRET)]).refused();
}

#[test]
fn standard_input_is_read_once() {
    let args = ["verify", "-", "--secret-file", "-"];
    run_with_stdin(pgwh(args), b"").refused();
    run_with_stdin(pgwh(["verify", "-", "-"]), b"").refused();
    let file = saved(signed(REQUESTS[0]));
    let ran = run_with_stdin(pgwh(["verify", &file.path, "--secret-file", "-"]), SECRET.as_bytes());
    ran.exits(0);
}

#[test]
fn no_secret_and_no_expected_signature_is_in_any_output() {
    let file = saved(signed((REQUESTS[0].0, REQUESTS[1].1)) + &signed((REQUESTS[2].0, "***")));
    let mut args = vec!["verify".to_owned(), file.path.clone(), "-v".to_owned()];
    let formats = ["human", "json", "junit", "github", "markdown"];
    for format in formats {
        args.extend(["--report".into(), format!("{format}={}", file.beside(format).display())]);
    }
    let ran: crate::support::Ran = pgwh(&args).output().unwrap().into();
    let ran = ran.exits(1);
    let reports = formats.map(|format| fs::read_to_string(file.beside(format)).unwrap());
    for text in reports.iter().chain([&ran.stdout, &ran.stderr]) {
        for hidden in [SECRET, REQUESTS[0].1, REQUESTS[2].1] {
            assert!(!text.contains(hidden), "{text}");
        }
    }
    assert!(reports.iter().all(|text| text.contains("invalid")));
}
