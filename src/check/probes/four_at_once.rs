//! Does the target cope with the same request four times at once?

use super::*;

/// Requests of one change that were seen within 240 ms.
const REQUESTS: usize = 4;

pub(super) const PROBE: Probe = Probe {
    id: "four-at-once",
    level: Level::Must,
    source: Provenance::Observed,
    passes_when: "the same request four times at once gets four 2xx in time",
    explanation: "Live integrations saw one change arrive as four requests within about 240 ms; whether \
        they have one id is not known. Sends the same new request four times at once. A receiver that first looks whether it \
        knows the request and writes it down later processes it four times, or fails on three: \
        let a unique key in the database decide, and respond to all four with a 2xx.",
    phase: Phase::Measured,
    traffic: |factory| {
        let request = factory.test();
        let copy = |n| ProbeRequest::new(format!("request {n}"), request.clone());
        Traffic::AtOnce((1..=REQUESTS).map(copy).collect())
    },
    judge: |config, responses| all_in_time(responses, config.limit, HELP),
    ..DEFAULTS
};

const HELP: &str = "respond to each of them with a 2xx, also while the first is being processed: \
                    let a unique key on the signature decide which one does the work";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;

    #[test]
    fn one_bad_response_of_four_fails() {
        let judge = PROBE.judge;
        let calls = |last| [responded(200), responded(200), responded(200), last];
        assert_eq!(judge(&config(), &calls(responded(202))).status, CheckStatus::Pass);
        let failed = judge(&config(), &calls(after(responded(500), 20)));
        assert_eq!(failed.status, CheckStatus::Fail);
        assert_eq!(
            failed.evidence,
            "3 × 200 OK, 1 × 500 Internal Server Error; the slowest took 20 ms"
        );
        let late = judge(&config(), &calls(after(responded(200), 7000)));
        assert_eq!(late.evidence, "3 × 200 OK, 1 × 200 OK too late; the slowest took 7.00 s");
    }
}
