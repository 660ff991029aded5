//! The causes of the invalid signatures of a run, and how each is reported.

use memchr::memmem;

use super::super::Signed;
use super::super::digests::{DigestCandidate, Reach, digest_candidates, malformed};
use super::super::encodings::{base64_decoded, single_byte};
use super::super::formula::{FORMULAS, Formula};
use super::super::inputs;
use super::super::secret_signed::is_placeholder;
use super::order::Effort;
use super::{AcceptedSecret, Budget, CachedCause, Cause, RecentIds, Recipe, Search};
use crate::pgm::SecretLook;
use crate::verify::{Finding, FindingKind, NamedSecret, findings};

/// After this many full searches in a row without a result the next ones are short: most likely
/// the secret is wrong, and all captures have the same cause.
const MAX_MISSES: u32 = 8;
/// The same where other captures are valid with the secret: the others are most likely signed with
/// one that is not known.
const MAX_MISSES_OF_PROVEN: u32 = 2;
/// After this many short searches in a row without a result no more are made.
const MAX_SHORT_MISSES: u32 = 16;
/// How many causes are kept to be tried first.
const MAX_CACHED: usize = 16;

/// Finds the causes of invalid signatures. It keeps what it found and how much it has worked, so
/// it takes captures in the order of the file.
pub struct Diagnoser<'s> {
    accepted: &'s [NamedSecret],
    /// Other webhooks' secrets.
    known: &'s [NamedSecret],
    /// The accepted secrets with their variants, made for the first diagnosis.
    variants: Vec<AcceptedSecret<'s>>,
    /// For each accepted secret, whether a capture is valid with it.
    proven: Vec<bool>,
    cache: Vec<CachedCause>,
    recent_ids: RecentIds,
    budget: Budget,
    misses: u32,
    short_misses: u32,
    recipe: Option<Recipe>,
}

impl<'s> Diagnoser<'s> {
    /// A diagnoser for captures that match none of the `accepted` secrets. The `known` ones (of
    /// other webhooks) are tried too, but make nothing valid.
    pub fn new(accepted: &'s [NamedSecret], known: &'s [NamedSecret]) -> Self {
        Self {
            accepted,
            known,
            variants: Vec::new(),
            proven: vec![false; accepted.len()],
            cache: Vec::new(),
            recent_ids: RecentIds::default(),
            budget: Budget::new(),
            misses: 0,
            short_misses: 0,
            recipe: None,
        }
    }

    /// Remembers the id of a request of the same file: a signature may turn out to belong to it.
    /// The last 512 are kept.
    pub fn remember_id(&mut self, request_id: &str) {
        self.recent_ids.add(request_id);
    }

    /// Notes that a capture is valid with the accepted secret of this number: it was given right,
    /// so a capture that is invalid was signed with something else.
    pub fn note_valid(&mut self, secret: usize) {
        if let Some(proven) = self.proven.get_mut(secret) {
            *proven = true;
        }
    }

    /// The cause of an invalid signature: one finding for each mistake in it, never empty. Where
    /// no calculation fits, what looks wrong comes first.
    pub fn diagnose(&mut self, signed: Signed<'_>) -> Vec<Finding> {
        if self.variants.is_empty() {
            self.variants = self.accepted.iter().map(AcceptedSecret::new).collect();
        }
        for (secret, proven) in self.variants.iter_mut().zip(&self.proven) {
            secret.is_proven = *proven;
        }
        self.recipe = None;
        self.budget.next_capture();
        let candidates = digest_candidates(signed.signature);
        let mut search = Search::new(signed, &candidates, &mut self.budget);
        if let Some(cause) = search.cached(&self.variants, &self.cache) {
            return self.explain(cause, &candidates, signed);
        }
        if has_swapped_headers(signed, &self.variants) {
            return vec![Finding::new(&findings::HEADERS_SWAPPED)];
        }
        let mut secrets = self.accepted.iter().chain(self.known);
        if let Some(named) = secrets.find(|named| shows_secret(signed.signature, named)) {
            let finding = Finding::new(&findings::SIGNATURE_IS_SECRET);
            return vec![if self.has_several_secrets() {
                finding.with("secret", &*named.name)
            } else {
                finding
            }];
        }
        if candidates.is_empty() {
            return malformed(signed.signature);
        }
        let effort = self.effort();
        let mut search = Search::new(signed, &candidates, &mut self.budget);
        match search.run(effort, &self.variants, self.known, &mut self.recent_ids) {
            Some(cause) => {
                (self.misses, self.short_misses) = (0, 0);
                self.explain(cause, &candidates, signed)
            }
            None if effort == Effort::Full && !self.budget.is_exhausted() => {
                self.misses += 1;
                let mut findings = looks_of_secrets(self.accepted, &signed);
                findings.push(self.not_found(signed.request_id, &candidates));
                findings
            }
            None => {
                self.short_misses += u32::from(effort == Effort::Short);
                let mut findings = match effort {
                    Effort::Full => looks_of_secrets(self.accepted, &signed),
                    Effort::Short | Effort::Known => Vec::new(),
                };
                findings.push(self.not_searched(effort));
                findings
            }
        }
    }

    /// Whether a finding has to say with which secret it was made.
    fn has_several_secrets(&self) -> bool {
        self.accepted.len() + self.known.len() > 1
    }

    fn effort(&self) -> Effort {
        let is_proven = self.proven.contains(&true);
        let max_misses = if is_proven { MAX_MISSES_OF_PROVEN } else { MAX_MISSES };
        if self.budget.is_run_exhausted() || self.short_misses >= MAX_SHORT_MISSES {
            Effort::Known
        } else if self.misses >= max_misses {
            Effort::Short
        } else {
            Effort::Full
        }
    }

    fn explain(
        &mut self,
        cause: Cause<'s>,
        candidates: &[DigestCandidate],
        signed: Signed<'_>,
    ) -> Vec<Finding> {
        if let Some(cached) = &cause.cached {
            self.cache.retain(|known| !known.is(cached));
            self.cache.insert(0, cached.clone());
            self.cache.truncate(MAX_CACHED);
        }
        let candidate = candidates.get(cause.candidate);
        let of_form = candidate.map(|candidate| candidate.kinds.as_slice()).unwrap_or_default();
        let mut kinds: Vec<&'static FindingKind> = Vec::new();
        // First what makes the digest wrong: in another form it would be as wrong.
        for kind in cause.kinds.iter().chain(of_form) {
            if !kinds.iter().any(|known| known.id == kind.id) {
                kinds.push(kind);
            }
        }
        let total = kinds.len();
        let secret_name = cause.secret_name.filter(|_| self.has_several_secrets());
        let finding = |kind: &'static FindingKind| {
            let mut message = kind.message.to_owned();
            let mut finding = Finding::new(kind);
            let known = details(kind, &cause, candidate, signed);
            for (name, value, sentence) in known.into_iter().chain(self.of_secret(kind, &cause)) {
                message += &sentence;
                finding = finding.with(name, value);
            }
            if let Some(name) = secret_name {
                message += &format!(" (Found with the secret {name:?}.)");
                finding = finding.with("secret", name);
            }
            if total > 1 {
                message += &format!(" (1 of {total} combined mistakes.)");
            } else if of_form.iter().any(|form| form.id == kind.id)
                && ![&findings::SIGNATURE_ALTERED, &findings::SIGNATURE_CUT]
                    .iter()
                    .any(|other| other.id == kind.id)
            {
                message += " The digest itself is right.";
            }
            finding.with_message(message)
        };
        let findings = kinds.into_iter().map(finding).collect();
        self.recipe = Some(cause.recipe);
        findings
    }

    /// What the secret that signed has to do with the given one: in which encoding with one byte per
    /// letter it is, or how much of the given one is not part of it.
    fn of_secret(
        &self,
        kind: &FindingKind,
        cause: &Cause<'_>,
    ) -> Option<(&'static str, String, String)> {
        let is = |known: &[&FindingKind]| known.iter().any(|known| known.id == kind.id);
        let cached = cause.cached.as_ref()?;
        let given = self.accepted.get(cached.accepted)?.secret.expose();
        let signed = cached.secret.as_deref()?.as_slice();
        if is(&[&findings::SIGNED_WITH_LATIN1]) {
            let given = std::str::from_utf8(given).ok()?;
            let (name, _) = single_byte(given).find(|(_, bytes)| bytes == signed)?;
            return Some(("encoding", name.to_owned(), format!(" It is {name}.")));
        }
        let is_alone =
            cause.kinds.iter().filter(|kind| kind.id.starts_with("secret-")).count() == 1;
        if !is_alone || !is(&[&findings::SECRET_PART, &findings::SECRET_COMMENT]) {
            return None;
        }
        let (place, rest) = match (given.strip_prefix(signed), given.strip_suffix(signed)) {
            (Some(rest), _) => ("last", rest),
            (None, Some(rest)) => ("first", rest),
            (None, None) => return None,
        };
        let count = String::from_utf8_lossy(rest).chars().count();
        let sentence = match count {
            1 => format!(" The {place} character was left out."),
            _ => format!(" The {place} {count} characters were left out."),
        };
        Some(("leftOut", count.to_string(), sentence))
    }

    /// How the signature of the last capture was made, if that was found.
    pub fn take_recipe(&mut self) -> Option<Recipe> {
        self.recipe.take()
    }

    fn not_found(&self, own_id: &str, candidates: &[DigestCandidate]) -> Finding {
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
        let calculations = self.budget.made();
        let is_short = candidates.iter().all(|candidate| candidate.reach == Reach::Documented);
        let message = match is_short {
            true => {
                "The signature is too short for a search, as some calculation would match it by \
                     chance. PGM's formula does not result in it."
                    .to_owned()
            }
            false => format!(
                "The signature matches none of {calculations} calculations: variants of the secret \
                 and of the request id, {} formulas and fixed texts, single mistakes and \
                 pairs{also}.",
                FORMULAS.len(),
            ),
        };
        Finding::new(&findings::CAUSE_UNKNOWN)
            .with_message(message)
            .with("tried", calculations.to_string())
    }

    /// Says how far the search went, as it was not a full one.
    fn not_searched(&self, effort: Effort) -> Finding {
        let calculations = self.budget.made();
        let searched = match effort {
            Effort::Full => "the search for its cause stopped at the limit",
            Effort::Short => "only a short search for its cause was made",
            Effort::Known => "it was only compared with the causes found before",
        };
        let reason = match effort {
            Effort::Full => String::new(),
            _ if self.budget.is_run_exhausted() => {
                ": the searches before it reached the limit of a run".to_owned()
            }
            _ => format!(": the last {} full searches found nothing", self.misses),
        };
        let message = format!(
            "The signature does not match, and {searched} ({calculations} calculations){reason}."
        );
        Finding::new(&findings::NOT_DIAGNOSED)
            .with_message(message)
            .with("tried", calculations.to_string())
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
    let mut candidates = digest_candidates(swapped.signature);
    // Only a whole digest counts, as an id may look like a part of one.
    candidates.retain(DigestCandidate::is_whole);
    let mut budget = Budget::new();
    budget.next_capture();
    Search::new(swapped, &candidates, &mut budget).documented(accepted).is_some()
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
    let separator = FORMULAS.get(cause.recipe.formula).and_then(Formula::separator);
    if let Some(separator) = separator.filter(|_| is(&[&findings::OTHER_SEPARATOR])) {
        details.push(("separator", separator.to_owned(), format!(" It is {separator:?}.")));
    }
    if let Some(id) = &cause.signed_id
        && kind.id.starts_with("id-")
    {
        let sentence = match is(&[&findings::ID_WORD, &findings::ID_TEMPLATE]) {
            true => format!(" It is {id:?}."),
            false => String::new(),
        };
        details.push(("signedId", id.clone(), sentence));
        let header = signed.headers.iter().find(|(_, value)| value == id);
        if let (true, Some((name, _))) = (is(&[&findings::ID_OTHER_HEADER]), header) {
            details.push(("header", name.clone(), format!(" It is {name}.")));
        }
        let body = signed.body.and_then(|body| serde_json::from_slice(body).ok());
        let leaves = body.map(|body| inputs::leaves(&body)).unwrap_or_default();
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

/// Whether a signature shows this secret, perhaps beside other text, in base64 or in hex. One that
/// has the form of a signature is taken for one that was given in place of the secret.
fn shows_secret(signature: &str, named: &NamedSecret) -> bool {
    let secret = named.secret.expose();
    let last = signature.split_ascii_whitespace().next_back().unwrap_or_default();
    let decoded = base64_decoded(last.trim_end_matches('=').as_bytes());
    let forms = [decoded, hex::decode(last).ok(), Some(signature.trim().into())];
    // A short one stands in a digest by chance.
    let shows = |text: Vec<u8>| {
        text == secret || secret.len() >= SHORT && memmem::find(&text, secret).is_some()
    };
    let is_digest = secret.len() == 32 && secret.iter().all(u8::is_ascii_hexdigit);
    !is_digest && forms.into_iter().flatten().any(shows)
}

/// A secret with fewer characters may be only a part of one.
const SHORT: usize = 8;

/// What is suspicious about the accepted secrets, if they are few.
fn looks_of_secrets(accepted: &[NamedSecret], signed: &Signed<'_>) -> Vec<Finding> {
    const MAX_SECRETS: usize = 3;
    if accepted.len() > MAX_SECRETS {
        return Vec::new();
    }
    let hint = |named: &NamedSecret| {
        let finding = Finding::new(look_of_secret(named, signed)?);
        Some(if accepted.len() > 1 { finding.with("secret", named.name.as_str()) } else { finding })
    };
    accepted.iter().filter_map(hint).collect()
}

fn look_of_secret(named: &NamedSecret, signed: &Signed<'_>) -> Option<&'static FindingKind> {
    let look = SecretLook::of(&named.secret);
    let text = std::str::from_utf8(named.secret.expose()).ok()?;
    let is = |value: &str| value.trim().eq_ignore_ascii_case(text.trim());
    let expanded = ["undefined", "[object ", "null", "None", "(null)"];
    match look {
        Some(SecretLook::MissingValue) => Some(&findings::SECRET_MISSING_VALUE),
        Some(SecretLook::Masked) => Some(&findings::SECRET_MASKED),
        Some(SecretLook::OtherValue) => Some(&findings::SECRET_IS_ANOTHER_VALUE),
        _ if is(signed.request_id) || is(signed.signature) => {
            Some(&findings::SECRET_IS_ANOTHER_VALUE)
        }
        _ if is_placeholder(text.trim()) => Some(&findings::SECRET_PLACEHOLDER),
        Some(SecretLook::Reference) => Some(&findings::SECRET_REFERENCE),
        _ if text.ends_with("...") || text.ends_with('…') => Some(&findings::SECRET_MASKED),
        _ if expanded.iter().any(|word| text.contains(word)) => Some(&findings::SECRET_EXPANDED),
        _ if shows_lost_letters(text) => Some(&findings::SECRET_LETTERS_LOST_MAYBE),
        _ if text.contains("$$") || text.contains("${") => Some(&findings::SECRET_EXPANDED),
        _ if text.chars().count() < SHORT => Some(&findings::SECRET_SHORT),
        _ => None,
    }
}

/// Whether replacement characters, or question marks among letters, stand in a text.
fn shows_lost_letters(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let among = |three: &[char]| {
        matches!(three, [before, '?', after]
            if before.is_alphabetic() && (after.is_alphabetic() || *after == '?'))
    };
    let is_url = text.contains("://");
    text.contains('\u{fffd}') || !is_url && letters.windows(3).any(among)
}
