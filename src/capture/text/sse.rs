//! Server-sent events whose data is JSON, as smee.io streams them.

use super::super::detect::Walk;
use super::super::literal::parse_json;
use super::SourceText;

const FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// Reads the events of a stream; `None` when the first line is not a field of one.
pub(super) fn read(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let is_field =
        |name: &&str| first.strip_prefix(*name).is_some_and(|rest| rest.starts_with(':'));
    if !first.starts_with(": ") && !FIELDS.iter().any(is_field) {
        return None;
    }
    let mut data = String::new();
    let mut start = 0;
    for (index, line) in text.lines().chain([""]).enumerate() {
        if let Some(part) = line.strip_prefix("data:") {
            if data.is_empty() {
                start = index as u64 + 1;
            } else {
                data.push('\n');
            }
            data.push_str(part.strip_prefix(' ').unwrap_or(part));
        } else if line.trim().is_empty() && !data.is_empty() {
            if let Ok(value) = parse_json(&data) {
                walk.document(&value, Some(data.trim_ascii()), Some(start));
            }
            data.clear();
        }
    }
    Some(())
}
