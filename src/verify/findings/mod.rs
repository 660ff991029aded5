//! Every kind of finding with its id, how much it matters, and its texts. A test generates
//! `docs/findings.md` from them; `report/listen_human.rs` rewords some of them for live requests.

mod secret;
mod signature;

pub(super) use self::{secret::*, signature::*};
use super::FindingKind;
use crate::text::nearest;

impl FindingKind {
    /// Every kind, grouped by what it is about.
    pub fn families() -> [(&'static str, &'static [&'static Self]); 6] {
        [
            ("The capture", CAPTURE),
            ("The secret that was given", SECRET),
            ("The secret that the signature was made with", SIGNED_WITH),
            ("The formula", SIGNING),
            ("The request id", REQUEST_ID),
            ("The form of the digest", SIGNATURE),
        ]
    }

    /// Every kind, in the order of the families.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        Self::families().into_iter().flat_map(|(_, kinds)| kinds).copied()
    }

    /// The kind with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().find(|kind| kind.id == id)
    }

    /// The kind whose id is most similar to this one, if any is similar.
    pub fn nearest(id: &str) -> Option<&'static Self> {
        let ids: Vec<_> = Self::all().map(|kind| kind.id).collect();
        nearest(id, &ids).and_then(Self::find)
    }
}

/// Declares kinds, and a list of them.
macro_rules! findings {
    ($all:ident: $($name:ident = $id:literal, $severity:ident, $message:literal, $help:literal, $explanation:literal;)*) => {
        $(pub(in crate::verify) static $name: crate::verify::FindingKind =
            crate::verify::FindingKind {
                id: $id,
                severity: crate::verify::Severity::$severity,
                message: $message,
                help: $help,
                explanation: $explanation,
            };
        )*
        pub(super) static $all: &[&crate::verify::FindingKind] = &[$(&$name),*];
    };
}
use findings;

// What is said about a capture apart from its signature: its headers, its body, and what several
// captures show together.
findings! {
    CAPTURE:
    HEADERS_MISSING = "headers-missing", Error,
        "The capture has neither X-PerfectGym-Request nor X-PerfectGym-Signature.",
        "Capture the request with its headers: save the whole request, not only its body. If the tool shows other headers, look in PGM whether the webhook has a secret. If the file has both values under names of its own, rename its columns or members to X-PerfectGym-Request and X-PerfectGym-Signature.",
        "Without these two headers nothing can be checked. The usual reasons: the tool saved only the body, or a selection of headers; a proxy or gateway in front of it passes on only the headers it knows; the webhook has no secret in PGM (whether PGM then sends the headers at all is not documented, and integrators report requests without them); or the request does not come from PGM. PerfectGym Next is another product: its webhooks carry an API key and none of these headers.";
    SIGNATURE_MISSING = "signature-missing", Error,
        "The capture has a request id but no X-PerfectGym-Signature.",
        "Give the webhook a secret in PGM, or find out which tool or proxy dropped the header, and capture again.",
        "The request id alone proves nothing. The usual reasons: the webhook has no secret in PGM; the tool, or a proxy in front of it, drops headers whose names sound secret (signature, token, key); the capture was made by hand and the header was forgotten. A value such as null or undefined counts as missing: a program wrote it where it had no header.";
    REQUEST_ID_MISSING = "request-id-missing", Error,
        "The capture has a signature but no X-PerfectGym-Request, which it signs.",
        "Capture again with all headers; the signature is made over the request id and cannot be checked without it.",
        "The signature is MD5 of the request id, a colon and the secret, so the id is needed to check it. PGM sends both headers or, as far as is known, neither: when only the id is gone, a tool or proxy dropped it, or the receiving program logged a header under another name.";
    REQUEST_ID_AMBIGUOUS = "request-id-ambiguous", Error,
        "X-PerfectGym-Request has more than one value, and receivers differ in which one they use.",
        "Find out who added the second value: a proxy that adds instead of sets, or a client that hopes that two programs read different ones. Reject such a request.",
        "PGM sends one value. Some programs take the first of several, some the last, some join them with a comma, so one part of a system may check one request and another part act on the other. Equal repeats, also joined by a comma, are ambiguous too: a strict receiver compares the joined text and rejects the request.";
    REQUEST_ID_MALFORMED = "request-id-malformed", Error,
        "The signature matches, but the request id contains a character that a header cannot carry unchanged: a space at an end, a comma, a control character or one outside ASCII.",
        "Capture the request again as it arrived. Reject such a request: strict receivers do.",
        "PGM's ids are printable ASCII as far as is known. HTTP strips spaces at the ends of a value, proxies join repeated headers with commas, and programs decode bytes beyond ASCII in different ways, so receivers would compute the signature over different ids.";
    SIGNATURE_AMBIGUOUS = "signature-ambiguous", Error,
        "X-PerfectGym-Signature has more than one value, and receivers differ in which one they use.",
        "Find out who added the second value. Reject such a request.",
        "PGM sends one value. A receiver that accepts a request when any of several values matches lets a client try many guesses at once. Equal repeats, also joined by a comma, are ambiguous too: a strict receiver compares the joined text and rejects the request.";
    REQUEST_ID_REDACTED = "request-id-redacted", Error,
        "The request id was masked or cut off before it was saved.",
        "Capture again with masking of X-PerfectGym-Request switched off, or copy the whole value.",
        "Many tools replace values by ***, [REDACTED] or xxxx when they save or export, or show only the beginning of long ones. The signature is made over the exact id, so nothing can be checked. A request id is no secret and need not be masked.";
    SIGNATURE_REDACTED = "signature-redacted", Error,
        "The signature was masked or cut off before it was saved.",
        "Capture again with masking of X-PerfectGym-Signature switched off, or copy the whole value: it has 32 hex digits.",
        "Many tools mask headers whose names sound secret (signature, token, authorization) when they save or export, or show only the beginning of long values. A signature shows nothing of the secret, but whoever has it together with its request id can send other bodies with it, so share an unmasked capture with care.";
    BODY_MISSING = "body-missing", Info,
        "The capture has no body: the verdict is about the headers only.",
        "Save the body too if you want it checked; the signature does not cover it.",
        "PGM's signature is made over the request id, so the verdict needs no body. Checks of the envelope, of the date and of replays do.";
    BODY_LEFT_OUT = "body-left-out", Info,
        "The request had a body, which could not be read from this file.",
        "Let the program print the body as text (JSON.stringify, a raw body, %s of the bytes) if you want it checked; the signature does not cover it.",
        "The file shows that there was a body: a Content-Length, or something that stands for it, such as [object Object], a stream or a number of bytes. The verdict does not need it. Checks of the envelope, of the date and of replays do.";
    BODY_NOT_EXACT = "body-not-exact", Info,
        "The body is not byte for byte what was received: the tool kept parsed JSON or changed text.",
        "Nothing to fix for the verdict. Use a tool that keeps raw bytes if you need to send the same bytes again.",
        "Many tools parse JSON and write it again when they save. The signature does not cover the body, so the verdict stands. Replays are still found, because bodies are compared as JSON values.";
    BODY_NOT_JSON = "body-not-json", Error,
        "The body is not JSON, and PGM sends nothing else.",
        "Look at how the body was saved: cut off, compressed, printed as a Python or PHP value, escaped twice? If it arrived like this, it is not from PGM, even with a valid signature.",
        "PGM posts a JSON object (documented). A valid signature does not vouch for the body: whoever has an id and its signature can send anything. JSON nested more than 128 levels deep is not read.";
    BODY_NOT_ENVELOPE = "body-not-envelope", Error,
        "The body is JSON but not PGM's envelope: an object with event, triggeredDate and data.",
        "Look at whether the tool wrapped the body in something of its own or saved only a part. If it arrived like this, it is not from PGM, even with a valid signature.",
        "Every body is { \"event\": name, \"triggeredDate\": date, \"data\": { … } } (documented). Other members are accepted. Webhooks of PerfectGym Next, another product, look different.";
    UNKNOWN_EVENT = "unknown-event", Warning,
        "The event is not one that PGM documents.",
        "Check the spelling and the letter case. If PGM really sends it, it is newer than this version of pgwh: handle it like any unknown event.",
        "The vendor's help page lists the events; pgwh events shows them. The standby event has two spellings in use, ClassesBookedOnStadbyList (help page) and ClassesBookedOnStandbyList (live systems), and both are known. Other names of events come with new versions of PGM, or with a body that PGM did not make.";
    DATE_MALFORMED = "triggered-date-malformed", Warning,
        "triggeredDate is not an ISO 8601 date and time in UTC.",
        "PGM writes it like 2020-06-01T14:44:46Z. Look at whether the tool turned it into local time or another form.",
        "Documented: ISO 8601, typically YYYY-MM-DDThh:mm:ssZ, in UTC. Fractions of a second and +00:00 in place of Z are accepted. A date without a zone, with another zone, with a space for the T, or /Date(…)/ comes from a tool that parsed it and wrote it again, or from a body that PGM did not make.";
    DATE_FUTURE = "triggered-date-future", Warning,
        "triggeredDate is later than the request was received.",
        "Check the clock of the machine that received it. If the clock is right, PGM did not create the body at the time it states.",
        "PGM sends the request after the event. Two minutes are allowed for clocks that differ (our choice). The date is not signed: anyone who has an id and its signature can write any date. Where the capture does not say when it was received, the present time is used.";
    DATE_OLD = "triggered-date-old", Warning,
        "triggeredDate is long before the request was received.",
        "If your target failed in between, this is a late retry, or someone pressed the retry button in PGM's requests list. Otherwise an old request was sent again: process each request id only once.",
        "PGM sends the request within a few seconds of the event (documented) and retries failed requests on a schedule that is not known. More than ten minutes are reported (our choice), except for a request that was seen before, for captures that do not say when they were received, and for the event Test, whose documented sample carries a date of 2020. The signature covers neither body nor time, so it stays valid forever.";
    REPLAYED_SIGNATURE = "replayed-signature", Error,
        "The same request id and signature were seen before with another body: someone sent a new body with an old signature, or changed the body on the way.",
        "Do not trust the later body. Fetch the object from PGM's API, and process each request id only once.",
        "PGM's signature is made over the request id and the secret, not over the body. Whoever has seen one id and its signature (in a log, at a proxy, in a capture that was shared) can send any body with them, and the signature is valid. A real retry has the same body. Bodies are compared as JSON values: white space, order of members, escapes and the spelling of numbers do not matter, so a tool that keeps parsed JSON raises no alarm. If the first body was the false one, the finding is at the true one: it says only that they differ. Change the secret in PGM when you find a real case.";
    ID_WITH_TWO_SIGNATURES = "id-with-two-signatures", Warning,
        "The same request id was seen before with another signature.",
        "If the secret was changed between the two, or two webhooks with different secrets got the same id, nothing is wrong. Otherwise PGM made only one of the two.",
        "One id has one signature until the secret changes (documented). A retry after a change of the secret has a new signature. Whether PGM uses the same id for two webhooks that receive one event is not known. Anything else is a guess at a signature, or a test of your own with a fixed id.";
    RETRY = "retry", Info,
        "The same request was seen before: a retry.",
        "Nothing to fix if your receiver processes each request id only once. PGM retries a request that got no 2xx response within 5 seconds.",
        "A target should be ready to receive the same request more than once (documented). Retries keep request id, signature and body. They are counted and are not faults. Many of them mean that the target responds too late or with an error.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_kebab_case() {
        let mut seen = std::collections::HashSet::new();
        for kind in FindingKind::all() {
            assert!(seen.insert(kind.id), "{} is declared twice", kind.id);
            let kebab =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(kind.id.bytes().all(kebab), "{}", kind.id);
            for text in [kind.message, kind.help, kind.explanation] {
                assert!(text.ends_with(['.', '?']) && !text.contains("  "), "{}: {text}", kind.id);
            }
        }
    }

    #[test]
    fn a_misspelt_id_finds_its_kind() {
        assert_eq!(
            FindingKind::nearest("secret-newlines").map(|kind| kind.id),
            Some("secret-newline")
        );
        assert!(FindingKind::nearest("qqqqqqqqqq").is_none());
    }
}
