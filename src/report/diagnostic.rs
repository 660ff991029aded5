//! Errors and warnings: what is wrong, then what to do about it.

use serde::Serialize;

use super::json::json_line;
use super::{Palette, escape};
use crate::diagnostic::Diagnostic;

/// `error: …`, then a `help:` line for each way to fix it.
pub fn error(diagnostic: &Diagnostic, palette: Palette) -> String {
    block(&palette.error("error:"), diagnostic, palette)
}

/// `warning: …`, then a `help:` line for each way to fix it.
pub fn warning(diagnostic: &Diagnostic, palette: Palette) -> String {
    block(&palette.warning("warning:"), diagnostic, palette)
}

/// An error as one line of JSON.
pub fn error_json(diagnostic: &Diagnostic) -> String {
    #[derive(Serialize)]
    struct ErrorLine<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        diagnostic: &'a Diagnostic,
    }
    json_line(&ErrorLine { r#type: "error", diagnostic })
}

/// Each text is one line: a line break in foreign text could begin a command to a CI runner.
fn block(label: &str, diagnostic: &Diagnostic, palette: Palette) -> String {
    let mut text = format!("{label} {}\n", escape(&diagnostic.message));
    for line in &diagnostic.help {
        text += &format!("{} {}\n", palette.highlight(" help:"), escape(line));
    }
    text
}
