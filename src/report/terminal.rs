//! Text for a terminal: colors by what they mean, and lines that break at words.

use std::borrow::Cow;

use colored::{Color, Colorize};
use unicode_width::UnicodeWidthStr;

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

/// What a line begins with whose continuation is indented by as much.
const LABELS: [&str; 9] = ["✓ ", "✗ ", "→ ", "· ", "– ", "! ", "error: ", "help: ", "warning: "];
/// What a line of a quoted body begins with.
const BAR: &str = "│ ";

/// Breaks each line of a text that is longer than `width` columns at a word. A continuation is
/// indented to the column that the line's own text begins in; that of a quoted body has its bar, too.
/// JSON stays as it is, so that it can be copied; so does a word that is longer than a line.
pub(super) fn wrap(text: &str, width: usize) -> Cow<'_, str> {
    if text.lines().all(|line| fits(line, width)) {
        return Cow::Borrowed(text);
    }
    let mut wrapped = String::with_capacity(text.len() + text.len() / width.max(1));
    for line in text.split_inclusive('\n') {
        match fits(line, width) {
            true => wrapped.push_str(line),
            false => wrap_line(line, width, &mut wrapped),
        }
    }
    Cow::Owned(wrapped)
}

fn fits(line: &str, width: usize) -> bool {
    let visible = visible(line);
    let text = visible.trim();
    visible.trim_end().width() <= width || text.starts_with(['{', '[', '"', '}'])
}

fn wrap_line(line: &str, width: usize, wrapped: &mut String) {
    let visible = visible(line);
    let indent = continuation(&visible, width);
    let start = match visible.trim_start().starts_with(BAR) {
        true => " ".repeat(indent - BAR.width()) + BAR,
        false => " ".repeat(indent),
    };
    let mut column = 0;
    // The last place to break at: the length of the text before it, and its column.
    let mut space = None;
    for piece in Pieces(line) {
        if is_escape(piece) || piece == "\n" {
            wrapped.push_str(piece);
            continue;
        }
        if piece == " " && column > indent {
            space = Some((wrapped.len(), column));
        }
        let is_full = column + piece.width() > width && piece != " ";
        if let Some((at, before)) = is_full.then(|| space.take()).flatten() {
            let tail = wrapped.split_off(at);
            wrapped.truncate(wrapped.trim_end_matches(' ').len());
            wrapped.push('\n');
            wrapped.push_str(&start);
            wrapped.push_str(tail.trim_start_matches(' '));
            column = indent + column - before - 1;
        }
        wrapped.push_str(piece);
        column += piece.width();
    }
}

/// The column that a continuation begins in: that of the last column of a table in the first part
/// of the line, else of the text behind a label.
fn continuation(line: &str, width: usize) -> usize {
    let columns: Vec<_> = line.trim_end().chars().collect();
    let lead = columns.iter().take_while(|c| **c == ' ').count();
    let starts = |n: &usize| columns[*n] != ' ' && columns[*n - 1] == ' ' && columns[*n - 2] == ' ';
    let table = (lead + 3..columns.len().min(width * 3 / 5)).rfind(starts);
    let text = line.trim_start();
    if text.starts_with(BAR) {
        return lead + BAR.width();
    }
    let label = LABELS.iter().find(|label| text.starts_with(**label));
    table.unwrap_or_else(|| lead + label.map_or(0, |label| label.chars().count()))
}

/// A line as it looks, without what colors it.
fn visible(line: &str) -> String {
    Pieces(line).filter(|piece| !is_escape(piece)).collect()
}

fn is_escape(piece: &str) -> bool {
    piece.starts_with('\u{1b}')
}

/// The characters of a line, each escape sequence being one.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.0.chars().next()?;
        let escape = first == '\u{1b}';
        let end = escape.then(|| self.0.find('m')).flatten().map_or(first.len_utf8(), |m| m + 1);
        let (piece, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_under_their_text() {
        assert_eq!(wrap("short\n", 10), "short\n");
        assert_eq!(wrap("one two three\n", 8), "one two\nthree\n");
        assert_eq!(wrap("  → one two three\n", 12), "  → one two\n    three\n");
        assert_eq!(wrap("error: neither header\n", 14), "error: neither\n       header\n");
        assert_eq!(
            wrap("  ✓ id       one two three four\n", 30),
            "  ✓ id       one two three\n             four\n"
        );
        assert_eq!(wrap("a-word-that-is-long x\n", 8), "a-word-that-is-long\nx\n");
    }

    #[test]
    fn colors_have_no_width_and_data_stays_whole() {
        assert_eq!(wrap("\u{1b}[31mone\u{1b}[0m two\n", 7), "\u{1b}[31mone\u{1b}[0m two\n");
        assert_eq!(
            wrap("\u{1b}[31mone\u{1b}[0m two three\n", 8),
            "\u{1b}[31mone\u{1b}[0m two\nthree\n"
        );
        assert_eq!(wrap("クラス 予約 です\n", 12), "クラス 予約\nです\n");
        assert_eq!(
            wrap("    \u{1b}[2m│\u{1b}[0m one two three\n", 14),
            "    \u{1b}[2m│\u{1b}[0m one two\n    │ three\n"
        );
        let json = "{\"a\": \"one two three\"}\n";
        assert_eq!(wrap(json, 8), json);
    }
}
