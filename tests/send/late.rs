//! A 2xx that comes when PGM has given up: `--timeout` beyond 5 s shows it, and it has failed.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::support::list::List;
use crate::support::server::{Target, response, send};
use crate::support::{assert_matches_schema, run};

/// A target whose first `slow` responses take longer than PGM allows.
fn slow(slow: usize) -> Target {
    Target::new(move |stream, number| {
        if number < slow {
            thread::sleep(Duration::from_millis(5_050));
        }
        send(stream, &response(200, "Ok"));
    })
}

#[test]
fn it_has_failed_wherever_it_is_shown() {
    let list = List::new();
    let (always, first) = (slow(usize::MAX), slow(1));
    let (always_url, first_url) = (always.url("/"), first.url("/"));
    let story = list.folder.path().join("late.toml");
    fs::write(&story, "[[step]]\nevent = \"Test\"\nexpect = 200\n").unwrap();
    let story = story.to_str().unwrap();
    let timeout = ["--timeout", "30s"];
    let (sent, retried, played) = thread::scope(|scope| {
        let sent = scope.spawn(|| {
            list.run(["send", "Test", "--url", &always_url].iter().chain(&timeout)).exits(1)
        });
        let retried = scope.spawn(|| {
            let retry = ["--retries", "1", "--retry-on", "timeout", "--retry-delay", "1ms"];
            let args = ["send", "Test", "--url", &first_url, "--no-record", "--format", "json"];
            run(args.iter().chain(&retry).chain(&timeout)).exits(0).json()
        });
        let played = scope.spawn(|| {
            let args = ["play", story, "--url", &always_url, "--no-record"];
            run(args.iter().chain(&timeout)).exits(1)
        });
        (sent.join().unwrap(), retried.join().unwrap(), played.join().unwrap())
    });
    for words in ["200 OK, too late in 5.", "✗ PGM would mark this request failed", "only after 5."]
    {
        assert!(sent.stdout.contains(words), "{words}: {sent:?}");
    }
    assert!(sent.stdout.contains("help: respond first, work later"), "{sent:?}");

    assert_matches_schema("delivery.schema.json", &retried);
    let late = |n: usize| retried["attempts"][n]["late"].as_bool();
    assert_eq!((late(0), late(1), late(2)), (Some(true), Some(false), None), "{retried:#}");

    assert!(played.stdout.contains("expected delivered, got 200 OK, too late"), "{played:?}");

    let entries = list.entries();
    assert_eq!((&entries[0]["status"], &entries[0]["httpStatus"]), (&"failed".into(), &200.into()));
    let table = list.run(["requests", "--failed"]).exits(0).stdout;
    assert!(table.contains("200, too late"), "{table}");
    let shown = list.run(["requests", "show", "last"]).exits(0).stdout;
    assert!(shown.contains("✗ Test") && shown.contains("200 OK, too late in 5."), "{shown}");
    let stored = list.show("last");
    assert_matches_schema("stored-request.schema.json", &stored);
    assert_eq!(stored["attempts"][0]["late"], true);
}
