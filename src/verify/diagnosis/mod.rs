//! Why a signature is invalid: secrets × request ids × formulas × forms of the digest, each a
//! table.
//!
//! A signature that results from another calculation than PGM's shows the mistake. All single
//! mistakes are tried, then pairs of the likely ones; the form of the digest and the hash function
//! follow from the text of the signature. A diagnosis never makes a capture valid.

mod context;
mod digest_candidates;
mod formula;
mod hash;
mod id_hypothesis;
mod search;
mod secret_given;
mod secret_signed;
mod text_encodings;
mod words;

use digest_candidates::{DigestCandidate, digest_candidates};
use search::{AcceptedSecret, CachedCause, Cause, RecentIds, Search};

use super::examine::NamedSecret;
use super::finding::{Finding, FindingKind};
use super::findings;

/// What a run may spend on diagnoses, in bytes to hash: about half a second.
const MAX_WORK: u64 = 192 << 20;
/// After this many full searches in a row without a result, no more are made: most likely the
/// secret is wrong, and all captures have the same cause.
const MAX_MISSES: u32 = 8;
/// How many causes are kept to be tried first.
const MAX_CACHED: usize = 16;

/// The parts of a capture that a diagnosis needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The request id as captured.
    pub request_id: &'a str,
    /// The signature as captured, which fits no accepted secret.
    pub signature: &'a str,
    /// The body, if there is one.
    pub body: Option<&'a [u8]>,
    /// The other headers, which may be empty: the signer may have used one of them as the id.
    pub headers: &'a [(String, String)],
}

/// Finds the causes of invalid signatures. It keeps what it found and how much it has worked, so
/// it takes captures in the order of the file.
pub struct Diagnoser<'s> {
    accepted: &'s [NamedSecret],
    /// Other webhooks' secrets.
    known: &'s [NamedSecret],
    /// The accepted secrets with their variants, made for the first diagnosis.
    variants: Option<Vec<AcceptedSecret<'s>>>,
    cache: Vec<CachedCause>,
    recent_ids: RecentIds,
    work: u64,
    misses: u32,
}

impl<'s> Diagnoser<'s> {
    /// A diagnoser for captures that fit none of the `accepted` secrets. The `known` ones (of
    /// other webhooks) are tried too, but make nothing valid.
    pub fn new(accepted: &'s [NamedSecret], known: &'s [NamedSecret]) -> Self {
        Self {
            accepted,
            known,
            variants: None,
            cache: Vec::new(),
            recent_ids: RecentIds::default(),
            work: MAX_WORK,
            misses: 0,
        }
    }

    /// Remembers the id of a request of the same file: a signature may turn out to belong to it.
    /// The last 512 are kept.
    pub fn remember_id(&mut self, request_id: &str) {
        self.recent_ids.add(request_id);
    }

    /// The cause of an invalid signature: one finding for each mistake in it, never empty. Where
    /// no calculation fits, what looks wrong comes first.
    pub fn diagnose(&mut self, signed: Signed<'_>) -> Vec<Finding> {
        let accepted = self.variants.take();
        let accepted =
            accepted.unwrap_or_else(|| self.accepted.iter().map(AcceptedSecret::new).collect());
        let findings = self.search(signed, &accepted);
        self.variants = Some(accepted);
        findings
    }

    fn search(&mut self, signed: Signed<'_>, accepted: &[AcceptedSecret<'s>]) -> Vec<Finding> {
        if has_swapped_headers(signed, accepted) {
            return vec![Finding::new(&findings::HEADERS_SWAPPED)];
        }
        let candidates = digest_candidates(signed.signature);
        if candidates.is_empty() {
            return malformed(signed.signature);
        }
        let mut search = Search::new(signed, &candidates, &mut self.work);
        if let Some(cause) = search.cached(accepted, &self.cache) {
            return self.explain(&cause, &candidates, signed);
        }
        if self.misses >= MAX_MISSES || search.is_exhausted() {
            return vec![self.not_searched()];
        }
        let cause = search.all(accepted, self.known, &self.recent_ids);
        let (tried, exhausted) = (search.tried(), search.is_exhausted());
        match cause {
            Some(cause) => self.explain(&cause, &candidates, signed),
            None if exhausted => vec![self.not_searched()],
            None => {
                self.misses += 1;
                let mut findings = words::looks_of_secrets(self.accepted, &signed);
                findings.push(self.not_found(tried, signed.request_id));
                findings
            }
        }
    }

    fn explain(
        &mut self,
        cause: &Cause<'s>,
        candidates: &[DigestCandidate],
        signed: Signed<'_>,
    ) -> Vec<Finding> {
        self.misses = 0;
        if let Some(cached) = &cause.cached {
            self.cache.retain(|known| known != cached);
            self.cache.insert(0, cached.clone());
            self.cache.truncate(MAX_CACHED);
        }
        let candidate = candidates.get(cause.candidate);
        let of_form = candidate.map(|candidate| candidate.kinds.as_slice()).unwrap_or_default();
        let mut kinds: Vec<&'static FindingKind> = Vec::new();
        for kind in of_form.iter().chain(&cause.kinds) {
            if !kinds.iter().any(|known| known.id == kind.id) {
                kinds.push(kind);
            }
        }
        let total = kinds.len();
        let several_secrets = self.accepted.len() + self.known.len() > 1;
        let secret_name = cause.secret_name.filter(|_| several_secrets);
        let finding = |kind: &'static FindingKind| {
            let mut message = kind.message.to_owned();
            let mut finding = Finding::new(kind);
            for (name, value, sentence) in details(kind, cause, candidate, signed) {
                message += &sentence;
                finding = finding.with(name, value);
            }
            if let Some(name) = secret_name {
                message += &format!(" (Found with the secret {name:?}.)");
                finding = finding.with("secret", name);
            }
            if total > 1 {
                message += &format!(" (1 of {total} combined mistakes.)");
            }
            finding.with_message(message)
        };
        kinds.into_iter().map(finding).collect()
    }

    fn not_found(&self, calculations: u64, own_id: &str) -> Finding {
        let counted = |count: usize, what: &str| match count {
            0 => None,
            1 => Some(format!("1 {what}")),
            many => Some(format!("{many} {what}s")),
        };
        let also: Vec<_> = [
            counted(self.known.len(), "other known secret"),
            counted(self.recent_ids.others(own_id), "other request id"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let also = match also.is_empty() {
            true => String::new(),
            false => format!("; also with {}", also.join(" and ")),
        };
        let message = format!(
            "The signature matches none of {calculations} calculations: variants of the secret and \
             of the request id, {} formulas, single mistakes and pairs{also}.",
            formula::FORMULAS.len(),
        );
        Finding::new(&findings::CAUSE_UNKNOWN)
            .with_message(message)
            .with("tried", calculations.to_string())
    }

    fn not_searched(&self) -> Finding {
        let finding = Finding::new(&findings::NOT_DIAGNOSED);
        if self.misses < MAX_MISSES {
            return finding;
        }
        finding.with_message(format!(
            "The signature does not match. Its cause was not searched for, as {MAX_MISSES} full \
             searches in a row before it found nothing.",
        ))
    }
}

/// Whether the two headers are in each other's place.
fn has_swapped_headers(signed: Signed<'_>, accepted: &[AcceptedSecret<'_>]) -> bool {
    let swapped = Signed {
        request_id: signed.signature.trim(),
        signature: signed.request_id,
        body: None,
        headers: &[],
    };
    let candidates = digest_candidates(swapped.signature);
    let mut work = MAX_WORK;
    let found = Search::new(swapped, &candidates, &mut work).documented(accepted);
    // Only a whole digest counts, as an id may look like a part of one.
    let cause = found.and_then(|cause| candidates.get(cause.candidate));
    cause.is_some_and(DigestCandidate::is_whole)
}

/// What a finding of this kind says about the capture at hand: name and value of the evidence, and
/// a sentence.
fn details(
    kind: &FindingKind,
    cause: &Cause<'_>,
    candidate: Option<&DigestCandidate>,
    signed: Signed<'_>,
) -> Vec<(&'static str, String, String)> {
    let is = |known: &[&FindingKind]| known.iter().any(|known| known.id == kind.id);
    let mut details = Vec::new();
    let hashes = [&findings::WRONG_HASH, &findings::HMAC_OVER_ID, &findings::HMAC_OVER_BODY];
    if is(&hashes)
        && let Some(candidate) = candidate
    {
        let name = candidate.hash.name();
        let name = if cause.is_hmac { format!("HMAC-{name}") } else { name.to_owned() };
        details.push(("algorithm", name.clone(), format!(" It is {name}.")));
    }
    if let Some(word) = &cause.word
        && is(&[&findings::SIGNED_WITHOUT_SECRET, &findings::SIGNED_WITH_PLACEHOLDER])
    {
        let sentence = match word.is_empty() {
            true => " It is empty.".to_owned(),
            false => format!(" The text is {word:?}."),
        };
        details.push(("text", word.clone(), sentence));
    }
    if let Some(id) = &cause.signed_id
        && kind.id.starts_with("id-")
    {
        details.push(("signedId", id.clone(), String::new()));
        let header = signed.headers.iter().find(|(_, value)| value == id);
        if let (true, Some((name, _))) = (is(&[&findings::ID_OTHER_HEADER]), header) {
            details.push(("header", name.clone(), format!(" It is {name}.")));
        }
        let body = signed.body.and_then(|body| serde_json::from_slice(body).ok());
        let leaves = body.map(|body| id_hypothesis::leaves(&body)).unwrap_or_default();
        let leaf = leaves.into_iter().find(|(_, value)| value == id);
        if let (true, Some((path, _))) = (is(&[&findings::ID_FROM_BODY]), leaf) {
            details.push(("path", path.clone(), format!(" It is {path}.")));
        }
    }
    if let Some(id) = &cause.other_request {
        details.push(("requestId", id.clone(), String::new()));
    }
    details
}

/// The signature is not a digest in any form.
fn malformed(signature: &str) -> Vec<Finding> {
    let kind = words::look_of_signature(signature).unwrap_or(&findings::SIGNATURE_MALFORMED);
    let length = signature.chars().count();
    vec![Finding::new(kind).with("characters", length.to_string())]
}
