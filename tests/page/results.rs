//! Actions show their results as they come: while the target has not responded, and when it has.

use std::fs;
use std::sync::{Arc, Condvar, Mutex};

use crate::browser::{Browser, wait_for};
use crate::served::{Served, encoded, status, with_webhooks};
use crate::support::hook::{Hook, respond};
use crate::support::list::List;

/// Holds responses back until it is opened, which a test that fails does, too.
#[derive(Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn set_open(&self, is_open: bool) {
        *self.0.0.lock().unwrap() = is_open;
        self.0.1.notify_all();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.set_open(true);
    }
}

/// A receiver behind a gate, and a list whose webhooks lead to it, without a time limit that matters.
fn gated(status: u16) -> (Gate, Hook, List) {
    let gate = Gate::default();
    let shared = gate.0.clone();
    let hook = Hook::new(move |_| {
        let (is_open, changed) = &*shared;
        drop(changed.wait_while(is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
        respond(status, "what the target says")
    });
    let list = with_webhooks(&hook.url(), &hook.url());
    let toml = list.folder.path().join("pgwh.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, format!("{text}\n[send]\ntimeout = \"10m\"\n")).unwrap();
    (gate, hook, list)
}

#[test]
fn an_edited_request_is_shown_while_it_is_sent_and_when_it_is_done() {
    let Some(mut browser) = Browser::start() else { return };
    let (gate, hook, list) = gated(500);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.open(&served.at("/compose?webhook=members"));
    browser.click("button.primary");
    browser.until("location.pathname === '/requests/1' && document.readyState === 'complete'");
    browser.shows(".summary", "sending");
    browser.shows("#a1", "being sent");
    browser.shows("#connection", "Live");
    browser.eval("window.isOld = true");
    gate.set_open(true);
    browser.shows("#a1", "500 Internal Server Error");
    browser.shows("#a1", "what the target says");
    browser.shows(".summary", "failed");
    // A retry is shown on the same page, in the same way.
    gate.set_open(false);
    browser.click(".actions form button");
    browser.shows("#a2", "being sent");
    browser.shows(".summary", "2 attempts");
    gate.set_open(true);
    browser.shows("#a2", "500 Internal Server Error");
    assert_eq!(browser.eval("window.isOld"), true);
    assert_eq!(hook.seen().len(), 2);
    browser.assert_content();
}

#[test]
fn a_retry_from_the_list_is_shown_in_its_row() {
    let Some(mut browser) = Browser::start() else { return };
    let (gate, _hook, list) = gated(200);
    gate.set_open(true);
    list.run(["send", "Test", "--webhook", "members"]).exits(0);
    gate.set_open(false);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.shows("#connection", "Live");
    browser.press("j");
    browser.press("r");
    browser.shows("[data-key='1'] .status", "sending");
    gate.set_open(true);
    browser.shows("[data-key='1'] .status", "successful");
    assert_eq!(browser.eval("location.pathname"), "/requests");
    browser.assert_content();
}

#[test]
fn tests_of_webhooks_are_shown_while_they_run_and_when_they_are_done() {
    let Some(mut browser) = Browser::start() else { return };
    let (gate, hook, list) = gated(200);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.open(&served.at("/webhooks"));
    browser.shows("#connection", "Live");
    browser.eval("window.isOld = true");
    browser.click(".actions button");
    for name in ["booking", "members"] {
        browser.shows(&format!("[data-key={name}] h2"), "being sent");
        browser.shows(&format!("[data-key={name}] h2"), "request ");
    }
    gate.set_open(true);
    for name in ["booking", "members"] {
        browser.shows(&format!("[data-key={name}] h2"), "200 OK");
    }
    assert_eq!(browser.eval("window.isOld"), true);
    assert_eq!(hook.seen().len(), 2);
    browser.assert_content();
}

#[test]
fn without_a_script_each_action_leads_to_a_page_that_waits_for_the_result() {
    let (gate, hook, list) = gated(503);
    gate.set_open(true);
    let served = Served::listen(list, &[]);
    served.list.run(["send", "Test", "--webhook", "members"]).exits(1);
    served.list.send("UserModified", &served.receiver).exits(0);
    wait_for("the request", || served.get("/received").contains("UserModified").then_some(()));
    let url = encoded(&hook.url());
    let body = encoded(r#"{"event":"Test","data":{}}"#);
    for (n, (path, form)) in [
        ("/compose", format!("webhook=members&body={body}")),
        ("/compose", format!("url={url}&body={body}")),
        ("/requests/1/retry", String::new()),
        ("/requests/1/send", format!("url={url}")),
        ("/received/1/send", format!("url={url}")),
    ]
    .into_iter()
    .enumerate()
    {
        gate.set_open(false);
        let response = served.post(path, &form);
        assert_eq!(status(&response), 303, "{path}: {response}");
        let target = response.split_once("location: ").unwrap().1.lines().next().unwrap();
        let page = served.get(target);
        assert!(page.contains("being sent"), "{path}: {page}");
        assert!(page.contains("http-equiv=\"refresh\""), "{path}: {page}");
        gate.set_open(true);
        let page = wait_for("result", || {
            let page = served.get(target);
            (!page.contains("http-equiv")).then_some(page)
        });
        assert!(page.contains("503 Service Unavailable"), "{path}: {page}");
        assert!(!page.contains("being sent"), "{path}: {page}");
        assert_eq!(hook.seen().len(), n + 2);
    }
    gate.set_open(false);
    assert_eq!(status(&served.post("/webhooks/test", "")), 303);
    let page = wait_for("tests", || {
        let page = served.get("/webhooks");
        (page.matches("being sent").count() == 2).then_some(page)
    });
    assert!(page.contains("http-equiv=\"refresh\""), "{page}");
    gate.set_open(true);
    let page = wait_for("results", || {
        let page = served.get("/webhooks");
        // An attempt ends a moment before its request does.
        (!page.contains("http-equiv")).then_some(page)
    });
    assert_eq!(page.matches("503 Service Unavailable").count(), 2, "{page}");
}

#[test]
fn many_tests_are_sent_some_at_a_time_though_their_client_is_gone() {
    const AT_ONCE: usize = 32;
    const WEBHOOKS: usize = AT_ONCE + 8;
    let (gate, hook, list) = gated(200);
    let toml = list.folder.path().join("pgwh.toml");
    let mut text = fs::read_to_string(&toml).unwrap();
    for n in 2..WEBHOOKS {
        text += &format!(
            "[[webhook]]\nname = \"w{n}\"\nurl = \"{}\"\nevents = \"all\"\n\
             secret = {{ file = \"pgm.secret\" }}\n",
            hook.url()
        );
    }
    fs::write(&toml, text).unwrap();
    let served = Served::page_with(list, &[]);
    let client = served.start_post("/webhooks/test", "");
    wait_for("the first requests", || (hook.seen().len() >= AT_ONCE).then_some(()));
    drop(client);
    let (sent, waiting) = wait_for("what is sent", || {
        let page = served.get("/webhooks");
        let count = |status: &str| page.matches(status).count();
        Some((count(">being sent<"), count(">sending<"))).filter(|(sent, _)| *sent >= AT_ONCE)
    });
    assert_eq!((sent, waiting), (AT_ONCE, WEBHOOKS - AT_ONCE));
    assert_eq!(hook.seen().len(), AT_ONCE);
    gate.set_open(true);
    wait_for("all results", || {
        (served.get("/webhooks").matches(">200 OK<").count() == WEBHOOKS).then_some(())
    });
    assert_eq!(hook.seen().len(), WEBHOOKS);
    assert_eq!(served.list.entries().len(), WEBHOOKS);
}

#[test]
fn what_cannot_be_sent_says_why_at_once() {
    let (gate, hook, list) = gated(200);
    gate.set_open(true);
    let toml = list.folder.path().join("pgwh.toml");
    let text = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, text.replace("pgm.secret", "lost.secret")).unwrap();
    let served = Served::page_with(list, &[]);
    let body = encoded(r#"{"event":"Test","data":{}}"#);
    let response = served.post("/compose", &format!("webhook=members&body={body}"));
    assert_eq!(status(&response), 422);
    assert!(response.contains("lost.secret"), "{response}");
    assert_eq!(status(&served.post("/webhooks/test", "")), 303);
    wait_for("reasons", || {
        let page = served.get("/webhooks");
        let first = page.matches("<span class=\"status bad\">").count();
        (first == 2).then_some(())
    });
    // A list that cannot be written: the request is sent, but no row can show its result.
    fs::write(&toml, text).unwrap();
    fs::remove_dir_all(served.list.state()).unwrap();
    fs::write(served.list.state(), "in the way").unwrap();
    let response = served.post("/compose", &format!("url={}&body={body}", encoded(&hook.url())));
    assert_eq!(status(&response), 422, "{response}");
    assert!(response.contains("not recorded"), "{response}");
    assert!(response.contains("sent, with this result: 200 OK"), "{response}");
    assert_eq!(hook.seen().len(), 1);
}

#[test]
fn nothing_moves_where_motion_is_reduced() {
    let Some(mut browser) = Browser::start() else { return };
    let (_gate, _hook, list) = gated(200);
    let served = Served::page_with(list, &[]);
    let body = encoded(r#"{"event":"Test","data":{}}"#);
    assert_eq!(status(&served.post("/compose", &format!("webhook=members&body={body}"))), 303);
    browser.open(&served.url);
    // All that is animated or in transition, wherever it is.
    let moving = "[...document.querySelectorAll('*')].flatMap(e => ['', '::before', '::after'].map( \
                  p => getComputedStyle(e, p))).filter(s => s.animationName !== 'none' \
                  || s.transitionDuration.split(', ').some(d => d !== '0s')).length";
    for path in ["/requests", "/requests/1"] {
        browser.set_media("prefers-reduced-motion", "no-preference");
        browser.open(&served.at(path));
        browser.shows(".busy", "sending");
        assert_ne!(browser.eval(moving), 0, "{path}");
        browser.set_media("prefers-reduced-motion", "reduce");
        assert_eq!(browser.eval(moving), 0, "{path}");
        assert_eq!(browser.eval("document.getAnimations().length"), 0, "{path}");
    }
}
