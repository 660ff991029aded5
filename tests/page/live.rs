//! Pages that stay up to date by themselves, and find their way back.

use crate::browser::Browser;
use crate::served::{Served, status};
use crate::support::hook::{Hook, good};
use crate::support::list::List;

/// What a page shows of its rows: their keys, from top to bottom.
fn keys(browser: &mut Browser) -> Vec<String> {
    let keys =
        browser.eval("[...document.querySelectorAll('tr[data-href]')].map(r => r.dataset.key)");
    serde_json::from_value(keys).unwrap()
}

#[test]
fn what_a_terminal_sends_appears_by_itself() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let served = Served::page();
    browser.open(&served.url);
    browser.shows("tbody", "No requests yet");
    browser.shows("#connection", "Live");
    served.list.send("Test", &hook.url()).exits(0);
    browser.shows("tr[data-href] .status", "successful");
    served.list.send("ContractCreated", &hook.url()).exits(0);
    browser.shows("tr[data-href]", "ContractCreated");
    assert_eq!(keys(&mut browser), ["2", "1"]);
    browser.assert_content();
}

#[test]
fn rows_are_neither_lost_nor_doubled_when_the_server_was_away() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let list = List::new();
    list.send("Test", &hook.url()).exits(0);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.shows("tr[data-href]", "Test");
    browser.shows("#connection", "Live");
    let served = served.restart(|list| {
        list.send("UserModified", &hook.url()).exits(0);
        list.send("ClassesBooked", &hook.url()).exits(0);
    });
    browser.shows("tr[data-href]", "ClassesBooked");
    browser.shows("#connection", "Live");
    assert_eq!(keys(&mut browser), ["3", "2", "1"]);
    served.list.send("ContractCreated", &hook.url()).exits(0);
    browser.shows("tr[data-href]", "ContractCreated");
    assert_eq!(keys(&mut browser), ["4", "3", "2", "1"]);
}

#[test]
fn what_is_selected_stays_selected_while_rows_arrive() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let list = List::new();
    list.send("Test", &hook.url()).exits(0);
    let served = Served::page_with(list, &[]);
    browser.open(&served.url);
    browser.shows("#connection", "Live");
    browser.press("j");
    browser.until("document.querySelector('tr.selected')?.dataset.key === '1'");
    served.list.send("UserModified", &hook.url()).exits(0);
    browser.shows("tr[data-href]", "UserModified");
    browser.until("document.querySelector('tr.selected').dataset.key === '1'");
    // A retry changes the selected row itself.
    browser.press("r");
    browser.until("document.querySelector('[data-key=\"1\"] td.number').innerText.startsWith('2')");
    browser.until("document.querySelector('tr.selected').dataset.key === '1'");
    browser.until("document.activeElement.closest('tr')?.dataset.key === '1'");
}

#[test]
fn a_stream_says_what_a_page_has_and_sends_nothing_twice() {
    let hook = Hook::new(good);
    let list = List::new();
    list.send("Test", &hook.url()).exits(0);
    let served = Served::page_with(list, &[]);
    let page = served.get("/requests");
    let id = page.split_once("data-live=\"").unwrap().1.split('"').next().unwrap();
    // The page has everything: no event. Another state: everything.
    let first = served.first_event(&format!("/live/requests?seen={id}"), &[]);
    assert!(!first.contains("data:"), "{first}");
    let first = served.first_event("/live/requests?seen=0", &[]);
    assert!(first.contains("data:") && first.contains(&format!("id: {id}")), "{first}");
    let known = format!("Last-Event-ID: {id}");
    let first = served.first_event("/live/requests?seen=0", &[&known]);
    assert!(!first.contains("data:"), "{first}");
    // The same in another process.
    let served = served.restart(|_| ());
    let first = served.first_event("/live/requests", &[&known]);
    assert!(!first.contains("data:"), "{first}");
}

#[test]
fn a_new_list_in_the_place_of_the_old_one_is_shown() {
    let Some(mut browser) = Browser::start() else { return };
    let hook = Hook::new(good);
    let list = List::new();
    list.send("Test", &hook.url()).exits(0);
    let id = hook.seen()[0].id().to_owned();
    let served = Served::page_with(list, &[]);
    assert!(served.get("/requests/1").contains(&format!("name=\"id\" value=\"{id}\"")));
    browser.open(&served.url);
    browser.shows("#connection", "Live");
    browser.shows("tr[data-href]", "Test");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", served.list.file().display()));
    }
    served.list.send("UserModified", &hook.url()).exits(0);
    browser.shows("tr[data-href]", "UserModified");
    assert_eq!(keys(&mut browser).len(), 1);
    browser.assert_content();
    // The form of a page about the old list does not mean the new list's request.
    for action in ["retry", "delete"] {
        let response = served.post(&format!("/requests/1/{action}"), &format!("id={id}"));
        assert_eq!(status(&response), 404, "{action}: {response}");
    }
    let form = format!("id={id}&url=http%3A%2F%2F{}%2F", hook.address);
    assert_eq!(status(&served.post("/requests/1/send", &form)), 404);
    assert_eq!(served.list.entries().len(), 1);
    assert_eq!(hook.seen().len(), 2);
}
