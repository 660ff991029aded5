//! The probes themselves, for people: the table and the page of each.

use super::Palette;
use super::check_human::padded;
use crate::check::{PROBES, Probe};

/// Columns of a paragraph.
const WIDTH: usize = 90;

/// One line a probe: id, level, source, when it passes.
pub fn probe_list(palette: Palette) -> String {
    let line = |probe: &Probe| {
        format!(
            "{}  {:<6}  {:<10}  {}\n",
            palette.highlight(&padded(probe.id)),
            probe.level.as_str(),
            probe.source.to_string(),
            probe.passes_when
        )
    };
    PROBES.iter().map(line).collect()
}

/// All there is to know about one probe.
pub fn probe_page(probe: &Probe, palette: Palette) -> String {
    format!(
        "{}\n  level   {}\n  source  {}\n  passes  {}\n\n{}",
        palette.highlight(probe.id),
        probe.level.as_str(),
        probe.source,
        wrapped(&format!("when {}", probe.passes_when)).trim_end().replace('\n', "\n          "),
        wrapped(probe.explanation)
    )
}

/// A paragraph in lines of at most [`WIDTH`] columns.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}
