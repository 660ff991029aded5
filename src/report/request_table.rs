//! The requests list as a table that fits the terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Palette;
use super::formats::escape;
use crate::delivery::AttemptOutcome;
use crate::requests::{RequestRow, Status};
use crate::text::shown_url;

/// Where a narrow terminal takes its space from: these columns, in turn, are cut down to this width.
/// With all of it, the longest response and a short id, a line has 80 columns.
const MIN_WIDTHS: [(usize, usize); 6] =
    [(EVENT, 24), (TARGET, 12), (EVENT, 14), (TARGET, 11), (EVENT, 8), (TARGET, 6)];

/// Renders rows of the list.
#[derive(Debug)]
pub struct RequestTable<'a> {
    /// The requests, newest first.
    pub rows: &'a [RequestRow],
    /// The short id of each.
    pub ids: &'a [String],
    /// How wide it may be; `None` for as wide as it is.
    pub width: Option<usize>,
    /// How to paint.
    pub palette: Palette,
}

/// The columns after the mark.
type Cells = [String; 6];

const HEADINGS: [&str; 6] = ["TIME (UTC)", "EVENT", "TARGET", "RESPONSE", "ATTEMPTS", "ID"];
const EVENT: usize = 1;
const TARGET: usize = 2;
const RESPONSE: usize = 3;
const ID: usize = 5;

impl RequestTable<'_> {
    /// A line of headings, then a line a request.
    pub fn render(&self) -> String {
        let all_cells: Vec<Cells> = self.rows.iter().zip(self.ids).map(cells).collect();
        let widths = self.widths(&all_cells);
        let headings = HEADINGS.map(str::to_owned);
        let mut text = format!("{}\n", self.palette.dim(&line("  ", &headings, &widths)));
        for (row, cells) in self.rows.iter().zip(&all_cells) {
            text += &self.line(row, cells, &widths);
        }
        text
    }

    fn line(&self, row: &RequestRow, cells: &Cells, widths: &[usize; 6]) -> String {
        let painted = |text: &str| paint(row.status, text, self.palette);
        // Painted text has no width of its own, so cells are padded before they are painted.
        let mut cells: Vec<_> =
            cells.iter().zip(widths).map(|(cell, width)| fit(cell, *width)).collect();
        cells[RESPONSE] = painted(&cells[RESPONSE]);
        cells[ID] = self.palette.highlight(cells[ID].trim_end());
        format!("{} {}\n", painted(status_mark(row.status)), cells.join("  "))
    }

    fn widths(&self, rows: &[Cells]) -> [usize; 6] {
        let mut widths = HEADINGS.map(str::len);
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        if let Some(available) = self.width {
            let gaps = 2 + 2 * (widths.len() - 1);
            let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(available);
            for (column, min) in MIN_WIDTHS {
                let cut = excess.min(widths[column].saturating_sub(min));
                widths[column] -= cut;
                excess -= cut;
            }
        }
        widths
    }
}

fn cells((row, id): (&RequestRow, &String)) -> Cells {
    let target = match &row.webhook {
        Some(name) => name.clone(),
        None => shown_url(&row.url),
    };
    [
        row.created_at.format("%m-%d %H:%M:%S").to_string(),
        event_text(row),
        escape(&target),
        response_text(row),
        // A load run has requests, not attempts.
        row.load.map_or_else(|| row.attempts.to_string(), |_| "-".to_owned()),
        escape(id),
    ]
}

fn line(margin: &str, cells: &Cells, widths: &[usize; 6]) -> String {
    let cells: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| fit(cell, *width)).collect();
    format!("{margin}{}", cells.join("  ").trim_end())
}

/// Text of exactly this width on a terminal, cut where it is longer.
fn fit(text: &str, width: usize) -> String {
    let mut used = text.width();
    let mut fitted = text.to_owned();
    if used > width {
        fitted.clear();
        used = 1;
        for c in text.chars() {
            let next = c.width().unwrap_or(0);
            if used + next > width {
                break;
            }
            used += next;
            fitted.push(c);
        }
        fitted.push('…');
    }
    fitted + &" ".repeat(width.saturating_sub(used))
}

/// One character for a status.
pub(super) fn status_mark(status: Status) -> &'static str {
    match status {
        Status::Delivered => "✓",
        Status::Failed | Status::Unreachable => "✗",
        Status::Sending => "…",
        Status::Interrupted => "?",
    }
}

/// A status as a word; the first two are PGM's own.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Delivered => "successful",
        other => other.as_str(),
    }
}

/// Paints text in the colour of a status.
pub(super) fn paint(status: Status, text: &str, palette: Palette) -> String {
    match status {
        Status::Delivered => palette.success(text),
        Status::Failed | Status::Unreachable => palette.error(text),
        Status::Sending | Status::Interrupted => palette.warning(text),
    }
}

/// The event, with a word before it for a load run and for a capture that was sent again, and the
/// story after it.
pub fn event_text(row: &RequestRow) -> String {
    let event = escape(row.event.as_deref().unwrap_or("-"));
    match (row.load, row.from_capture, &row.story) {
        (Some(_), ..) => format!("load: {event}"),
        (None, true, _) => format!("capture: {event}"),
        (None, false, Some(story)) => format!("{event} ({})", escape(story)),
        (None, false, None) => event,
    }
}

/// The last response in a few words: an HTTP status, or why it is missing.
pub fn response_text(row: &RequestRow) -> String {
    if let Some(load) = row.load {
        return format!("{} failed", load.failed);
    }
    match (row.status, row.outcome, row.http_status) {
        (Status::Sending | Status::Interrupted, _, _) => status_word(row.status).to_owned(),
        (_, Some(AttemptOutcome::Responded), Some(status)) => status.to_string(),
        (_, Some(AttemptOutcome::TimedOut), _) => "timed out".to_owned(),
        (_, Some(AttemptOutcome::Refused), _) => "no connection".to_owned(),
        (_, Some(AttemptOutcome::Dns), _) => "unknown host".to_owned(),
        (_, Some(AttemptOutcome::Tls), _) => "TLS failed".to_owned(),
        (_, Some(AttemptOutcome::Responded | AttemptOutcome::Broken), _) => "broke off".to_owned(),
        (_, None, _) => status_word(row.status).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::pgm::RequestId;

    fn entry(event: &str, url: &str) -> RequestRow {
        RequestRow {
            row: 1,
            request_id: RequestId::new("7f6c2d4e-1b0a").unwrap(),
            event: Some(event.to_owned()),
            webhook: None,
            url: url.parse().unwrap(),
            created_at: "2026-03-01T17:42:09Z".parse().unwrap(),
            status: Status::Delivered,
            attempts: 1,
            outcome: Some(AttemptOutcome::Responded),
            http_status: Some(200),
            elapsed: None,
            load: None,
            from_capture: false,
            story: None,
        }
    }

    #[test]
    fn the_longest_line_fits_eighty_columns() {
        let mut entry = entry("ClassesBookingPromotedFromStandbyList", "https://a.example.com/pgm");
        entry.outcome = Some(AttemptOutcome::Refused);
        entry.status = Status::Unreachable;
        let ids = ["7f6c2d4e".to_owned()];
        let table =
            RequestTable { rows: &[entry], ids: &ids, width: Some(80), palette: Palette::PLAIN };
        let text = table.render();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("no connection") && text.contains("ClassesBookin…"), "{text}");
    }

    #[test]
    fn columns_are_aligned_by_their_width_on_the_terminal() {
        let mut wide = entry("クラス予約", "http://localhost/");
        wide.load = Some(crate::requests::LoadCounts { requests: 70_000, failed: 3 });
        let rows = [wide, entry("Test", "http://localhost/")];
        let ids = ["7f6c2d4e".to_owned(), "order-2026-0001-which-is-a-long-one".to_owned()];
        let table =
            RequestTable { rows: &rows, ids: &ids, width: Some(80), palette: Palette::PLAIN };
        let text = table.render();
        let lines: Vec<_> = text.lines().collect();
        let column = |line: &str, text: &str| line.split_once(text).unwrap().0.width();
        assert_eq!(column(lines[1], "7f6c2d4e"), column(lines[2], "order-2026"), "{text}");
        assert!(lines[1].contains("3 failed") && lines[1].contains("  -  "), "{text}");
    }

    #[test]
    fn an_event_of_any_length_can_be_shown() {
        let rows =
            [entry(&"x".repeat(70_000), &format!("http://localhost/{}", "y".repeat(70_000)))];
        let ids = ["7f6c2d4e".to_owned()];
        for width in [Some(80), None] {
            RequestTable { rows: &rows, ids: &ids, width, palette: Palette::PLAIN }.render();
        }
    }

    #[test]
    fn long_names_are_cut_only_where_the_width_is_known() {
        let long = "ClassesBookingPromotedFromStandbyList";
        let url = "https://staging.example.com/hooks/perfect-gym/webhooks";
        let entries = [entry("Test", "http://localhost/"), entry(long, url)];
        let ids = ["7f6c2d4e", "0a1b2c3d"].map(str::to_owned);
        let render = |width| {
            RequestTable { rows: &entries, ids: &ids, width, palette: Palette::PLAIN }.render()
        };
        assert!(render(Some(80)).lines().all(|line| line.chars().count() <= 80));
        assert!(render(Some(80)).contains("ClassesBookingPro…"), "{}", render(Some(80)));
        let wide = render(None);
        assert!(wide.contains(long) && wide.contains(url), "{wide}");
    }
}
