//! What findings say about a live request: their own texts speak of captures in a file.

use crate::verify::Finding;

const NOT_FROM_PGM: &str = "It is not from PGM, even with a valid signature, unless a proxy or a \
                            tunnel changed it.";

/// Id of a finding, its message and its help.
const TEXTS: [(&str, &str, &str); 9] = [
    (
        "headers-missing",
        "The request has neither X-PerfectGym-Request nor X-PerfectGym-Signature.",
        "If it comes from PGM, look there whether the webhook has a secret, and whether a proxy or \
         a tunnel removes headers.",
    ),
    (
        "signature-missing",
        "The request has an id but no X-PerfectGym-Signature.",
        "Give the webhook a secret in PGM, or find the proxy or tunnel that removes the header.",
    ),
    (
        "request-id-missing",
        "The request has a signature but no X-PerfectGym-Request, which it signs.",
        "Find the proxy or tunnel that removes the header: PGM sends both or neither.",
    ),
    (
        "request-id-redacted",
        "The request id is masked or cut off.",
        "Find the proxy or tunnel that masks X-PerfectGym-Request.",
    ),
    (
        "signature-redacted",
        "The signature is masked or cut off.",
        "Find the proxy or tunnel that masks X-PerfectGym-Signature: it has 32 hex digits.",
    ),
    ("body-not-json", "The body is not JSON, and PGM sends nothing else.", NOT_FROM_PGM),
    (
        "body-not-envelope",
        "The body is JSON but not PGM's envelope: an object with event, triggeredDate and data.",
        NOT_FROM_PGM,
    ),
    (
        "cause-unknown",
        "The signature does not match, and none of the known mistakes explains it.",
        "Copy the secret again with PGM's copy button and press \"Test all webhooks\". If that \
         request is valid and this one is not, this one was signed with another secret, or not by \
         PGM.",
    ),
    (
        "not-diagnosed",
        "The signature does not match, and too many requests are invalid to search for the cause \
         of each.",
        "Most often all of them have the cause that the first ones show.",
    ),
];

/// Rewords findings about a live request.
pub fn speak_of_requests(findings: &mut [Finding]) {
    for finding in findings {
        if let Some((_, message, help)) = TEXTS.iter().find(|(id, ..)| *id == finding.id) {
            finding.message = (*message).into();
            finding.help = (*help).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::FindingKind;

    #[test]
    fn every_text_belongs_to_a_finding() {
        for (id, ..) in TEXTS {
            assert!(FindingKind::find(id).is_some(), "{id}");
        }
    }
}
