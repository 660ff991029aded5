//! The webhooks, their tests, the checks of their targets, and the catalogue of events.

use maud::{Markup, html};

use super::{
    Section, attempt_state, command, document, foreign, foreign_up_to, fragment, live_document,
    live_stack, options, payload,
};
use crate::check::{Check, CheckStatus};
use crate::delivery::format_duration;
use crate::fixtures::{Fixture, Origin};
use crate::page::{CheckJob, Fragment, TestJob, form_pair};
use crate::pgm::{self, Confidence};
use crate::report::escape;
use crate::requests::StoredRequest;
use crate::text::shown_url;
use crate::webhooks::{Config, SecretAccess, SecretSource, Subscription, Webhook};

/// The list, with the button that PGM has.
pub(in crate::page) fn webhooks_page(webhooks: &[Fragment], is_testing: bool) -> Markup {
    let body = html! {
        h1 { "Webhooks" }
        div.actions {
            form method="post" action="/webhooks/test" data-action {
                button type="submit" { "Test all webhooks" }
            }
        }
        (live_stack(webhooks))
    };
    live_document("Webhooks", Some(Section::Webhooks), is_testing, body)
}

/// What to do where there is no webhook.
pub(in crate::page) fn no_webhooks(config: &Config) -> Fragment {
    let html = html! {
        div.empty data-key="empty" {
            p {
                @match &config.path {
                    Some(path) => { "No webhooks in " (foreign(&path.display().to_string())) "." }
                    None => { "No webhooks: there is no pgwh.toml here." }
                }
                " Add one in a terminal:"
            }
            (command("pgwh webhook add booking --url http://localhost:3000/pgm --secret-env BOOKING_SECRET"))
        }
    };
    fragment("empty", html)
}

/// A webhook with what its last test brought; `sent` is the test in the requests list.
pub(in crate::page) fn webhook_fragment(
    webhook: &Webhook,
    access: &[(&SecretSource, SecretAccess)],
    test: Option<&TestJob>,
    sent: Option<&StoredRequest>,
) -> Fragment {
    let name = webhook.name.as_str();
    let events = pgm::event_names().map(|event| (event, event));
    let (choice, others): (Vec<_>, Vec<_>) =
        events.partition(|(event, _)| webhook.is_subscribed_to(event));
    let html = html! {
        section.webhook data-key=(name) aria-label=(escape(name)) {
            h2 { (foreign(name)) (test_result(test, sent)) }
            dl.facts {
                dt { "URL" } dd.mono { (foreign(&shown_url(&webhook.url))) }
                dt { "Events" } dd { (subscription(&webhook.events)) }
                @for (n, (source, access)) in access.iter().enumerate() {
                    dt { @if n == 0 { "Secret" } @else { "Previous secret" } }
                    dd { (foreign(&source.to_string())) " " (access_word(access)) }
                }
            }
            div.actions {
                form.row method="get" action="/compose" {
                    input type="hidden" name="webhook" value=(name);
                    label.hidden for=(format!("event-{name}")) { "Event" }
                    select name="event" id=(format!("event-{name}")) {
                        optgroup label="Subscribed" { (options("Test", choice)) }
                        @if !others.is_empty() {
                            optgroup label="Not subscribed" { (options("", others)) }
                        }
                    }
                    button type="submit" { "Send …" }
                }
                (check_form(name, "Check the target"))
            }
        }
    };
    fragment(name, html)
}

fn subscription(events: &Subscription) -> Markup {
    html! {
        @match events {
            Subscription::All => "all",
            Subscription::Only(names) if names.is_empty() => "none",
            Subscription::Only(names) => (foreign_up_to(&names.join(", "), 1000)),
        }
    }
}

fn access_word(access: &SecretAccess) -> Markup {
    html! {
        @match access {
            SecretAccess::Available => span.good { "available" },
            SecretAccess::NotChecked => span.dim { "runs when it is needed" },
            SecretAccess::Missing(error) => span.bad { (foreign(&error.to_string())) },
        }
    }
}

fn test_result(test: Option<&TestJob>, sent: Option<&StoredRequest>) -> Markup {
    html! {
        @match (test, sent) {
            (Some(TestJob::Starting), _) => span.status.busy { "sending" },
            (Some(TestJob::Failed(why)), _) => span.status.bad { (foreign(&why.message)) },
            (_, Some(StoredRequest { entry, attempts, .. })) => {
                @if let Some(attempt) = attempts.last() {
                    @let (class, text) = attempt_state(attempt);
                    span.status.(class) { (foreign(&text)) }
                }
                a.when href=(format!("/requests/{}", entry.row)) { "request " (entry.row) }
            }
            // Not tested, or the request was removed.
            _ => "",
        }
    }
}

/// The checks of a webhook's target.
pub(in crate::page) fn check_page(name: &str, job: Option<&CheckJob>) -> Markup {
    let is_running = job.is_some_and(|job| job.result.is_none());
    let body = html! {
        p.back { a href="/webhooks" data-back { "← Webhooks" } }
        h1 { "Check of " (foreign(name)) }
        (live_stack(&check_fragments(name, job)))
    };
    live_document("Check", Some(Section::Webhooks), is_running, body)
}

fn check_form(webhook: &str, label: &str) -> Markup {
    html! {
        form method="post" action="/webhooks/check" data-action {
            input type="hidden" name="webhook" value=(webhook);
            button type="submit" { (label) }
        }
    }
}

/// The verdict and the checks so far.
pub(in crate::page) fn check_fragments(name: &str, job: Option<&CheckJob>) -> Vec<Fragment> {
    let Some(job) = job else {
        let html = html! {
            section data-key="verdict" {
                p { "This target was not checked since pgwh was started." }
                (check_form(name, "Check the target"))
            }
        };
        return vec![fragment("verdict", html)];
    };
    let html = html! {
        section.summary data-key="verdict" {
            @match &job.result {
                None => p.status.busy {
                    @if job.running.is_empty() { "waiting for the first response" }
                    @else { "checking: " (job.running.join(", ")) }
                },
                Some((true, summary)) => p.status.good { (foreign(summary)) },
                Some((false, summary)) => p.status.bad { (foreign(summary)) },
            }
            @if job.result.is_some() { (check_form(name, "Check again")) }
        }
    };
    let verdict = fragment("verdict", html);
    let order = |check: &&Check| match check.result.status {
        CheckStatus::Fail => 0,
        CheckStatus::Warn => 1,
        CheckStatus::Pass => 2,
        CheckStatus::Skip => 3,
    };
    let mut checks: Vec<_> = job.checks.iter().collect();
    checks.sort_by_key(order);
    std::iter::once(verdict).chain(checks.into_iter().map(check)).collect()
}

fn check(check: &Check) -> Fragment {
    let (class, word) = match check.result.status {
        CheckStatus::Pass => ("good", "passed"),
        CheckStatus::Fail => ("bad", "failed"),
        CheckStatus::Warn => ("warn", "warning"),
        CheckStatus::Skip => ("info", "skipped"),
    };
    let html = html! {
        section.check data-key=(check.id) aria-label=(check.id) {
            h2 {
                span.status.(class) { (word) }
                " " (check.id) " "
                span.when {
                (check.level.as_str()) ", " (check.source.as_str())
                @if !check.elapsed.is_zero() { ", " (format_duration(check.elapsed)) }
            }
            }
            p { (foreign_up_to(&check.result.evidence, 2000)) }
            @if let Some(help) = &check.result.help { p.help { (foreign_up_to(help, 2000)) } }
        }
    };
    fragment(check.id, html)
}

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
