//! The copy: written, and verified before it is returned.

use base64::Engine;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};
use chrono::{DateTime, Utc};

use super::Invented;
use crate::capture::{Body, Capture, CaptureRecord, Item, read_lines};
use crate::pgm::{self, SIGNATURE_HEADER, Secret, Signature, is_pgm_header};
use crate::verify::diagnosis::{Diagnoser, Recipe, Signed};
use crate::verify::{Examination, NamedSecret, Secrets, SignatureVerdict, Verifier, findings};

/// The copy.
#[derive(Debug)]
pub struct AnonymizedCaptures {
    /// Lines of pgwh's capture format.
    pub lines: String,
    /// The secret that the copy is to be verified with. It is invented.
    pub secret: String,
}

/// Why there is no copy whose verdicts and causes would be those of the original.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("capture {number}: {reason}")]
pub struct CannotAnonymize {
    /// Which capture, from 1.
    pub number: usize,
    /// Why.
    pub reason: &'static str,
}

const OTHER_RESULT: &str = "the copy would not have the same verdict and findings";

/// Makes the copy, and verifies it before it is returned. Valid captures, invalid ones whose cause
/// is found, and unsigned ones can be copied. `now` is the time of receipt of captures without one.
///
/// # Errors
/// When a capture cannot be copied.
pub fn anonymize(
    captures: &[Capture<'_>],
    accepted: &[NamedSecret],
    now: DateTime<Utc>,
) -> Result<AnonymizedCaptures, CannotAnonymize> {
    let original = judge(captures, accepted, now);
    let mut failure = CannotAnonymize { number: 1, reason: OTHER_RESULT };
    for base in SECRETS {
        let secret = stated_secret(base, &original);
        match CopyWriter::new(&secret, now).and_then(|copy| copy.write(captures, &original)) {
            Ok(lines) => return Ok(AnonymizedCaptures { lines, secret }),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// What verify says of a capture, and how an invalid signature was made.
struct Judged {
    examination: Examination,
    recipe: Option<Recipe>,
}

impl Judged {
    /// The findings that the copy has to have, too. A copy always has exact bytes.
    fn findings(&self) -> Vec<&'static str> {
        let ids = self.examination.findings.iter().map(|finding| finding.id);
        ids.filter(|id| *id != findings::BODY_NOT_EXACT.id).collect()
    }
}

fn judge(captures: &[Capture<'_>], accepted: &[NamedSecret], now: DateTime<Utc>) -> Vec<Judged> {
    let mut verifier = Verifier::new(Secrets { accepted, known: &[] }, now);
    let examiner = verifier.examiner();
    let mut examinations: Vec<_> = captures.iter().map(|it| examiner.examine(it)).collect();
    examinations.iter().for_each(|examination| verifier.look_ahead(examination));
    let judged = examinations.iter_mut().zip(captures).map(|(examination, capture)| {
        verifier.finalize(examination, capture.body.as_ref().map(|body| &*body.bytes));
        Judged { examination: examination.clone(), recipe: verifier.take_recipe() }
    });
    judged.collect()
}

/// Secrets to sign with: plain ones first, then some that have what certain mistakes need.
const SECRETS: [&str; 3] =
    ["anonymous-Secret-42Oz", "an $ecret+/42 & <'\"%y>", "zażółć-Secret-42 ęśąćź"];

/// The secret in the way in which the original one was given: with the mistakes that are the causes
/// of its captures.
fn stated_secret(base: &str, judged: &[Judged]) -> String {
    let mistakes = judged.iter().map(|it| {
        let ids = it.examination.findings.iter().map(|finding| finding.id);
        ids.filter_map(|id| MISTAKES.iter().find(|(known, _)| *known == id)).collect::<Vec<_>>()
    });
    let most = mistakes.max_by_key(Vec::len).unwrap_or_default();
    most.iter().rev().fold(base.to_owned(), |secret, (_, make)| make(&secret))
}

type Mistake = (&'static str, fn(&str) -> String);

/// How a secret is given wrong, by the finding that names it.
static MISTAKES: &[Mistake] = &[
    ("secret-newline", |text| format!("{text}\n")),
    ("secret-crlf", |text| format!("{text}\r\n")),
    ("secret-spaces", |text| format!("{text} ")),
    ("secret-quotes", |text| format!("\"{text}\"")),
    ("secret-bom", |text| format!("\u{feff}{text}")),
    ("secret-invisible", |text| format!("{text}\u{200b}")),
    ("secret-escaped-newline", |text| format!("{text}\\n")),
    ("secret-json", |text| serde_json::json!({ "PGM_SECRET": text }).to_string()),
    ("secret-env-line", |text| format!("PGM_SECRET={text}")),
    ("secret-lines", |text| format!("first line\n{text}")),
    ("secret-comment", |text| format!("{text} # comment")),
    ("secret-prefix", |text| format!("whsec_{text}")),
    ("secret-punctuation", |text| format!("{text};")),
    ("secret-twice", |text| text.repeat(2)),
    ("secret-shell-escaped", |text| text.replace('$', "$$")),
    ("secret-url-escaped", |text| {
        let escape = |byte: u8| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        };
        text.bytes().map(escape).collect()
    }),
    ("secret-url", |text| format!("https://example.com/?key={text}")),
    ("secret-html-escaped", |text| text.replace('&', "&amp;").replace('<', "&lt;")),
    ("secret-json-escaped", |text| text.replace('"', "\\\"")),
    ("secret-base64", |text| BASE64_STANDARD.encode(text)),
    ("secret-hex", |text| hex::encode(text)),
    ("secret-misread", |text| text.bytes().map(char::from).collect()),
    ("secret-unicode-form", |text| text.replace('ó', "o\u{301}").replace('ć', "c\u{301}")),
    ("secret-typography", |text| text.replace('-', "–")),
    ("secret-other-case", |text| text.to_uppercase()),
    ("secret-keyboard", |text| text.replace('y', "\0").replace('z', "y").replace('\0', "z")),
    ("secret-lookalike", |text| text.replace('O', "0")),
    ("secret-letters-lost", |text| text.replacen('ż', "?", 1)),
    ("secret-incomplete", |text| text.chars().skip(1).collect()),
    ("secret-part", |text| format!("{text}8c1f")),
    ("secret-typo", |text| text.replacen("cre", "cwe", 1)),
];

/// Writes the copy.
struct CopyWriter {
    accepted: [NamedSecret; 1],
    now: DateTime<Utc>,
    invented: Invented,
}

impl CopyWriter {
    fn new(secret: &str, now: DateTime<Utc>) -> Result<Self, CannotAnonymize> {
        let refused = |_| CannotAnonymize { number: 1, reason: OTHER_RESULT };
        let secret = Secret::new(secret).map_err(refused)?;
        let accepted = [NamedSecret { name: "anonymous".to_owned(), secret }];
        Ok(Self { accepted, now, invented: Invented::new() })
    }

    fn write(
        mut self,
        captures: &[Capture<'_>],
        original: &[Judged],
    ) -> Result<String, CannotAnonymize> {
        let mut lines = String::new();
        for (index, (capture, judged)) in captures.iter().zip(original).enumerate() {
            let refused = |reason| CannotAnonymize { number: index + 1, reason };
            let copied = self.capture(capture, judged).map_err(refused)?;
            lines += &CaptureRecord {
                received_at: copied.received_at.unwrap_or(self.now),
                method: copied.method.as_deref().unwrap_or(pgm::METHOD),
                path: copied.path.as_deref().unwrap_or("/"),
                remote: copied.remote.as_deref(),
                headers: &copied.headers,
                body: copied.body.as_ref().map_or(b"", |body| &*body.bytes),
            }
            .to_json();
        }
        let mut again = Vec::new();
        read_lines(lines.as_bytes(), 1, |item| {
            if let Item::Capture(capture) = item {
                again.push(capture.into_owned());
            }
        });
        let judged = judge(&again, &self.accepted, self.now);
        let differs = |(ours, theirs): (&Judged, &Judged)| {
            ours.examination.verdict != theirs.examination.verdict
                || ours.findings() != theirs.findings()
        };
        let other = judged.iter().zip(original).position(differs);
        let other = other.or((judged.len() != original.len()).then_some(judged.len()));
        if let Some(index) = other {
            return Err(CannotAnonymize { number: index + 1, reason: OTHER_RESULT });
        }
        if self.invented.survives_in(&lines) {
            return Err(CannotAnonymize { number: 1, reason: "one of its values would survive" });
        }
        Ok(lines)
    }

    fn capture(
        &mut self,
        capture: &Capture<'_>,
        judged: &Judged,
    ) -> Result<Capture<'static>, &'static str> {
        let examination = &judged.examination;
        match (examination.verdict, &judged.recipe) {
            (SignatureVerdict::Valid | SignatureVerdict::Unsigned, _)
            | (SignatureVerdict::Invalid, Some(_)) => {}
            (SignatureVerdict::Invalid, None) => {
                return Err(
                    "the cause of its invalid signature is not found, or cannot be repeated",
                );
            }
            (SignatureVerdict::Ambiguous | SignatureVerdict::Redacted, _) => {
                return Err("it is ambiguous or redacted, so its signature cannot be made again");
            }
        }
        let body = capture.body.as_ref().map(|body| self.invented.body(&body.bytes)).transpose()?;
        let mut headers = Vec::new();
        for (name, value) in &capture.headers {
            let value = match &**name {
                _ if name.eq_ignore_ascii_case(SIGNATURE_HEADER) => value.to_string(),
                _ if name.eq_ignore_ascii_case("content-length") => {
                    body.as_ref().map_or(0, String::len).to_string()
                }
                _ => self.invented.header(name, value),
            };
            headers.push((self.invented.header_name(name), value));
        }
        let id = examination.request_id.as_deref().map(|id| self.invented.text(id));
        if let (Some(id), Some(signature)) = (&id, &examination.signature)
            && examination.verdict != SignatureVerdict::Unsigned
        {
            let others: Vec<_> =
                headers.iter().filter(|(name, _)| !is_pgm_header(name)).cloned().collect();
            let signed = Signed {
                request_id: id,
                signature,
                body: body.as_deref().map(str::as_bytes),
                headers: &others,
            };
            let signature = self.signature(signed, judged).ok_or(OTHER_RESULT)?;
            let values =
                headers.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case(SIGNATURE_HEADER));
            values.for_each(|(_, value)| value.clone_from(&signature));
        }
        let pairs = headers.into_iter().map(|(name, value)| (name.into(), value.into()));
        let remote = capture.remote.as_deref().map(|remote| self.invented.address(remote).into());
        let is_method = |method: &&str| ["GET", "POST", "PUT", "PATCH"].contains(method);
        Ok(Capture {
            received_at: capture.received_at,
            method: capture.method.as_deref().filter(is_method).map(|it| it.to_owned().into()),
            path: capture.path.as_deref().map(|path| self.invented.text(path).into()),
            remote,
            headers: pairs.collect(),
            body: body.map(|body| Body { bytes: body.into_bytes().into(), exact: true }),
            ..Capture::default()
        })
    }

    /// The signature that the copied request needs for the same verdict and cause, in the form of
    /// the original one.
    fn signature(&mut self, signed: Signed<'_>, judged: &Judged) -> Option<String> {
        let secret = &self.accepted.first()?.secret;
        let Some(recipe) = &judged.recipe else {
            let digits = Signature::over(signed.request_id.as_bytes(), secret).to_string();
            let is_upper = signed.signature.bytes().any(|byte| byte.is_ascii_uppercase());
            return Some(if is_upper { digits.to_uppercase() } else { digits });
        };
        let other = recipe.other_request.as_deref().map(|id| self.invented.text(id));
        let mut digests = recipe.digests(signed, secret.expose(), other.as_deref()).into_iter();
        let causes: Vec<_> = judged.findings();
        digests.find_map(|digest| {
            let text = written_like(signed.signature, &recipe.digest, &digest)?;
            let mut diagnoser = Diagnoser::new(&self.accepted, &[]);
            other.iter().for_each(|id| diagnoser.remember_id(id));
            let found = diagnoser.diagnose(Signed { signature: &text, ..signed });
            found.iter().all(|finding| causes.contains(&finding.id)).then_some(text)
        })
    }
}

/// The new digest, written as the old one is in a text.
fn written_like(text: &str, old: &[u8], new: &[u8]) -> Option<String> {
    let forms: [fn(&[u8]) -> String; 14] = [
        |digest| hex::encode(digest),
        |digest| hex::encode_upper(digest),
        |digest| BASE64_STANDARD.encode(digest),
        |digest| BASE64_STANDARD_NO_PAD.encode(digest),
        |digest| BASE64_URL_SAFE.encode(digest),
        |digest| BASE64_URL_SAFE_NO_PAD.encode(digest),
        |digest| BASE64_STANDARD.encode(hex::encode(digest)),
        |digest| hex::encode(hex::encode(digest)),
        |digest| joined(digest, "-").to_uppercase(),
        |digest| joined(digest, ":"),
        |digest| joined(digest, " "),
        |digest| digest.iter().map(u8::to_string).collect::<Vec<_>>().join(", "),
        |digest| digest.iter().map(u8::to_string).collect::<Vec<_>>().join(","),
        |digest| hex::encode(digest).trim_start_matches('0').to_owned(),
    ];
    forms.into_iter().find_map(|form| {
        let (old, new) = (form(old), form(new));
        if text.contains(&old) {
            return Some(text.replace(&old, &new));
        }
        // A part of it.
        let start = old.find(text).filter(|_| text.len() >= 8)?;
        new.get(start..start + text.len()).map(str::to_owned)
    })
}

fn joined(digest: &[u8], gap: &str) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(gap)
}
