//! What was received, and one request of it.

use std::sync::Arc;

use maud::{Markup, html};

use super::{
    Section, command, config_problem, document, finding_section, foreign, foreign_block, fragment,
    header_list, live_stack, moment, payload, raw_payload, status_class,
};
use crate::delivery::{format_duration, status_line};
use crate::page::{
    ForwardResult, Fragment, ListQuery, LoadedConfig, PAGE_ROWS, Received, ReceivedSource,
};
use crate::receiver::RequestOutcome;
use crate::text::grouped;
use crate::verify::SignatureVerdict;

/// The list, with its filters.
pub(in crate::page) fn list_page(
    query: &ListQuery,
    requests: &[Arc<Received>],
    source: &ReceivedSource,
    settings: &LoadedConfig,
) -> Markup {
    const TEXTS: [&str; 5] = ["Verdict", "Time (UTC)", "Event", "Response", "Forwarded to"];
    const NUMBERS: [&str; 2] = ["Times", "Size"];
    let rows = list_fragments(query, requests, source);
    let verdicts = SignatureVerdict::ALL.map(|verdict| (verdict.as_str(), verdict.as_str()));
    let verdicts: Vec<_> = verdicts.into_iter().chain([("unchecked", "unchecked")]).collect();
    let body = html! {
        h1 { "Received" }
        (config_problem(settings))
        (super::filter_form("/received", query, &settings.config, &verdicts, "Verdict"))
        (super::list_table("Requests that were received, newest first", &TEXTS, &NUMBERS, &rows))
    };
    document("Received", Some(Section::Received), body)
}

/// The rows of the list: the same request again is part of the newest one's row.
pub(in crate::page) fn list_fragments(
    query: &ListQuery,
    requests: &[Arc<Received>],
    source: &ReceivedSource,
) -> Vec<Fragment> {
    if requests.is_empty() {
        return vec![empty(query, source)];
    }
    let groups = groups(requests);
    let mut fragments: Vec<_> =
        groups.iter().take(PAGE_ROWS).map(|(newest, times)| row(newest, *times)).collect();
    if let Some((last, _)) = groups.get(PAGE_ROWS - 1).filter(|_| groups.len() > PAGE_ROWS) {
        fragments.push(super::older("/received", query, &last.n.to_string()));
    }
    fragments
}

/// The newest of each request, and how many times it was received.
fn groups(requests: &[Arc<Received>]) -> Vec<(&Received, usize)> {
    let mut groups: Vec<(&Received, usize)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for request in requests {
        let id =
            request.report.request_id.as_ref().map(|id| (id, request.report.signature.as_ref()));
        match id.and_then(|id| known.get(&id).copied()) {
            Some(index) => {
                let group: &mut (&Received, usize) = &mut groups[index];
                group.1 += 1;
            }
            None => {
                id.map(|id| known.insert(id, groups.len()));
                groups.push((request, 1));
            }
        }
    }
    groups
}

fn empty(query: &ListQuery, source: &ReceivedSource) -> Fragment {
    let nothing_yet = html! {
        @match source {
            ReceivedSource::Listening(url) => {
                p { "Nothing received yet. Send something to " code { (url) } ":" }
                (command(&format!("pgwh send Test --url {url}")))
            }
            ReceivedSource::File(file) => {
                @let file = file.display().to_string();
                p { "No request of PGM's in " (foreign(&file)) " yet. Save some there:" }
                (command(&format!("pgwh listen --save {}", crate::report::escape(&file))))
            }
            ReceivedSource::None => {
                p { "Nothing is being received. Start a receiver with a page:" }
                (command("pgwh listen --page"))
                p { "or show what a receiver saves:" }
                (command("pgwh page --captures captures.ndjson"))
            }
        }
    };
    super::empty_row(query, "/received", nothing_yet)
}

fn row(request: &Received, times: usize) -> Fragment {
    // A repeat replaces the row of the request before it.
    let key = request.n.to_string();
    let href = format!("/received/{key}");
    let html = html! {
        tr data-key=(key) data-href=(href) data-edit=(format!("/compose?received={key}")) {
            td.status.(class(request)) { (request.verdict_word()) }
            td.time { a href=(href) { (moment(request.received_at)) } }
            td.event {
                (foreign(request.report.event.as_deref().unwrap_or("(no event)")))
                @if let Some(name) = &request.report.secret { span.dim { " " (foreign(name)) } }
            }
            td.response { (outcome(request)) }
            td.target { @for target in &request.forwarded { (forwarded(target)) } }
            td.number { @if times > 1 { "×" (times) } }
            td.number { (size(request.body_size)) }
        }
    };
    fragment(&key, html)
}

fn size(bytes: usize) -> String {
    match bytes {
        0..10_000 => format!("{} B", grouped(bytes as u64)),
        10_000..10_000_000 => format!("{} kB", grouped(bytes as u64 / 1000)),
        _ => format!("{} MB", grouped(bytes as u64 / 1_000_000)),
    }
}

fn class(request: &Received) -> &'static str {
    match request.report.verdict {
        Some(SignatureVerdict::Valid) => "good",
        Some(SignatureVerdict::Invalid | SignatureVerdict::Unsigned) => "bad",
        Some(SignatureVerdict::Ambiguous | SignatureVerdict::Redacted) => "warn",
        None => "info",
    }
}

fn outcome(request: &Received) -> Markup {
    html! {
        @match request.outcome {
            Some((outcome @ RequestOutcome::Responded(status), elapsed)) => {
                @let is_late = outcome.is_late(elapsed);
                span.status.(if is_late { "bad" } else { status_class(status) }) { (status) }
                span.dim { " in " (format_duration(elapsed)) }
                @if is_late { span.bad { ", too late" } }
            }
            Some((RequestOutcome::Dropped, _)) => span.bad { "dropped on purpose" },
            Some((RequestOutcome::ClientGone, _)) => span.bad { "the client went away" },
            None => span.dim { "not recorded" },
        }
    }
}

fn forwarded(target: &ForwardResult) -> Markup {
    html! {
        span.forwarded {
            (foreign(&target.url)) " "
            @match &target.outcome {
                Ok(status) => span.status.(status_class(*status)) { (status) },
                Err(error) => span.bad { (foreign(error)) },
            }
            span.dim { " in " (format_duration(target.elapsed)) }
        }
    }
}

/// One request: what is known of it for good.
pub(in crate::page) fn request_page(
    request: &Received,
    same: &[Arc<Received>],
    settings: &LoadedConfig,
) -> Markup {
    let base = format!("/received/{}", request.n);
    let event = request.report.event.as_deref().unwrap_or("(no event)");
    let id = request.id();
    let target = request.forwarded.first().map(ForwardResult::suggested_url).unwrap_or_default();
    let headers = request.capture.headers.iter().map(|(name, value)| (&**name, &**value));
    let body = html! {
        p.back { a href="/received" data-back { "← Received" } }
        h1 { (foreign(event)) }
        (config_problem(settings))
        div.actions data-href=(base) data-edit=(format!("/compose?received={}", request.n)) {
            a.button href=(format!("/compose?received={}", request.n)) { "Edit and send " kbd { "e" } }
            a.button href=(format!("{base}/curl")) data-copy { "Copy as curl " kbd { "c" } }
            a.button href=(format!("{base}/capture")) download { "Download" }
            details.menu { summary.button { "Resend" }
                (super::target_form(&format!("{base}/send"), &id, &target, &settings.config))
            }
            details.menu { summary.button { "Compare" }
                form.row method="get" action="/diff" {
                    input type="hidden" name="a" value=(format!("r{}", request.n));
                    label for="other" { "with received request" }
                    input #other name="b" required value=(format!("r{}", request.n.saturating_sub(1)));
                    button type="submit" { "Compare" }
                }
            }
        }
        (live_stack(&request_fragments(request, same)))
        (finding_section(&request.report.findings))
        section aria-labelledby="payload" {
            h2 #payload { "Payload" }
            @if request.body().len() < request.body_size {
                p.dim { (grouped(request.body_size as u64)) " bytes, too many to keep in memory." }
            } @else {
                (payload(request.body(), &format!("{base}/body")))
            }
        }
        (raw_payload(request.body(), request.body_size, &format!("{base}/body")))
        details.part open { summary { "Headers" } (header_list(headers)) }
    };
    document(&crate::report::escape(event), Some(Section::Received), body)
}

/// The summary of a request, and what was received again: `same` has it and its repeats.
pub(in crate::page) fn request_fragments(
    request: &Received,
    same: &[Arc<Received>],
) -> Vec<Fragment> {
    let mut fragments = vec![summary(request)];
    if same.len() > 1 {
        let html = html! {
            section data-key="same" aria-labelledby="same-title" {
                h2 #same-title { "Received " (same.len()) " times" }
                ul.plain {
                    @for other in same {
                        li {
                            a href=(format!("/received/{}", other.n))
                                aria-current=[(other.n == request.n).then_some("true")] {
                                (moment(other.received_at))
                            }
                            " " (outcome(other))
                        }
                    }
                }
            }
        };
        fragments.push(fragment("same", html));
    }
    for (n, target) in request.forwarded.iter().enumerate() {
        let key = format!("f{n}");
        let html = html! {
            section.attempt data-key=(key) aria-label="Forwarded" {
                h2 { "Forwarded " span.when { (format_duration(target.elapsed)) } }
                p.response {
                    (foreign(&target.url)) " "
                    @match &target.outcome {
                        Ok(status) => span.status.(status_class(*status)) { (status_line(*status)) },
                        Err(error) => span.bad { (foreign(error)) },
                    }
                }
                @if !target.text.is_empty() { pre.code { (foreign_block(&target.text)) } }
            }
        };
        fragments.push(fragment(&key, html));
    }
    fragments
}

fn summary(request: &Received) -> Fragment {
    let capture = &request.capture;
    let html = html! {
        section.summary data-key="summary" {
            dl.facts {
                dt { "Verdict" }
                dd.status.(class(request)) {
                    (request.verdict_word())
                    @if let Some(name) = &request.report.secret { ", with the secret of " (foreign(name)) }
                }
                dt { "Response" } dd { (outcome(request)) }
                dt { "Request id" }
                dd.mono { (foreign(request.report.request_id.as_deref().unwrap_or("none, or several"))) }
                dt { "Received" } dd { (moment(request.received_at)) " UTC" }
                @if let Some(path) = &capture.path { dt { "Path" } dd.mono { (foreign(path)) } }
                @if let Some(remote) = &capture.remote { dt { "From" } dd.mono { (foreign(remote)) } }
            }
        }
    };
    fragment("summary", html)
}
