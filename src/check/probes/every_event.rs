//! Does the target acknowledge every event that the user names?

use super::super::judging::word;
use super::prelude::*;
use crate::delivery::format_duration;

pub(super) const PROBE: Probe = Probe {
    id: "every-event",
    level: Level::Must,
    source: Source::Documented,
    passes_when: "each event of --events gets a 2xx in time; both standby spellings are in `all`",
    explanation: "A webhook gets every event that it is subscribed to, which is all of them unless \
        somebody chose. Sends each event of --events with its sample payload, every id in it \
        999999999, so that nothing of yours is meant. Answer events that you do not need with a \
        2xx too.",
    guards_signature: false,
    needs: Needs::Accepted,
    turn: Turn::Together,
    sends,
    judge,
};

fn sends(asking: &mut Asking<'_>) -> Sends {
    let events = &asking.setting.events;
    if events.is_empty() {
        return Sends::NotApplicable(
            "--events all sends the real events too, with ids that belong to nobody".to_owned(),
        );
    }
    let call = |(name, data): &(String, _)| {
        Call::new(name.as_str(), asking.event(name, serde_json::Value::clone(data)))
    };
    Sends::Each(events.iter().map(call).collect())
}

/// One line for each event that does not pass.
fn judge(setting: &Setting, replies: &[Reply]) -> Judgement {
    let line = |reply: &Reply| match (reply.is_accepted(), format_duration(reply.elapsed())) {
        (true, took) => format!("{}: {} after {took}, too late", reply.label, word(reply)),
        (false, _) => format!("{}: {}", reply.label, word(reply)),
    };
    let bad = replies.iter().filter(|reply| !reply.is_in_time(setting.limit));
    let bad: Vec<_> = bad.map(line).collect();
    if bad.is_empty() {
        return Judgement::pass(format!("all {} events got a 2xx in time", replies.len()));
    }
    Judgement::fail(
        format!("{} of {} events did not:\n{}", bad.len(), replies.len(), bad.join("\n")),
        "answer every event with a 2xx, also one that you have no use for",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn each_event_that_fails_has_a_line() {
        let named = |name: &str, reply| Reply { label: name.into(), ..reply };
        let good = [named("A", answered(200)), named("B", answered(202))];
        assert_eq!(judge(&setting(), &good).evidence, "all 2 events got a 2xx in time");
        let bad = [
            named("A", answered(200)),
            named("B", answered(404)),
            named("C", after(answered(200), 5500)),
        ];
        let failed = judge(&setting(), &bad);
        assert_eq!(failed.word, Word::Fail);
        assert_eq!(
            failed.evidence,
            "2 of 3 events did not:\nB: 404 Not Found\nC: 200 OK after 5.50 s, too late"
        );
    }
}
