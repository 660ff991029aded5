//! What the buttons and the keys do, in a browser, and the forms without a script.

use std::time::Duration;

use crate::browser::{Browser, wait_for};
use crate::served::{Served, status, with_webhooks};
use crate::support::hook::{Hook, good, respond};
use crate::support::list::List;

#[test]
fn a_retry_sends_the_same_id_and_bytes_and_shows_the_second_attempt() {
    let Some(mut browser) = Browser::start() else { return };
    let hook =
        Hook::new(
            |request| {
                if request.repeats == 0 { respond(503, "busy") } else { respond(200, "Ok") }
            },
        );
    let list = List::new();
    list.send("Test", &hook.url()).exits(1);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.shows("#connection", "Live");
    browser.open(&served.at("/requests/1"));
    browser.shows("#connection", "Live");
    browser.click(".actions form button");
    browser.shows("#a2", "200 OK");
    browser.shows(".summary", "successful");
    let seen = hook.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[0].id(), &seen[0].body), (seen[1].id(), &seen[1].body));
    assert!(seen[1].is_genuine());
    assert_eq!(served.list.entries()[0]["attemptCount"], 2);
    browser.assert_content();
}

#[test]
fn an_edited_request_is_sent_under_a_new_id() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let list = List::new();
    list.send("UserModified", &hook.url()).exits(0);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.open(&served.at("/compose?request=1"));
    browser.eval(
        "(() => { const t = document.querySelector('textarea'); t.value = t.value + ','; \
         t.dispatchEvent(new Event('input', {bubbles: true})); })()",
    );
    browser.shows("#body-state", "Not JSON yet");
    browser.eval(
        "(() => { const t = document.querySelector('textarea'); \
         t.value = t.value.slice(0, -1).replaceAll('48213', '99.50'); \
         t.dispatchEvent(new Event('input', {bubbles: true})); })()",
    );
    browser.shows("#body-state", "signed anew");
    browser.click("button.primary");
    browser.until("location.pathname === '/requests/2'");
    browser.shows(".summary", "successful");
    let seen = hook.seen();
    assert_ne!(seen[0].id(), seen[1].id());
    assert!(seen[1].is_genuine());
    // The number is sent as it was typed.
    let stored = served.get("/requests/2/body");
    assert!(stored.contains(r#""userId":99.50"#), "{stored}");
    browser.assert_content();
}

#[test]
fn what_cannot_be_sent_says_why_and_keeps_what_was_typed() {
    let Some(mut browser) = Browser::start() else { return };
    let served = Served::page();
    browser.open(&served.url);
    browser.open(&served.at("/compose?event=Test"));
    browser.eval("document.querySelector('#url').value = 'localhost:3000/pgm'");
    browser.eval("document.querySelector('form.compose').noValidate = true");
    browser.click("button.primary");
    browser.shows(".problem", "http://localhost:3000/pgm");
    assert_eq!(browser.eval("document.querySelector('#url').value"), "localhost:3000/pgm");
    assert!(served.list.entries().is_empty());
}

#[test]
fn a_request_is_sent_elsewhere_and_deleted() {
    let Some(mut browser) = Browser::start() else { return };
    let (hook, other) = (Hook::new(good), Hook::new(good));
    let list = List::new();
    list.send("Test", &hook.url()).exits(0);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.open(&served.at("/requests/1"));
    browser.click("details.menu summary");
    browser.click("#target");
    browser.type_text(&other.url());
    browser.press("Enter");
    browser.until("location.pathname === '/requests/2'");
    browser.shows(".summary", &other.url());
    browser.shows(".summary", "successful");
    assert_eq!(hook.seen()[0].id(), other.seen()[0].id());
    browser.eval("document.querySelector('.danger').closest('details').open = true");
    browser.click(".danger");
    browser.until("location.pathname === '/requests'");
    browser.until("document.querySelectorAll('tr[data-href]').length === 1");
    assert_eq!(served.list.entries().len(), 1);
    assert_eq!(status(&served.get("/requests/2")), 404);
    browser.assert_content();
}

#[test]
fn a_form_of_an_earlier_run_sends_no_other_request_that_has_no_id_either() {
    let hook = Hook::new(good);
    let served = Served::listen(List::new(), &[]);
    served.list.run(["send", "Test", "--unsigned", "--url", &served.receiver]).exits(0);
    let page = wait_for("the request", || {
        let page = served.get("/received/1");
        page.contains("name=\"id\"").then_some(page)
    });
    let url = hook.url().replace(':', "%3A").replace('/', "%2F");
    let own = page.split_once("name=\"id\" value=\"").unwrap().1.split_once('"').unwrap().0;
    let earlier = served.post("/received/1/send", &format!("id=1&url={url}"));
    assert_eq!(status(&earlier), 404, "{earlier}");
    // It is the one that is meant, but has no signature to be sent with.
    let own = served.post("/received/1/send", &format!("id={own}&url={url}"));
    assert_eq!(status(&own), 422, "{own}");
}

#[test]
fn a_body_that_is_too_large_to_edit_is_sent_as_it_is() {
    let hook = Hook::new(good);
    let served = Served::listen(List::new(), &["--max-body", "20MiB"]);
    let deep = |length: usize| format!("{}{}{}", "[".repeat(100), "1 ,".repeat(length), "1");
    let body = format!("{{\"event\": \"Test\", \"data\": {}{}}}", deep(1 << 20), "]".repeat(100));
    std::fs::write(served.list.folder.path().join("body"), &body).unwrap();
    served.list.run(["send", "--body", "@body", "--url", &served.receiver]).exits(0);
    wait_for("the request", || served.get("/received").contains("/received/1").then_some(()));
    for from in ["received", "request"] {
        let page = served.get(&format!("/compose?{from}=1"));
        assert!(page.len() < 16 << 10, "{}", page.len());
        assert!(page.contains("too large to edit") && !page.contains("<textarea"), "{page}");
        let field = |name: &str| {
            let value = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
            value.split_once('"').unwrap().0.to_owned()
        };
        let url = hook.url().replace(':', "%3A").replace('/', "%2F");
        let form = format!("{from}=1&url={url}&id=");
        assert_eq!(status(&served.post("/compose", &format!("{form}another"))), 404);
        let before = hook.seen().len();
        let sent = served.post("/compose", &(form + &field("id")));
        assert_eq!(status(&sent), 303, "{sent}");
        let seen = wait_for("the request", || hook.seen().into_iter().nth(before));
        assert!(seen.is_genuine() && seen.id() != field("id"));
        assert_eq!(seen.headers["content-length"], body.len().to_string());
        assert!(seen.body == serde_json::from_str::<serde_json::Value>(&body).unwrap());
    }
}

#[test]
fn a_received_request_is_sent_on_as_it_was_signed() {
    let hook = Hook::new(good);
    let served = Served::listen(List::new(), &[]);
    served.list.send("ContractCreated", &served.receiver).exits(0);
    wait_for("the request", || served.get("/received").contains("/received/1").then_some(()));
    let url = hook.url().replace(':', "%3A").replace('/', "%2F");
    let other = served.post("/received/1/send", &format!("id=another&url={url}"));
    assert_eq!(status(&other), 404, "{other}");
    let sent = served.post("/received/1/send", &format!("url={url}"));
    assert_eq!(status(&sent), 303, "{sent}");
    wait_for("the request", || hook.seen().pop());
    assert!(hook.seen()[0].is_genuine());
    assert_eq!(hook.seen()[0].event(), "ContractCreated");
    let capture = served.get("/received/1/capture");
    let capture = capture.split_once("\r\n\r\n").unwrap().1;
    let file = served.list.folder.path().join("c.ndjson");
    std::fs::write(&file, capture).unwrap();
    served.list.run(["verify", "c.ndjson"]).exits(0);
    assert!(served.get("/received/1/curl").contains("X-PerfectGym-Signature"));
}

#[test]
fn all_webhooks_are_tested_and_each_says_how_it_went() {
    let Some(mut browser) = Browser::start() else { return };
    let (booking, members) = (Hook::new(good), Hook::new(|_| respond(500, "no")));
    let list = with_webhooks(&booking.url(), &members.url());
    // The list exists: making it takes long enough on a busy machine to be given up.
    list.send("UserModified", &Hook::new(good).url()).exits(0);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.open(&served.at("/webhooks"));
    browser.shows("#connection", "Live");
    browser.click(".actions button");
    browser.shows("[data-key=booking]", "200 OK");
    browser.shows("[data-key=members]", "500 Internal Server Error");
    for hook in [&booking, &members] {
        assert_eq!(
            hook.seen().iter().map(|one| one.event().to_owned()).collect::<Vec<_>>(),
            ["Test"]
        );
        assert!(hook.seen()[0].is_genuine());
    }
    assert_eq!(served.list.entries().len(), 3);
    browser.assert_content();
}

#[test]
fn any_event_goes_to_a_webhook() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let served = Served::page_with(with_webhooks(&hook.url(), "http://127.0.0.1:1/"), &[]);
    browser.open(&served.url);
    browser.open(&served.at("/webhooks"));
    browser.eval("document.querySelector('[data-key=booking] select').value = 'UserCardScanned'");
    browser.click("[data-key=booking] form button");
    browser.until("location.pathname === '/compose' && document.readyState === 'complete'");
    browser.click("button.primary");
    browser.until("location.pathname.startsWith('/requests/')");
    browser.shows(".summary", "booking");
    browser.shows(".summary", "successful");
    assert_eq!(hook.seen()[0].event(), "UserCardScanned");
}

#[test]
fn checks_of_a_target_appear_as_they_are_made() {
    let Some(mut browser) = Browser::start() else { return };
    // It lets anybody in, and takes a moment.
    let hook = Hook::new(|_| {
        std::thread::sleep(Duration::from_millis(30));
        respond(200, "Ok")
    });
    let served = Served::page_with(with_webhooks(&hook.url(), "http://127.0.0.1:1/"), &[]);
    browser.open(&served.url);
    browser.open(&served.at("/webhooks"));
    browser.click("[data-key=booking] form[data-action] button");
    browser.until("location.pathname === '/check'");
    browser.shows(".check", "passed");
    browser.shows("[data-key=rejects-wrong-signature]", "failed");
    browser.shows(".summary", "lets anybody in");
    browser.assert_content();
}

#[test]
fn keys_alone_are_enough() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let list = List::new();
    list.send("ClassesBooked", &hook.url()).exits(0);
    list.send("UserModified", &hook.url()).exits(0);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.shows("#connection", "Live");
    browser.press("?");
    browser.until("document.querySelector('#keys').open");
    browser.press("Escape");
    browser.until("!document.querySelector('#keys').open");
    browser.press("j");
    browser.press("j");
    browser.until("document.querySelector('tr.selected').dataset.key === '1'");
    browser.press("k");
    browser.until("document.querySelector('tr.selected').dataset.key === '2'");
    browser.press("Enter");
    browser.until("location.pathname === '/requests/2' && document.readyState === 'complete'");
    browser.shows("#connection", "Live");
    browser.press("r");
    browser.shows("#a2", "200 OK");
    browser.press("Escape");
    browser.until("location.pathname === '/requests' && document.readyState === 'complete'");
    browser.shows("#connection", "Live");
    browser.press("/");
    browser.until("document.activeElement.id === 'text'");
    browser.type_text("ClassesBooked");
    browser.until("document.querySelectorAll('tr[data-href]').length === 1");
    browser.press("Escape");
    browser.press("j");
    browser.press("e");
    browser.until("location.pathname === '/compose' && document.readyState === 'complete'");
    assert_eq!(hook.seen().len(), 3);
    browser.open(&served.at("/requests"));
    browser.press("j");
    browser.press("d");
    browser.press("j");
    browser.press("d");
    browser.until("location.pathname === '/diff' && document.readyState === 'complete'");
    browser.shows("table", "data.");
    browser.assert_content();
}

#[test]
fn a_request_is_copied_as_curl() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let list = List::new();
    list.send("Test", &hook.url()).exits(0);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    let grant =
        serde_json::json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]});
    browser.call("Browser.grantPermissions", grant);
    browser.press("j");
    browser.press("c");
    browser.shows("#toast", "Copied");
    let copied = browser.eval("navigator.clipboard.readText()");
    assert!(copied.as_str().unwrap().starts_with("curl --request POST"), "{copied}");
}

#[test]
fn everything_works_without_a_script() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let list = with_webhooks(&hook.url(), &hook.url());
    list.send("ClassesBooked", &hook.url()).exits(0);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.set_javascript(false);
    let mut follow = |selector: &str, path: &str| {
        browser.eval("window.isOld = true");
        browser.click(selector);
        browser.until(&format!(
            "!window.isOld && location.pathname === {path:?} && document.readyState === 'complete'"
        ));
    };
    follow("nav a[href='/requests']", "/requests");
    follow("tr[data-href] .time a", "/requests/1");
    follow(".actions form button", "/requests/1");
    follow("a[href='/compose?request=1']", "/compose");
    follow("button.primary", "/requests/2");
    follow("nav a[href='/webhooks']", "/webhooks");
    follow("[data-key=booking] form[data-action] button", "/check");
    follow("nav a[href='/webhooks']", "/webhooks");
    follow(".actions button", "/webhooks");
    browser.shows("[data-key=members]", "200 OK");
    assert_eq!(served.list.show("last")["attempts"].as_array().unwrap().len(), 1);
    assert_eq!(served.list.entries().last().unwrap()["attemptCount"], 2);
}
