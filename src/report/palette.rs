//! Colours by what they mean.

use colored::{Color, Colorize};

/// Paints text, or leaves it plain. Always call it with text that is already escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Whether to paint at all.
    pub on: bool,
}

impl Palette {
    /// Leaves all text plain.
    pub const PLAIN: Self = Self { on: false };

    /// What went as it should.
    pub fn good(self, text: &str) -> String {
        self.paint(text, Color::Green)
    }

    /// What did not.
    pub fn bad(self, text: &str) -> String {
        self.paint(text, Color::Red)
    }

    /// What deserves a look.
    pub fn doubtful(self, text: &str) -> String {
        self.paint(text, Color::Yellow)
    }

    /// Names: events, ids, commands.
    pub fn name(self, text: &str) -> String {
        self.paint(text, Color::Cyan)
    }

    /// What the eye should find first.
    pub fn strong(self, text: &str) -> String {
        if self.on { text.bold().to_string() } else { text.to_owned() }
    }

    /// What is there for completeness.
    pub fn faint(self, text: &str) -> String {
        if self.on { text.dimmed().to_string() } else { text.to_owned() }
    }

    /// A line of a block: a label of this width, then the text.
    pub(super) fn labelled(self, label: &str, width: usize, text: &str) -> String {
        // Painted text has no width of its own, so the label is padded before it is painted.
        format!("  {} {text}\n", self.faint(&format!("{label:<width$}")))
    }

    fn paint(self, text: &str, color: Color) -> String {
        if self.on { text.color(color).to_string() } else { text.to_owned() }
    }
}
