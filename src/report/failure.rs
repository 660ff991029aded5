//! Errors and warnings: what is wrong, then how to mend it.

use super::{Palette, escape_block};

/// `error: …`, then one `help:` line for each way out.
pub fn failure(message: &str, help: &[String], palette: Palette) -> String {
    block(&palette.bad("error:"), message, help, palette)
}

/// `warning: …`
pub fn warning(message: &str, palette: Palette) -> String {
    block(&palette.doubtful("warning:"), message, &[], palette)
}

/// `warning: …`, then one `help:` line for each way out.
pub fn warning_with_help(message: &str, help: &[String], palette: Palette) -> String {
    block(&palette.doubtful("warning:"), message, help, palette)
}

fn block(label: &str, message: &str, help: &[String], palette: Palette) -> String {
    let mut text = format!("{label} {}\n", escape_block(message));
    for line in help {
        text += &format!("{} {}\n", palette.name(" help:"), escape_block(line));
    }
    text
}
