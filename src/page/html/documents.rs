//! Events, a request to be edited, and differences.

use maud::{Markup, html};
use serde_json::Value;

use super::{Section, diagnostic, document, foreign, foreign_up_to, options, payload};
use crate::fixtures::{Fixture, Origin};
use crate::page::forms::{Compose, form_pair};
use crate::page::state::Problem;
use crate::payload::{Change, Difference};
use crate::pgm::Confidence;
use crate::webhooks::Config;

/// The catalogue: name, body and sample of each event.
pub(in crate::page) fn events_page(samples: &[(String, Vec<u8>, Fixture)]) -> Markup {
    let body = html! {
        h1 { "Events" }
        p.lead {
            "What PGM is known to send. Each field says how sure it is: "
            b { "documented" } " by the vendor, " b { "observed" } " in a real payload, "
            b { "read by a receiver" } " (no real payload was seen), or " b { "illustrative" }
            " (made up)."
        }
        @for (name, body, sample) in samples { (event(name, body, sample)) }
    };
    document("Events", Some(Section::Events), body)
}

fn event(name: &str, body: &[u8], sample: &Fixture) -> Markup {
    let described = sample.described();
    let when = match (&described, &sample.origin) {
        (Some(event), _) => event.when.clone(),
        (None, Origin::File(path)) => format!("your own, {}", path.display()),
        (None, Origin::BuiltIn | Origin::Unlisted) => "an event of your own".to_owned(),
    };
    html! {
        details.part.event-part id=(name) {
            summary { b { (foreign(name)) } " " span.dim { (foreign(&when)) } }
            @if let Some(event) = &described {
                p.dim { "Payload: " (event.summary()) }
                @if let Some(note) = &event.note { p { (note) } }
            }
            div.actions {
                a.button href=(format!("/compose?{}", form_pair("event", name))) { "Edit and send" }
            }
            (payload(body, ""))
            @if let Some(event) = &described {
                @if !event.fields.is_empty() {
                    dl.headers {
                        @for path in event.fields.keys() {
                            @let confidence = event.confidence(path).unwrap_or(Confidence::Illustrative);
                            dt { (path) }
                            dd class=(confidence_class(confidence)) { (confidence) }
                        }
                    }
                }
            }
        }
    }
}

fn confidence_class(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Documented | Confidence::Observed => "good",
        Confidence::ReadByReceiver => "",
        Confidence::Illustrative => "dim",
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
            div.fields {
                label for="webhook" { "Webhook" }
                select #webhook name="webhook" {
                    (options(&form.webhook, [("", "none: send to the URL")].into_iter()
                        .chain(webhooks.map(|name| (name, name)))))
                }
                label for="url" { "URL" }
                input #url name="url" type="url" value=(form.url) placeholder="http://localhost:3000/pgm" autocomplete="off";
            }
            label for="body" { "Body" }
            textarea #body name="body" rows="20" spellcheck="false" autocomplete="off" data-json aria-describedby="body-state" {
                // A line feed at the start of a textarea is dropped.
                "\n" (form.body)
            }
            p #body-state.state role="status" { "JSON. It is sent in one line, under a new request id, signed anew." }
            button.primary type="submit" { "Send" }
        }
    };
    document("Edit and send", Some(Section::Requests), body)
}

/// One side of a comparison.
#[derive(Debug)]
pub(in crate::page) struct Compared {
    /// What it is.
    pub(in crate::page) title: String,
    /// Where it is shown.
    pub(in crate::page) href: String,
    pub(in crate::page) value: Value,
}

/// What differs between two values.
pub(in crate::page) fn diff_page(a: &Compared, b: &Compared, differences: &[Difference]) -> Markup {
    let value = |value: &Value| foreign_up_to(&value.to_string(), 4096);
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
                    @for Difference { path, change } in differences {
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
        }
    };
    document("Difference", Some(Section::Requests), body)
}
