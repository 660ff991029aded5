//! Tables with a header row: exports of webhook.site, databases and log services.

use serde_json::{Map, Value};

use super::super::json::Node;
use super::super::record::{Walk, is_capture_column};
use super::{Input, LineNumbers};

/// Reads a table's rows, each as the flat object that it is; `None` when the first row does
/// not name a column of headers or of PGM's.
pub(super) fn read(Input { text, .. }: Input<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let separator = separator(text.lines().next()?)?;
    let mut rows = Rows { text, at: 0, separator, numbers: LineNumbers::default() };
    let (_, names) = rows.next()?;
    if !is_header_row(&names) {
        return None;
    }
    for (line, cells) in rows {
        let row = names.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
        let row: Map<String, Value> =
            row.map(|(name, cell)| (name.clone(), Value::String(cell))).collect();
        // Text always has a JSON form.
        let json = serde_json::to_vec(&row).unwrap_or_default();
        walk.document(Node::unchecked(&json), Some(line));
    }
    Some(())
}

/// Whether a file's first line is the header row of a table of requests.
pub(crate) fn is_table(first: &[u8]) -> bool {
    std::str::from_utf8(first).is_ok_and(|line| {
        separator(line).is_some_and(|separator| is_header_row(&row(line, separator).0))
    })
}

fn separator(line: &str) -> Option<char> {
    [',', ';', '\t', '|'].into_iter().max_by_key(|c| line.matches(*c).count())
}

fn is_header_row(names: &[String]) -> bool {
    let is_short = |name: &String| name.len() < 80;
    names.len() > 1
        && names.iter().all(is_short)
        && names.iter().any(|name| is_capture_column(name))
}

struct Rows<'a> {
    text: &'a str,
    at: usize,
    separator: char,
    numbers: LineNumbers,
}

impl Iterator for Rows<'_> {
    /// The number of a row's first line, and its cells.
    type Item = (u64, Vec<String>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        self.at += rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let line = self.numbers.at(self.text.as_bytes(), self.at);
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (cells, used) = row(rest, self.separator);
        self.at += used;
        Some((line, cells))
    }
}

/// The cells of a row, and the bytes it took with its line break. Quotes within a quoted cell
/// are doubled.
fn row(text: &str, separator: char) -> (Vec<String>, usize) {
    let mut cells = vec![String::new()];
    let mut cell = 0;
    let mut quoted = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if quoted && chars.next_if(|(_, c)| *c == '"').is_some() => cells[cell].push('"'),
            '"' if quoted || cells[cell].is_empty() => quoted = !quoted,
            '\n' if !quoted => return (cells, at + 1),
            '\r' if !quoted && matches!(chars.peek(), Some((_, '\n'))) => {}
            c if c == separator && !quoted => {
                cells.push(String::new());
                cell += 1;
            }
            c => cells[cell].push(c),
        }
    }
    (cells, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_separators_and_line_breaks() {
        let text = "a;b\r\n\"x\"\"y\";\"1;\n2\"\r\n\r\nz;\n";
        let rows: Vec<_> =
            Rows { text, at: 0, separator: ';', numbers: LineNumbers::default() }.collect();
        assert_eq!(
            rows,
            [
                (1, vec!["a".to_owned(), "b".to_owned()]),
                (2, vec!["x\"y".to_owned(), "1;\n2".to_owned()]),
                (5, vec!["z".to_owned(), String::new()]),
            ]
        );
    }
}
