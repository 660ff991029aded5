//! Targets of the webhooks file, by name or all of them.

use std::fs;

use tempfile::TempDir;

use crate::support::hook::{Hook, good, respond};
use crate::support::server::closed_port;
use crate::support::{Ran, SECRET, pgwh};

/// A folder with a webhooks file: `good`, `bad` and `gone`.
fn folder(good: &Hook, bad: &Hook) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let gone = format!("http://127.0.0.1:{}/", closed_port());
    let webhook = |name: &str, url: &str| {
        format!(
            "[[webhook]]\nname = \"{name}\"\nurl = \"{url}\"\nevents = \"all\"\nsecret = {{ env = \"HOOK_SECRET\" }}\n"
        )
    };
    let text = webhook("good", &good.url()) + &webhook("bad", &bad.url()) + &webhook("gone", &gone);
    fs::write(folder.path().join("pgwh.toml"), text).unwrap();
    folder
}

fn check(folder: &TempDir, args: &[&str]) -> Ran {
    let mut command = pgwh([&["check-target"], args].concat());
    command.current_dir(folder.path()).env_remove("PGWH_SECRET").env("HOOK_SECRET", SECRET);
    command.output().unwrap().into()
}

#[test]
fn a_webhook_is_checked_by_name_with_its_own_secret() {
    let (ok, bad) = (Hook::new(good), Hook::new(|_| respond(500, "no")));
    let folder = folder(&ok, &bad);
    let ran = check(&folder, &["good", "--require-signature"]).exits(0);
    assert!(ran.stdout.contains(&ok.url()) && ran.stdout.contains("ready for PGM"), "{ran:#?}");
    check(&folder, &["bad"]).exits(1);
    check(&folder, &["gone"]).exits(3);
    assert!(check(&folder, &["god"]).refused().stderr.contains("did you mean good?"));
}

#[test]
fn all_webhooks_are_checked_and_the_worst_counts() {
    let (ok, bad) = (Hook::new(good), Hook::new(|_| respond(500, "no")));
    let folder = folder(&ok, &bad);
    let report = folder.path().join("report.xml");
    let junit = format!("junit={}", report.display());
    let args = ["--all-webhooks", "--format", "json", "--report", &junit];
    let ran = check(&folder, &args).exits(1);
    let verdicts: Vec<_> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["verdict"].clone())
        .collect();
    assert_eq!(verdicts, ["ready", "not-ready", "unreachable"]);
    let lines = ran.stdout.lines();
    let names = lines.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let names: Vec<_> = names.map(|line| line["webhook"].clone()).collect();
    assert_eq!(names, ["good", "bad", "gone"]);
    let human = check(&folder, &["--all-webhooks"]).exits(1).stdout;
    assert!(human.contains(&format!("bad → {}", bad.url())), "{human}");
    let xml = fs::read_to_string(report).unwrap();
    assert!(xml.contains("pgwh check-target good → "), "{xml}");
    assert_eq!(xml.matches("<testsuite ").count(), 3, "{xml}");
    assert_eq!(xml.matches("<testsuites ").count(), 1, "{xml}");
}
