//! Any other text that names PGM's headers: YAML, XML, PHP's `print_r`, notes, screens copied
//! by hand. Takes what follows each name, and the first envelope in sight.
//!
//! This is a search, not a format: what it finds is only reported as a capture if the values look
//! like PGM's.

use std::borrow::Cow;

use super::super::header::{is_like_pgm, is_pgm_id, is_pgm_signature, text_names};
use super::super::{Body, Capture, count_work};
use super::{CUT_APART, envelopes, is_expected};
use crate::pgm::{REQUEST_ID_HEADER, SIGNATURE_HEADER};

/// The requests whose headers a text names, in order, each with where it starts; in place of one that
/// cannot be judged, why.
pub(super) fn requests_of(text: &str) -> Vec<(usize, Result<Capture<'static>, String>)> {
    let requests = requests(&mentions(text));
    let ends: Vec<_> = requests.iter().skip(1).map(|found| found.at).chain([text.len()]).collect();
    let envelopes = if requests.is_empty() { Vec::new() } else { envelopes(text) };
    // The first one between two offsets.
    let envelope = |from, to| {
        let first = envelopes.partition_point(|(at, _)| *at < from);
        envelopes.get(first).filter(|(at, _)| *at < to).map(|(_, text)| text.as_bytes())
    };
    let only = requests.len() == 1;
    // Some programs print bodies first, and log services show the newest line first. Which it is
    // shows at the first request, and holds for all: the other way they get each other's bodies.
    let body_first = requests.first().is_some_and(|first| envelope(0, first.at).is_some());
    let mut from = 0;
    let found = requests.into_iter().zip(ends).map(|(request, end)| {
        let at = request.at;
        let before = std::mem::replace(&mut from, request.last);
        if let Some(message) = request.unreadable() {
            return (at, Err(message));
        }
        let behind = || envelope(at, end);
        let body = match body_first {
            true => envelope(before, at).or_else(|| behind().filter(|_| only)),
            false => behind(),
        };
        let body_left_out = body.is_none() && !envelopes.is_empty();
        let body = body.map(|bytes| Body { bytes: bytes.into(), exact: false });
        let headers = request.headers();
        (at, Ok(Capture { headers, body, body_left_out, ..Capture::default() }.into_owned()))
    });
    found.collect()
}

/// Where a text has values of both headers such as PGM sends.
pub(in crate::capture) fn both_headers(text: &str) -> Option<usize> {
    let is_real = |request: &FoundRequest<'_>| {
        request.ids.iter().any(|id| is_pgm_id(id))
            && request.signatures.iter().any(|signature| is_pgm_signature(signature))
    };
    requests(&mentions(text)).into_iter().find(is_real).map(|request| request.at)
}

/// A name with what follows it.
struct Mention<'t> {
    name: &'static str,
    /// Where the name ends.
    at: usize,
    value: &'t str,
    /// Whether the two are joined by more than quotes and a space: by a sign, or as columns.
    assigned: bool,
}

/// The headers of one request.
struct FoundRequest<'t> {
    at: usize,
    /// Where its last name ends.
    last: usize,
    ids: Vec<&'t str>,
    signatures: Vec<&'t str>,
    assigned: bool,
    /// Whether its id was named again since.
    repeated: bool,
}

impl<'t> FoundRequest<'t> {
    fn headers(self) -> Vec<(Cow<'t, str>, Cow<'t, str>)> {
        let pair = |name: &'static str, value: &'t str| (name.into(), value.into());
        let ids = self.ids.into_iter().map(|id| pair(REQUEST_ID_HEADER, id));
        let signatures = self.signatures.into_iter().map(|text| pair(SIGNATURE_HEADER, text));
        ids.chain(signatures).collect()
    }

    /// Whether one of the headers has a value such as PGM sends. Prose that names the headers goes
    /// on with any word.
    fn is_real(&self) -> bool {
        self.ids.iter().any(|id| is_pgm_id(id))
            || self.signatures.iter().any(|signature| is_pgm_signature(signature))
    }

    /// Why the request cannot be judged, where a search found something that is not a header's value.
    fn unreadable(&self) -> Option<String> {
        // What follows in a table.
        let is_cut_apart = |value: &&str| value.contains(['│', '\n']) || value.contains(" {");
        if self.ids.iter().chain(&self.signatures).any(is_cut_apart) {
            return Some(CUT_APART.to_owned());
        }
        let [signature] = self.signatures[..] else { return None };
        let is_masked = [MASK, "redacted", "masked", "filtered", "hidden"]
            .iter()
            .any(|mask| signature.eq_ignore_ascii_case(mask));
        let help = match is_masked {
            true => "is masked: let the tool keep it",
            false => "could not be read: save the request as JSON or as HTTP text",
        };
        (!is_digest(signature) && !is_word_for_nothing(signature)).then(|| {
            format!(
                "names {SIGNATURE_HEADER}, but its value {help}, or type it: --request-id ID \
                 --signature HEX"
            )
        })
    }
}

/// Whether a value may be a digest in some encoding: half of one in hex, or base64 of one.
fn is_digest(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let runs = plain.split(|c: char| !c.is_ascii_hexdigit()).map(str::len);
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=');
    runs.max() >= Some(16)
        || matches!(text.trim_end_matches('=').len(), 22 | 27 | 43) && text.chars().all(is_base64)
}

fn is_word_for_nothing(text: &str) -> bool {
    ["null", "undefined", "none", "nil", "n/a"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Puts ids and signatures together, in the order in which the text has them. A second, different
/// signature before the next id belongs to the same request.
fn requests<'t>(mentions: &[Mention<'t>]) -> Vec<FoundRequest<'t>> {
    let is_id = |mention: &Mention<'_>| mention.name == REQUEST_ID_HEADER;
    let signature_first = mentions.first().is_some_and(|mention| !is_id(mention));
    let mut found: Vec<FoundRequest<'t>> = Vec::new();
    for (index, mention) in mentions.iter().enumerate() {
        let value = mention.value;
        let (ids, signatures) =
            if is_id(mention) { (vec![value], vec![]) } else { (vec![], vec![value]) };
        let new = FoundRequest {
            at: mention.at,
            last: mention.at,
            ids,
            signatures,
            assigned: mention.assigned,
            repeated: false,
        };
        let Some(last) = found.last_mut() else {
            found.push(new);
            continue;
        };
        if is_id(mention) {
            match last.ids.first() {
                None => last.ids.push(value),
                Some(id) if *id == value => last.repeated = true,
                Some(_) => {
                    found.push(new);
                    continue;
                }
            }
        } else {
            let is_next = || {
                let next = mentions.get(index + 1).filter(|next| is_id(next));
                signature_first && next.is_some_and(|next| !last.ids.contains(&next.value))
            };
            match last.signatures.first() {
                None => last.signatures.push(value),
                Some(_) if is_next() => {
                    found.push(new);
                    continue;
                }
                Some(signature) if *signature == value => {
                    if last.repeated {
                        let ids = last.ids.clone();
                        found.push(FoundRequest { ids, ..new });
                        continue;
                    }
                }
                Some(_) => last.signatures.push(value),
            }
        }
        last.assigned &= mention.assigned;
        last.last = mention.at;
    }
    found.retain(|request| {
        request.assigned && !request.ids.is_empty() && !request.signatures.is_empty()
            || request.is_real()
    });
    found
}

/// Each mention of PGM's headers with a value, outside of responses and of what was expected.
fn mentions(text: &str) -> Vec<Mention<'_>> {
    let lower = text.to_ascii_lowercase();
    let mut pgm_name = text_names(text);
    let mut mentions = Vec::new();
    let (mut in_response, mut in_expected, mut at) = (false, false, 0);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        count_work(line.len());
        let lower_line = lower[start..at].trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let starts = |words: &[&str]| words.iter().any(|word| lower_line.starts_with(word));
        let has = |words: &[&str]| words.iter().any(|word| lower_line.contains(word));
        if starts(&["response", "http/1", "http/2", "httpresponse"]) || has_status(lower_line) {
            in_response = true;
        } else if starts(&["request", "httprequest", "post ", "put ", "get "]) || has(&[": post /"])
        {
            (in_response, in_expected) = (false, false);
        } else if lower_line.trim_end().ends_with(':') {
            in_expected = is_expected(lower_line);
        }
        // What nginx sends on, in its debug log.
        let is_sent = has(&["http proxy header:"]);
        if in_response || in_expected || is_sent || line.starts_with("< ") {
            continue;
        }
        let mut label = 0;
        for (from, to) in words(line) {
            let Some(name) = pgm_name(&line[from..to]) else { continue };
            let is_received = !is_expected(&lower[start + label..start + from]);
            label = to;
            if is_received && let Some((value, assigned)) = value(&text[start + to..]) {
                mentions.push(Mention { name, at: start + to, value, assigned });
            }
        }
    }
    mentions
}

/// Whether a line of a log, in lower case, has a status line of a response in it.
fn has_status(line: &str) -> bool {
    line.split(": http/1.").skip(1).any(|rest| {
        let status = rest.get(1..5).and_then(|status| status.strip_prefix(' '));
        status.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Where the words of a line, which may have dashes and dots in them, start and end.
fn words(line: &str) -> impl Iterator<Item = (usize, usize)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + line.get(at..)?.find(|c: char| c.is_ascii_alphanumeric())?;
        let length = line[start..].find(|c| !is_part(c)).unwrap_or(line.len() - start);
        at = start + length;
        Some((start, at))
    })
}

/// What some tools show in place of a value, or more of it.
const MASK: &str = "*****";

/// Bytes of a value: neither an id nor a signature is longer.
const MAX_VALUE: usize = 1024;

/// What follows a name and whatever separates them, and whether that assigns it.
fn value(text: &str) -> Option<(&str, bool)> {
    let separators = |c: char| c.is_whitespace() || "\"'`*[]()<>{}:=-–—→|│║,".contains(c);
    let value = text.trim_start_matches(separators);
    let between = &text[..text.len() - value.len()];
    // A mask, where a name in bold would have two of them.
    if let Some(at) = between.find(MASK) {
        return Some((&between[at..at + MASK.len()], true));
    }
    // Two line breaks away is another matter.
    if between.is_empty() || between.matches('\n').count() > 1 {
        return None;
    }
    // Between a name and its value (`name: x-a`, and `value: 1` on the next line; `<value>1`;
    // PowerShell's `Value : {1}`).
    let word = value.get(..5).filter(|word| word.eq_ignore_ascii_case("value"));
    let value = match word.map(|word| &value[word.len()..]) {
        Some(rest) if rest.starts_with([':', '=', '>', ' ', '"']) => {
            rest.trim_start_matches(|c: char| ":=>\" {".contains(c))
        }
        _ => value,
    };
    let quote = between.chars().next_back().filter(|c| matches!(c, '"' | '\'' | '`'));
    let end = |c: char| match quote {
        Some(quote) => c == quote || c == '\n',
        None => c.is_whitespace() || "\"'`*<,;[)]}|\\".contains(c),
    };
    let letters = value.char_indices().take_while(|(at, c)| *at < MAX_VALUE && !end(*c));
    let value = &value[..letters.last().map_or(0, |(at, c)| at + c.len_utf8())];
    let assigned = between.contains([':', '=', '>', '–', '—', '→', '|', '│', '║', ',', '\t'])
        || between.contains("  ");
    // Another name is not a value.
    (!value.is_empty() && !is_like_pgm(value)).then_some((value, assigned))
}
