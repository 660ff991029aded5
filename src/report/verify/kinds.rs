//! What the findings mean, for people.

use crate::report::Palette;
use crate::verify::{Kind, Severity};

/// The list of `--explain` without an id.
pub fn kind_list(palette: Palette) -> String {
    let width = Kind::all().map(|kind| kind.id.len()).max().unwrap_or_default();
    let row = |kind: &Kind| {
        let id = palette.name(&format!("{:<width$}", kind.id));
        format!("{id}  {:<7}  {}\n", kind.severity, kind.message)
    };
    Kind::all().map(row).collect()
}

/// The page of `--explain ID`.
pub fn kind_page(kind: &Kind, palette: Palette) -> String {
    let severity = kind.severity.to_string();
    let severity = match kind.severity {
        Severity::Error => palette.bad(&severity),
        Severity::Warning => palette.doubtful(&severity),
        Severity::Info => palette.faint(&severity),
    };
    format!(
        "{} ({severity})\n{}\n\n{}\n\n{} {}\n",
        palette.name(kind.id),
        kind.message,
        kind.explanation,
        palette.faint("→"),
        kind.hint
    )
}
