//! Tables with a header row: exports of webhook.site, databases and log services.

use csv::{ReaderBuilder, StringRecord};

use super::super::detect::{Walk, is_capture_column};
use super::super::header::names_pgm;
use super::super::value::Value;
use super::{LineNumbers, SourceText};

/// Reads a table's rows, each as the flat object that it is; `None` when the first row does
/// not name a column of headers or of PGM's.
pub(super) fn read(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let separator = separator(text.trim_start_matches(['\r', '\n']).lines().next()?)?;
    let mut rows = rows(text, separator);
    let (_, names) = rows.next()?;
    let is_table = is_header_row(&names) || names_pgm(text) && are_columns(&names);
    is_table.then_some(())?;
    walk.rows(rows.map(|(line, cells)| {
        let row = names.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty());
        let member = |(name, cell): (&str, &str)| {
            (name.to_owned().into(), Value::String(cell.to_owned().into()))
        };
        (line, Value::Object(row.map(member).collect()))
    }));
    Some(())
}

/// Whether these are names of columns rather than the words of a log.
fn are_columns(names: &StringRecord) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || " _-.@[]()".contains(c);
    names.len() > 1 && names.iter().all(|name| !name.is_empty() && name.chars().all(is_part))
}

/// Whether a file's first line is the header row of a table of requests.
pub(crate) fn is_table(first: &[u8]) -> bool {
    let names = || {
        let line = std::str::from_utf8(first).ok()?;
        Some(rows(line, separator(line)?).next()?.1)
    };
    names().is_some_and(|names| is_header_row(&names))
}

fn separator(line: &str) -> Option<u8> {
    // A table of Markdown or Jira.
    (!line.starts_with('|')).then_some(())?;
    [',', ';', '\t', '|']
        .into_iter()
        .max_by_key(|c| line.matches(*c).count())
        .and_then(|c| u8::try_from(c).ok())
}

fn is_header_row(names: &StringRecord) -> bool {
    names.len() > 1
        && names.iter().all(|name| name.len() < 80 && !name.contains(['{', '"', '(', '\'']))
        && names.iter().any(is_capture_column)
}

/// The rows of a table, each with the number of its first line.
fn rows(text: &str, separator: u8) -> impl Iterator<Item = (u64, StringRecord)> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(separator).flexible(true).has_headers(false);
    let mut numbers = LineNumbers::default();
    builder.from_reader(text.as_bytes()).into_records().map_while(move |row| {
        let row = row.ok()?;
        // The position is that of the empty lines before the row.
        let start = usize::try_from(row.position()?.byte()).ok()?;
        let rest = text.get(start..)?;
        let empty = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        Some((numbers.at(text.as_bytes(), start + empty), row))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_separators_and_line_breaks() {
        let text = "a;b\r\n\"x\"\"y\";\"1;\n2\"\r\n\r\nz;\n";
        let rows: Vec<_> = rows(text, b';').collect();
        let row = |cells: [&str; 2]| StringRecord::from(cells.to_vec());
        assert_eq!(rows[0], (1, row(["a", "b"])));
        assert_eq!(rows[1], (2, row(["x\"y", "1;\n2"])));
        assert_eq!(rows[2], (5, row(["z", ""])));
        assert_eq!(rows.len(), 3);
    }
}
