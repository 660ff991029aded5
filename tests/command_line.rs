//! The command line itself: suggestions, greatest values, errors as JSON.

mod support;

use serde_json::Value;
use support::{assert_matches_schema, run};

#[test]
fn suggestions_are_likely_ones_or_none() {
    for (line, suggested) in [
        ("send Test --uri http://localhost/", Some("--url <URL>")),
        ("send Test --ulr http://localhost/", Some("'--url'")),
        ("listen --port 4000", Some("--addr <ADDR:PORT>")),
        ("check-target --port 4000", None),
        ("listen --xyzzy", None),
        ("replay", Some("pgwh send --from <CAPTURE>")),
        ("trigger", Some("pgwh send <EVENT>")),
        ("serve", Some("pgwh listen")),
        ("verfy", Some("'verify'")),
        ("webhook ad", Some("'add'")),
        ("webhook test", Some("pgwh send Test")),
        ("requests list", Some("pgwh requests")),
        ("requests delete", Some("pgwh requests prune")),
        ("xyzzy", None),
    ] {
        let told = run(line.split(' ')).exits(2).stderr;
        let tip = told.lines().find(|line| line.contains("tip:"));
        match suggested {
            Some(suggested) => assert!(tip.is_some_and(|tip| tip.contains(suggested)), "{told}"),
            None => assert_eq!(tip, None, "{told}"),
        }
    }
}

#[test]
fn an_unknown_event_names_no_flag_of_another_command() {
    for (line, has_flag) in [(&["events", "nope"][..], false), (&["sign", "nope"], true)] {
        let ran = run(line).exits(2);
        assert!(ran.stderr.contains("there is no event \"nope\""), "{ran:?}");
        assert_eq!(ran.stderr.contains("--unlisted"), has_flag, "{ran:?}");
    }
}

/// The commands of a help text.
fn commands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("    "));
    names.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

#[test]
fn short_help_is_one_screen() {
    let help = |command: &[String]| {
        let args: Vec<&str> = command.iter().map(String::as_str).chain(["-h"]).collect();
        let mut pgwh = support::pgwh(args);
        support::Ran::from(pgwh.env("COLUMNS", "100").output().unwrap()).exits(0).stdout
    };
    let mut paths = vec![Vec::new()];
    let mut seen = 0;
    while let Some(path) = paths.pop() {
        let text = help(&path);
        assert!(text.lines().count() <= 40, "{path:?} has {} lines", text.lines().count());
        for name in commands(&text).into_iter().filter(|name| name != "help") {
            paths.push([path.clone(), vec![name]].concat());
        }
        seen += 1;
    }
    assert!(seen > 15, "{seen} commands");
}

#[test]
fn every_quantity_has_a_greatest_value() {
    let to = "--url=http://127.0.0.1:1/";
    for (line, limit) in [
        (&["send", "Test", to, "--timeout", "18446744073709551615s"][..], "at most 365d"),
        (&["send", "Test", to, "--retry-delay", "366d"], "at most 365d"),
        (&["send", "Test", to, "--retries", "4294967296"], "from 0 to 1000"),
        (&["send", "Test", to, "--repeat", "0"], "from 1 to 1000"),
        (&["send", "Test", to, "--count", "18446744073709551615"], "from 1 to 1000000000"),
        (&["send", "Test", to, "--duration", "9999999999999d"], "at most 365d"),
        (&["check-target", "http://127.0.0.1:1/", "--samples", "x"], "from 1 to 1000"),
        (&["requests", "--limit", "99999999999999999999"], "from 0 to 1000000000"),
        (&["listen", "--head-time", "18446744073709551615s"], "at most 365d"),
        (&["listen", "--max-body", "18446744073709551615"], "at most 1024GiB"),
        (&["listen", "--max-connections", "0"], "from 1 to "),
        (&["listen", "--expect", "0"], "from 1 to 1000000000"),
    ] {
        let told = run(line).exits(2).stderr;
        assert!(told.contains(limit), "{line:?}: {told}");
    }
}

#[test]
fn a_url_that_cannot_be_parsed_is_shown_without_its_password() {
    for line in [
        &["send", "Test", "--url", "http://me:s3cret@"][..],
        &["send", "Test", "--url", "me:s3cret@example.com/pgm"],
        &["check-target", "http://me:s3cret@host:port/"],
        &["listen", "--forward-to", "ftp://me:s3cret@localhost/"],
        &["listen", "--route", "Test=http://me:s3cret@"],
        &["webhook", "add", "x", "--url", "http://me:s3cret@"],
    ] {
        let ran = run(line).exits(2);
        assert!(!ran.stderr.contains("s3cret"), "{}", ran.stderr);
        assert!(ran.stderr.contains("hidden"), "{}", ran.stderr);
    }
}

#[test]
fn errors_help_with_what_was_meant() {
    let url = "http://127.0.0.1:1/";
    for (line, help) in [
        (&["send", "Test=2", "--url", url][..], "only with --count or --duration"),
        (&["send", "Test", "--url", url, "--count", "1", "--export", "k6=-"], "k6=load.js"),
        (&["sign", "Test", "--set", "nope=1"], "--add nope=…"),
    ] {
        let ran = run(line).exits(2);
        assert!(ran.stderr.contains(help), "{ran:?}");
    }
    let ran = run(["sign", "Test", "--remove", "nope"]).exits(2);
    assert!(ran.stderr.contains("data has") && !ran.stderr.contains("--add"), "{ran:?}");
}

#[test]
fn errors_are_json_where_the_output_is_json() {
    for line in [
        &["events", "ClassBooked", "--format", "json"][..],
        &["send", "ClassBooked", "--url", "http://127.0.0.1:1/", "--format=json"],
        &["send", "Test", "--url", "http://127.0.0.1:1/", "--format", "json", "--ulr", "x"],
        &["check-target", "nonsense://", "--format", "json"],
    ] {
        let ran = run(line).exits(2);
        let error: Value = serde_json::from_str(&ran.stderr).unwrap();
        assert_eq!(error["type"], "error");
        assert_matches_schema("error.schema.json", &error);
        assert_eq!(ran.stderr.lines().count(), 1);
        assert_eq!(ran.stdout, "");
    }
    let ran = run(["events", "ClassBooked", "--format", "json"]);
    let error: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert!(error["help"].to_string().contains("did you mean ClassesBooked?"), "{error}");
}

#[test]
fn what_stderr_says_is_json_where_the_output_is_json() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "no capture").unwrap();
    let listen = ["listen", "--addr", "127.0.0.1:0", "--expect", "1", "--timeout", "1ms"];
    let format = ["--format", "json"];
    for (line, code, kinds) in [
        (vec!["verify", "no-such-file"], 2, &["error"][..]),
        (vec!["verify", folder.path().to_str().unwrap()], 2, &["warning", "error"]),
        ([&listen[..], &["--expect-event", "Tset"]].concat(), 1, &["warning"]),
    ] {
        let ran = run(line.iter().chain(&format)).exits(code);
        let told = ran.stderr.lines().map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_matches_schema("error.schema.json", &line);
            line["type"].as_str().unwrap().to_owned()
        });
        assert_eq!(told.collect::<Vec<_>>(), kinds, "{ran:?}");
    }
}

#[test]
fn the_words_of_libraries_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (missing, script) = (at("missing"), at("script.toml"));
    std::fs::write(&script, "[[response]\n").unwrap();
    let (typed, unknown) = (at("typed.toml"), at("unknown.toml"));
    std::fs::write(&typed, "[[response]]\nstatus = \"x\"\n").unwrap();
    std::fs::write(&unknown, "[[response]]\nstauts = 200\n").unwrap();
    std::fs::write(at("Test.json"), "{a: 1}").unwrap();
    let to = "--url=http://127.0.0.1:1/";
    let cannot_read = &*format!("cannot read {missing}: No such file or directory\n");
    for (line, part) in [
        (&["send", "Test", to, "--secret-file", &missing][..], cannot_read),
        (&["send", "--from", &missing, to], cannot_read),
        (&["send", "Test", to, "--save", &format!("{missing}/x")], "No such file or directory"),
        (&["send", "Test", to, "--config", &missing], cannot_read),
        (&["send", "Test", to, "--ca-cert", &missing], "cannot read the CA certificate "),
        (&["sign", "--body", &format!("@{missing}")], cannot_read),
        (&["play", &missing, to], cannot_read),
        (&["verify", &missing], cannot_read),
        (&["verify", &missing, "--anonymize", &at("copy")], cannot_read),
        (&["events", "--fixtures", &missing], "cannot read the fixtures folder "),
        (&["listen", "--script", &missing], cannot_read),
        (&["listen", "--cert", &missing, "--key", &missing], cannot_read),
        (&["listen", "--script", &script], "script.toml:1:12: "),
        (&["listen", "--script", &typed], "typed.toml:2:10: status is a number"),
        (&["listen", "--script", &unknown], "did you mean status?"),
        (&["sign", "Test", "--data", "{"], "it ends too early, at line 1 column 1"),
        (&["sign", "Test", "--data", ""], "it is empty"),
        (&["sign", "Test", "--fixtures", folder.path().to_str().unwrap()], "in double quotes"),
        (&["send", "Test", "--url", "foo"], "it has no scheme such as https://"),
        (&["listen", "--route", "Test=http://a b/"], "the host name is not valid"),
    ] {
        let ran = run(line).exits(2);
        assert!(ran.stderr.contains(part), "{line:?}: {}", ran.stderr);
        for word in
            ["os error", "TOML parse error", "\\n", "EOF", "invalid type", "base", "expected ident"]
        {
            assert!(!ran.stderr.contains(word), "{line:?}: {}", ran.stderr);
        }
    }
}
