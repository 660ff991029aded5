//! What `curl -v` prints: `> ` before what was sent, `< ` before what came back.

use super::super::Capture;
use super::super::record::{Walk, headers_of_text};
use super::{Input, command, http};

/// Reads the requests of a transcript; `None` when no line is `> ` and a request line. Bodies
/// are not in it, unless the command that was typed is.
pub(super) fn read(Input { text, .. }: Input<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let starts = |line: &str| sent(line).is_some_and(|rest| http::is_request(rest.as_bytes()));
    if !text.lines().any(starts) {
        return None;
    }
    let typed = command::commands(text).next().and_then(|(_, capture)| capture.body);
    let mut lines = text.lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        if !starts(line) {
            continue;
        }
        let mut words = sent(line).unwrap_or_default().split(' ').map(str::to_owned);
        let (method, path) = (words.next(), words.next());
        let mut head = String::new();
        while let Some(line) = lines.peek().and_then(|(_, line)| sent(line)) {
            if starts(lines.peek().map_or("", |(_, line)| line)) || line.is_empty() {
                break;
            }
            head.push_str(line);
            head.push('\n');
            lines.next();
        }
        let headers = headers_of_text(&head).unwrap_or_default();
        let body = typed.clone();
        let capture = Capture { method, path, headers, body, ..Capture::default() };
        walk.emit(&capture, Some(index as u64 + 1), "");
    }
    Some(())
}

fn sent(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix('>').map(str::trim)
}
