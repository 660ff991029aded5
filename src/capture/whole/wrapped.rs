//! What a text went through before it was saved: the colors of a terminal, the quotes of a word
//! processor, the entities of a page, the encodings of a mail, a log service that made a record of each
//! line.

use super::super::decode::MAX_FILES;
use super::super::header::{fold, is_like_pgm, names_pgm};
use super::super::message::is_request;
use super::super::{MAX_DEPTH, Value, decode};
use crate::text::lossy;

/// A text without the colors of a terminal, with the quotes, hyphens and entities that a word
/// processor or a page has put in place of plain characters. `None` when it has none of these.
pub(super) fn undecorated(text: &str) -> Option<String> {
    let mut plain = without_colors(text);
    // What stands in the strings of JSON is data.
    let start = plain.as_deref().unwrap_or(text).trim_start();
    if start.starts_with(['{', '[']) && !starts_curly(start) {
        return plain;
    }
    let ways = [with_quotes, with_hyphens, without_entities, without_escapes, bytes_as_text];
    for replace in ways {
        if let Some(replaced) = replace(plain.as_deref().unwrap_or(text)) {
            plain = Some(replaced);
        }
    }
    plain
}

/// Whether the first word of a text, within brackets or not, is in curly quotes.
fn starts_curly(text: &str) -> bool {
    text.trim_start_matches(['{', '[', ' ', '\r', '\n', '\t']).starts_with('\u{201c}')
}

/// With straight quotes, where JSON has others around its names.
fn with_quotes(text: &str) -> Option<String> {
    let is_curly =
        ["{\u{201c}", "[\u{201c}"].iter().any(|open| text.contains(open)) || starts_curly(text);
    let straight = || text.replace(['\u{201c}', '\u{201d}'], "\"").replace('\u{2026}', "...");
    is_curly.then(straight)
}

/// With plain hyphens in the names and ids of PGM's headers.
fn with_hyphens(text: &str) -> Option<String> {
    const HYPHENS: [char; 3] = ['\u{2010}', '\u{2011}', '\u{2013}'];
    (text.contains(HYPHENS) && names_pgm(text)).then_some(())?;
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    let mut changed = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let is_part = |c: char| c.is_ascii_hexdigit() || "XxPpSsRrMm".contains(c);
        let is_within = is_part(before) && letters.peek().copied().is_some_and(is_part);
        changed.push(if HYPHENS.contains(&letter) && is_within { '-' } else { letter });
        before = letter;
    }
    (changed != text).then_some(changed)
}

/// Without the entities of HTML, where they stand for all quotes. Pages have a reader of their own.
fn without_entities(text: &str) -> Option<String> {
    let is_escaped = text.contains("{&quot;") && !text.contains("{\"");
    (is_escaped && !text.trim_start().starts_with('<')).then_some(())?;
    quick_xml::escape::unescape(text).ok().map(|plain| plain.into_owned())
}

/// Without the escapes of a log (nginx' `\x22`, morgan's `\"`), where no quotes around a text call for
/// them.
fn without_escapes(text: &str) -> Option<String> {
    let is_bare = |escaped: &str| {
        let mut before = text.lines().filter_map(|line| line.split_once(escaped)).peekable();
        before.peek().is_some() && before.all(|(before, _)| !before.contains(['"', '\'', '`']))
    };
    if is_bare("{\\\"") {
        return Some(text.replace("\\\"", "\"").replace("\\\\", "\\"));
    }
    is_bare("{\\x22").then_some(())?;
    let mut pieces = text.split("\\x");
    let mut plain = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => plain.extend([&[byte], &piece.as_bytes()[2..]].concat()),
            None => plain.extend([b"\\x", piece.as_bytes()].concat()),
        }
    }
    Some(lossy(&plain).into_owned())
}

/// Without the colors, also where `less` or `cat -v` shows their escape character as `^[`.
fn without_colors(text: &str) -> Option<String> {
    let is_shown = || text.contains("^[[0m") || text.contains("^[[m");
    let escape = if text.contains("\u{1b}[") { "\u{1b}[" } else { "^[[" };
    (escape.starts_with('\u{1b}') || is_shown()).then_some(())?;
    let mut pieces = text.split(escape);
    let mut plain = pieces.next()?.to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit() && c != ';' && c != '?');
        plain.push_str(end.and_then(|end| piece.get(end + 1..)).unwrap_or_default());
    }
    Some(plain)
}

/// The text with each `[123 34 101 …]`, bytes of a body in decimal, replaced by what they say.
fn bytes_as_text(text: &str) -> Option<String> {
    const START: &str = "[123 34 ";
    let mut rest = text;
    let mut plain = String::new();
    while let Some((before, behind)) = rest.split_once(START) {
        let (numbers, after) = behind.split_once(']')?;
        let bytes: Result<Vec<u8>, _> = numbers.split(' ').map(str::parse).collect();
        let bytes = [b"{\"", bytes.ok()?.as_slice()].concat();
        plain.push_str(before);
        plain.push_str(std::str::from_utf8(&bytes).ok()?);
        rest = after;
    }
    (!plain.is_empty()).then(|| plain + rest)
}

/// Whether a text has one of PGM's headers with its value, and not the other one: a line of several
/// that belong together.
pub(super) fn is_cut(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let words = || text.split(|c| !is_part(c));
    let is_value = |word: &str| word.bytes().filter(u8::is_ascii_hexdigit).count() >= 32;
    words().filter(|word| is_like_pgm(word)).count() == 1 && words().any(is_value)
}

/// The text whose lines these are.
pub(super) fn join_lines(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line.trim_end_matches(['\r', '\n']).to_owned() + "\n").collect()
}

/// The text of which a log service made these records, or those in a list within a document, one a
/// line: `None` where they are no such records, or where each holds all that belongs together.
pub(super) fn printed_lines<'v>(
    document: impl IntoIterator<Item = &'v Value<'v>>,
) -> Option<String> {
    let records: Vec<_> = document.into_iter().collect();
    let mut paths = records.iter().filter_map(|record| path_to_line(record, true, MAX_DEPTH));
    let mut path = paths.next()?;
    path.reverse();
    let is_listed = records.len() > 1 || path.contains(&LineStep::Each);
    let mut lines = Vec::new();
    records.iter().filter(|_| is_listed).for_each(|record| add_lines(record, &path, &mut lines));
    is_listed.then(|| join_lines(lines.into_iter().map(str::to_owned)))
}

/// A step on the way to the line in a record.
#[derive(PartialEq)]
enum LineStep<'v> {
    Member(&'v str),
    /// The cell of a row.
    Cell(usize),
    /// Each record of a list.
    Each,
}

/// The way to the first line of several that belong together, the last step first. `in_list` says
/// whether the value is in a list, and so may be a row.
fn path_to_line<'v>(
    value: &'v Value<'_>,
    in_list: bool,
    depth: usize,
) -> Option<Vec<LineStep<'v>>> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::String(text) => (names_pgm(text) && is_cut(text)).then(Vec::new),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            // A list of headers is none of lines.
            let name_of_list = fold(name);
            let is_headers =
                name_of_list.contains("header") || name_of_list.ends_with("requestline");
            let path = path_to_line(value, false, depth).filter(|_| !is_headers)?;
            Some(path.into_iter().chain([LineStep::Member(name)]).collect())
        }),
        Value::Array(elements) => elements.iter().enumerate().find_map(|(index, element)| {
            let path = path_to_line(element, true, depth)?;
            // `["time", "line"]`, `[{"field": "time", "value": …}, {"field": "line", "value": …}]`
            let is_cell = in_list && matches!(path[..], [] | [LineStep::Member("value")]);
            let step = match path.is_empty() && !is_cell {
                true => return None,
                false if is_cell => LineStep::Cell(index),
                false => LineStep::Each,
            };
            Some(path.into_iter().chain([step]).collect())
        }),
        _ => None,
    }
}

/// Adds each text on this way.
fn add_lines<'v>(value: &'v Value<'_>, path: &[LineStep<'_>], lines: &mut Vec<&'v str>) {
    match path {
        [] => lines.extend(value.as_str()),
        [LineStep::Member(name), rest @ ..] => {
            value.get(name).into_iter().for_each(|inner| add_lines(inner, rest, lines));
        }
        [LineStep::Cell(index), rest @ ..] => {
            value.elements().get(*index).into_iter().for_each(|cell| add_lines(cell, rest, lines));
        }
        [LineStep::Each, rest @ ..] => {
            value.elements().iter().for_each(|record| add_lines(record, rest, lines));
        }
    }
}

/// Parts within parts of a mail.
const MAX_NESTED_PARTS: usize = 4;

/// The parts of a mail with their names, decoded; `None` when the text is no mail. Of alternatives,
/// the first one.
pub(super) fn mail_parts(text: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let (head, _) = split_head(text)?;
    let is_mail = !is_request(text.as_bytes()) && field(head, "MIME-Version").is_some();
    is_mail.then_some(())?;
    let mut parts = Vec::new();
    add_parts(text, MAX_NESTED_PARTS, &mut parts);
    Some(parts)
}

fn add_parts(part: &str, depth: usize, parts: &mut Vec<(String, Vec<u8>)>) {
    let Some((head, body)) = split_head(part) else { return };
    let content_type = field(head, "Content-Type").unwrap_or_default();
    let kind = content_type.to_ascii_lowercase();
    if let Some(boundary) = parameter(&content_type, "boundary").filter(|_| depth > 0) {
        let count = if kind.starts_with("multipart/alternative") { 1 } else { usize::MAX };
        let delimiter = format!("\n--{boundary}");
        let body = format!("\n{body}");
        for inner in body.split(&delimiter).skip(1).take(count) {
            if parts.len() == MAX_FILES {
                return;
            }
            let inner = inner.trim_start_matches([' ', '\t', '\r']);
            let inner = inner.strip_suffix('\r').unwrap_or(inner);
            add_parts(inner.strip_prefix('\n').unwrap_or(inner), depth - 1, parts);
        }
        return;
    }
    if kind.starts_with("message/") && depth > 0 {
        return add_parts(body, depth - 1, parts);
    }
    let encoding = field(head, "Content-Transfer-Encoding").unwrap_or_default();
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" => decode::base64(body, true).unwrap_or_default(),
        "quoted-printable" => quoted_printable(body),
        _ => body.as_bytes().to_vec(),
    };
    let disposition = field(head, "Content-Disposition").unwrap_or_default();
    let name = parameter(&disposition, "filename").or_else(|| parameter(&content_type, "name"));
    let number = parts.len() + 1;
    parts.push((name.unwrap_or_else(|| format!("part {number}")), bytes));
}

/// The fields of a message, and what follows the empty line behind them.
fn split_head(text: &str) -> Option<(&str, &str)> {
    let first = text.lines().next()?;
    if first.trim().is_empty() {
        return Some(("", text));
    }
    let ends = ["\r\n\r\n", "\n\n"].into_iter();
    let (at, end) = ends.filter_map(|end| Some((text.find(end)?, end))).min()?;
    Some((&text[..at], &text[at + end.len()..]))
}

/// The value of a field, with its continuation lines.
fn field(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().skip_while(|line| {
        !line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name))
    });
    let mut value = lines.next()?.split_once(':')?.1.trim().to_owned();
    for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push(' ');
        value.push_str(line.trim());
    }
    Some(value)
}

/// The value of a parameter: `; name=value` or `; name="value"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (known, value) = parameter.split_once('=')?;
        known.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Decodes `=C3` and drops the line breaks behind `=` (RFC 2045).
fn quoted_printable(text: &str) -> Vec<u8> {
    let mut parts = text.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let broken = part.strip_prefix("\r\n").or_else(|| part.strip_prefix('\n'));
        let rest = match (digits, broken) {
            (Some(byte), _) => {
                bytes.push(byte);
                &part[2..]
            }
            (None, Some(rest)) => rest,
            (None, None) => {
                bytes.push(b'=');
                part
            }
        };
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::super::parse_json;
    use super::*;

    #[test]
    fn decorations_are_taken_off() {
        for (text, plain) in [
            ("\u{1b}[32mA\u{1b}[0m: 1", "A: 1"),
            ("^[[32mA^[[0m: 1", "A: 1"),
            ("so:\n{\u{201c}a\u{201d}:1}", "so:\n{\"a\":1}"),
            ("{\n  \u{201c}a\u{201d}: 1\n}", "{\n  \"a\": 1\n}"),
            ("X\u{2011}PerfectGym\u{2013}Request: a\u{2011}1", "X-PerfectGym-Request: a-1"),
            ("body: {&quot;a&quot;:&quot;&amp;&quot;}", "body: {\"a\":\"&\"}"),
            // Go: fmt.Println([]byte(`{"a":"ż"}`))
            ("a: {\\x22b\\x22:\\x22\\xC5\\xBC\\x5C\\x22}", "a: {\"b\":\"ż\\\"}"),
            ("a: {\\\"b\\\":1}", "a: {\"b\":1}"),
            ("b [123 34 97 34 58 34 197 188 34 125] x", "b {\"a\":\"ż\"} x"),
        ] {
            assert_eq!(undecorated(text).as_deref(), Some(plain), "{text}");
        }
        for plain in [
            "{\"a\":\"{\u{201c}b\u{201d}: x\u{2011}p {&quot;a [123 34 97]\"}",
            "{\"pattern\":\"^[[0-9]\"}",
            "{\"a\":\"\u{201c}b\u{201d}\"}",
            "a: \"{\\x22b\\x22}\"",
            "a: \"{\\\"b\\\":1}\"",
            "\"POST / HTTP/1.1\\r\\n\\r\\n{\\\"b\\\":1}\"",
            "[123, 34, 97]",
            "[123 34 x]",
            "[123 34 999]",
        ] {
            assert_eq!(undecorated(plain), None, "{plain}");
        }
    }

    #[test]
    fn records_of_one_line_each_are_joined() {
        let (id, signature) =
            ("7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4", "b814e8a178517eeb9b0da8eeb20a0df2");
        let lines = format!(
            "[{{\"m\":\"X-PerfectGym-Request: {id}\\n\"}},{{\"n\":1}},{{\"m\":\"X-PerfectGym-Signature: \
             {signature}\"}}]"
        );
        let text = format!("X-PerfectGym-Request: {id}\nX-PerfectGym-Signature: {signature}\n");
        assert_eq!(
            printed_lines(parse_json(&lines).unwrap().elements().iter()),
            Some(text.clone())
        );
        for whole in [
            format!("[{{\"m\":{text:?}}}]"),
            format!("[{{\"name\":\"X-PerfectGym-Request\",\"value\":\"{id}\"}}]"),
            "[{\"m\":\"no X-PerfectGym-Signature\"}]".to_owned(),
        ] {
            assert_eq!(
                printed_lines(parse_json(&whole).unwrap().elements().iter()),
                None,
                "{whole}"
            );
        }
    }

    #[test]
    fn a_mail_gives_its_parts() {
        let mail = "From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary=\"b=1\"\r\n\
                    \r\nnobody reads this\r\n--b=1\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
                    --c\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C5=BC a=\r\nb=3D=\n\r\n\
                    --c\r\n\r\n<p>\r\n--c--\r\n--b=1\r\nContent-Disposition: attachment; filename=\"r.txt\"\r\n\
                    Content-Transfer-Encoding: BASE64\r\n\r\nUE9T\r\nVA==\r\n--b=1--\r\n";
        let parts = mail_parts(mail).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0], ("part 1".to_owned(), "ż ab=".as_bytes().to_vec()));
        assert_eq!(parts[1], ("r.txt".to_owned(), b"POST".to_vec()));
        for other in ["", "a: b", "a: b\n\nc", "POST / HTTP/1.1\nMIME-Version: 1.0\n\n"] {
            assert_eq!(mail_parts(other), None, "{other}");
        }
    }
}
