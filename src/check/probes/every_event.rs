//! Does the target accept every event that the user names?

use super::super::judge_helpers::describe;
use super::prelude::*;
use crate::delivery::format_duration;

pub(super) const PROBE: Probe = Probe {
    id: "every-event",
    level: Level::Must,
    source: Provenance::Documented,
    passes_when: "each event of --events gets a 2xx in time; `all` has both standby spellings",
    explanation: "A webhook gets every event that it is subscribed to, which is all of them unless \
        somebody made a selection. Sends each event of --events with its sample payload, every id \
        in it 999999999, so that it means nobody. Respond with a 2xx to events that you do not \
        need, too.",
    traffic,
    judge,
    ..DEFAULTS
};

fn traffic(factory: &mut RequestFactory<'_>) -> Traffic {
    let events = &factory.config.events;
    if events.is_empty() {
        return Traffic::NotApplicable(
            "--events all sends the real events too, with ids that belong to nobody".to_owned(),
        );
    }
    let request = |(name, data): &(String, _)| {
        ProbeRequest::new(name.as_str(), factory.event(name, serde_json::Value::clone(data)))
    };
    Traffic::Each(events.iter().map(request).collect())
}

/// One line for each event that does not pass.
fn judge(config: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let line = |response: &ProbeResponse| {
        let took = format_duration(response.elapsed());
        let late =
            if response.is_accepted() { format!(" after {took}, too late") } else { String::new() };
        format!("{}: {}{late}", response.label, describe(response))
    };
    let bad = responses.iter().filter(|response| !response.is_in_time(config.limit));
    let bad: Vec<_> = bad.map(line).collect();
    if bad.is_empty() {
        return ProbeResult::pass(format!("all {} events got a 2xx in time", responses.len()));
    }
    ProbeResult::fail(
        format!("{} of {} events did not:\n{}", bad.len(), responses.len(), bad.join("\n")),
        "respond to every event with a 2xx, also to one that you do not need",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn each_event_that_fails_has_a_line() {
        let named = |name: &str, response| ProbeResponse { label: name.into(), ..response };
        let good = [named("A", responded(200)), named("B", responded(202))];
        assert_eq!(judge(&config(), &good).evidence, "all 2 events got a 2xx in time");
        let bad = [
            named("A", responded(200)),
            named("B", responded(404)),
            named("C", after(responded(200), 5500)),
        ];
        let failed = judge(&config(), &bad);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert_eq!(
            failed.evidence,
            "2 of 3 events did not:\nB: 404 Not Found\nC: 200 OK after 5.50 s, too late"
        );
    }
}
