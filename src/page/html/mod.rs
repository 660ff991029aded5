//! The one place where markup is made. Text from outside goes through [`foreign`] or [`foreign_block`]:
//! nothing in it is markup, and nothing in it reorders or hides what stands around it.

pub(super) mod received;
pub(super) mod requests;
pub(super) mod webhooks;

use chrono::{DateTime, Utc};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use super::{Fragment, ListQuery, LoadedConfig, Problem, fragments_id, indented};
use crate::delivery::{DeliveryVerdict, describe_attempt};
use crate::report::{JsonPart, escape, escape_block, painted_json};
use crate::requests::{AttemptStatus, StoredAttempt};
use crate::text::{Diagnostic, grouped, shortened};
use crate::verify::{Finding, FindingKind, Severity};
use crate::webhooks::Config;

/// Characters of a text from outside in one line.
const MAX_LINE: usize = 300;
/// Headers of a request or a response.
const MAX_HEADERS: usize = 200;
/// Columns of a list.
const COLUMNS: u8 = 7;
/// Bytes of indented JSON.
const MAX_JSON: usize = 128 * 1024;
/// Characters of a body that are shown as text.
const MAX_BLOCK: usize = 64 * 1024;

/// A problem in the place of what would be shown.
pub(super) fn problem_fragment(problem: &Problem) -> Fragment {
    fragment("problem", html! { div data-key="problem" { (diagnostic(&problem.diagnostic)) } })
}

/// A page for what went wrong.
pub(super) fn problem_page(problem: &Problem) -> Markup {
    let body = html! {
        h1 { "That did not work" }
        (diagnostic(&problem.diagnostic))
    };
    document("Problem", None, body)
}

fn diagnostic(diagnostic: &Diagnostic) -> Markup {
    html! {
        div.problem role="alert" {
            p { (foreign(&diagnostic.message)) }
            @for line in &diagnostic.help { p.help { (foreign(line)) } }
        }
    }
}

/// What is wrong with pgwh.toml, on pages that are shown all the same.
fn config_problem(settings: &LoadedConfig) -> Markup {
    html! { @if let Some(problem) = &settings.problem { div { (diagnostic(problem)) } } }
}

/// Parts of a page that are live, below each other.
fn live_stack(fragments: &[Fragment]) -> Markup {
    html! { div.stack data-live=(fragments_id(fragments)) { (joined(fragments)) } }
}

fn joined(fragments: &[Fragment]) -> Markup {
    html! { @for fragment in fragments { (PreEscaped(&fragment.html)) } }
}

/// The part of the page that a link of the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Requests,
    Received,
    Webhooks,
    Events,
}

fn document(title: &str, section: Option<Section>, body: Markup) -> Markup {
    live_document(title, section, false, body)
}

/// A page with parts that are live. While one `is_changing`, it loads itself again where there is no
/// JavaScript.
fn live_document(title: &str, section: Option<Section>, is_changing: bool, body: Markup) -> Markup {
    let links = [
        (Section::Requests, "/requests", "Requests"),
        (Section::Received, "/received", "Received"),
        (Section::Webhooks, "/webhooks", "Webhooks"),
        (Section::Events, "/events", "Events"),
    ];
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // Forms of this page say which page they come from; nobody else is told.
                meta name="referrer" content="same-origin";
                @if is_changing { noscript { meta http-equiv="refresh" content="1"; } }
                title { (title) " · pgwh" }
                link rel="icon" href="/favicon.ico" type="image/svg+xml";
                link rel="stylesheet" href="/page.css";
                script src="/page.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to content" }
                header.top {
                    a.brand href="/requests" { "pgwh" }
                    nav aria-label="Pages" {
                        @for (own, href, text) in links {
                            a href=(href) aria-current=[(section == Some(own)).then_some("page")] {
                                (text)
                            }
                        }
                    }
                    p #connection.connection role="status" {}
                    button #show-keys.quiet type="button" hidden { kbd { "?" } " Keys" }
                }
                main #main tabindex="-1" { (body) }
                p #toast.toast role="status" {}
                dialog #keys aria-labelledby="keys-title" { (keys()) }
            }
        }
    }
}

fn keys() -> Markup {
    let keys: [(&[&str], &str); 9] = [
        (&["j", "k"], "next, previous"),
        (&["Enter"], "open"),
        (&["Esc"], "back"),
        (&["r"], "retry: the same id and bytes"),
        (&["e"], "edit and send"),
        (&["c"], "copy as curl"),
        (&["d"], "mark; a second one shows the difference"),
        (&["/"], "filter"),
        (&["?"], "these keys"),
    ];
    html! {
        h2 #keys-title { "Keys" }
        dl.keys {
            @for (keys, text) in keys {
                dt { @for key in keys { kbd { (key) } } }
                dd { (text) }
            }
        }
        form method="dialog" { button { "Close" } }
    }
}

fn fragment(key: &str, html: Markup) -> Fragment {
    Fragment { key: key.to_owned(), html: html.into_string() }
}

/// One line of text from outside.
fn foreign(text: &str) -> Markup {
    foreign_up_to(text, MAX_LINE)
}

fn foreign_up_to(text: &str, max: usize) -> Markup {
    let shown = escape(&shortened(text, max));
    html! { bdi { (shown) } }
}

/// Lines of text from outside.
fn foreign_block(text: &str) -> Markup {
    let shown = escape_block(&shortened(text, MAX_BLOCK));
    html! { (shown) }
}

/// A moment, in UTC.
fn moment(moment: DateTime<Utc>) -> Markup {
    let full = moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    html! {
        time datetime=(full) title=(full) {
            span.date { (moment.format("%m-%d ")) }
            (moment.format("%H:%M:%S"))
            span.millis { (moment.format("%.3f")) }
        }
    }
}

/// A command to be typed.
fn command(text: &str) -> Markup {
    html! { pre.command { code { (text) } } }
}

/// A body: JSON indented, other text as it is; `raw` leads to the exact bytes.
fn payload(body: &[u8], raw: &str) -> Markup {
    let is_small = body.len() <= MAX_JSON;
    let json = is_small.then(|| serde_json::from_slice(body).ok()).flatten();
    let json = json.filter(|json| indented(json, MAX_JSON).is_some());
    html! {
        @match (json, std::str::from_utf8(body)) {
            (_, Ok("")) => p.dim { "Empty." },
            (Some(json @ (Value::Object(_) | Value::Array(_))), _) => pre.code { (json_value(&json)) },
            (_, Ok(text)) => {
                pre.code { (foreign_block(text)) }
                @if text.chars().nth(MAX_BLOCK).is_some() {
                    p.dim { "This is the start of " (body.len()) " bytes: " a href=(raw) { "all of it" } }
                }
            }
            (_, Err(_)) => p.dim { (body.len()) " bytes that are not text: " a href=(raw) { "open them" } },
        }
    }
}

/// A body as it is; `raw` leads to the exact bytes.
fn raw_payload(body: &[u8], size: usize, raw: &str) -> Markup {
    html! {
        details.part { summary { "Raw payload, " (grouped(size as u64)) " bytes" }
            pre.code { (foreign_block(&String::from_utf8_lossy(body))) }
            p { a href=(raw) { "Open the exact bytes" } }
        }
    }
}

/// JSON with its parts told apart.
fn json_value(value: &Value) -> Markup {
    let paint = |part, text: &str| {
        let class = match part {
            JsonPart::Key => "key",
            JsonPart::Text => "string",
            JsonPart::Null => "null",
        };
        html! { span.(class) { (text) } }.into_string()
    };
    PreEscaped(painted_json(value, 0, &paint))
}

/// Header names and values.
fn header_list<'a>(headers: impl ExactSizeIterator<Item = (&'a str, &'a str)>) -> Markup {
    let count = headers.len();
    html! {
        dl.headers {
            @for (name, value) in headers.take(MAX_HEADERS) {
                dt { (foreign(name)) }
                dd { (foreign_up_to(value, 4096)) }
            }
        }
        @if count > MAX_HEADERS {
            p.dim { "These are the first " (MAX_HEADERS) " of " (count) " headers." }
        }
    }
}

/// Findings with their help and explanation, the worst first; nothing where there are none.
fn finding_section(findings: &[Finding]) -> Markup {
    if findings.is_empty() {
        return Markup::default();
    }
    html! {
        section aria-labelledby="findings" {
            h2 #findings { "Findings" }
            ul.findings {
                @for finding in findings {
                    li class=(severity(finding.severity)) {
                        p.message {
                            span.severity { (finding.severity) } " "
                            (foreign_up_to(&finding.message, 1000))
                        }
                        p.help { (foreign_up_to(&finding.help, 1000)) }
                        @if !finding.evidence.is_empty() {
                            dl.headers {
                                @for (name, value) in &finding.evidence {
                                    dt { (name) } dd { (foreign(value)) }
                                }
                            }
                        }
                        @if let Some(kind) = FindingKind::find(finding.id) {
                            details {
                                summary { "Why (" code { (finding.id) } ")" }
                                p { (kind.explanation) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Info => "info",
    }
}

/// Good, bad, or in between: the class of a status.
fn status_class(status: u16) -> &'static str {
    if crate::pgm::is_success(status) { "good" } else { "bad" }
}

/// The class of an attempt, and how it went in words.
fn attempt_state(attempt: &StoredAttempt) -> (&'static str, String) {
    match &attempt.status {
        AttemptStatus::Finished(attempt) => {
            let is_delivered = attempt.verdict() == DeliveryVerdict::Delivered;
            (if is_delivered { "good" } else { "bad" }, describe_attempt(attempt))
        }
        AttemptStatus::Sending => ("busy", "being sent".to_owned()),
        AttemptStatus::Interrupted => {
            ("warn", "interrupted: its process ended before it knew the outcome".to_owned())
        }
    }
}

/// `<option>`s, the chosen one selected.
fn options<'a>(chosen: &str, all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Markup {
    html! {
        @for (value, text) in all {
            option value=(value) selected[value == chosen] { (escape(&shortened(text, MAX_LINE))) }
        }
    }
}

/// The filters of a list, as a form that works by itself.
fn filter_form(
    path: &str,
    query: &ListQuery,
    config: &Config,
    verdicts: &[(&str, &str)],
    verdict_label: &str,
) -> Markup {
    let classes =
        [("", "any"), ("2", "2xx"), ("3", "3xx"), ("4", "4xx"), ("5", "5xx"), ("0", "none")];
    let webhooks = config.webhooks.iter().map(|webhook| webhook.name.as_str());
    let any = || [("", "any")].into_iter();
    html! {
        form.filter #filter method="get" action=(path) role="search" {
            div { label for="text" { "Text" }
                input #text name="text" type="search" value=(query.text) placeholder="payload, URL …" autocomplete="off" data-filter; }
            div { label for="filter-event" { "Event" }
                input #filter-event name="event" type="search" value=(query.event) list="events" autocomplete="off";
                datalist #events { @for name in crate::pgm::event_names() { option value=(name) {} } } }
            div { label for="filter-webhook" { "Webhook" }
                select #filter-webhook name="webhook" {
                    (options(&query.webhook, any().chain(webhooks.map(|name| (name, name))))) } }
            div { label for="verdict" { (verdict_label) }
                select #verdict name="verdict" {
                    (options(&query.verdict, any().chain(verdicts.iter().copied()))) } }
            div { label for="class" { "Response" }
                select #class name="class" { (options(&query.class, classes)) } }
            div { label for="filter-id" { "Request id" }
                input #filter-id name="id" type="search" value=(query.id) placeholder="its beginning" autocomplete="off"; }
            div.buttons {
                button type="submit" { "Filter" }
                a href=(path) data-clear { "Clear" }
            }
        }
    }
}

/// A list whose rows are live; the columns of numbers come last.
fn list_table(caption: &str, texts: &[&str], numbers: &[&str], rows: &[Fragment]) -> Markup {
    html! {
        table.list {
            caption.hidden { (caption) }
            thead {
                tr {
                    @for name in texts { th scope="col" { (name) } }
                    @for name in numbers { th.number scope="col" { (name) } }
                }
            }
            tbody data-live=(fragments_id(rows)) { (joined(rows)) }
        }
    }
}

/// The link to the rows after the last one that is shown.
fn older(path: &str, query: &ListQuery, last: &str) -> Fragment {
    let href = format!("{path}?{}", query.to_query(last));
    let html = html! {
        tr.more data-key="older" { td colspan=(COLUMNS) { a href=(href) { "Older requests →" } } }
    };
    fragment("older", html)
}

/// What stands in an empty list: that nothing matches, or what to do.
fn empty_row(query: &ListQuery, path: &str, nothing_yet: Markup) -> Fragment {
    let html = html! {
        tr.more data-key="empty" {
            td colspan=(COLUMNS) {
                div.empty {
                    @if query.is_filtered() || !query.before.is_empty() {
                        p { "No request matches. " a href=(path) data-clear { "Show all" } }
                    } @else { (nothing_yet) }
                }
            }
        }
    };
    fragment("empty", html)
}

/// Says which request a form means, so that it never means another one: a new list, and another run of
/// pgwh, begin to count again.
fn meant_request(id: &str) -> Markup {
    html! { input type="hidden" name="id" value=(id); }
}

/// The form that sends the request with this id to a URL; those of webhooks are suggested.
fn target_form(action: &str, id: &str, url: &str, config: &Config) -> Markup {
    html! {
        form.row method="post" action=(action) data-action {
            (meant_request(id))
            label for="target" { "URL" }
            input #target name="url" type="url" required value=(url) list="targets"
                placeholder="http://localhost:3000/pgm" autocomplete="off";
            datalist #targets {
                // A URL with a password is for its webhook alone.
                @for webhook in config.webhooks.iter().filter(|one| one.url.password().is_none()) {
                    option value=(webhook.url) { (escape(webhook.name.as_str())) }
                }
            }
            button type="submit" { "Send" }
        }
    }
}
