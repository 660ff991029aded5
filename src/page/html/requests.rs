//! The requests list, one request with its attempts, a request to be edited, and differences.

use std::time::Duration;

use maud::{Markup, html};
use serde_json::Value;

use super::{
    Section, attempt_state, command, config_problem, diagnostic, document, finding_section,
    foreign, foreign_block, foreign_up_to, fragment, header_list, live_document, live_stack,
    meant_request, moment, options, payload, raw_payload, status_class,
};
use crate::delivery::{Attempt, DeliveryVerdict, Response, format_duration, help, status_line};
use crate::page::{
    Compared, Compose, Fragment, ListQuery, LoadedConfig, MAX_DIFFERENCES, PAGE_ROWS, Problem,
};
use crate::payload::{Change, Difference};
use crate::pgm;
use crate::report::{event_text, load_figures, response_text, status_word};
use crate::requests::{RequestRow, Status, StoredAttempt, StoredRequest};
use crate::text::{count, grouped, shown_url};
use crate::verify::Examination;
use crate::webhooks::Config;

/// Characters of a value in a comparison.
const MAX_VALUE: usize = 1000;

/// The width of the bars, in units of their own.
const BAR: f64 = 1000.0;

/// The list, with its filters.
pub(in crate::page) fn list_page(
    query: &ListQuery,
    rows: &[RequestRow],
    settings: &LoadedConfig,
) -> Markup {
    const TEXTS: [&str; 5] = ["Status", "Time (UTC)", "Event", "Target", "Response"];
    const NUMBERS: [&str; 2] = ["Attempts", "Duration"];
    let rows = list_fragments(query, rows);
    let statuses = Status::ALL.map(|status| (status.as_str(), status_word(status)));
    let body = html! {
        h1 { "Requests" }
        (config_problem(settings))
        (super::filter_form("/requests", query, &settings.config, &statuses, "Status"))
        (super::list_table("Requests that were sent, newest first", &TEXTS, &NUMBERS, &rows))
    };
    document("Requests", Some(Section::Requests), body)
}

/// The rows of the list; `rows` may have one more than is shown.
pub(in crate::page) fn list_fragments(query: &ListQuery, rows: &[RequestRow]) -> Vec<Fragment> {
    if rows.is_empty() {
        return vec![empty(query)];
    }
    let mut fragments: Vec<_> = rows.iter().take(PAGE_ROWS).map(row).collect();
    if let Some(last) = rows.get(PAGE_ROWS - 1).filter(|_| rows.len() > PAGE_ROWS) {
        fragments.push(super::older("/requests", query, &last.row.to_string()));
    }
    fragments
}

fn empty(query: &ListQuery) -> Fragment {
    let nothing_yet = html! {
        p { "No requests yet. Send one from a terminal:" }
        (command("pgwh send Test --url http://localhost:3000/pgm"))
        p { "It appears here at once." }
    };
    super::empty_row(query, "/requests", nothing_yet)
}

fn row(row: &RequestRow) -> Fragment {
    let key = row.row.to_string();
    let href = format!("/requests/{}", row.row);
    let html = html! {
        tr data-key=(key) data-href=(href) data-id=(row.request_id.as_str()) data-edit=[row.load.is_none().then(|| format!("/compose?request={key}"))] {
            td.status.(class(row.status)) { (status_word(row.status)) }
            td.time { a href=(href) { (moment(row.created_at)) } }
            td.event { (foreign(&event_text(row))) }
            td.target { (target(row)) }
            td.response { (foreign(&response_text(row))) }
            td.number data-label="attempts" { @if row.load.is_none() { (row.attempts) } }
            td.number { @if let Some(elapsed) = row.elapsed { (format_duration(elapsed)) } }
        }
    };
    fragment(&key, html)
}

fn target(row: &RequestRow) -> Markup {
    html! {
        @match &row.webhook {
            Some(name) => span title=(shown_url(&row.url)) { (foreign(name)) },
            None => (foreign(&shown_url(&row.url))),
        }
    }
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Delivered => "good",
        Status::Failed | Status::Unreachable => "bad",
        Status::Sending => "busy",
        Status::Interrupted => "warn",
    }
}

/// One request: what is known of it for good, and below it the attempts.
pub(in crate::page) fn request_page(
    stored: &StoredRequest,
    examination: Option<&Examination>,
    settings: &LoadedConfig,
) -> Markup {
    let StoredRequest { entry, request, .. } = stored;
    let base = format!("/requests/{}", entry.row);
    let body = html! {
        p.back { a href="/requests" data-back { "← Requests" } }
        h1 { (foreign(&event_text(entry))) }
        (config_problem(settings))
        @if entry.load.is_none() { (actions(stored, &settings.config, &base)) }
        (live_stack(&request_fragments(stored)))
        @if let Some(examination) = examination { (finding_section(&examination.findings)) }
        section aria-labelledby="payload" {
            h2 #payload { @if entry.load.is_some() { "Report" } @else { "Payload" } }
            @match load_figures(stored) {
                Some(figures) => {
                    dl.facts {
                        @for (label, text) in figures { dt { (label) } dd { (foreign(&text)) } }
                    }
                    details.part { summary { "JSON" }
                        (payload(request.body(), &format!("{base}/body")))
                    }
                }
                None => (payload(request.body(), &format!("{base}/body"))),
            }
        }
        @if entry.load.is_none() {
            (raw_payload(request.body(), request.body().len(), &format!("{base}/body")))
            details.part { summary { "Headers" }
                (header_list(request.headers().iter().map(|(name, value)| (&**name, &**value))))
            }
        }
    };
    let event = entry.event.as_deref().unwrap_or("Request");
    let title = crate::report::escape(event);
    live_document(&title, Some(Section::Requests), entry.status == Status::Sending, body)
}

fn actions(stored: &StoredRequest, config: &Config, base: &str) -> Markup {
    let (row, id) = (stored.entry.row, stored.entry.request_id.as_str());
    html! {
        div.actions data-href=(base) data-id=(id) data-edit=(format!("/compose?request={row}")) {
            form method="post" action=(format!("{base}/retry")) data-action {
                (meant_request(id))
                button type="submit" { "Retry " kbd { "r" } }
            }
            a.button href=(format!("/compose?request={row}")) { "Edit and send " kbd { "e" } }
            a.button href=(format!("{base}/curl")) data-copy { "Copy as curl " kbd { "c" } }
            a.button href=(format!("{base}/capture")) download { "Download" }
            details.menu { summary.button { "Send to another URL" }
                (super::target_form(&format!("{base}/send"), id, "", config))
            }
            details.menu { summary.button { "Compare" }
                form.row method="get" action="/diff" {
                    input type="hidden" name="a" value=(row);
                    label for="other" { "with request number" }
                    input #other name="b" inputmode="numeric" required value=(row - 1);
                    button type="submit" { "Compare" }
                }
            }
            details.menu { summary.button { "Delete" }
                form.row method="post" action=(format!("{base}/delete")) data-action {
                    (meant_request(id))
                    span { "This cannot be undone." }
                    button.danger type="submit" { "Delete this request" }
                }
            }
        }
    }
}

/// The summary and the attempts of a request.
pub(in crate::page) fn request_fragments(stored: &StoredRequest) -> Vec<Fragment> {
    let finished: Vec<_> = stored.attempts.iter().filter_map(StoredAttempt::finished).collect();
    let scale = finished.iter().map(|attempt| attempt.elapsed).max().unwrap_or_default();
    let mut fragments = vec![summary(stored)];
    for one in &stored.attempts {
        let before = finished.iter().rev().find(|other| other.n < one.n).map(|other| other.n);
        let diff = before.filter(|_| one.finished().is_some());
        fragments.push(attempt(stored, one, scale, diff));
    }
    fragments
}

fn summary(stored: &StoredRequest) -> Fragment {
    let entry = &stored.entry;
    let html = html! {
        section.summary data-key="summary" {
            dl.facts {
                dt { "Status" }
                dd.status.(class(entry.status)) { (status_word(entry.status)) }
                dt { "Target" }
                dd {
                    @if let Some(name) = &entry.webhook { (foreign(name)) ", " }
                    (foreign(&shown_url(&entry.url)))
                }
                dt { "Request id" }
                dd.mono { (foreign(entry.request_id.as_str())) }
                dt { "First sent" }
                dd { (moment(entry.created_at)) " UTC" }
                @match entry.load {
                    Some(load) => { dt { "Load" } dd { (load.failed) " of " (load.requests) " requests failed" } }
                    None => { dt { "Sent" } dd { (count(entry.attempts.into(), "attempt")) } }
                }
            }
        }
    };
    fragment("summary", html)
}

fn attempt(
    stored: &StoredRequest,
    attempt: &StoredAttempt,
    scale: Duration,
    diff_with: Option<u32>,
) -> Fragment {
    let key = format!("a{}", attempt.n);
    let (class, word) = attempt_state(attempt);
    let html = html! {
        section.attempt data-key=(key) id=(key) aria-labelledby=(format!("{key}-title")) {
            h2 id=(format!("{key}-title")) {
                "Attempt " (attempt.n) " "
                span.status.(class) { (foreign(&word)) }
                span.when { (moment(attempt.started_at)) }
                @if let Some(before) = diff_with {
                    a.when href=(format!("/diff?attempts_of={}&a={before}&b={}", stored.entry.row, attempt.n)) {
                        "Compare with attempt " (before)
                    }
                }
            }
            @if let Some(finished) = attempt.finished() {
                (bar(finished, scale))
                @if let Some(error) = &finished.error { p.bad { (foreign(error)) } }
                @if finished.verdict() != DeliveryVerdict::Delivered {
                    p.help { (foreign(&help(finished, Some(&stored.request)))) }
                }
                @if let Some(answer) = &finished.response { (response(answer)) }
            }
        }
    };
    fragment(&key, html)
}

/// The phases of an attempt, one after the other, on the scale of the longest attempt.
fn bar(attempt: &Attempt, scale: Duration) -> Markup {
    let width = |time: Duration| match scale.is_zero() {
        true => 0.0,
        false => BAR * time.as_secs_f64() / scale.as_secs_f64(),
    };
    let mut at = 0.0;
    let rect = |(name, time): (&str, Duration)| {
        let start = at;
        at += width(time);
        (name.to_lowercase(), start, at - start)
    };
    let rects: Vec<_> = attempt.timings.phases().map(rect).collect();
    let known = attempt.timings.phases().map(|(name, time)| (name, format_duration(time)));
    let known: Vec<_> = known.collect();
    let words: Vec<_> = known.iter().map(|(name, time)| format!("{name} {time}")).collect();
    let total = format_duration(attempt.elapsed);
    html! {
        svg.bar viewBox=(format!("0 0 {BAR} 10")) preserveAspectRatio="none" role="img"
            aria-label=(format!("{total}: {}", words.join(", "))) {
            rect.total x="0" y="0" width=(format!("{:.1}", width(attempt.elapsed))) height="10" {}
            @for (name, start, width) in &rects {
                rect class=(format!("phase-{name}")) x=(format!("{start:.1}")) y="0"
                    width=(format!("{:.1}", width.max(2.0))) height="10" {}
            }
        }
        ul.phases {
            li.total { b { (total) } " in all" }
            @for (name, time) in &known {
                li class=(format!("phase-{}", name.to_lowercase())) { (name) " " b { (time) } }
            }
        }
    }
}

fn response(response: &Response) -> Markup {
    html! {
        p.response {
            span.status.(status_class(response.status)) { (status_line(response.status)) }
            " " span.dim { (foreign(&response.version)) ", " (grouped(response.bytes)) " bytes" }
        }
        @if response.text.is_empty() { p.dim { "No body." } }
        @else { pre.code { (foreign_block(&response.text)) } }
        @if response.truncated {
            p.dim { "PGM keeps the first " (grouped(pgm::RESPONSE_CHARS as u64)) " characters." }
        }
        details { summary { "Response headers" }
            (header_list(response.headers.iter().map(|(name, value)| (&**name, &**value))))
        }
    }
}

/// A request to be edited and sent; `problem` is why it could not be.
pub(in crate::page) fn compose_page(
    form: &Compose,
    config: &Config,
    events: &[&str],
    problem: Option<&Problem>,
) -> Markup {
    let webhooks = config.webhooks.iter().map(|webhook| webhook.name.as_str());
    let body = html! {
        p.back { a href="/requests" data-back { "← Requests" } }
        h1 { "Edit and send" }
        @if let Some(problem) = problem { (diagnostic(&problem.diagnostic)) }
        @if form.request.is_empty() && form.received.is_empty() {
            form.row method="get" action="/compose" {
                input type="hidden" name="webhook" value=(form.webhook);
                input type="hidden" name="url" value=(form.url);
                label for="event" { "Start from" }
                select #event name="event" { (options(&form.event, events.iter().map(|name| (*name, *name)))) }
                button type="submit" { "Load the sample" }
            }
        }
        form.compose method="post" action="/compose" data-action {
            input type="hidden" name="request" value=(form.request);
            input type="hidden" name="received" value=(form.received);
            (meant_request(&form.id))
            div.fields {
                label for="webhook" { "Webhook" }
                select #webhook name="webhook" {
                    (options(&form.webhook, [("", "none: send to the URL")].into_iter()
                        .chain(webhooks.map(|name| (name, name)))))
                }
                label for="url" { "URL" }
                input #url name="url" type="url" value=(form.url) placeholder="http://localhost:3000/pgm" autocomplete="off";
            }
            @if let Some(body) = &form.body {
                label for="body" { "Body" }
                textarea #body name="body" rows="20" spellcheck="false" autocomplete="off" data-json aria-describedby="body-state" {
                    // A line feed at the start of a textarea is dropped.
                    "\n" (body)
                }
                p #body-state.state role="status" { "JSON. It is sent in one line, under a new request id, signed anew." }
            } @else {
                p.state { "The body is too large to edit here. It is sent as it is, under a new request id, signed anew." }
            }
            button.primary type="submit" { "Send" }
        }
    };
    document("Edit and send", Some(Section::Requests), body)
}

/// What differs between two values; `differences` may have one more than is shown.
pub(in crate::page) fn diff_page(a: &Compared, b: &Compared, differences: &[Difference]) -> Markup {
    let value = |value: &Value| foreign_up_to(&value.to_string(), MAX_VALUE);
    let body = html! {
        p.back { a href=(a.href) data-back { "← " (a.title) } }
        h1 { "Difference" }
        @if differences.is_empty() {
            p { (a.title) " and " (b.title) " are equal." }
        } @else {
            table.list.diff {
                caption.hidden { "Values that differ" }
                thead {
                    tr {
                        th scope="col" { "Path" }
                        th scope="col" { a href=(a.href) { (a.title) } }
                        th scope="col" { a href=(b.href) { (b.title) } }
                    }
                }
                tbody {
                    @for Difference { path, change } in differences.iter().take(MAX_DIFFERENCES) {
                        @let path = path.to_string();
                        tr {
                            th.mono scope="row" { @if path.is_empty() { "(all of it)" } @else { (foreign(&path)) } }
                            @match change {
                                Change::Added(new) => { td.dim { "missing" } td.added { (value(new)) } }
                                Change::Removed(old) => { td.removed { (value(old)) } td.dim { "missing" } }
                                Change::Changed(old, new) => { td.removed { (value(old)) } td.added { (value(new)) } }
                            }
                        }
                    }
                }
            }
            @if differences.len() > MAX_DIFFERENCES {
                p.dim { "There are more: these are the first " (MAX_DIFFERENCES) "." }
            }
        }
    };
    document("Difference", Some(Section::Requests), body)
}
