//! Any bytes, through the readers and the verdict: nothing panics or hangs, a valid capture
//! has the right digest, and no finding shows a secret or the signature that was expected.
#![no_main]

use libfuzzer_sys::fuzz_target;
use md5::{Digest, Md5};
use pgwh::capture;
use pgwh::pgm::Secret;
use pgwh::verify::{NamedSecret, Secrets, SignatureVerdict, Verifier};

const SECRET: &str = "correct-horse-battery-staple";

/// `MD5(id:secret)` in hex.
fn digest(id: &str) -> String {
    let digest = Md5::digest(format!("{id}:{SECRET}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fuzz_target!(|data: &[u8]| {
    let Ok(reading) = capture::read(data) else { return };
    let secret = Secret::new(SECRET).expect("it is not empty");
    let accepted = [NamedSecret { name: "ours".to_owned(), secret }];
    let now = "2026-03-01T18:00:00Z".parse().expect("a date");
    let secrets = Secrets { accepted: &accepted, known: &[] };
    let mut verifier = Verifier::new(secrets, now);
    // The search for a cause takes half a second here: one input in sixteen gets it.
    let is_searched =
        data.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)).is_multiple_of(16);
    let is_invalid =
        |capture| verifier.examiner().examine(capture).verdict == SignatureVerdict::Invalid;
    if !is_searched && reading.captures.iter().any(is_invalid) {
        return;
    }
    for capture in &reading.captures {
        let examined = verifier.verify(capture);
        let id = examined.request_id.as_deref().unwrap_or_default();
        if examined.verdict == SignatureVerdict::Valid {
            let given = examined.signature.expect("it was compared");
            assert!(given.eq_ignore_ascii_case(&digest(id)));
            continue;
        }
        let expected = digest(id);
        for finding in &examined.findings {
            let texts = finding.evidence.iter().map(|(_, value)| value.as_str());
            for text in texts.chain([&*finding.message]) {
                // A stranger may write either into an event's name, but must not learn it.
                let shown = text.contains(SECRET) || text.contains(&expected);
                let written = |text: &str| data.windows(text.len()).any(|w| w == text.as_bytes());
                assert!(!shown || written(SECRET) || written(&expected), "{text}");
            }
        }
    }
    let totals = verifier.totals();
    let counted = SignatureVerdict::ALL.map(|verdict| totals.of(verdict)).iter().sum::<u64>();
    assert_eq!((totals.captures, counted), (reading.captures.len() as u64, totals.captures));
});
