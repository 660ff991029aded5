//! Colors by what they mean.

use colored::{Color, Colorize};

/// Colors text, or leaves it plain. The text must already be escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Whether to color at all.
    pub on: bool,
}

impl Palette {
    /// Leaves all text plain.
    pub const PLAIN: Self = Self { on: false };

    /// Success.
    pub fn success(self, text: &str) -> String {
        self.color(text, Color::Green)
    }

    /// Failure.
    pub fn error(self, text: &str) -> String {
        self.color(text, Color::Red)
    }

    /// What deserves a look.
    pub fn warning(self, text: &str) -> String {
        self.color(text, Color::Yellow)
    }

    /// Names: events, ids, commands.
    pub fn highlight(self, text: &str) -> String {
        self.color(text, Color::Cyan)
    }

    /// What the eye should find first.
    pub fn bold(self, text: &str) -> String {
        if self.on { text.bold().to_string() } else { text.to_owned() }
    }

    /// Details.
    pub fn dim(self, text: &str) -> String {
        if self.on { text.dimmed().to_string() } else { text.to_owned() }
    }

    /// A line of a block: a label of this width, then the text.
    pub(super) fn labelled(self, label: &str, width: usize, text: &str) -> String {
        // The label is padded before it is colored: escapes would count as width.
        format!("  {} {text}\n", self.dim(&format!("{label:<width$}")))
    }

    fn color(self, text: &str, color: Color) -> String {
        if self.on { text.color(color).to_string() } else { text.to_owned() }
    }
}
