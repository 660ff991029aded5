//! The list as a table that fits the terminal.

use super::status;
use crate::report::{Palette, escape};
use crate::requests::RequestRow;
use crate::text::shown_url;

/// Where a narrow terminal is paid for: these columns, in turn, give up what they have beyond
/// so many characters. With all of it, and the longest answer, a line has 80.
const SQUEEZES: [(usize, usize); 3] = [(EVENT, 24), (TARGET, 12), (EVENT, 16)];

/// Renders lines of the list.
#[derive(Debug)]
pub struct RequestTable<'a> {
    /// The requests, newest first.
    pub entries: &'a [RequestRow],
    /// The short id of each.
    pub ids: &'a [String],
    /// How wide it may be; `None` for as wide as it is.
    pub width: Option<usize>,
    /// How to paint.
    pub palette: Palette,
}

/// The columns after the mark.
type Cells = [String; 6];

const HEADINGS: [&str; 6] = ["TIME (UTC)", "EVENT", "TARGET", "ANSWER", "TRIES", "ID"];
const EVENT: usize = 1;
const TARGET: usize = 2;
const ANSWER: usize = 3;
const ID: usize = 5;

impl RequestTable<'_> {
    /// A line of headings, then a line a request.
    pub fn render(&self) -> String {
        let rows: Vec<Cells> = self.entries.iter().zip(self.ids).map(cells).collect();
        let widths = self.widths(&rows);
        let headings = HEADINGS.map(str::to_owned);
        let mut text = format!("{}\n", self.palette.dim(&line("  ", &headings, &widths)));
        for (entry, row) in self.entries.iter().zip(&rows) {
            text += &self.row(entry, row, &widths);
        }
        text
    }

    fn row(&self, entry: &RequestRow, row: &Cells, widths: &[usize; 6]) -> String {
        let painted = |text: &str| status::paint(entry.status, text, self.palette);
        // Painted text has no width of its own, so cells are padded before they are painted.
        let mut cells: Vec<_> =
            row.iter().zip(widths).map(|(cell, width)| fit(cell, *width)).collect();
        cells[ANSWER] = painted(&cells[ANSWER]);
        cells[ID] = self.palette.highlight(cells[ID].trim_end());
        format!("{} {}\n", painted(status::mark(entry.status)), cells.join("  "))
    }

    fn widths(&self, rows: &[Cells]) -> [usize; 6] {
        let mut widths = HEADINGS.map(str::len);
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        if let Some(available) = self.width {
            let gaps = 2 + 2 * (widths.len() - 1);
            let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(available);
            for (column, least) in SQUEEZES {
                let cut = excess.min(widths[column].saturating_sub(least));
                widths[column] -= cut;
                excess -= cut;
            }
        }
        widths
    }
}

fn cells((entry, id): (&RequestRow, &String)) -> Cells {
    let target = match &entry.webhook {
        Some(name) => name.clone(),
        None => shown_url(&entry.url),
    };
    [
        entry.created_at.format("%m-%d %H:%M:%S").to_string(),
        status::event(entry),
        escape(&target),
        status::answer(entry),
        entry.load.map_or(u64::from(entry.attempts), |load| load.requests).to_string(),
        escape(id),
    ]
}

fn line(margin: &str, cells: &Cells, widths: &[usize; 6]) -> String {
    let cells: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| fit(cell, *width)).collect();
    format!("{margin}{}", cells.join("  ").trim_end())
}

/// Text of exactly this width, cut where it is longer.
fn fit(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return format!("{text:<width$}");
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgm::RequestId;
    use crate::requests::Status;

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
            outcome: Some(crate::delivery::AttemptOutcome::Responded),
            http_status: Some(200),
            load: None,
        }
    }

    #[test]
    fn the_longest_line_fits_eighty_columns() {
        let mut entry = entry("ClassesBookingPromotedFromStandbyList", "https://a.example.com/pgm");
        entry.outcome = Some(crate::delivery::AttemptOutcome::Refused);
        entry.status = Status::Unreachable;
        let ids = ["7f6c2d4e".to_owned()];
        let table =
            RequestTable { entries: &[entry], ids: &ids, width: Some(80), palette: Palette::PLAIN };
        let text = table.render();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("no connection") && text.contains("ClassesBookingP…"), "{text}");
    }

    #[test]
    fn long_names_are_cut_only_where_the_width_is_known() {
        let long = "ClassesBookingPromotedFromStandbyList";
        let url = "https://staging.example.com/hooks/perfect-gym/webhooks";
        let entries = [entry("Test", "http://localhost/"), entry(long, url)];
        let ids = ["7f6c2d4e", "0a1b2c3d"].map(str::to_owned);
        let render = |width| {
            RequestTable { entries: &entries, ids: &ids, width, palette: Palette::PLAIN }.render()
        };
        assert!(render(Some(80)).lines().all(|line| line.chars().count() <= 80));
        assert!(render(Some(80)).contains("ClassesBookingPromoted…"));
        let wide = render(None);
        assert!(wide.contains(long) && wide.contains(url), "{wide}");
    }
}
