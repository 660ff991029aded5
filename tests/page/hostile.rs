//! Contents that want to be more than text: in every field, of what is sent and of what is received.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::browser::{Browser, wait_for};
use crate::served::{Served, encoded, with_webhooks};
use crate::support::hook::{Hook, good, respond_with};
use crate::support::list::List;

/// Markup that would say so if it were one, and marks that turn text around.
const MARKUP: &str = "<script>window.hacked=1</script><svg onload=window.hacked=1><img src=x \
    onerror=window.hacked=1>\"'><a href=javascript:window.hacked=1>x</a>\u{202e}gnp.exe\u{200b}";

/// Asserts that what a page shows is text.
#[track_caller]
fn assert_harmless(browser: &mut Browser, path: &str) {
    browser.until("document.readyState === 'complete'");
    assert_eq!(browser.eval("window.hacked ?? null"), json!(null), "{path}");
    assert_eq!(
        browser.count("main svg:not(.bar), main img, main script, main iframe"),
        0,
        "{path}"
    );
    assert_eq!(browser.count("[href^='javascript:' i], [src^='javascript:' i]"), 0, "{path}");
    let text = browser.eval("document.body.innerText");
    let text = text.as_str().unwrap();
    assert!(!text.contains(['\u{202e}', '\u{200b}', '\u{1b}']), "{path}");
}

#[test]
fn nothing_that_was_sent_is_markup() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(|_| {
        let head = "X-Evil: <script>window.hacked=1</script>\r\nConnection: close\r\n";
        respond_with(500, head, format!("{MARKUP}\u{1b}[31m").as_bytes())
    });
    let list = List::new();
    let url = format!("{}?<script>window.hacked=1</script>", hook.url());
    let body = json!({"event": MARKUP, "data": {MARKUP: MARKUP}}).to_string();
    list.run(["send", "--url", &url, "--body", &body]).exits(1);
    list.run(["send", "--url", &url, "--body", MARKUP]).exits(1);
    let header = format!("X-Mine: {}", "<b onclick=window.hacked=1>");
    list.run(["send", "Test", "--url", &url, "--header", &header]).exits(1);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    let paths = [
        "/requests",
        "/requests/1",
        "/requests/2",
        "/requests/3",
        "/diff?a=1&b=2",
        "/compose?request=1",
        "/compose?request=2",
        "/requests/1/body",
        "/requests/2/curl",
        "/requests?text=%3Cscript%3Ewindow.hacked%3D1%3C%2Fscript%3E&event=%22%3E%3Csvg%3E",
        "/diff?a=%3Csvg%3E&b=1",
        "/check?webhook=%3Csvg%20onload%3Dwindow.hacked%3D1%3E",
    ];
    for path in paths {
        browser.open(&served.at(path));
        if !path.contains("/body") && !path.contains("/curl") && !path.contains("/compose") {
            assert_harmless(&mut browser, path);
        } else {
            assert_eq!(browser.eval("window.hacked ?? null"), json!(null), "{path}");
        }
    }
    // And live: a row that arrives while the page is open.
    browser.open(&served.at("/requests"));
    browser.shows("#connection", "Live");
    served.list.run(["send", "--url", &url, "--body", &body]).exits(1);
    browser.until("document.querySelectorAll('tr[data-href]').length === 4");
    assert_harmless(&mut browser, "live");
}

#[test]
fn nothing_that_was_received_is_markup_and_five_megabytes_are_shown_in_part() {
    let Some(mut browser) = Browser::start() else { return };
    let served = Served::listen(List::new(), &["--max-body", "8MiB"]);
    let address = served.receiver.trim_start_matches("http://").to_owned();
    let deliver = |id: &str, path: &str, body: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nX-PerfectGym-Request: {id}\r\n\
             X-PerfectGym-Signature: <svg onload=window.hacked=1>\r\nX-Evil: {id}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    };
    let evil = json!({"event": MARKUP, "triggeredDate": MARKUP, "data": [MARKUP]}).to_string();
    deliver("<script>window.hacked=1</script>", "/%3Csvg%3E?javascript:window.hacked=1//'", &evil);
    let huge = json!({"event": "Test", "data": "<b>".repeat(5 << 18)}).to_string();
    deliver("huge", "/", &huge);
    deliver("text", "/", &MARKUP.repeat(40_000));
    wait_for("the requests", || served.get("/received").contains("/received/3").then_some(()));
    browser.open(&served.url);
    for path in ["/received", "/received/1", "/received/2", "/received/3", "/diff?a=r1&b=r2"] {
        browser.open(&served.at(path));
        assert_harmless(&mut browser, path);
        let length = browser.eval("document.documentElement.outerHTML.length").as_u64().unwrap();
        assert!(length < 1 << 20, "{path}: {length}");
    }
    // All of it is there to be opened.
    let raw = served.get("/received/2/body");
    assert!(raw.len() > huge.len(), "{}", raw.len());
    assert!(raw.to_ascii_lowercase().contains("content-type: text/plain; charset=utf-8\r\n"));
}

#[test]
fn no_name_of_a_webhook_is_markup() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let list = with_webhooks(&hook.url(), &hook.url());
    let toml = list.folder.path().join("pgwh.toml");
    let text = fs::read_to_string(&toml).unwrap();
    // A basic string of TOML is one of JSON.
    let text = text.replace("\"members\"", &json!(MARKUP).to_string());
    // To JavaScript, a name that every object has.
    let text = text.replace("\"booking\"", "\"constructor\"");
    fs::write(&toml, &text).unwrap();
    let served = Served::listen(list, &[]);
    served.list.run(["send", "Test", "--webhook", MARKUP]).exits(0);
    served.list.send("Test", &served.receiver).exits(0);
    wait_for("the request", || served.get("/received").contains("/received/1").then_some(()));
    browser.open(&served.url);
    let name = encoded(MARKUP);
    let paths = [
        "/requests".to_owned(),
        format!("/requests?webhook={name}"),
        "/requests/1".to_owned(),
        "/received".to_owned(),
        format!("/received?webhook={name}"),
        "/received/1".to_owned(),
        "/webhooks".to_owned(),
        "/compose".to_owned(),
        format!("/compose?webhook={name}"),
        format!("/check?webhook={name}"),
    ];
    for path in &paths {
        browser.open(&served.at(path));
        assert_harmless(&mut browser, path);
        // What is not seen is read aloud, or shown when the pointer rests on it.
        let hidden = browser.eval(
            "[...document.querySelectorAll('*')].flatMap(e => [e.ariaLabel, e.title, e.label, \
             e.tagName === 'OPTION' ? e.text : '']).join('')",
        );
        assert!(!hidden.as_str().unwrap().contains(['\u{202e}', '\u{200b}']), "{path}");
    }
    // Its buttons work, and show their results.
    browser.open(&served.at("/webhooks"));
    browser.shows("#connection", "Live");
    browser.click(".actions button");
    browser.until("document.querySelectorAll('.webhook h2 .status.good').length === 2");
    assert_harmless(&mut browser, "tested");
    browser.click(".webhook:last-child form[data-action] button");
    browser.until("location.pathname === '/check' && document.readyState === 'complete'");
    browser.shows("h1", "<script>window.hacked=1</script>");
    browser.shows(".summary", "ready");
    assert_harmless(&mut browser, "checked");
    browser.assert_content();
    // A file that is wrong is quoted.
    fs::write(&toml, text.replace("url = ", "uri = ")).unwrap();
    for path in &paths {
        browser.open(&served.at(path));
        assert_harmless(&mut browser, path);
    }
}

#[test]
fn no_body_makes_a_page_that_is_many_times_as_long() {
    let served = Served::listen(List::new(), &["--max-body", "2MiB"]);
    // Each of many small values stands far to the right.
    let nested = |depth: usize, value: &str, length: usize| {
        let values = vec![value; length / (value.len() + 1)].join(",");
        format!("{}{values}{}", "[".repeat(depth), "]".repeat(depth))
    };
    let bodies =
        [nested(120, "1", 120 << 10), nested(120, "2", 120 << 10), nested(1, "\"\"", 1 << 20)];
    let hook = Hook::new(good);
    for body in &bodies {
        fs::write(served.list.folder.path().join("body"), body).unwrap();
        served.list.run(["send", "--body", "@body", "--url", &served.receiver]).exits(0);
        served.list.run(["send", "--body", "@body", "--url", &hook.url()]).exits(0);
    }
    wait_for("the requests", || served.get("/received").contains("/received/3").then_some(()));
    for path in [
        "/received/1",
        "/received/3",
        "/requests/1",
        "/diff?a=r1&b=r2",
        "/diff?a=1&b=3",
        "/diff?a=1&b=5",
    ] {
        let page = served.get(path);
        assert!(page.contains("200 OK\r\n"), "{path}");
        assert!(page.len() < 1 << 20, "{path}: {}", page.len());
    }
    let differences = served.get("/diff?a=r1&b=r2");
    assert!(differences.contains("these are the first 200"));
    // All of a body can be edited. Quotes take six bytes.
    for (path, body) in [("/compose?received=1", &bodies[0]), ("/compose?request=5", &bodies[2])] {
        let page = served.get(path);
        assert!(page.contains("200 OK\r\n"), "{path}");
        assert!(page.len() < 16 * body.len(), "{path}: {}", page.len());
    }
}
