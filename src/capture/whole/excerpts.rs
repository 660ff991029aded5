//! A capture within a text for people: what a ticket fences, what a mail quotes, what stands below some
//! words; and JSON that was not copied to its end.

use std::cmp::Reverse;

use super::super::detect::{Walk, holds_envelope};
use super::super::header::{is_pgm_id, names_pgm};
use super::super::serialized::parse_document;
use super::super::{Capture, Fault, Format, Item, ReadError};
use super::read_undecorated;

/// Excerpts within excerpts: a mail may quote a ticket.
const MAX_EXCERPTS: usize = 2;
/// How often all of a text may be read again in search of them.
const MAX_READ: usize = 8;

/// Reads a text, or what it quotes, whichever shows more.
///
/// # Errors
/// When neither can be read.
pub(super) fn read(
    bytes: &[u8],
    text: &str,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    read_within(bytes, text, MAX_EXCERPTS, &mut (text.len() * MAX_READ), visitor)
}

/// The same for excerpts this deep, as long as bytes are left to be read.
fn read_within(
    bytes: &[u8],
    text: &str,
    depth: usize,
    left: &mut usize,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    if depth == 0 || text.len() > MAX_TEXT {
        return read_undecorated(bytes, text, visitor);
    }
    let mut ways = excerpts(text).peekable();
    let prefixes = prefixes(text);
    if ways.peek().is_none() && prefixes.is_empty() {
        return read_undecorated(bytes, text, visitor);
    }
    let mut best = Reading::of(|visitor| read_undecorated(bytes, text, visitor));
    for (is_marked, way) in ways {
        if best.shows_all() && !is_marked {
            break;
        }
        let mut reading = Reading::default();
        for excerpt in way {
            let Some(rest) = left.checked_sub(excerpt.len()) else { break };
            *left = rest;
            let read = |visitor: &mut dyn FnMut(Item<'_>)| {
                read_within(excerpt.as_bytes(), &excerpt, depth - 1, left, visitor)
            };
            reading.add(Reading::of(read));
        }
        if reading.is_better(&best, is_marked) {
            best = reading;
        }
    }
    for prefix in prefixes {
        if best.shows_all() || *left < text.len() {
            break;
        }
        *left -= text.len();
        let plain = unprefixed(text, prefix);
        let read = |visitor: &mut dyn FnMut(Item<'_>)| {
            read_within(plain.as_bytes(), &plain, depth - 1, left, visitor)
        };
        let reading = Reading::of(read);
        if reading.has_more(&best) {
            best = reading;
        }
    }
    best.items.into_iter().for_each(visitor);
    best.format
}

/// What was read in one of several ways.
struct Reading {
    format: Result<Format, ReadError>,
    items: Vec<Item<'static>>,
}

impl Default for Reading {
    fn default() -> Self {
        Self { format: Err(ReadError::Unknown), items: Vec::new() }
    }
}

impl Reading {
    fn of(read: impl FnOnce(&mut dyn FnMut(Item<'_>)) -> Result<Format, ReadError>) -> Self {
        let mut items = Vec::new();
        let format = read(&mut |item| items.push(item.into_owned()));
        Self { format, items }
    }

    fn add(&mut self, other: Self) {
        self.items.extend(other.items);
        if other.format.is_ok() {
            self.format = other.format;
        }
    }

    fn captures(&self) -> impl Iterator<Item = &Capture<'static>> {
        self.items.iter().filter_map(|item| match item {
            Item::Capture(capture) | Item::Part(capture) => Some(capture),
            Item::Skipped { .. } | Item::Fault(_) => None,
        })
    }

    /// How many requests it has with all that PGM sends, and how much else.
    fn counts(&self) -> (usize, usize) {
        let whole = self.captures().filter(|capture| is_all_there(capture)).count();
        (whole, self.items.len() - whole)
    }

    fn shows_all(&self) -> bool {
        matches!(self.counts(), (1.., 0))
    }

    /// Whether it has more requests that are whole, or as many and less beside them, and all that the
    /// other reading has of PGM's; or requests where the other one has none. What the text marks wins
    /// where both are as good.
    fn is_better(&self, other: &Self, is_marked: bool) -> bool {
        if other.captures().next().is_none() {
            // What names PGM's headers and could not be read is not passed over for a body alone.
            let is_fault = |item: &Item<'_>| matches!(item, Item::Fault(_));
            let is_read = other.format.is_err() && self.format.is_ok() && !self.items.is_empty();
            return self.counts().0 > 0
                || !other.items.iter().any(is_fault)
                    && (is_read || self.captures().next().is_some());
        }
        let rank = |(whole, rest)| (whole, Reverse(rest));
        let (own, others) = (rank(self.counts()), rank(other.counts()));
        (own > others || own == others && is_marked) && own.0 > 0 && self.has_ids_of(other)
    }

    /// Whether it has more requests that are whole, or PGM's headers where the other one has none, and all
    /// that the other one has: lines were left out.
    fn has_more(&self, other: &Self) -> bool {
        let has_headers = |capture: &Capture<'_>| {
            capture.request_ids().any(is_pgm_id) && capture.signatures().next().is_some()
        };
        (self.counts().0 > other.counts().0 || !other.captures().any(has_headers))
            && self.captures().any(has_headers)
            && self.has_ids_of(other)
    }

    fn has_ids_of(&self, other: &Self) -> bool {
        let has = |id| self.captures().any(|capture| capture.request_ids().any(|own| own == id));
        other.captures().flat_map(Capture::request_ids).filter(|id| is_pgm_id(id)).all(has)
    }
}

/// Whether a capture has an id such as PGM sends, a signature, and PGM's envelope.
fn is_all_there(capture: &Capture<'_>) -> bool {
    let body = capture.body.as_ref();
    capture.request_ids().any(is_pgm_id)
        && capture.signatures().next().is_some()
        && body.is_some_and(|body| holds_envelope(&body.bytes))
}

/// Bytes of a text at most in which excerpts are looked for: more is not pasted.
const MAX_TEXT: usize = 1 << 20;
/// Excerpts of one kind in a text at most.
const MAX_COUNT: usize = 64;
/// Lines at most above or below what they speak of.
const MAX_WORDS: usize = 10;
/// Quotes within quotes.
const MAX_QUOTES: usize = 4;

/// The ways in which a text may have others in it, each with the texts that would be those: with as many
/// line feeds in front as stand before them, so that lines keep their numbers. First the ways that are
/// marked in the text.
fn excerpts(text: &str) -> impl Iterator<Item = (bool, Vec<String>)> {
    let fences = FENCES.iter().map(move |fence| (true, fenced(text, fence)));
    let quotes = [quoted, dedented].into_iter().map(move |way| (true, way(text)));
    let others = [bracketed, below, above].into_iter().map(move |way| (false, way(text)));
    fences.chain(quotes).chain(others).filter(|(_, way)| !way.is_empty())
}

/// A text behind the line feeds of what stands before it.
fn placed(before: &str, text: &str) -> String {
    "\n".repeat(before.matches('\n').count()) + text
}

/// What stands before and behind a text that is shown as it is: in Markdown, Jira, BBCode.
const FENCES: [(&str, &str); 5] = [
    ("```", "```"),
    ("~~~", "~~~"),
    ("{code", "{code}"),
    ("{noformat", "{noformat}"),
    ("[code", "[/code]"),
];

/// What stands between fences, without the language that the first one may name.
fn fenced(text: &str, (open, close): &(&str, &str)) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(fence) = text[at..].find(open).filter(|_| found.len() < MAX_COUNT) {
        let behind = &text[at + fence + open.len()..];
        // A fence that ends with a bracket has the language within.
        let inside = match close.chars().next_back() {
            Some(bracket @ ('}' | ']')) => behind.split_once(bracket).map(|(_, inside)| inside),
            _ => Some(behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric())),
        };
        let Some((content, rest)) = inside.and_then(|inside| inside.split_once(close)) else {
            break;
        };
        at = text.len() - rest.len();
        found.push(placed(&text[..at - close.len() - content.len()], content));
    }
    found
}

/// What is quoted as in mails, with `>` before each line.
fn quoted(text: &str) -> Vec<String> {
    let (mut found, mut at) = (Vec::new(), 0);
    let mut lines = text.split_inclusive('\n').peekable();
    let is_quoted = |line: &str| line.trim_start().starts_with('>');
    while let Some(line) = lines.next().filter(|_| found.len() < MAX_COUNT) {
        let start = at;
        at += line.len();
        if !is_quoted(line) {
            continue;
        }
        while let Some(next) = lines.next_if(|next| is_quoted(next)) {
            at += next.len();
        }
        let mut quoted = text[start..at].to_owned();
        for _ in 0..MAX_QUOTES {
            if !quoted.lines().all(is_quoted) {
                break;
            }
            let unquoted = |line: &str| {
                let line = line.trim_start().trim_start_matches('>');
                line.strip_prefix(' ').unwrap_or(line).to_owned()
            };
            quoted = quoted.split_inclusive('\n').map(unquoted).collect();
        }
        found.push(placed(&text[..start], &quoted));
    }
    found
}

/// The text without the white space before each of its lines.
fn dedented(text: &str) -> Vec<String> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let space = |line: &str| line.len() - line.trim_start().len();
    let Some(first) = lines().next() else { return Vec::new() };
    let mut indent = &first[..space(first)];
    for line in lines() {
        let same = indent.bytes().zip(line.bytes()).take_while(|(a, b)| a == b).count();
        indent = indent.get(..same).unwrap_or_default();
    }
    if indent.is_empty() {
        return Vec::new();
    }
    let line =
        |line: &str| line.strip_prefix(indent).unwrap_or(line.trim_start_matches(' ')).to_owned();
    vec![text.split_inclusive('\n').map(line).collect()]
}

/// What stands from the first line that starts with a bracket to the last one that ends with one.
fn bracketed(text: &str) -> Vec<String> {
    let (mut start, mut end, mut at) = (None, 0, 0);
    for line in text.split_inclusive('\n') {
        if start.is_none() && line.trim_start().starts_with(['{', '[', '<']) {
            start = Some(at);
        }
        at += line.len();
        if line.trim_end().ends_with(['}', ']', '>']) {
            end = at;
        }
    }
    let start = start.filter(|start| *start < end).unwrap_or(end);
    let is_part = text[..start].chars().chain(text[end..].chars()).any(|c| !c.is_whitespace());
    let excerpt = || placed(&text[..start], &text[start..end]);
    if is_part && start < end { vec![excerpt()] } else { Vec::new() }
}

/// What stands below the first words, which end with a colon or an empty line.
fn below(text: &str) -> Vec<String> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(MAX_WORDS) {
        at += line.len();
        let line = line.trim();
        if at > line.len() + 1 && line.is_empty() || line.ends_with(':') {
            return vec![placed(&text[..at], &text[at..])];
        }
    }
    Vec::new()
}

/// What stands above the last words, which follow an empty line.
fn above(text: &str) -> Vec<String> {
    let text = text.trim_end();
    let Some(end) = text.rfind("\n\n").max(text.rfind("\n\r\n")) else { return Vec::new() };
    let (above, words) = text.split_at(end + 1);
    let is_part = words.lines().count() <= MAX_WORDS && !above.trim().is_empty();
    if is_part { vec![above.to_owned()] } else { Vec::new() }
}

/// Bytes before a line's own text at most.
const MAX_PREFIX: usize = 200;
/// Prefixes of a line that are tried.
const MAX_PREFIXES: usize = 3;

/// What a log may have put before each line of what was printed (the name of a container, a time, a
/// level), as it stands before PGM's first header: the longest ones that other lines share.
fn prefixes(text: &str) -> Vec<&str> {
    let Some(line) = text.lines().find(|line| names_pgm(line)) else { return Vec::new() };
    let is_end = |at: &usize| {
        let before = line.as_bytes()[at - 1];
        line.is_char_boundary(*at)
            && (before == b' ' && *at > 1 && line.as_bytes()[at - 2] != b' '
                || b"|]>".contains(&before))
    };
    let prefixes = (2..line.len().min(MAX_PREFIX)).filter(is_end).map(|end| &line[..end]);
    let mut prefixes: Vec<_> = prefixes.take_while(|prefix| !names_pgm(prefix)).collect();
    let count = |prefix: &str| text.lines().filter(|line| behind(prefix, line).is_some()).count();
    let most = prefixes.first().map_or(0, |shortest| count(shortest));
    prefixes.retain(|prefix| !prefix.contains('{'));
    prefixes.drain(..prefixes.len().saturating_sub(MAX_PREFIXES * 2));
    prefixes.retain(|prefix| count(prefix) > (most / 4).max(2));
    prefixes.reverse();
    prefixes.truncate(MAX_PREFIXES);
    prefixes
}

/// The lines that have a prefix, without it; the others are left empty.
fn unprefixed(text: &str, prefix: &str) -> String {
    let line = |line| behind(prefix, line).unwrap_or_default().to_owned() + "\n";
    text.lines().map(line).collect()
}

/// What a line has behind a prefix, in which numbers and the words of times and levels may be others.
fn behind<'t>(prefix: &str, line: &'t str) -> Option<&'t str> {
    const WORDS: [&str; 40] = [
        "stdout",
        "stderr",
        "out",
        "err",
        "error",
        "warn",
        "warning",
        "wrn",
        "info",
        "inf",
        "information",
        "debug",
        "dbg",
        "trace",
        "trc",
        "notice",
        "log",
        "f",
        "p",
        "am",
        "pm",
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
    ];
    let is_word = |word: &str| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    let run = |text: &str, is_part: fn(&char) -> bool| text.chars().take_while(is_part).count();
    let (mut prefix, mut line) = (prefix, line);
    while let Some(first) = prefix.chars().next() {
        let (is_digit, is_letter): (fn(&char) -> bool, fn(&char) -> bool) =
            (char::is_ascii_digit, char::is_ascii_alphabetic);
        let is_part = if is_digit(&first) { is_digit } else { is_letter };
        let (left, right) = (run(prefix, is_part), run(line, is_part));
        if left == 0 {
            // An editor took the space at the end of a line.
            if line.is_empty() && prefix.trim().is_empty() {
                return Some(line);
            }
            line = line.strip_prefix(first)?;
            prefix = &prefix[first.len_utf8()..];
            // A day of one digit may have a space in front.
            let padded = prefix.trim_start_matches(' ');
            if first == ' ' && padded.starts_with(|c: char| c.is_ascii_digit()) {
                (prefix, line) = (padded, line.trim_start_matches(' '));
            }
            continue;
        }
        let (word, other) = (&prefix[..left], &line[..right]);
        let is_same =
            word == other || right > 0 && is_digit(&first) || is_word(word) && is_word(other);
        is_same.then_some(())?;
        (prefix, line) = (&prefix[left..], &line[right..]);
    }
    Some(line)
}

/// Reads JSON that breaks off, where that leaves requests whole. The last one is not judged if it has
/// lost something.
pub(super) fn read_broken_off(
    text: &str,
    fault: Fault,
    visitor: &mut dyn FnMut(Item<'_>),
) -> Result<Format, ReadError> {
    let closed = closed(text).unwrap_or_default();
    let Ok(value) = parse_document(&closed) else { return Err(fault.into()) };
    let mut reading = Reading::default();
    Walk::new(&mut |item| reading.items.push(item.into_owned())).document(&value, None, None);
    if let Some(Item::Capture(last) | Item::Part(last)) = reading.items.last()
        && !is_all_there(last)
    {
        reading.items.pop();
    }
    if reading.captures().next().is_none() {
        return Err(fault.into());
    }
    reading.items.into_iter().for_each(&mut *visitor);
    let message = "the file breaks off: only what stands before was read".to_owned();
    visitor(Item::Fault(Fault { message, torn: false, ..fault }));
    Ok(Format::Json)
}

/// A text of JSON that breaks off, closed behind the last value in it that is whole; `None` when it is
/// not JSON.
fn closed(text: &str) -> Option<String> {
    let (mut open, mut end) = (Vec::new(), 0);
    let (mut is_string, mut is_escaped, mut is_value) = (false, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => {
                is_string = !is_string;
                // The name of a member says nothing without its value.
                end = if is_string || !is_value { end } else { at + 1 };
            }
            _ if is_string => {}
            b':' => is_value = true,
            b'{' | b'[' | b'}' | b']' | b',' => {
                match byte {
                    b'{' => open.push('}'),
                    b'[' => open.push(']'),
                    b',' => {}
                    _ => drop(open.pop()?),
                }
                end = if byte == b',' { at } else { at + 1 };
                is_value = open.last() == Some(&']');
            }
            _ => {}
        }
    }
    Some(text[..end].chars().chain(open.into_iter().rev()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_keep_the_numbers_of_their_lines() {
        for (text, excerpt) in [
            ("Hi,\n```json\n{\"a\":1}\n```\nBob", "\n\n{\"a\":1}\n"),
            ("see ```[1]``` there", "[1]"),
            ("{code:json|title=x}\na;b\n{code}", "\na;b\n"),
            ("{noformat}a\n{noformat}", "a\n"),
            ("[code]\na\n[/code]", "\na\n"),
            ("Bob wrote:\n> > a\n> >  b\n>\nbye", "\n> a\n>  b\n\n"),
            ("Bob wrote:\n> > a\n> >  b\nbye", "\na\n b\n"),
            ("  a\n\n    b\n", "a\n\n  b\n"),
            ("so\n{\n}\nbye\n", "\n{\n}\n"),
            ("so:\na,b\n", "\na,b\n"),
            ("a: b\r\n\r\nbye\r\nBob", "a: b\r\n"),
        ] {
            let all: Vec<_> = excerpts(text).flat_map(|(_, way)| way).collect();
            assert!(all.iter().any(|one| one == excerpt), "{text:?}: {all:?}");
        }
        for plain in ["", "\n", "{\n}\n", "a\nb\n", "<a>\n</a>", "```", "{code}a", "[code"] {
            assert_eq!(
                excerpts(plain).flat_map(|(_, way)| way).collect::<Vec<_>>(),
                [""; 0],
                "{plain:?}"
            );
        }
    }

    #[test]
    fn json_that_breaks_off_keeps_what_is_whole() {
        for (text, whole) in [
            (r#"[{"a":"x"},{"b":"#, r#"[{"a":"x"},{}]"#),
            (r#"{"a":{"b":"\\"}"#, r#"{"a":{"b":"\\"}}"#),
            (r#"{"a":"x","b":[1,2"#, r#"{"a":"x","b":[1]}"#),
            (r#"{"a":"x","#, r#"{"a":"x"}"#),
            (r#"{"a":"x","b"#, r#"{"a":"x"}"#),
            (r#"{"a":"}","b":"\""#, r#"{"a":"}"}"#),
        ] {
            assert_eq!(closed(text).as_deref(), Some(whole), "{text}");
        }
        assert_eq!(closed("{}}"), None);
    }
}
