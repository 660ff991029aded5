//! `curl`: commands, as browsers, proxies and Postman copy requests, and what `curl -v` prints.

use std::borrow::Cow;

use super::super::detect::Walk;
use super::super::header::{NameContext, normalize, of_lines};
use super::super::message::is_request;
use super::super::{Body, Capture, Location};
use super::{LineNumbers, SourceText};

/// Reads the commands of a shell text; `None` when there is none.
pub(super) fn read_commands(
    SourceText { text, .. }: SourceText<'_>,
    walk: &mut Walk<'_>,
) -> Option<()> {
    let plain = without_carets(text);
    let text = plain.as_deref().unwrap_or(text);
    let mut found = commands(text).peekable();
    found.peek()?;
    let only = is_command(text.trim_start()) && commands(text).nth(1).is_none();
    for (line, capture) in found {
        let location = if only { Location::default() } else { Location::line(line) };
        walk.message(Capture { location, ..capture });
    }
    Some(())
}

/// Reads the requests that `curl -v` printed: `> ` before what was sent, `< ` before what came
/// back. `None` when no line is `> ` and a request line. Bodies are not printed, unless the command
/// that was typed is.
pub(super) fn read_verbose(
    SourceText { text, .. }: SourceText<'_>,
    walk: &mut Walk<'_>,
) -> Option<()> {
    let starts = |line: &str| sent(line).is_some_and(|rest| is_request(rest.as_bytes()));
    if !text.lines().any(starts) {
        return None;
    }
    let typed = commands(text).next().and_then(|(_, capture)| capture.body);
    let mut lines = text.lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        if !starts(line) {
            continue;
        }
        let mut words = sent(line).unwrap_or_default().split(' ').map(Cow::Borrowed);
        let (method, path) = (words.next(), words.next());
        let is_header = |line: &str| sent(line).is_some_and(|line| !line.is_empty());
        let mut head = String::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| is_header(line) && !starts(line)) {
            head.push_str(sent(line).unwrap_or_default());
            head.push('\n');
        }
        let headers = of_lines(&head).unwrap_or_default();
        let (location, body) = (Location::line(index as u64 + 1), typed.clone());
        walk.message(Capture { location, method, path, headers, body, ..Capture::default() });
    }
    Some(())
}

/// The programs whose commands are read.
const PROGRAMS: [&str; 3] = ["curl ", "curl.exe ", "wget "];

fn is_command(line: &str) -> bool {
    PROGRAMS.iter().any(|program| line.starts_with(program))
}

fn sent(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix('>').map(str::trim)
}

/// A text of commands for Windows' `cmd`, without its carets: `^"` is `"`, and one at the end of a
/// line goes on with the next.
fn without_carets(text: &str) -> Option<String> {
    text.contains("^\"").then_some(())?;
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '^' => match chars.next() {
                Some('\r' | '\n') => {
                    plain.push(' ');
                    chars = chars.as_str().trim_start_matches(['\r', '\n']).chars();
                }
                next => plain.extend(next),
            },
            c => plain.push(c),
        }
    }
    Some(plain)
}

/// The commands of a text, each with the number of its line.
fn commands(text: &str) -> impl Iterator<Item = (u64, Capture<'static>)> {
    let mut offset = 0;
    let mut numbers = LineNumbers::default();
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(offset..)?;
            let line = rest.split_inclusive('\n').next()?;
            let start = line.trim_start().trim_start_matches("$ ");
            if let Some(words) = is_command(start).then(|| &rest[line.len() - start.len()..]) {
                let (words, used) = split(words);
                let number = numbers.at(text.as_bytes(), offset);
                offset += line.len().max(line.len() - start.len() + used);
                return Some((number, capture(words)));
            }
            offset += line.len();
        }
    })
}

fn capture(words: Vec<String>) -> Capture<'static> {
    let mut capture = Capture::default();
    let mut data: Option<String> = None;
    let mut words = words.into_iter().skip(1);
    while let Some(word) = words.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) if word.starts_with("--") => (option, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        let mut value = || value.clone().or_else(|| words.next()).unwrap_or_default();
        match option {
            "-H" | "--header" => {
                let line = value();
                let name_value = line.split_once(':').or_else(|| line.split_once(';'));
                let (name, value) = name_value.unwrap_or((&line, ""));
                let (name, value) = (name.trim(), value.trim_matches([' ', '\t']));
                capture.headers.push((name.to_owned().into(), value.to_owned().into()));
            }
            "-X" | "--request" | "--method" => capture.method = Some(value().into()),
            "-d" | "--data" | "--body-data" | "--post-data" | "--data-raw" | "--data-binary"
            | "--data-ascii" | "--json" => {
                let more = value();
                data = Some(data.map_or(more.clone(), |known| known + "&" + &more));
            }
            "-A" | "-b" | "-e" | "-o" | "-u" | "-w" | "-m" | "-x" | "--url" => {
                let value = value();
                if option == "--url" {
                    capture.path = Some(value.into());
                }
            }
            other if !other.starts_with('-') => capture.path = Some(word.into()),
            _ => {}
        }
    }
    capture.headers = normalize(capture.headers, NameContext::Http);
    if capture.method.is_none() {
        capture.method = Some(if data.is_some() { "POST" } else { "GET" }.into());
    }
    // `@file` names the body; it is not the body.
    let data = data.filter(|data| !data.starts_with('@'));
    capture.body = data.map(|data| Body { bytes: data.into_bytes().into(), exact: true });
    capture
}

/// Words of a shell command up to its end, and the bytes they took. Knows '…', "…", $'…',
/// backslashes, and lines that go on.
fn split(text: &str) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' | ';' | '|' => {
                words.extend(word);
                return (words, at + 1);
            }
            c if c.is_whitespace() => words.extend(word.take()),
            '\\' | '^' if matches!(chars.peek(), Some((_, '\n' | '\r'))) => {
                while chars.next_if(|(_, c)| matches!(c, '\n' | '\r')).is_some() {}
            }
            '\\' => word.get_or_insert_default().extend(chars.next().map(|(_, c)| c)),
            '$' if matches!(chars.peek(), Some((_, '\''))) => {
                chars.next();
                let word = word.get_or_insert_default();
                quoted(&mut chars, '\'', true, word);
            }
            '\'' => quoted(&mut chars, c, false, word.get_or_insert_default()),
            '"' => quoted(&mut chars, c, true, word.get_or_insert_default()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (words, text.len())
}

fn quoted(
    chars: &mut impl Iterator<Item = (usize, char)>,
    quote: char,
    escapes: bool,
    word: &mut String,
) {
    while let Some((_, c)) = chars.next() {
        match c {
            '\\' if escapes => match chars.next().map(|(_, c)| c) {
                // `$'…'` has these; in "…" they stay as they are, which no JSON minds.
                Some('n') if quote == '\'' => word.push('\n'),
                Some('r') if quote == '\'' => word.push('\r'),
                Some('t') if quote == '\'' => word.push('\t'),
                Some('\n') => {}
                Some(c @ ('\\' | '"' | '$' | '`' | '\'')) => word.push(c),
                Some(c) => word.extend(['\\', c]),
                None => {}
            },
            c if c == quote => return,
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_of_shells() {
        let (words, used) =
            split("curl -H 'A: b' \\\n --data $'{\"a\":\\'x\\'}' \"q\\\"\"'s' \nnext");
        assert_eq!(words, ["curl", "-H", "A: b", "--data", "{\"a\":'x'}", "q\"s"]);
        assert_eq!(used, 50);
        assert_eq!(split("curl ^\r\n 'torn").0, ["curl", "torn"]);
    }

    #[test]
    fn options_are_told_from_their_values() {
        let text =
            "$ curl -sS -X PUT --header=A:b -d '{}' -o out https://h/\ncurl -d @f https://i\n";
        let found: Vec<_> = commands(text).collect();
        assert_eq!(found.len(), 2);
        let (line, first) = &found[0];
        assert_eq!(
            (*line, first.method.as_deref(), first.path.as_deref()),
            (1, Some("PUT"), Some("https://h/"))
        );
        assert_eq!(first.headers, [("a".into(), "b".into())]);
        assert_eq!(&*first.body.as_ref().unwrap().bytes, b"{}");
        assert_eq!((found[1].0, found[1].1.body.clone()), (2, None));
    }
}
