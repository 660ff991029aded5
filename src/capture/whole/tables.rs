//! Tables with a header row: CSV (webhook.site, databases, log services), what the shells of databases,
//! Markdown and pages print, and the rows of SQL dumps.

use std::ops::Range;

use csv::{ReaderBuilder, StringRecord};

use super::super::detect::Walk;
use super::super::header::{is_like_pgm, names_pgm};
use super::super::lines::{column_separator, is_header_row};
use super::super::{Format, Value};
use super::wrapped::{is_cut, join_lines};
use super::{LineNumbers, SourceText, read_words};

/// Reads a table; `None` when the text is none.
pub(super) fn read(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<Format> {
    read_printed(input, false, walk)
        .or_else(|| read_sql(input, walk))
        .map(|()| Format::Text)
        .or_else(|| read_csv(input, walk).map(|()| Format::Csv))
}

/// A row as the flat object that it is.
fn row<'v>(
    names: impl Iterator<Item = &'v str>,
    cells: impl Iterator<Item = &'v str>,
) -> Value<'static> {
    let member = |(name, cell): (&str, &str)| {
        (name.to_owned().into(), Value::String(cell.to_owned().into()))
    };
    Value::Object(names.zip(cells).filter(|(_, cell)| !cell.is_empty()).map(member).collect())
}

/// Whether both of PGM's headers are among the names of columns.
fn names_both<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    names.filter(|name| is_like_pgm(name)).count() == 2
}

/// Reads tables that are printed for people and have columns for PGM's headers, with a rule below the
/// names or, if `has_tabs`, with tabs between them; `None` when there is none.
pub(super) fn read_printed(
    SourceText { text, .. }: SourceText<'_>,
    has_tabs: bool,
    walk: &mut Walk<'_>,
) -> Option<()> {
    names_pgm(text).then_some(())?;
    // The columns, by a rule or else by tabs, and their names.
    let (mut found, mut table) = (Vec::new(), None::<(Option<Columns>, Vec<&str>)>);
    let mut lines = text.lines().zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        if names_pgm(line) {
            let columns = lines.peek().and_then(|(below, _)| Columns::of_rule(below));
            let columns = columns.filter(|columns| !columns.places.is_empty());
            let is_table = columns.is_some() || has_tabs;
            let names = is_table.then(|| cells(columns.as_ref(), line)).flatten();
            if let Some(names) = names.filter(|names| names_both(names.iter().copied())) {
                table = Some((columns, names));
                continue;
            }
        }
        let Some((columns, names)) = &table else { continue };
        if Columns::of_rule(line).is_some() {
            continue;
        }
        // Wrapped cells were joined, with bars between them.
        let is_row = |cells: &Vec<&str>| cells.len() == names.len();
        let joined = Some(line.split('|').map(str::trim).collect()).filter(is_row);
        let Some(cells) = joined.or_else(|| cells(columns.as_ref(), line)).filter(is_row) else {
            continue;
        };
        let is_filled = |(name, cell): (&&str, &&str)| {
            is_like_pgm(name) && !cell.is_empty() && !cell.contains(' ')
        };
        let filled = names.iter().zip(&cells).filter(|cell| is_filled(*cell)).count();
        // Any words stand at the places of columns.
        let is_placed = columns.as_ref().is_some_and(|columns| columns.separator.is_none());
        if filled == 2 || filled == 1 && !is_placed {
            found.push((number, row(names.iter().copied(), cells.into_iter())));
        }
    }
    (!found.is_empty()).then(|| walk.rows(found.into_iter()))
}

/// The cells of a line, between tabs where there are no columns.
fn cells<'l>(columns: Option<&Columns>, line: &'l str) -> Option<Vec<&'l str>> {
    let pieces = match columns {
        Some(columns) => columns.pieces(line)?,
        None => line.split('\t').collect(),
    };
    Some(pieces.into_iter().map(|piece| piece.trim().trim_matches('`')).collect())
}

/// Reads the rows of `INSERT INTO t (a, b) VALUES (…), (…);` and of `COPY t (a, b) FROM stdin;` that have
/// columns for PGM's headers; `None` when there is none.
fn read_sql(input: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    names_pgm(input.text).then_some(())?;
    // MySQL's dumps escape all quotes.
    let has_escapes = input.text.contains("{\\\"");
    let (mut found, mut numbers) = (Vec::new(), LineNumbers::default());
    let mut rest = input.text;
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let (line, below) = rest.split_at(rest.find('\n').map_or(rest.len(), |feed| feed + 1));
        let Some((names, mut values)) = sql_columns(rest) else {
            rest = below;
            continue;
        };
        let mut add = |values: &str, cells: Vec<String>| {
            let line = numbers.at(input.bytes, input.text.len() - values.len());
            found.push((line, row(names.iter().copied(), cells.iter().map(String::as_str))));
        };
        if starts_with_word(line, "COPY") {
            rest = below;
            for line in below.split_inclusive('\n') {
                if line.trim_end() == "\\." {
                    break;
                }
                let cells = line.trim_end_matches(['\r', '\n']).split('\t');
                let null = |cell| if cell == "\\N" { String::new() } else { unescaped(cell) };
                add(rest, cells.map(null).collect());
                rest = &rest[line.len()..];
            }
        } else {
            while let Some((cells, behind)) = sql_values(values, has_escapes) {
                add(values, cells);
                values = behind.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            }
            rest = values;
        }
    }
    (!found.is_empty()).then(|| walk.rows(found.into_iter()))
}

fn starts_with_word(line: &str, word: &str) -> bool {
    line.trim_start().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Bytes that the names of a table and of its columns take at most.
const MAX_COLUMN_NAMES: usize = 4 << 10;

/// The names of the columns, if a text starts with a statement that adds rows and they have both of PGM's;
/// and what follows them, or the word `VALUES` behind them.
fn sql_columns(text: &str) -> Option<(Vec<&str>, &str)> {
    (starts_with_word(text, "INSERT INTO ") || starts_with_word(text, "COPY ")).then_some(())?;
    let end = (MAX_COLUMN_NAMES..).find(|end| text.is_char_boundary(*end) || *end >= text.len())?;
    let (table, list) = text.get(..end).unwrap_or(text).split_once('(')?;
    let (names, _) = list.split_once(')')?;
    let is_around = |c: char| c.is_whitespace() || "`\"[]".contains(c);
    let columns: Vec<_> = names.split(',').map(|name| name.trim_matches(is_around)).collect();
    names_both(columns.iter().copied()).then_some(())?;
    let behind = text[table.len() + names.len() + 2..].trim_start();
    let values = behind.get("VALUES".len()..).filter(|_| starts_with_word(behind, "VALUES"));
    Some((columns, values.unwrap_or(behind).trim_start()))
}

/// The values of a row in parentheses, and what follows it.
fn sql_values(text: &str, has_escapes: bool) -> Option<(Vec<String>, &str)> {
    let (mut rest, mut cells) = (text.strip_prefix('(')?, Vec::new());
    loop {
        let end = rest.find(['\'', ',', ')'])?;
        let (word, behind) = rest.split_at(end);
        rest = behind;
        cells.push(match behind.strip_prefix('\'') {
            Some(inside) => {
                let end = sql_text_end(inside, has_escapes)?;
                let content = &inside[..end];
                // A cast may follow: '…'::jsonb.
                rest = &inside[end + 1..];
                rest = &rest[rest.find([',', ')'])?..];
                let content = if has_escapes { unescaped(content) } else { content.to_owned() };
                content.replace("''", "'")
            }
            None if word.trim().eq_ignore_ascii_case("NULL") => String::new(),
            None => word.trim().to_owned(),
        });
        match rest.strip_prefix(',') {
            Some(behind) => rest = behind,
            None => return Some((cells, &rest[1..])),
        }
    }
}

/// Where a text ends in which quotes are doubled, or escaped.
fn sql_text_end(text: &str, has_escapes: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].find(['\'', '\\'])?;
        let behind = &text[at + 1..];
        let is_quote = text[at..].starts_with('\'');
        if is_quote && !behind.starts_with('\'') {
            return Some(at);
        }
        let is_pair = is_quote || has_escapes;
        at += 1 + if is_pair { behind.chars().next()?.len_utf8() } else { 0 };
    }
}

/// A text without the escapes of MySQL and of PostgreSQL's COPY.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                other => other.unwrap_or('\\'),
            },
            c => c,
        });
    }
    plain
}

/// Reads a table's rows, each as the flat object that it is; `None` when the first row does not name a
/// column of headers or of PGM's, when each row is a header's name and its value, and when cells of a
/// printed table have the character in them that separates its columns.
pub(super) fn read_csv(SourceText { text, .. }: SourceText<'_>, walk: &mut Walk<'_>) -> Option<()> {
    let first = text.trim_start_matches(['\r', '\n']).lines().next()?;
    let separator = column_separator(first)?;
    let mut all = rows(text, separator);
    let (_, names) = all.next()?;
    (is_header_row(&names) || names_pgm(text) && are_columns(&names)).then_some(())?;
    // Where each row has a line that was printed.
    let mut lines_column = None;
    for (_, cells) in rows(text, separator) {
        let is_pair = names.len() == 2 && cells.len() == 2 && is_like_pgm(&cells[0]);
        let is_cut_apart = separator == b'|' && cells.len() > names.len();
        (!is_pair && !is_cut_apart).then_some(())?;
        lines_column = lines_column.or_else(|| cells.iter().position(is_cut));
    }
    if let Some(column) = lines_column {
        let lines = all.filter_map(|(_, cells)| cells.get(column).map(str::to_owned));
        let lines = join_lines(lines);
        return read_words(SourceText { bytes: lines.as_bytes(), text: &lines }, walk);
    }
    // A space behind each separator, as people type it.
    let is_spaced = names.iter().skip(1).all(|name| name.starts_with(' '));
    walk.rows(all.map(|(line, cells)| {
        let plain = |cell| if is_spaced { str::trim(cell) } else { cell };
        (line, row(names.iter().map(plain), cells.iter().map(plain)))
    }));
    Some(())
}

/// Whether these are names of columns rather than the words of a log.
fn are_columns(names: &StringRecord) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || " _-.@[]()".contains(c);
    names.len() > 1
        && names.iter().all(|name| {
            name.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '@')
                && name.chars().all(is_part)
        })
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

/// With the cells joined that sqlite3 and psql wrap over several lines of a table. A row keeps the
/// number of its line.
pub(super) fn with_joined_cells(text: &str) -> Option<String> {
    // Markdown, with spaces and colons in its rules, wraps nothing.
    let rule_of = |line: &str| {
        let is_plain = |columns: &Columns| {
            let is_markdown = line.starts_with('|') && line.contains([' ', ':']);
            columns.separator.is_none() || columns.places.is_empty() || !is_markdown
        };
        Columns::of_rule(line).filter(is_plain)
    };
    text.lines().any(|line| rule_of(line).is_some()).then_some(())?;
    let (mut joined, mut is_wrapped) = (String::with_capacity(text.len()), false);
    let (mut columns, mut row) = (None::<Columns>, TableRow::default());
    for line in text.lines() {
        let rule = rule_of(line);
        let in_table = columns.as_ref().filter(|_| rule.is_none());
        let pieces = in_table.and_then(|columns| columns.pieces(line)).unwrap_or_default();
        if row.goes_on(&pieces) {
            is_wrapped = true;
        } else {
            joined.push_str(&row.text());
            row = TableRow { line, lines: 0, cells: vec![Cell::default(); pieces.len()] };
        }
        row.join(&pieces);
        columns = rule.or(columns);
    }
    joined.push_str(&row.text());
    (is_wrapped && names_pgm(&joined)).then_some(joined)
}

/// Columns of a table at most.
const MAX_COLUMNS: usize = 64;

/// Where the columns of a printed table are.
struct Columns {
    /// Their places in characters; none where each line is a name and a value (psql's `\x`).
    places: Vec<Range<usize>>,
    /// What stands between them, if not white space alone.
    separator: Option<char>,
    /// Whether it stands at both ends of a line as well.
    has_borders: bool,
}

impl Columns {
    /// Reads the line below the names of columns, or above a record; `None` for any other line.
    fn of_rule(line: &str) -> Option<Self> {
        let is_rule = |c| matches!(c, '-' | '─' | '═');
        let has_borders = !line.starts_with(is_rule);
        let bar = if line.contains(['─', '═']) { '│' } else { '|' };
        if line.trim_start_matches(['+', '┌', '├', '-', '─']).starts_with("[ RECORD ") {
            return Some(Self { places: Vec::new(), separator: Some(bar), has_borders });
        }
        // Columns with white space between them have no corners.
        let separator = line.contains(['|', '+', '─', '═']).then_some(bar);
        line.chars().all(|c| is_rule(c) || " :+|┌┬┐├┼┤└┴┘╞╪╡".contains(c)).then_some(())?;
        let mut places: Vec<Range<usize>> = Vec::new();
        for (at, _) in line.chars().enumerate().filter(|(_, c)| is_rule(*c)) {
            match places.last_mut() {
                Some(place) if place.end == at => place.end += 1,
                _ => places.push(at..at + 1),
            }
        }
        (2..=MAX_COLUMNS).contains(&places.len()).then_some(Self { places, separator, has_borders })
    }

    /// What a line has of each cell, with the character that stands behind it; `None` when the line is
    /// none of the table.
    fn pieces<'l>(&self, line: &'l str) -> Option<Vec<&'l str>> {
        let Some(separator) = self.separator else {
            return (!line.trim().is_empty()).then(|| self.placed(line))?;
        };
        let inner = line.strip_prefix(separator).filter(|_| self.has_borders).unwrap_or(line);
        let inner = inner.strip_suffix(separator).filter(|_| self.has_borders).unwrap_or(inner);
        let pieces: Vec<_> = match self.places.len() {
            0 => inner.splitn(2, separator).collect(),
            _ => inner.split(separator).take(MAX_COLUMNS).collect(),
        };
        let pieces = match self.places.len() {
            0 => Some(pieces).filter(|pieces| pieces.len() == 2),
            count if count == pieces.len() => Some(pieces),
            // The separator stands in a cell as well.
            _ => self.placed(line),
        };
        let unpadded = |piece: &'l str| piece.strip_prefix([' ', '.', '…']).unwrap_or(piece);
        Some(pieces?.into_iter().map(unpadded).collect())
    }

    /// What stands at the places of the columns.
    fn placed<'l>(&self, line: &'l str) -> Option<Vec<&'l str>> {
        let (mut rest, mut column) = (line, 0);
        let piece = |place: &Range<usize>| {
            let (between, behind) = split_chars(rest, place.start - column);
            column = place.end + usize::from(self.separator.is_none());
            let is_between = self.separator.is_none_or(|separator| between.ends_with(separator));
            let piece;
            (piece, rest) = split_chars(behind, column - place.start);
            (is_between || place.start == 0).then_some(piece)
        };
        self.places.iter().map(piece).collect()
    }
}

/// Cuts a text behind as many characters.
fn split_chars(text: &str, count: usize) -> (&str, &str) {
    text.split_at(text.char_indices().nth(count).map_or(text.len(), |(at, _)| at))
}

/// A row of a table, or a line of anything else, which has no cells.
#[derive(Default)]
struct TableRow<'t> {
    line: &'t str,
    lines: usize,
    cells: Vec<Cell>,
}

impl TableRow<'_> {
    /// Whether these are more of this row: the first cell has ended, or is JSON that has not, and no
    /// cell begins behind JSON that has ended.
    fn goes_on(&self, pieces: &[&str]) -> bool {
        let [first, ..] = &self.cells[..] else { return false };
        let has_ended = |cell: &Cell| cell.is_json() && cell.depth == 0;
        let is_blank = |piece: &str| piece.trim().is_empty();
        pieces.first().is_some_and(|piece| is_blank(piece) || first.is_json())
            && self
                .cells
                .iter()
                .zip(pieces)
                .all(|(cell, piece)| is_blank(piece) || !has_ended(cell))
    }

    fn join(&mut self, pieces: &[&str]) {
        self.cells.iter_mut().zip(pieces).for_each(|(cell, piece)| cell.join(piece));
        self.lines += 1;
    }

    fn text(&self) -> String {
        let cells: Vec<_> = self.cells.iter().map(|cell| cell.text.trim_end()).collect();
        let text = if self.lines > 1 { cells.join(" | ") } else { self.line.to_owned() };
        let feeds = self.lines.saturating_sub(text.matches('\n').count());
        text + &"\n".repeat(feeds)
    }
}

#[derive(Clone, Default)]
struct Cell {
    text: String,
    /// Brackets that are open.
    depth: usize,
}

impl Cell {
    fn is_json(&self) -> bool {
        self.text.trim_start().starts_with(['{', '['])
    }

    fn join(&mut self, piece: &str) {
        if piece.trim().is_empty() {
            return;
        }
        // psql's marks of a line break and of a cut, or padding.
        let last = self.text.chars().next_back().filter(|last| "+↵.… ".contains(*last));
        self.text.truncate(self.text.len() - last.map_or(0, char::len_utf8));
        if matches!(last, Some('+' | '↵')) || last == Some(' ') && self.text.ends_with("  ") {
            self.text.truncate(self.text.trim_end().len());
            self.text.push(if self.is_json() { ' ' } else { '\n' });
        }
        self.text.push_str(piece);
        let count = |brackets: [char; 2]| piece.matches(brackets).count();
        self.depth = (self.depth + count(['{', '['])).saturating_sub(count(['}', ']']));
    }
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
