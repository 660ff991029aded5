//! Does the target cope with many different events at once?

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "burst",
    level: Level::Should,
    source: Provenance::Recommendation,
    passes_when: "--burst N different requests at once all get a 2xx in time",
    explanation: "A class that is cancelled causes an event for each of its members. Sends N \
        different requests of Test at once, after everything else, and shows how long the \
        responses took. Fix: respond first and work later, and use a queue that takes bursts.",
    phase: Phase::Alone,
    traffic: |factory| match factory.config.burst {
        None => Traffic::NotApplicable("add --burst N to send N different requests at once"),
        Some(requests) => {
            let request = |n| ProbeRequest::new(format!("request {n}"), factory.test());
            Traffic::AtOnce((1..=requests).map(request).collect())
        }
    },
    judge,
    ..DEFAULTS
};

fn judge(config: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let times = responses.iter().map(ProbeResponse::elapsed).collect();
    let Some((min, median, max)) = spread(times) else {
        return ProbeResult::skip("nothing was sent");
    };
    let evidence = format!(
        "{}; min {}, median {}, max {}",
        tally(responses, config.limit),
        format_duration(min),
        format_duration(median),
        format_duration(max)
    );
    if responses.iter().all(|response| response.is_in_time(config.limit)) {
        return ProbeResult::pass(evidence);
    }
    ProbeResult::fail(
        evidence,
        "respond first and work later, and raise the limits of connections and of rate for PGM",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn every_request_counts() {
        let passed = judge(&config(), &[after(responded(200), 10), after(responded(200), 20)]);
        assert_eq!(passed.evidence, "2 × 200 OK; min 10 ms, median 15 ms, max 20 ms");
        assert_eq!(passed.status, CheckStatus::Pass);
        assert_eq!(judge(&config(), &[responded(200), responded(429)]).status, CheckStatus::Fail);
        assert_eq!(
            judge(&config(), &[responded(200), after(responded(200), 5000)]).status,
            CheckStatus::Fail
        );
    }
}
