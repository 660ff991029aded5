//! Does the target respond in time, every time?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "within-5s",
    level: Level::Must,
    source: Provenance::Documented,
    passes_when: "the slowest of --samples whole responses is under 5 s, or --max-time; warns from half of it",
    explanation: "PGM allows 5 seconds. Sends Test --samples times, one after the other and each \
        on a new connection, and measures the time to the last byte of the response; the first \
        request, which may find the target cold, counts and is shown apart. Stops at the first \
        response that is too late. Fix: respond first, work later: put the event in a queue, \
        respond Ok.",
    phase: Phase::Measured,
    traffic: |factory| {
        let more = 2..=factory.config.samples;
        Traffic::FirstThen(
            more.map(|n| ProbeRequest::new(format!("request {n}"), factory.test())).collect(),
        )
    },
    judge,
    ..DEFAULTS
};

const HELP: &str = "respond first, work later: put the event in a queue, respond Ok";
const COLD_HELP: &str = "only the first request is slow: keep the receiver warm, or PGM's first \
                         request after a quiet hour finds it cold";

fn judge(config: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    if let Some(bad) = responses.iter().find(|response| !response.is_accepted()) {
        return ProbeResult::fail(
            format!("{} of {} got {}", bad.label, responses.len(), describe(bad)),
            "the same event was accepted before: look in the receiver's log for what differs",
        );
    }
    let times: Vec<_> = responses.iter().map(ProbeResponse::elapsed).collect();
    let Some(slowest) = times.iter().max().copied() else {
        return ProbeResult::skip("nothing was timed");
    };
    let evidence = format!("{}; {}", measured(&times), margin(slowest, config.limit));
    let are_later_fast = times.len() > 1 && times[1..].iter().all(|time| *time < config.limit / 2);
    let help = if are_later_fast { COLD_HELP } else { HELP };
    match slowest {
        _ if slowest >= config.limit => ProbeResult::fail(evidence, help),
        _ if slowest >= config.limit / 2 => ProbeResult::warn(evidence, help),
        _ => ProbeResult::pass(evidence),
    }
}

fn measured(times: &[Duration]) -> String {
    let first = times.first().copied().unwrap_or_default();
    let first = format!("first request {}", format_duration(first));
    let Some((min, median, max)) = spread(times.get(1..).unwrap_or_default().to_vec()) else {
        return first;
    };
    format!(
        "{first}; {} more: min {}, median {}, max {}",
        times.len() - 1,
        format_duration(min),
        format_duration(median),
        format_duration(max)
    )
}

fn margin(slowest: Duration, limit: Duration) -> String {
    match limit.checked_sub(slowest).filter(|spare| !spare.is_zero()) {
        Some(spare) => format!("{} to spare of {}", format_duration(spare), format_duration(limit)),
        None => format!("the limit is {}", format_duration(limit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    fn on(times: &[u64]) -> ProbeResult {
        let responses: Vec<_> = times.iter().map(|ms| after(responded(200), *ms)).collect();
        judge(&config(), &responses)
    }

    #[test]
    fn the_slowest_decides() {
        let passed = on(&[900, 10, 30, 20]);
        assert_eq!(passed.status, CheckStatus::Pass);
        assert_eq!(
            passed.evidence,
            "first request 900 ms; 3 more: min 10 ms, median 20 ms, max 30 ms; \
             4.10 s to spare of 5.00 s"
        );
        assert_eq!(on(&[10, 2499]).status, CheckStatus::Pass);
        assert_eq!(on(&[10, 2500]).status, CheckStatus::Warn);
        assert_eq!(on(&[10, 5000]).status, CheckStatus::Fail);
        assert_eq!(on(&[6000, 10]).help.unwrap(), COLD_HELP);
        assert_eq!(on(&[6000, 6000]).help.unwrap(), HELP);
    }

    #[test]
    fn a_response_that_is_not_a_2xx_fails() {
        let failed = judge(&config(), &[responded(200), responded(500)]);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert_eq!(failed.evidence, "request of 2 got 500 Internal Server Error");
    }
}
