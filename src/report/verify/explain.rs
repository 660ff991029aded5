//! The pages of `verify --explain`.

use serde::Serialize;

use crate::report::Palette;
use crate::report::json::json_line;
use crate::verify::{FindingKind, Severity};

/// All findings, one a line: the output of `--explain` without an id.
pub fn finding_list(palette: Palette) -> String {
    let width = FindingKind::all().map(|kind| kind.id.len()).max().unwrap_or_default();
    let row = |kind: &FindingKind| {
        let id = palette.highlight(&format!("{:<width$}", kind.id));
        format!("{id}  {:<7}  {}\n", kind.severity, kind.message)
    };
    FindingKind::all().map(row).collect()
}

/// The page of `--explain ID`.
pub fn finding_page(kind: &FindingKind, palette: Palette) -> String {
    let severity = kind.severity.to_string();
    let severity = match kind.severity {
        Severity::Error => palette.error(&severity),
        Severity::Warning => palette.warning(&severity),
        Severity::Info => palette.dim(&severity),
    };
    format!(
        "{} ({severity})\n{}\n\n{}\n\n{} {}\n",
        palette.highlight(kind.id),
        kind.message,
        kind.explanation,
        palette.dim("→"),
        kind.help
    )
}

/// The pages as JSON, one object a line.
pub fn finding_lines_json(kinds: impl Iterator<Item = &'static FindingKind>) -> String {
    #[derive(Serialize)]
    #[serde(tag = "type", rename = "kind")]
    struct Page {
        id: &'static str,
        severity: Severity,
        message: &'static str,
        help: &'static str,
        explanation: &'static str,
    }
    let page = |kind: &'static FindingKind| {
        let FindingKind { id, severity, message, help, explanation } = *kind;
        json_line(&Page { id, severity, message, help, explanation })
    };
    kinds.map(page).collect()
}
