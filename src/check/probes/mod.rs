//! The probes: one file each, and one line each in [`PROBES`].

mod answers_2xx;
mod brief_response;
mod burst;
mod every_event;
mod extra_and_null_fields;
mod four_at_once;
mod header_case;
mod http_version;
mod https_443;
mod keep_alive;
mod no_compression_surprise;
mod query_token;
mod rejects_other_request_signature;
mod rejects_unsigned;
mod rejects_wrong_signature;
mod retry_after_failure;
mod same_body_other_id;
mod same_request_again;
mod signature_hex_case;
mod soft_failure;
#[cfg(test)]
pub(super) mod testing;
mod tls;
mod unicode;
mod unknown_event;
mod unknown_member;
mod within_5s;

use super::Probe;

/// What the files of probes have in common.
mod prelude {
    #[cfg(test)]
    pub(super) use super::super::CheckStatus;
    pub(super) use super::super::config::RequestFactory;
    pub(super) use super::super::probe::{Phase, Prerequisite, Traffic};
    pub(super) use super::super::{
        CheckConfig, ConnectionMode, Level, Probe, ProbeRequest, ProbeResponse, ProbeResult,
        Provenance,
    };

    /// What most probes have in common; the rest is for each to say.
    pub(super) const DEFAULTS: Probe = Probe {
        id: "",
        level: Level::Note,
        source: Provenance::Recommendation,
        passes_when: "",
        explanation: "",
        about_signatures: false,
        prerequisite: Prerequisite::Accepted,
        phase: Phase::Together,
        traffic: |_| Traffic::First,
        judge: |_, _| ProbeResult::skip("nothing to judge"),
    };
}

/// All probes, in the order in which they are shown.
pub const PROBES: &[Probe] = &[
    https_443::PROBE,
    tls::PROBE,
    answers_2xx::PROBE,
    within_5s::PROBE,
    same_request_again::PROBE,
    four_at_once::PROBE,
    every_event::PROBE,
    retry_after_failure::PROBE,
    unknown_event::PROBE,
    unknown_member::PROBE,
    extra_and_null_fields::PROBE,
    unicode::PROBE,
    rejects_wrong_signature::PROBE,
    rejects_unsigned::PROBE,
    rejects_other_request_signature::PROBE,
    signature_hex_case::PROBE,
    same_body_other_id::PROBE,
    soft_failure::PROBE,
    brief_response::PROBE,
    burst::PROBE,
    no_compression_surprise::PROBE,
    http_version::PROBE,
    keep_alive::PROBE,
    header_case::PROBE,
    query_token::PROBE,
];

/// The probe with this id.
pub fn find(id: &str) -> Option<&'static Probe> {
    PROBES.iter().find(|probe| probe.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_stay_in_groups_of_level() {
        for (n, probe) in PROBES.iter().enumerate() {
            assert!(PROBES[..n].iter().all(|other| other.id != probe.id), "{}", probe.id);
            assert!(PROBES[..n].iter().all(|other| other.level <= probe.level), "{}", probe.id);
        }
    }
}
