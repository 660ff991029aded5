//! Every page of the page, examined by axe-core: light, dark and narrow. The tool is installed by
//! `.ci/page`; without it this is skipped, and said so.

use std::fs;
use std::path::Path;

use crate::browser::Browser;
use crate::served::{Served, with_webhooks};
use crate::support::hook::{Hook, good, respond};
use crate::support::skipped;

fn axe() -> Option<String> {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page/node_modules/axe-core/axe.min.js");
    let script = fs::read_to_string(file).ok();
    if script.is_none() {
        let all = std::env::var("PGWH_TEST_RECEIVERS").is_ok_and(|value| value == "all");
        assert!(!all, "axe-core is not installed");
        skipped("the page's accessibility", "axe-core, which .ci/page installs");
    }
    script
}

#[test]
fn no_page_violates_a_rule_light_dark_or_narrow() {
    let (Some(axe), Some(mut browser)) = (axe(), Browser::start()) else { return };
    let hook = Hook::new(|request| {
        if request.nth % 2 == 0 { respond(503, "{\"busy\":true}") } else { good(request) }
    });
    let list = with_webhooks(&hook.url(), "http://127.0.0.1:1/");
    list.send("UserModified", &hook.url()).exits(1);
    list.send("Test", &hook.url()).exits(0);
    list.run(["requests", "retry", "last", "-q"]);
    let served = Served::listen(list, &["--forward-to", &hook.url()]);
    served.list.send("ClassesBooked", &served.receiver);
    let mut wrong = served.list.command(["send", "Test", "--url", &served.receiver]);
    wrong.env("PGWH_SECRET", "another").output().unwrap();
    served.post("/webhooks/test", "");
    served.post("/webhooks/check", "webhook=members");
    browser.open(&served.url);
    // The page's own policy forbids scripts from elsewhere, this one too.
    browser.call("Page.setBypassCSP", serde_json::json!({"enabled": true}));
    let paths = [
        "/requests",
        "/requests?text=nothing+at+all",
        "/requests/1",
        "/requests/2",
        "/received",
        "/received/1",
        "/received/2",
        "/webhooks",
        "/check?webhook=members",
        "/events",
        "/compose?request=1",
        "/diff?attempts_of=2&a=1&b=2",
        "/diff?a=1&b=2",
        "/nowhere",
    ];
    for (scheme, width) in [("light", 1400), ("dark", 1400), ("light", 320), ("dark", 320)] {
        browser.set_scheme(scheme);
        browser.resize(width, 900);
        for path in paths {
            browser.open(&served.at(path));
            browser.eval(&axe);
            browser.eval("for (const d of document.querySelectorAll('details')) d.open = true");
            let found = browser.eval(
                "axe.run().then(r => r.violations.map(v => \
                 v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join('; ')))",
            );
            assert_eq!(found, serde_json::json!([]), "{path}, {scheme}, {width}");
        }
    }
    browser.resize(1400, 900);
    browser.open(&served.at("/requests"));
    browser.press("?");
    browser.eval(&axe);
    let found = browser.eval("axe.run().then(r => r.violations.map(v => v.id))");
    assert_eq!(found, serde_json::json!([]), "the keys");
}
