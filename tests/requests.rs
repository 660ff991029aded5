//! `pgwh requests`: sent requests are listed, shown, compared, retried and removed.

mod support;

use std::fs;

use pgwh::files::StateDir;
use pgwh::requests::RequestsList;
use serde_json::{Value, json};
use support::list::List;
use support::server::{Target, closed_port, response, send};
use support::{SECRET, assert_matches_schema, run};

/// A target that fails this often and then succeeds.
fn failing(times: usize) -> Target {
    Target::new(move |stream, call| {
        let (status, body) = if call < times { (503, "upstream is down") } else { (200, "Ok") };
        send(stream, &response(status, body));
    })
}

fn text<'a>(json: &'a Value, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_else(|| panic!("{key} in {json}"))
}

#[test]
fn the_last_request_of_an_empty_list_is_an_error_that_says_so() {
    let list = List::new();
    let assert_empty = || {
        for args in [&["requests", "show", "last"][..], &["requests", "diff", "last", "last"]] {
            let refused = list.run(args).exits(2);
            assert!(refused.stderr.contains("the requests list is empty"), "{}", refused.stderr);
        }
    };
    assert_empty();
    list.send("Test", &Target::responding(200, "Ok").url("/")).exits(0);
    list.run(["requests", "prune", "--keep", "0"]).exits(0);
    assert_empty();
}

#[test]
fn every_send_is_listed_newest_first() {
    let (list, target) = (List::new(), failing(1));
    assert!(list.run(["requests"]).exits(0).stderr.contains("nothing was sent yet"));
    list.send("ClassesBooked", &target.url("/a")).exits(1);
    list.send("Test", &target.url("/b")).exits(0);
    let nowhere = format!("http://127.0.0.1:{}/", closed_port());
    list.send("UserModified", &nowhere).exits(3);
    let entries = list.entries();
    entries.iter().for_each(|entry| assert_matches_schema("request.schema.json", entry));
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            json!([entry["event"], entry["status"], entry["httpStatus"], entry["outcome"]])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["UserModified", "unreachable", null, "refused"]),
            json!(["Test", "delivered", 200, "responded"]),
            json!(["ClassesBooked", "failed", 503, "responded"]),
        ]
    );
    let human = list.run(["requests"]).exits(0).stdout;
    let lines: Vec<_> = human.lines().collect();
    assert!(lines[0].starts_with("  TIME (UTC)"), "{human}");
    assert!(lines[1].starts_with("✗ ") && lines[1].contains("no connection"), "{human}");
    assert!(lines[2].starts_with("✓ ") && lines[2].contains(" 200 "), "{human}");
    assert!(lines[3].ends_with(&text(&entries[2], "requestId")[..8]), "{human}");
}

#[test]
fn a_request_is_kept_to_the_byte() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let url = target.url("/hooks/pgm?tenant=7");
    let body = "{ \"event\": \"Test\",\t\"żółw\": 33.780 }";
    list.run(["send", "--body", body, "--url", &url, "--header", "X-Tenant: 7"]).exits(0);
    let seen = &target.seen()[0];
    let shown = list.show("last");
    assert_matches_schema("stored-request.schema.json", &shown);
    assert_eq!((text(&shown, "body"), text(&shown, "event")), (body, "Test"));
    for name in ["x-perfectgym-request", "x-perfectgym-signature", "x-tenant", "content-type"] {
        assert_eq!(shown["headers"][name], json!([seen.header(name).unwrap()]), "{name}");
    }
    let attempt = &shown["attempts"][0];
    assert_eq!((&attempt["n"], &attempt["status"]), (&json!(1), &json!(200)));
    assert_eq!(attempt["response"]["text"], "Ok");
    assert!(attempt["elapsedMs"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_request_is_shown_in_every_form() {
    let (list, target) = (List::new(), Target::responding(200, r#"{"stored":true}"#));
    let url = target.url("/pgm");
    list.send("Test", &url).exits(0);
    let id = text(&list.show("last"), "requestId").to_owned();
    let page = list.run(["requests", "show", &id[..8]]).exits(0).stdout;
    for line in
        ["✓ Test → http", "  \"event\": \"Test\",", "Attempt 1", "  \"stored\": true", "> X-Perf"]
    {
        assert!(page.contains(line), "{line}: {page}");
    }
    let verbose = list.run(["requests", "show", "last", "-v"]).exits(0).stdout;
    assert!(verbose.contains("< HTTP/1.1 200 OK"), "{verbose}");

    let curl = list.run(["requests", "show", "last", "--as", "curl"]).exits(0).stdout;
    assert!(curl.starts_with(&format!("curl --request POST '{url}'")), "{curl}");
    let http = list.run(["requests", "show", "last", "--as", "http"]).exits(0).stdout;
    assert!(http.starts_with("POST /pgm HTTP/1.1\r\n") && http.contains(&id), "{http}");
    let capture = list.run(["requests", "show", "last", "--as", "capture"]).exits(0).stdout;
    fs::write(list.folder.path().join("capture.ndjson"), &capture).unwrap();
    list.run(["send", "--from", "capture.ndjson", "--url", &url]).exits(0);
    let json = list.run(["requests", "show", "last", "--format", "json"]).exits(0).stdout;
    fs::write(list.folder.path().join("shown.ndjson"), json).unwrap();
    list.run(["send", "--from", "shown.ndjson", "--url", &url]).exits(0);
    let seen = target.seen();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|call| call.body == seen[0].body), "{seen:?}");
    assert!(seen.iter().all(|seen| seen.header("x-perfectgym-request") == Some(&id)), "{seen:?}");
}

#[test]
fn responses_are_cut_at_a_thousand_characters_as_pgm_does() {
    let (list, target) = (List::new(), Target::responding(200, &"ż".repeat(1500)));
    list.send("Test", &target.url("/")).exits(0);
    let shown = list.show("last");
    let response = &shown["attempts"][0]["response"];
    assert_eq!(text(response, "text").chars().count(), 1000);
    assert_eq!((&response["bytes"], &response["truncated"]), (&json!(3000), &json!(true)));
    let page = list.run(["requests", "show", "last"]).exits(0).stdout;
    assert!(page.contains("3000 bytes in all; PGM keeps the first 1000 characters"), "{page}");
}

#[test]
fn a_retry_sends_the_same_id_signature_and_bytes_and_is_the_same_history() {
    let (list, target) = (List::new(), failing(3));
    let url = target.url("/pgm");
    let send = ["send", "ClassesBooked", "--url", &url, "--header", "X-Tenant: 7"];
    list.run([&send[..], &["--retries", "1", "--retry-delay", "1ms"]].concat()).exits(1);
    assert_eq!(list.show("last")["attempts"].as_array().unwrap().len(), 2);

    let again = list.run(["requests", "retry", "last"]).exits(1);
    assert!(again.stdout.contains("attempt 3"), "{again:?}");
    let id = text(&list.show("last"), "requestId").to_owned();
    let retry = list.run(["requests", "retry", &id[..10], "--format", "json"]).exits(0);
    assert_matches_schema("delivery.schema.json", &retry.json());
    assert_eq!(retry.json()["attempts"][0]["n"], 4);

    let seen = target.seen();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|call| *call == seen[0]), "{seen:#?}");
    let entries = list.entries();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (&entries[0]["status"], &entries[0]["attemptCount"]),
        (&json!("delivered"), &json!(4))
    );
    let statuses: Vec<_> = list.show(&id)["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["status"].clone())
        .collect();
    assert_eq!(statuses, [503, 503, 503, 200]);
}

#[test]
fn all_failed_requests_are_retried_in_the_order_they_were_made() {
    let (list, target) = (List::new(), failing(2));
    let url = target.url("/");
    for (event, code) in [("ClassesBooked", 1), ("UserModified", 1), ("Test", 0)] {
        list.send(event, &url).exits(code);
    }
    let none = list.run(["requests", "retry", "--failed", "--event", "ContractCreated"]).exits(0);
    assert_eq!((none.stdout.as_str(), none.stderr.as_str()), ("", "nothing to retry\n"));
    list.run(["requests", "retry", "--failed", "--since", "1h"]).exits(0);
    let seen = target.seen();
    assert_eq!(seen.len(), 5);
    assert_eq!((&seen[3].body, &seen[4].body), (&seen[0].body, &seen[1].body));
    let failed = list.run(["requests", "--failed"]).exits(0);
    assert_eq!((failed.stdout.as_str(), failed.stderr.as_str()), ("", "no requests\n"));
    let changed = list.run(["requests", "retry", "last", "--header", "X-A: 1"]).refused();
    assert!(changed.stderr.contains("a retry sends the headers that were sent before"));
}

#[test]
fn a_retry_is_signed_again_only_on_request() {
    let (list, target) = (List::new(), Target::responding(401, "wrong signature"));
    list.send("Test", &target.url("/")).exits(1);
    list.run(["requests", "retry", "last", "--resign", "--secret", "the new one"]).exits(1);
    list.run(["requests", "retry", "last"]).exits(1);
    let seen = target.seen();
    let header = |n: usize, name: &str| seen[n].header(name).unwrap().to_owned();
    let signatures: Vec<_> = (0..3).map(|n| header(n, "x-perfectgym-signature")).collect();
    assert_ne!(signatures[0], signatures[1]);
    assert_eq!(signatures[1], signatures[2]);
    let id = header(0, "x-perfectgym-request");
    let by_hand =
        run(["sign", "--request-id", &id, "--as", "signature", "--secret", "the new one"]);
    assert_eq!(by_hand.exits(0).stdout.trim(), signatures[1]);
    assert!(
        (1..3).all(|n| header(n, "x-perfectgym-request") == id && seen[n].body == seen[0].body)
    );
}

#[test]
fn the_list_can_be_filtered() {
    let (list, target) = (List::new(), failing(2));
    let config = format!(
        "[[webhook]]\nname = \"hook\"\nurl = {:?}\nsecret = {{ env = \"PGWH_SECRET\" }}\n",
        target.url("/hook")
    );
    fs::write(list.folder.path().join("pgwh.toml"), config).unwrap();
    list.send("ClassesBooked", &target.url("/")).exits(1);
    list.run(["send", "Test"]).exits(1);
    list.run(["send", "Test", "--request-id", "own-id-1", "--url", &target.url("/")]).exits(0);
    let count = |args: &[&str]| {
        let all = [&["requests", "--format", "json"][..], args].concat();
        list.run(all).exits(0).stdout.lines().count()
    };
    for (args, wanted) in [
        (&[][..], 3),
        (&["--failed"], 2),
        (&["--event", "Test"], 2),
        (&["--event", "test"], 0),
        (&["--webhook", "hook"], 1),
        (&["--failed", "--event", "Test"], 1),
        (&["--since", "1h"], 3),
        (&["--since", "2999-01-01"], 0),
        (&["--id", "own-"], 1),
        (&["--limit", "2"], 2),
        (&["--limit", "0"], 0),
    ] {
        assert_eq!(count(args), wanted, "{args:?}");
    }
    assert!(list.run(["requests", "--since", "yesterday"]).refused().stderr.contains("2h"));
}

#[test]
fn ids_are_short_and_an_ambiguous_one_lists_the_candidates() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let url = target.url("/");
    for id in ["order-2026-0001", "order-2026-0002", "another"] {
        list.run(["send", "Test", "--url", &url, "--request-id", id]).exits(0);
    }
    let table = list.run(["requests"]).exits(0).stdout;
    for short in ["another", "order-2026-0002", "order-2026-0001"] {
        assert!(table.lines().any(|line| line.ends_with(&format!("  {short}"))), "{table}");
    }
    let several = list.run(["requests", "show", "order"]).refused();
    for id in ["order-2026-0001", "order-2026-0002"] {
        assert!(several.stderr.contains(&format!(" help: {id}  20")), "{several:?}");
    }
    let none = list.run(["requests", "show", "xyz"]).refused();
    assert!(none.stderr.contains("no request's id begins with \"xyz\""), "{none:?}");
    // The very same id again: the newest of them is meant, and the older one has a name, too.
    list.run(["send", "UserModified", "--url", &url, "--request-id", "another"]).exits(0);
    assert_eq!(list.show("another")["event"], "UserModified");
    assert_eq!(list.show("an")["event"], "UserModified");
    let table = list.run(["requests"]).exits(0).stdout;
    assert!(table.lines().any(|line| line.ends_with("  another")), "{table}");
    assert!(table.lines().any(|line| line.ends_with("  another~1")), "{table}");
    assert_eq!(list.show("another~1")["event"], "Test");
    assert_eq!(list.show("an~1")["event"], "Test");
    list.run(["requests", "show", "another~2"]).refused();
}

#[test]
fn older_requests_are_removed_as_the_limits_say() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let limits = "[requests]\nkeep = 3\n";
    fs::write(list.folder.path().join("pgwh.toml"), limits).unwrap();
    for n in 0..5 {
        let id = format!("request-{n}");
        list.run(["send", "Test", "--url", &target.url("/"), "--request-id", &id]).exits(0);
    }
    let ids = |list: &List| -> Vec<_> {
        list.entries().iter().map(|entry| text(entry, "requestId").to_owned()).collect()
    };
    assert_eq!(ids(&list), ["request-4", "request-3", "request-2"]);
    let pruned = list.run(["requests", "prune", "--keep", "2"]).exits(0);
    assert_eq!(pruned.stdout, "removed 1 request; 2 remaining\n");
    let pruned = list.run(["requests", "prune", "--format", "json"]).exits(0);
    assert_matches_schema("pruned.schema.json", &pruned.json());
    assert_eq!(pruned.json()["removed"], 0);
    // Gone is gone: nothing of it is left in the files.
    for name in ["requests.db", "requests.db-wal"] {
        let bytes = fs::read(list.state().join(name)).unwrap_or_default();
        assert!(!bytes.windows(9).any(|window| window == b"request-0"), "{name}");
    }
    let pruned = list.run(["requests", "prune", "--older-than", "0s"]).exits(0);
    assert_eq!(pruned.stdout, "removed 2 requests; 0 remaining\n");
    assert_eq!(list.run(["requests"]).exits(0).stderr, "no requests\n");
    list.send("Test", &target.url("/")).exits(0);
    assert_eq!(list.entries().len(), 1);
}

#[test]
fn a_removed_request_makes_room_for_another() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    fs::write(list.folder.path().join("pgwh.toml"), "[requests]\nkeep = 3\n").unwrap();
    let send = |id: &str| {
        list.run(["send", "Test", "--url", &target.url("/"), "--request-id", id]).exits(0);
    };
    let ids = || -> Vec<_> {
        list.entries().iter().map(|entry| text(entry, "requestId").to_owned()).collect()
    };
    ["one", "two", "three"].into_iter().for_each(send);
    let now = "2026-03-01T17:42:09Z".parse().unwrap();
    let (opened, _) = RequestsList::open(&StateDir::new(list.state()), now).unwrap();
    let mut opened = opened.unwrap();
    let found = opened.find("two", now).unwrap();
    let [two] = &found[..] else { panic!("it is in the list") };
    assert!(opened.remove(two.row).unwrap());
    send("four");
    assert_eq!(ids(), ["four", "three", "one"]);
    send("five");
    assert_eq!(ids(), ["five", "four", "three"]);
}

#[test]
fn requests_that_are_too_old_go_with_the_next_send() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    list.send("ClassesBooked", &target.url("/")).exits(0);
    list.send("UserModified", &target.url("/")).exits(0);
    let limits = "[requests]\nolder-than = \"0s\"\n";
    fs::write(list.folder.path().join("pgwh.toml"), limits).unwrap();
    list.send("Test", &target.url("/")).exits(0);
    let entries = list.entries();
    assert_eq!((entries.len(), &entries[0]["event"]), (1, &json!("Test")));
}

#[test]
fn exports_are_captures_that_can_be_sent_again() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let url = target.url("/");
    for event in ["ClassesBooked", "UserModified", "Test"] {
        list.send(event, &url).exits(0);
    }
    let some = list.run(["requests", "export", "--event", "Test"]).exits(0);
    assert_matches_schema("capture.schema.json", &some.json());
    list.run(["requests", "export", "--output", "all.ndjson"]).exits(0);
    list.run(["send", "--from", "all.ndjson", "--url", &url, "--no-record"]).exits(0);
    let seen = target.seen();
    assert_eq!(seen.len(), 6);
    assert_eq!(&seen[..3], &seen[3..]);
    assert_eq!(list.entries().len(), 3);
}

#[test]
fn no_record_leaves_no_trace() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    list.run(["send", "Test", "--url", &target.url("/"), "--no-record"]).exits(0);
    assert!(!list.state().exists());
}

#[test]
fn repeats_are_one_request_with_the_worst_verdict() {
    let (list, target) = (List::new(), failing(1));
    let url = target.url("/");
    list.run(["send", "Test", "--url", &url, "--repeat", "4"]).exits(1);
    let shown = list.show("last");
    assert_eq!((text(&shown, "status"), &shown["attemptCount"]), ("failed", &json!(4)));
    list.run(["send", "Test", "--url", &url, "--repeat", "4", "--parallel"]).exits(0);
    let shown = list.show("last");
    assert_eq!((text(&shown, "status"), &shown["attemptCount"]), ("delivered", &json!(4)));
    assert_eq!(list.entries().len(), 2);
}

#[test]
fn text_from_outside_cannot_steer_the_terminal() {
    let (list, target) = (List::new(), Target::responding(200, "\u{1b}[2J\u{1b}]0;owned\u{7}"));
    let body = "{\"event\":\"\u{1b}[31mred\",\"data\":\"\u{9b}2J\"}";
    list.run(["send", "--body", body, "--url", &target.url("/")]).exits(0);
    for args in [&["requests"][..], &["requests", "show", "last", "-v"]] {
        let shown = list.run(args).exits(0).stdout;
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{9b}'), "{shown:?}");
    }
}

#[test]
fn a_retry_that_is_signed_again_warns_once_of_a_mangled_secret() {
    let (list, target) = (List::new(), Target::responding(500, "no"));
    for event in ["Test", "UserModified"] {
        list.send(event, &target.url("/")).exits(1);
    }
    let ran = list.run(["requests", "retry", "--failed", "--resign", "--secret", "'s3cret'"]);
    let warning = "the secret from --secret looks mangled: it is in quotes; it is used unchanged";
    assert_eq!(ran.exits(1).stderr.matches(warning).count(), 1);
    assert_eq!(target.seen().len(), 4);
}

#[test]
fn the_next_command_means_the_request_that_is_shown() {
    let (list, target) = (List::new(), Target::responding(500, "no"));
    for event in ["Test", "UserModified"] {
        list.run(["send", event, "--request-id", "abc", "--url", &target.url("/")]).exits(1);
    }
    for (shown, next) in [("last", "retry abc\n"), ("abc~1", "retry abc~1\n")] {
        let page = list.run(["requests", "show", shown]).exits(0).stdout;
        assert!(page.ends_with(next), "{page}");
    }
    list.run(["requests", "retry", "abc~1"]).exits(1);
    let seen = target.seen();
    assert_eq!(seen[2].body, seen[0].body);
}

#[test]
fn the_secret_is_in_no_file_of_the_list() {
    let (list, target) = (List::new(), Target::responding(500, "no"));
    list.send("Test", &target.url("/")).exits(1);
    list.run(["requests", "retry", "last", "--resign"]).exits(1);
    let files: Vec<_> =
        fs::read_dir(list.state()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let secret = SECRET.as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", file.display());
    }
}

#[test]
fn a_retry_to_another_url_is_a_new_request_with_the_same_bytes() {
    let (list, one, other) = (List::new(), failing(1), Target::responding(200, "Ok"));
    list.send("ClassesBooked", &one.url("/a")).exits(1);
    list.run(["requests", "retry", "last", "--url", &other.url("/b")]).exits(0);
    let (first, second) = (&one.seen()[0], &other.seen()[0]);
    assert!(second.head.starts_with("POST /b "), "{}", second.head);
    assert_eq!(first.body, second.body);
    for name in ["x-perfectgym-request", "x-perfectgym-signature"] {
        assert_eq!(first.header(name), second.header(name));
    }
    let entries = list.entries();
    assert_eq!(entries.len(), 2);
    assert_eq!(
        (&entries[0]["status"], &entries[1]["status"]),
        (&json!("delivered"), &json!("failed"))
    );
    assert_eq!(entries[0]["url"], other.url("/b"));
}

#[test]
fn differences_between_payloads_are_shown() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let url = target.url("/");
    let date = ["--triggered-date", "2026-01-01T00:00:00Z"];
    for value in ["valueText=one", "valueText=two", "valueText=two"] {
        let args = ["send", "Test", "--url", &url, "--set", value];
        list.run([&args[..], &date].concat()).exits(0);
    }
    let ids: Vec<_> =
        list.entries().iter().map(|entry| text(entry, "requestId").to_owned()).collect();
    let differ = list.run(["requests", "diff", &ids[2], "last"]).exits(1);
    assert_eq!(differ.stdout, "~ data.valueText: \"one\" → \"two\"\n");
    let json = list.run(["requests", "diff", &ids[2], "last", "--format", "json"]).exits(1).json();
    assert_matches_schema("difference.schema.json", &json);
    assert_eq!((&json["path"], &json["second"]), (&json!("data.valueText"), &json!("two")));
    let equal = list.run(["requests", "diff", &ids[1], "last"]).exits(0);
    assert_eq!((equal.stdout.as_str(), equal.stderr.as_str()), ("", "the payloads are equal\n"));
    let events =
        list.run(["events", "ClassesBooked", "--diff", "ClassesBookingCancelled"]).exits(1);
    assert!(
        events.stdout.starts_with("~ event: \"ClassesBooked\" → \"ClassesBookingCancelled\"\n"),
        "{events:?}"
    );
}

#[test]
fn the_table_names_captures_and_says_how_many_there_are() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let url = target.url("/");
    list.run(["send", "Test", "--url", &url, "--save", "sent.ndjson"]).exits(0);
    list.run(["send", "--from", "sent.ndjson", "--url", &url]).exits(0);
    let table = list.run(["requests", "--limit", "1"]).exits(0);
    assert!(table.stdout.contains("capture: Test"), "{table:?}");
    assert_eq!(table.stderr, "1 of 2; --limit 2 shows all\n");
    let none = list.run(["requests", "--limit", "0"]).exits(0);
    assert_eq!(none.stderr, "0 of 2; --limit 2 shows all\n");
    let entries = list.entries();
    assert_eq!(list.show("last~1")["requestId"], entries[1]["requestId"]);
    let missing = list.run(["requests", "show", "last~2"]).refused();
    assert!(missing.stderr.contains("no last~2"), "{missing:?}");
    let entries = list.entries();
    let from: Vec<_> = entries.iter().map(|entry| entry["fromCapture"] == true).collect();
    assert_eq!(from, [true, false]);
    let typo = list.run(["requests", "--event", "ClassBooked"]).exits(0).stderr;
    assert!(typo.contains("warning: PGM is not known to have an event"), "{typo}");
    assert!(typo.contains("did you mean ClassesBooked?"), "{typo}");
}

#[test]
fn an_event_name_of_any_length_is_cut_where_it_is_kept() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    let body = format!("{{\"event\":\"{}\",\"data\":{{}}}}", "x".repeat(70_000));
    let url = target.url(&format!("/{}", "y".repeat(60_000)));
    fs::write(list.folder.path().join("body.json"), body).unwrap();
    list.run(["send", "--body", "@body.json", "--url", &url]).exits(0);
    assert_eq!(text(&list.entries()[0], "event").chars().count(), 201);
    list.run(["requests"]).exits(0);
    list.run(["requests", "show", "last"]).exits(0);
    list.run(["requests", "retry", "last"]).exits(0);
    assert_eq!(target.seen()[0].body, target.seen()[1].body);
}

#[test]
fn a_limited_export_counts_requests_and_not_load_runs() {
    let (list, target) = (List::new(), Target::responding(200, "Ok"));
    for event in ["Test", "ClassesBooked"] {
        list.send(event, &target.url("/")).exits(0);
    }
    list.run(["send", "Test", "--url", &target.url("/"), "--count", "2"]).exits(0);
    let file = list.folder.path().join("out.ndjson");
    let args = ["requests", "export", "--limit", "2", "--output", file.to_str().unwrap()];
    let ran = list.run(args).exits(0);
    assert!(ran.stderr.starts_with("wrote 2 captures to "), "{ran:?}");
    let printed = list.run(["requests", "export", "--limit", "1", "--output", "-"]).exits(0);
    assert_eq!(printed.stdout.lines().count(), 1, "{printed:?}");
    assert!(!list.folder.path().join("-").exists());
}
