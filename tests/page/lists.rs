//! What the lists and the details show, in a browser.

use std::fs;

use crate::browser::Browser;
use crate::served::{Served, status, with_webhooks};
use crate::support::hook::{Hook, good, respond};
use crate::support::list::List;
use crate::support::server::closed_port;

/// A receiver that fails what it sees first, and a list with requests of several kinds.
fn filled() -> (Hook, List) {
    let hook =
        Hook::new(|request| if request.nth == 0 { respond(503, "later") } else { good(request) });
    let list = List::new();
    list.send("ClassesBooked", &hook.url()).exits(1);
    list.run(["send", "UserModified", "--set", "userId=987654321", "--url", &hook.url()]).exits(0);
    list.send("Test", &hook.url()).exits(0);
    list.send("Test", &format!("http://127.0.0.1:{}/", closed_port())).exits(3);
    (hook, list)
}

#[test]
fn the_list_is_filtered_in_place_and_the_url_says_how() {
    let Some(mut browser) = Browser::start() else { return };
    let (_hook, list) = filled();
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.until("document.querySelectorAll('tr[data-href]').length === 4");
    // Newest first.
    assert_eq!(browser.text("tr[data-href] .status"), "unreachable");
    for (field, value, rows, shown) in [
        ("#filter-event", "ClassesBooked", 1, "503"),
        ("#text", "987654321", 1, "UserModified"),
        ("#verdict", "delivered", 2, "200"),
        ("#class", "5", 1, "ClassesBooked"),
        ("#class", "0", 1, "no connection"),
        ("#text", "nothing has this", 0, "No request matches"),
    ] {
        browser.eval(&format!(
            "(() => {{ const f = document.querySelector({field:?}); f.value = {value:?}; \
             f.dispatchEvent(new Event('input', {{bubbles: true}})); }})()"
        ));
        browser.until(&format!("document.querySelectorAll('tr[data-href]').length === {rows}"));
        browser.shows("tbody", shown);
        let query = browser.eval("location.search");
        assert!(query.as_str().unwrap().contains('='), "{query}");
        // The same URL shows the same without a script.
        let page = served.get(&format!("/requests{}", query.as_str().unwrap()));
        assert_eq!(page.matches("data-href=").count(), rows, "{field} {value}");
        browser.click("[data-clear]");
        browser.until("document.querySelectorAll('tr[data-href]').length === 4");
        assert_eq!(browser.eval("location.search"), "");
    }
    browser.assert_content();
}

#[test]
fn a_request_shows_its_payload_headers_attempts_and_what_to_do() {
    let Some(mut browser) = Browser::start() else { return };
    let (_hook, list) = filled();
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.shows("tr", "ClassesBooked");
    let id = served.list.entries().last().unwrap()["requestId"].as_str().unwrap().to_owned();
    browser.open(&served.at("/requests/1"));
    browser.shows(".summary", &id);
    browser.shows(".attempt", "503 Service Unavailable");
    browser.shows(".attempt", "wait");
    browser.shows(".attempt .help", "look for the request id in its log");
    browser.shows("pre", "\"event\": \"ClassesBooked\"");
    assert_eq!(browser.count("svg.bar rect.phase-wait"), 1);
    let page = served.get("/requests/1");
    assert!(page.contains("X-PerfectGym-Signature"), "{page}");
    browser.assert_content();
}

#[test]
fn two_requests_and_two_attempts_are_compared() {
    let (_hook, list) = filled();
    list.run(["requests", "retry", "last~0", "-q"]);
    let first = list.entries().last().unwrap()["requestId"].as_str().unwrap().to_owned();
    list.run(["requests", "retry", &first]).exits(0);
    let served = Served::page_with(list, &[]);
    let requests = served.get("/diff?a=1&b=2");
    assert!(requests.contains("data.userId"), "{requests}");
    assert!(requests.contains("ClassesBooked") && requests.contains("UserModified"), "{requests}");
    let attempts = served.get("/diff?attempts_of=1&a=1&b=2");
    assert!(attempts.contains("503") && attempts.contains("200"), "{attempts}");
    assert_eq!(status(&served.get("/diff?attempts_of=1&a=1&b=9")), 422);
}

#[test]
fn older_requests_are_a_page_further() {
    let hook = Hook::new(good);
    let list = List::new();
    list.run(["send", "Test", "--url", &hook.url()]).exits(0);
    // Copies of the first request, as if it had been sent again and again.
    let db = rusqlite::Connection::open(list.file()).unwrap();
    for table in ["request", "content", "attempt"] {
        let columns = match table {
            "request" => {
                "request_id, event, webhook, url, created_at, status, attempts, outcome, http_status"
            }
            "content" => "headers, body",
            _ => "n, started_at, pid, deadline, outcome, reached, elapsed",
        };
        let key = if table == "request" { "id" } else { "request" };
        let sql = format!(
            "WITH RECURSIVE c(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM c WHERE i < 250) \
             INSERT INTO {table} ({key}, {columns}) SELECT i, {columns} FROM {table}, c WHERE {key} = 1"
        );
        db.execute(&sql, []).unwrap();
    }
    let served = Served::page_with(list, &[]);
    let mut path = "/requests?event=Test".to_owned();
    let mut pages = Vec::new();
    loop {
        let page = served.get(&path);
        let rows = page.matches("data-href=").count();
        pages.push(rows);
        let Some((before, _)) = page.split_once("\">Older requests") else { break };
        path = before.rsplit_once("href=\"").unwrap().1.replace("&amp;", "&");
    }
    assert_eq!(pages, [100, 100, 50]);
}

#[test]
fn an_invalid_request_is_shown_with_its_cause() {
    let Some(mut browser) = Browser::start() else { return };
    let served = Served::listen(List::new(), &["--quiet"]);
    browser.open(&served.url);
    browser.open(&served.at("/received"));
    browser.shows("tbody", "Nothing received yet");
    let mut wrong = served.list.command(["send", "UserModified", "--url", &served.receiver]);
    // A line break at the end of the secret: the most usual mistake.
    wrong.env("PGWH_SECRET", format!("{}\n", crate::support::SECRET)).output().unwrap();
    browser.shows("tr[data-href] .status", "invalid");
    browser.click("tr[data-href] .time a");
    browser.shows(".findings", "line break");
    browser.shows(".findings details summary", "Why");
    browser.shows("pre", "\"event\": \"UserModified\"");
    browser.assert_content();
}

#[test]
fn repeats_are_grouped_and_forwarding_is_shown() {
    let Some(mut browser) = Browser::start() else { return };
    let hook =
        Hook::new(
            |request| {
                if request.repeats == 0 { respond(503, "not yet") } else { respond(200, "Ok") }
            },
        );
    let target = format!("http://{}/app", hook.address);
    let served = Served::listen(List::new(), &["--forward-to", &target]);
    let args =
        ["send", "Test", "--url", &served.receiver, "--retries", "2", "--retry-delay", "1ms"];
    served.list.run(args).exits(0);
    browser.open(&served.url);
    browser.open(&served.at("/received"));
    browser.shows("tr[data-href]", "×2");
    assert_eq!(browser.count("tr[data-href]"), 1);
    browser.shows(".forwarded", "200");
    browser.click("tr[data-href] .time a");
    browser.shows("section", "Received 2 times");
    browser.shows(".attempt", "200 OK");
    browser.assert_content();
}

#[test]
fn a_file_of_captures_is_followed_as_it_grows() {
    let Some(mut browser) = Browser::start() else { return };
    let list = List::new();
    let sign = |event: &str| list.run(["sign", event, "--as", "json"]).exits(0).json();
    let line = |event: &str| {
        let signed = sign(event);
        let headers = signed["headers"].as_object().unwrap().iter();
        let headers: serde_json::Map<_, _> = headers
            .map(|(name, value)| (name.to_lowercase(), serde_json::json!([value])))
            .collect();
        let line = serde_json::json!({
            "receivedAt": "2026-03-01T17:42:09.000Z", "method": "POST", "path": "/",
            "headers": headers, "body": signed["body"],
        });
        format!("{line}\n")
    };
    let (first, second) = (line("Test"), line("ContractCreated"));
    let file = list.folder.path().join("captures.ndjson");
    fs::write(&file, &first).unwrap();
    let served = Served::page_with(list, &["--captures", "captures.ndjson"]);
    browser.open(&served.url);
    browser.open(&served.at("/received"));
    browser.shows("tr[data-href]", "Test");
    browser.shows("tr[data-href] .status", "valid");
    fs::write(&file, first + &second).unwrap();
    browser.shows("tr[data-href]", "ContractCreated");
    assert_eq!(browser.count("tr[data-href]"), 2);
    browser.assert_content();
}

#[test]
fn empty_states_say_what_to_type() {
    let served = Served::page();
    assert!(served.get("/requests").contains("pgwh send Test --url"));
    let received = served.get("/received");
    assert!(received.contains("pgwh listen --page") && received.contains("--captures"));
    assert!(served.get("/webhooks").contains("pgwh webhook add"));
    let events = served.get("/events");
    for text in ["UserModified", "documented", "observed", "illustrative", "userFirstName"] {
        assert!(events.contains(text), "{text}");
    }
    let listening = Served::listen(List::new(), &[]);
    assert!(listening.get("/received").contains(&listening.receiver));
}

#[test]
fn a_webhook_shows_its_events_and_whether_its_secret_can_be_had() {
    let list = with_webhooks("http://127.0.0.1:1/a", "http://me:pw@127.0.0.1:1/b");
    let toml = list.folder.path().join("pgwh.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(
        &toml,
        text + "\n[[webhook]]\nname = \"cards\"\nurl = \"https://a.test/\"\n\
        events = []\nsecret = { env = \"NOBODY_SETS_THIS\" }\n",
    )
    .unwrap();
    let served = Served::page_with(list, &[]);
    let page = served.get("/webhooks");
    assert!(page.contains("ClassesBooked") && page.contains("available"), "{page}");
    assert!(page.contains("NOBODY_SETS_THIS is not set"), "{page}");
    assert!(page.contains("me:hidden@") && !page.contains("me:pw@"), "{page}");
}

#[test]
fn a_webhooks_file_that_is_broken_says_so_on_every_page_that_uses_it() {
    let hook = Hook::new(good);
    let list = with_webhooks(&hook.url(), &hook.url());
    list.run(["send", "Test", "--webhook", "members"]).exits(0);
    let capture = list.run(["requests", "show", "last", "--format", "json"]).exits(0).stdout;
    let captures = list.folder.path().join("captures.ndjson");
    fs::write(&captures, "").unwrap();
    let served = Served::page_with(list, &["--captures", "captures.ndjson"]);
    let toml = served.list.folder.path().join("pgwh.toml");
    assert_eq!(status(&served.get("/received")), 200);
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("url = ", "uri = ")).unwrap();
    for (path, is_shown) in [
        ("/requests", true),
        ("/requests/1", true),
        ("/received", true),
        ("/webhooks", false),
        ("/events", false),
        ("/compose?event=Test", false),
    ] {
        let page = served.get(path);
        assert_eq!(status(&page), if is_shown { 200 } else { 422 }, "{path}");
        assert!(page.contains("pgwh.toml") && page.contains("uri"), "{path}: {page}");
    }
    assert!(served.get("/requests").contains("data-href=\"/requests/1\""));
    // What is captured meanwhile is not taken for unsigned: it is read once the secrets are known.
    fs::write(&captures, &capture).unwrap();
    let page = served.get("/received");
    assert_eq!(status(&page), 422);
    assert!(page.contains("uri"), "{page}");
    fs::write(&toml, &text).unwrap();
    let page = served.get("/received");
    assert!(page.contains(">valid<"), "{page}");
    assert!(!served.get("/requests").contains("pgwh.toml"));
}

#[test]
fn a_deleted_request_makes_room_for_another() {
    let hook = Hook::new(good);
    let list = List::new();
    fs::write(list.folder.path().join("pgwh.toml"), "[requests]\nkeep = 3\n").unwrap();
    let served = Served::page_with(list, &[]);
    let list = &served.list;
    let events = || {
        let rows = list.entries().into_iter();
        rows.map(|row| row["event"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for event in ["Test", "ClassesBooked", "UserModified"] {
        list.send(event, &hook.url()).exits(0);
    }
    assert_eq!(status(&served.post("/requests/2/delete", "")), 303);
    list.send("ContractCreated", &hook.url()).exits(0);
    assert_eq!(events(), ["ContractCreated", "UserModified", "Test"]);
    list.send("ContractPaymentDone", &hook.url()).exits(0);
    assert_eq!(events(), ["ContractPaymentDone", "ContractCreated", "UserModified"]);
}

#[test]
fn a_capture_with_any_number_of_headers_and_targets_is_shown_in_part() {
    let list = List::new();
    let mut headers: serde_json::Map<_, _> =
        (0..20_000).map(|n| (format!("x-{n}"), serde_json::json!(["", "<"]))).collect();
    for name in ["x-perfectgym-request", "x-perfectgym-signature"] {
        headers.insert(name.to_owned(), serde_json::json!(["b814e8a178517eeb9b0da8eeb20a0df2"]));
    }
    let line = serde_json::json!({
        "receivedAt": "2026-03-01T17:42:09.000Z", "method": "POST", "path": "/",
        "headers": headers, "body": "{}",
        "forwarded": vec![serde_json::json!({"url": "http://a.test/", "status": 200}); 20_000],
    });
    fs::write(list.folder.path().join("captures.ndjson"), format!("{line}\n")).unwrap();
    let served = Served::page_with(list, &["--captures", "captures.ndjson"]);
    for path in ["/received", "/received/1"] {
        let page = served.get(path);
        assert_eq!(status(&page), 200, "{path}");
        assert!(page.len() < 100_000, "{path}: {}", page.len());
    }
    assert!(served.get("/received/1").contains("of 40002 headers"));
    // All of them are in the file.
    let capture = served.get("/received/1/capture");
    assert_eq!(capture.matches("\"x-").count(), 20_002);
    assert!(capture.contains("\"x-19999\":[\"\",\"<\"]"));
}

#[test]
fn a_load_run_shows_its_figures() {
    let (hook, list) = (Hook::new(good), List::new());
    list.run(["send", "Test", "--url", &hook.url(), "--count", "3"]).exits(0);
    let page = Served::page_with(list, &[]).get("/requests/1");
    assert!(page.contains("<dt>requests</dt>") && page.contains("3, 0 failed"), "{page}");
}
