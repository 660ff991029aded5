//! The webhooks, their tests, and the checks of their targets.

use maud::{Markup, html};

use super::{
    Fragment, Live, Section, button_form, command, diagnostic, document, foreign, foreign_up_to,
    fragment, options,
};
use crate::check::{Check, CheckStatus};
use crate::delivery::{DeliveryVerdict, format_duration};
use crate::page::forms::form_pair;
use crate::page::state::{CheckJob, TestJob};
use crate::pgm;
use crate::text::shown_url;
use crate::webhooks::{Config, SecretAccess, SecretSource, Subscription, Webhook};

/// The list, with the button that PGM has.
pub(in crate::page) fn webhooks_page(live: &Live<'_>) -> Markup {
    let body = html! {
        h1 { "Webhooks" }
        div.actions { (button_form("/webhooks/test", "Test all webhooks", None)) }
        div.stack data-live=(live.id()) { (live.markup()) }
    };
    document("Webhooks", Some(Section::Webhooks), body)
}

/// What to do where there is no webhook.
pub(in crate::page) fn no_webhooks(config: &Config) -> Fragment {
    fragment(
        "empty",
        html! {
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
        },
    )
}

/// A webhook with what its last test brought.
pub(in crate::page) fn webhook_fragment(
    webhook: &Webhook,
    access: &[(&SecretSource, SecretAccess)],
    test: Option<&TestJob>,
) -> Fragment {
    let name = webhook.name.as_str();
    let events: Vec<_> = pgm::event_names().collect();
    let subscribed = |event: &&&str| webhook.is_subscribed_to(event);
    let choice: Vec<_> = events.iter().filter(subscribed).map(|event| (*event, *event)).collect();
    let others: Vec<_> =
        events.iter().filter(|event| !subscribed(event)).map(|event| (*event, *event)).collect();
    fragment(
        name,
        html! {
            section.webhook data-key=(name) aria-label=(name) {
                h2 { (foreign(name)) @if let Some(test) = test { (test_result(test)) } }
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
                    form method="post" action="/webhooks/check" data-action {
                        input type="hidden" name="webhook" value=(name);
                        button type="submit" { "Check the target" }
                    }
                }
            }
        },
    )
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

fn test_result(test: &TestJob) -> Markup {
    html! {
        @match test {
            TestJob::Sending => span.status.busy { "sending" },
            TestJob::Sent { verdict, text, row } => {
                @let class = if *verdict == DeliveryVerdict::Delivered { "good" } else { "bad" };
                span.status.(class) { (foreign(text)) }
                @if let Some(row) = row { a.when href=(format!("/requests/{row}")) { "request " (row) } }
            }
            TestJob::Failed(why) => span.status.bad { (foreign(&why.message)) },
        }
    }
}

/// The checks of a webhook's target.
pub(in crate::page) fn check_page(name: &str, is_running: bool, live: &Live<'_>) -> Markup {
    let body = html! {
        p.back { a href="/webhooks" data-back { "← Webhooks" } }
        h1 { "Check of " (foreign(name)) }
        // Without JavaScript, a look again is the only way to see more.
        @if is_running { noscript { p { a href=(format!("/check?{}", form_pair("webhook", name))) { "Look again" } } } }
        div.stack data-live=(live.id()) { (live.markup()) }
    };
    document("Check", Some(Section::Webhooks), body)
}

/// The verdict and the checks so far.
pub(in crate::page) fn check_fragments(name: &str, job: Option<&CheckJob>) -> Vec<Fragment> {
    let Some(job) = job else {
        return vec![fragment(
            "verdict",
            html! {
                section data-key="verdict" {
                    p { "This target was not checked since pgwh was started." }
                    form method="post" action="/webhooks/check" data-action {
                        input type="hidden" name="webhook" value=(name);
                        button type="submit" { "Check the target" }
                    }
                }
            },
        )];
    };
    let verdict = fragment(
        "verdict",
        html! {
            section.summary data-key="verdict" {
                @match &job.result {
                    None => p.status.busy {
                        @if job.running.is_empty() { "waiting for the first response" }
                        @else { "checking: " (job.running.join(", ")) }
                    },
                    Some(Ok((true, summary))) => p.status.good { (foreign(summary)) },
                    Some(Ok((false, summary))) => p.status.bad { (foreign(summary)) },
                    Some(Err(problem)) => (diagnostic(problem)),
                }
                @if job.result.is_some() {
                    form method="post" action="/webhooks/check" data-action {
                        input type="hidden" name="webhook" value=(name);
                        button type="submit" { "Check again" }
                    }
                }
            }
        },
    );
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
    fragment(
        check.id,
        html! {
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
        },
    )
}
