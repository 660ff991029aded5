//! The page as it looks: nothing sticks out at any width, and the pictures of the README, which
//! `UPDATE_DOCS=1` makes anew.

use std::path::Path;

use crate::browser::Browser;
use crate::served::{Served, with_webhooks};
use crate::support::hook::{Hook, good, respond};

#[test]
fn pages_fit_from_320_pixels_to_wide_and_the_pictures_show_them() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(|request| match request.event() {
        "ContractPaymentDone" => respond(500, "{\"error\":\"no such contract\"}"),
        "UserModified" if request.repeats == 0 => respond(503, "Service Unavailable"),
        _ => good(request),
    });
    let list = with_webhooks(&hook.url(), &hook.url());
    let long = format!("{}/{}", hook.url(), "a-very-long-path/".repeat(9));
    for event in ["Test", "ClassesBooked", "ContractPaymentDone", "UserPresenceChanged"] {
        list.run(["send", event, "--webhook", "members"]);
    }
    list.run(["send", "ClassesBookingPromotedFromStandbyList", "--url", &long]).exits(0);
    list.run([
        "send",
        "UserModified",
        "--webhook",
        "members",
        "--retries",
        "2",
        "--retry-delay",
        "1ms",
    ]);
    list.send("Test", "http://127.0.0.1:1/pgm").exits(3);
    list.run(["send", "ClassesBooked"]).exits(0);
    let served = Served::listen(list, &[]);
    served.list.send("ClassesBooked", &served.receiver).exits(0);
    browser.open(&served.url);
    let folder = match std::env::var_os("UPDATE_DOCS") {
        Some(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images"),
        None => Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned(),
    };
    for scheme in ["light", "dark"] {
        browser.set_scheme(scheme);
        browser.resize(1280, 560);
        browser.open(&served.at("/requests"));
        browser.shows("#connection", "Live");
        browser.picture(&folder.join(format!("page-{scheme}.png")));
        let dark = browser.eval("matchMedia('(prefers-color-scheme: dark)').matches");
        assert_eq!(dark, scheme == "dark");
        let ground = browser.eval("getComputedStyle(document.documentElement).backgroundColor");
        let is_dark = ground == "rgb(19, 20, 23)";
        assert_eq!(is_dark, scheme == "dark", "{ground}");
    }
    // A row that is longer than any screen.
    let event = "Event".repeat(36);
    served.list.run([
        "send",
        "--url",
        &hook.url(),
        "--body",
        &format!("{{\"event\":\"{event}\"}}"),
    ]);
    let paths = [
        "/requests",
        "/requests/6",
        "/requests/5",
        "/received",
        "/received/1",
        "/webhooks",
        "/events",
        "/compose?request=6",
        "/diff?attempts_of=6&a=1&b=2",
    ];
    for width in [320, 480, 800, 1400, 2200] {
        browser.resize(width, 900);
        for path in paths {
            browser.open(&served.at(path));
            let wide = browser.eval("document.documentElement.scrollWidth");
            assert_eq!(wide, width, "{path} sticks out at {width} pixels");
        }
    }
    browser.assert_content();
}
