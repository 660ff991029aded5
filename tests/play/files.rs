//! Files that are not understood: where, why, and nothing is sent.

use std::fs;

use crate::support::hook::{Hook, good};
use crate::support::run;

/// A file, and its error: line and column, what it says, and what else.
const BAD: [(&str, &str, &str); 36] = [
    ("[[step]\nevent = 1", ":1:", "unclosed"),
    ("title = \"x\"", "ours.toml: ", "at least one step"),
    ("step = 1", ":1:8", "steps are a list"),
    ("titel = \"x\"", ":1:1", "did you mean title?"),
    ("[[step]]\nevnt = \"Test\"", ":2:1", "did you mean event?"),
    ("[[step]]\nafter = \"1s\"", ":1:1", "needs event"),
    ("[[step]]\nevent = \"ClassBooked\"", ":2:9", "did you mean ClassesBooked?"),
    ("[[step]]\nevent = 7", ":2:9", "event is a text"),
    ("[[step]]\nevent = { Test = 0 }", ":2:18", "a whole number from 1"),
    ("[[step]]\nevent = { Tset = 1 }", ":2:18", "did you mean Test?"),
    ("[[step]]\nevent = \"Test\"\nafter = \"5\"", ":3:9", "a number with a unit"),
    ("[[step]]\nevent = \"Test\"\nafter = \"25h\"", ":3:9", "the longest is 24h"),
    ("[[step]]\nevent = \"Test\"\nrepeat = 0", ":3:10", "from 1 to 1000"),
    ("[[step]]\nevent = \"Test\"\nparallel = true", ":3:12", "add repeat = 4"),
    ("[[step]]\nevent = \"Test\"\nevery = \"1s\"", ":3:9", "add count = 10"),
    ("[[step]]\nevent = \"Test\"\nrepeat = 2\nretries = 1", ":4:11", "remove repeat"),
    ("[[step]]\nevent = \"Test\"\nset = { valueTxt = 1 }", ":3:20", "did you mean valueText?"),
    ("[[step]]\nevent = \"Test\"\nadd.valueText = 1", ":3:17", "use set instead of add"),
    (
        "[[step]]\nevent = \"Test\"\nset.nestedData.text = 1\nremove = [\"nestedData\"]",
        ":4:10",
        "nestedData.text is changed, and removed with nestedData",
    ),
    (
        "[[step]]\nevent = \"Test\"\nset.valueText = \"{{userId}}\"",
        ":3:17",
        "no variable or step \"userId\"",
    ),
    (
        "[variables]\nuserId = 1\n[[step]]\nevent = \"Test\"\nset.valueText = \"{{userID}}\"",
        ":5:17",
        "did you mean userId?",
    ),
    (
        "[variables]\na = \"{{b}}\"\nb = \"{{c}}\"\nc = \"{{b}}\"\n[[step]]\nevent = \"Test\"",
        ":3:5",
        "in a cycle: b → c → b",
    ),
    ("[variables]\na = \"{{a}}\"\n[[step]]\nevent = \"Test\"", ":2:5", "in a cycle: a → a"),
    ("[variables]\nnow = 1\n[[step]]\nevent = \"Test\"", ":2:1", "a meaning of its own"),
    (
        "[variables]\nn = { random = \"9..1\" }\n[[step]]\nevent = \"Test\"",
        ":2:5",
        "the range 9..1 is empty",
    ),
    (
        "[variables]\nd = { date = \"tomorrow\" }\n[[step]]\nevent = \"Test\"",
        ":2:5",
        "is not a date",
    ),
    (
        "[[step]]\nname = \"a\"\nevent = \"Test\"\nset.valueText = \"{{b.data.valueText}}\"\n[[step]]\nname = \"b\"\nevent = \"Test\"",
        ":4:17",
        "b is not sent before",
    ),
    (
        "[[step]]\nname = \"a\"\nevent = \"Test\"\nset.valueText = \"{{a.data.valueText}}\"",
        ":4:17",
        "a is not sent before",
    ),
    (
        "[[step]]\nname = \"a\"\nevent = \"Test\"\n[[step]]\nevent = \"Test\"\nset.valueText = \"{{a.data.valueTxt}}\"",
        ":6:17",
        "did you mean valueText?",
    ),
    (
        "[[step]]\nname = \"a\"\nevent = \"Test\"\n[[step]]\nname = \"a\"\nevent = \"Test\"",
        ":5:8",
        "used twice",
    ),
    (
        "[[step]]\nevent = \"Test\"\nexpect = { verdict = \"delivered\", status = 500 }",
        ":3:10",
        "can never be met",
    ),
    ("[[step]]\nevent = \"Test\"\nexpect = 99", ":3:10", "can never be met"),
    (
        "[[step]]\nevent = \"Test\"\nexpect = { status = 204, json = { a = 1 } }",
        ":3:10",
        "has no body",
    ),
    ("[[step]]\nevent = \"Test\"\nexpect = \"deliverd\"", ":3:10", "did you mean delivered?"),
    ("[[step]]\nevent = \"Test\"\nto = \"ftp://example.com\"", ":3:6", "https or http URL"),
    ("[[step]]\nevent = \"Test\"\ndata = \"{\"", ":3:8", "data is not JSON"),
];

#[test]
fn bad_files_are_errors_with_line_and_column_and_nothing_is_sent() {
    let target = Hook::new(good);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ours.toml");
    for (text, location, message) in BAD {
        // Whatever comes before it is fine, and is not sent either.
        fs::write(&path, text).unwrap();
        let ran = run(["play", path.to_str().unwrap(), "--url", &target.url()]).refused();
        assert!(ran.stderr.contains(location), "{text}\n{}", ran.stderr);
        assert!(ran.stderr.contains(message), "{text}\n{}", ran.stderr);
    }
    fs::write(&path, [0xff]).unwrap();
    let ran = run(["play", path.to_str().unwrap(), "--url", &target.url()]).refused();
    assert!(ran.stderr.contains("not UTF-8"), "{ran:?}");
    assert_eq!(target.seen().len(), 0);
}

#[test]
fn bad_command_lines_are_refused() {
    let url = "--url=http://127.0.0.1:1/";
    for (line, message) in [
        (&["play"][..], "required"),
        (&["play", "members-dya", url], "did you mean members-day?"),
        (&["play", "no/such.toml", url], "cannot read no/such.toml"),
        (&["play", "members-day", url, "--speed", "0"], "from 0.01x to 10000x"),
        (&["play", "members-day", url, "--from", "x"], "'--from <CAPTURE>'"),
        (&["play", "--list", "--since", "1h"], "'--since <TIME|DATE>'"),
        (&["play", "members-day", url, "--report", "junit=/no/such/x"], "cannot write"),
        (&["play", "--list", "--format", "junit"], "human or json"),
        (&["play", "members-day"], "no --url"),
        (&["play", "--record", "x.toml", "--from", "no/such"], "no/such"),
    ] {
        let ran = run(line).refused();
        assert!(ran.stderr.contains(message), "{line:?}: {}", ran.stderr);
    }
    let no_secret =
        crate::support::pgwh(["play", "members-day", url]).env_remove("PGWH_SECRET").output();
    let no_secret = crate::support::Ran::from(no_secret.unwrap()).refused();
    assert!(no_secret.stderr.contains("no secret"), "{no_secret:?}");
}
