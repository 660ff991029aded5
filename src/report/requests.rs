//! The requests list: as a table that fits the terminal, as JSON, and one request with the response
//! to each attempt. The JSON is described by `schemas/request.schema.json` and
//! `schemas/stored-request.schema.json`.

use std::time::Duration;

use serde_json::{Map, Value, json};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::delivery::{attempt_value, truncation_note};
use super::request::{payload_block, request_capture};
use super::{OutputFormat, Palette, escape, json_line, moment};
use crate::delivery::{
    AttemptOutcome, DeliveryVerdict, Response, describe_attempt, format_duration, status_line,
};
use crate::pgm;
use crate::requests::{AttemptStatus, RequestRow, Status, StoredAttempt, StoredRequest};
use crate::text::{count, grouped, shown_url};

/// The result of `prune`.
pub fn pruned(format: OutputFormat, removed: u64, remaining: u64) -> String {
    if format == OutputFormat::Json {
        return json_line(&json!({"type": "pruned", "removed": removed, "remaining": remaining}));
    }
    format!("removed {}; {remaining} remaining\n", count(removed, "request"))
}

/// One line of the list.
pub fn request_line_json(row: &RequestRow) -> String {
    json_line(&row_json(row))
}

/// One request with its attempts, on one line, which is also a line of pgwh's capture format. A load
/// run is the report that it printed.
fn request_page_json(stored: &StoredRequest) -> String {
    let StoredRequest { entry, request, attempts } = stored;
    if entry.load.is_some() {
        return format!("{}\n", String::from_utf8_lossy(request.body()));
    }
    let mut object = row_json(entry);
    object["type"] = "stored-request".into();
    let capture = request_capture(request, &entry.url, entry.created_at);
    let capture: Map<_, _> = serde_json::from_str(&capture).unwrap_or_default();
    capture.into_iter().for_each(|(key, value)| object[key] = value);
    object["attempts"] = attempts.iter().map(attempt).collect();
    json_line(&object)
}

fn row_json(row: &RequestRow) -> Value {
    json!({
        "type": "request",
        "requestId": row.request_id.as_str(),
        "event": row.event,
        "webhook": row.webhook,
        "url": shown_url(&row.url),
        "createdAt": moment(row.created_at),
        "status": row.status.as_str(),
        "attemptCount": row.attempts,
        "outcome": row.outcome.map(AttemptOutcome::as_str),
        "httpStatus": row.http_status,
        "load": row.load.map(|load| json!({"requests": load.requests, "failed": load.failed})),
        "fromCapture": row.from_capture,
        "story": row.story,
    })
}

fn attempt(stored: &StoredAttempt) -> Value {
    let outcome = match &stored.status {
        AttemptStatus::Finished(attempt) => return attempt_value(attempt),
        AttemptStatus::Sending => "sending",
        AttemptStatus::Interrupted => "interrupted",
    };
    json!({
        "n": stored.n,
        "startedAt": moment(stored.started_at),
        "outcome": outcome,
        "status": null,
        "late": false,
        "elapsedMs": null,
        "timings": null,
        "response": null,
        "error": null,
    })
}

/// One request with the response to each attempt. `id` is what the list calls it: the beginning of its
/// id, and `~1` where a newer one has the same id. `verbose` also shows the responses' headers.
pub fn request_page(
    format: OutputFormat,
    stored: &StoredRequest,
    id: &str,
    verbose: bool,
    palette: Palette,
) -> String {
    match format {
        OutputFormat::Human => RequestPage { stored, id, verbose, palette }.render(),
        OutputFormat::Json => request_page_json(stored),
    }
}

/// The figures of a load run, each with its label, from the report that it printed as JSON. The texts
/// are not escaped.
pub fn load_figures(stored: &StoredRequest) -> Option<Vec<(&'static str, String)>> {
    let _ = stored.entry.load?;
    let report: Value = serde_json::from_slice(stored.request.body()).ok()?;
    let number = |value: &Value| value.as_u64().map(grouped);
    let time = |value: &Value| {
        Some(format_duration(Duration::try_from_secs_f64(value.as_f64()? / 1e3).ok()?))
    };
    let connections = count(report["config"]["connections"].as_u64()?, "connection");
    let (requests, failed) = (number(&report["requests"])?, number(&report["failed"])?);
    let mut figures = vec![
        ("requests", format!("{requests}, {failed} failed")),
        ("time", format!("{}, {connections}", time(&report["elapsedMs"])?)),
    ];
    if let Some(latency) = report["latencyMs"].as_object() {
        let each =
            latency.iter().filter_map(|(name, value)| Some(format!("{name} {}", time(value)?)));
        figures.push(("latency", each.collect::<Vec<_>>().join(" · ")));
    }
    for failure in report["failures"].as_array().into_iter().flatten() {
        let (times, kind) = (number(&failure["count"])?, failure["kind"].as_str()?);
        figures.push(("failed", format!("{times} × {kind}")));
    }
    Some(figures)
}

struct RequestPage<'a> {
    stored: &'a StoredRequest,
    id: &'a str,
    verbose: bool,
    palette: Palette,
}

impl RequestPage<'_> {
    fn render(&self) -> String {
        let mut text = self.head();
        let body = if self.stored.entry.load.is_some() { "Report" } else { "Payload" };
        text += &format!("\n{}\n", self.palette.bold(body));
        let report = self.load_report();
        text += &report.unwrap_or_else(|| payload_block(self.stored.request.body(), self.palette));
        for stored in &self.stored.attempts {
            text += &format!("\n{}", self.attempt(stored));
        }
        // A load run is sent again by its failed requests.
        let has_more = self.stored.entry.load.is_none_or(|load| load.failed > 0);
        if self.stored.entry.status.is_unsuccessful() && has_more {
            let retry = format!("pgwh requests retry {}", self.id);
            text += &format!("\n{} {}\n", self.palette.highlight("next:"), escape(&retry));
        }
        text
    }

    fn head(&self) -> String {
        let StoredRequest { entry, request, .. } = self.stored;
        let event = match entry.event {
            None => "(no event)".to_owned(),
            Some(_) => event_text(entry),
        };
        let event = self.palette.bold(&event);
        let webhook =
            entry.webhook.as_ref().map(|name| format!("{}, ", escape(name))).unwrap_or_default();
        let mark = paint(entry.status, status_mark(entry.status), self.palette);
        let word = paint(entry.status, status_word(entry.status), self.palette);
        let mut text = format!("{mark} {event} → {webhook}{}\n", escape(&shown_url(&entry.url)));
        let count = match entry.load {
            Some(load) if load.requests == 0 => "no request ended".to_owned(),
            Some(load) => {
                let requests = count(load.requests, "request");
                format!("{} of {requests} failed", grouped(load.failed))
            }
            None => count(entry.attempts.into(), "attempt"),
        };
        text += &self.palette.labelled("status", 11, &format!("{word}, {count}"));
        text += &self.palette.labelled("first sent", 11, &moment(entry.created_at));
        for (name, value) in request.headers() {
            let header = format!("{}: {}", escape(name), escape(value));
            text += &format!("  {}\n", self.palette.dim(&format!("> {header}")));
        }
        text
    }

    fn load_report(&self) -> Option<String> {
        let line = |(label, text): &(&str, String)| self.palette.labelled(label, 11, &escape(text));
        Some(load_figures(self.stored)?.iter().map(line).collect())
    }

    fn attempt(&self, stored: &StoredAttempt) -> String {
        let title = self.palette.bold(&format!("Attempt {}", stored.n));
        let unfinished = |text: &str| {
            let text = self.palette.warning(text);
            format!("{title}  {}  {text}\n", moment(stored.started_at))
        };
        let attempt = match &stored.status {
            AttemptStatus::Finished(attempt) => attempt,
            AttemptStatus::Sending => return unfinished("being sent"),
            AttemptStatus::Interrupted => {
                return unfinished("interrupted: its process ended before it knew the outcome");
            }
        };
        let word = describe_attempt(attempt);
        let word = match attempt.verdict() {
            DeliveryVerdict::Delivered => self.palette.success(&word),
            DeliveryVerdict::Failed | DeliveryVerdict::Unreachable => self.palette.error(&word),
        };
        let mut text = format!(
            "{title}  {}  {word} in {}\n",
            moment(stored.started_at),
            format_duration(attempt.elapsed)
        );
        if let Some(error) = &attempt.error {
            text += &format!("{}\n", escape(error));
        }
        if let Some(response) = &attempt.response {
            text += &self.response(response);
        }
        text
    }

    fn response(&self, response: &Response) -> String {
        let mut text = String::new();
        if self.verbose {
            let head = format!("< {} {}", escape(&response.version), status_line(response.status));
            text += &format!("{}\n", self.palette.dim(&head));
            for (name, value) in &response.headers {
                let header = format!("< {}: {}", escape(name), escape(value));
                text += &format!("{}\n", self.palette.dim(&header));
            }
        }
        text += &payload_block(response.text.as_bytes(), self.palette);
        if let Some(note) = truncation_note(response) {
            text += &format!("{}\n", self.palette.dim(&note));
        }
        text
    }
}

/// Where a narrow terminal takes its space from: these columns, in turn, are cut down to this width.
/// With all of it, the longest response and a short id, a line has 80 columns.
const MIN_WIDTHS: [(usize, usize); 8] = [
    (EVENT, 24),
    (TARGET, 18),
    (EVENT, 18),
    (TARGET, 12),
    (EVENT, 14),
    (TARGET, 11),
    (EVENT, 8),
    (TARGET, 6),
];

/// On a terminal with fewer columns than this, these are left out, in turn, as far as it takes.
const NARROW: usize = 60;
const LEFT_OUT: [usize; 2] = [ATTEMPTS, TIME];

/// The requests, newest first, as a table with a line of headings. `ids` has the short id of each;
/// `width` is `None` for as wide as it is.
pub fn request_table(
    rows: &[RequestRow],
    ids: &[String],
    width: Option<usize>,
    palette: Palette,
) -> String {
    let all_cells: Vec<Cells> =
        rows.iter().zip(ids).map(|row| cells(row, width.is_some())).collect();
    let widths = widths(&all_cells, width);
    let headings = HEADINGS.map(str::to_owned);
    let headings = joined(fitted(&headings, &widths), &widths);
    let mut text = format!("{}\n", palette.dim(&format!("  {}", headings.trim_end())));
    for (row, cells) in rows.iter().zip(&all_cells) {
        text += &row_line(row, cells, &widths, palette);
    }
    text
}

/// The columns after the mark.
type Cells = [String; 6];

const HEADINGS: [&str; 6] = ["TIME (UTC)", "EVENT", "TARGET", "RESPONSE", "ATTEMPTS", "ID"];
const TIME: usize = 0;
const EVENT: usize = 1;
const TARGET: usize = 2;
const RESPONSE: usize = 3;
const ATTEMPTS: usize = 4;
const ID: usize = 5;

fn row_line(row: &RequestRow, cells: &Cells, widths: &[usize; 6], palette: Palette) -> String {
    let painted = |text: &str| paint(row.status, text, palette);
    // Painted text has no width of its own, so cells are padded before they are painted.
    let mut cells = fitted(cells, widths);
    cells[RESPONSE] = painted(&cells[RESPONSE]);
    cells[ID] = palette.highlight(cells[ID].trim_end());
    format!("{} {}\n", painted(status_mark(row.status)), joined(cells, widths))
}

/// The width of each column; together with gaps no more than `available`, if possible.
fn widths(rows: &[Cells], available: Option<usize>) -> [usize; 6] {
    let mut widths = HEADINGS.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    if let Some(available) = available {
        let gaps = 2 + 2 * (widths.len() - 1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(available);
        for column in LEFT_OUT.into_iter().filter(|_| available < NARROW) {
            if excess > 0 {
                excess = excess.saturating_sub(widths[column] + 2);
                widths[column] = 0;
            }
        }
        for (column, min) in MIN_WIDTHS {
            let cut = excess.min(widths[column].saturating_sub(min));
            widths[column] -= cut;
            excess -= cut;
        }
    }
    widths
}

fn cells((row, id): (&RequestRow, &String), is_narrow: bool) -> Cells {
    let target = match &row.webhook {
        Some(name) => name.clone(),
        None => {
            let url = shown_url(&row.url);
            // Where space is short, what every URL begins with is the first to go.
            match url.split_once("://").filter(|_| is_narrow) {
                Some((_, rest)) => rest.to_owned(),
                None => url,
            }
        }
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

/// The cells of a line, without those of columns that are left out.
fn joined(cells: Vec<String>, widths: &[usize; 6]) -> String {
    let shown = cells.into_iter().zip(widths).filter(|(_, width)| **width > 0);
    shown.map(|(cell, _)| cell).collect::<Vec<_>>().join("  ")
}

fn fitted(cells: &Cells, widths: &[usize; 6]) -> Vec<String> {
    cells.iter().zip(widths).map(|(cell, width)| fit(cell, *width)).collect()
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
fn status_mark(status: Status) -> &'static str {
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

/// Paints text in the color of a status.
fn paint(status: Status, text: &str, palette: Palette) -> String {
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
    if let Some(load) = row.load.filter(|_| row.status != Status::Interrupted) {
        return format!("{} failed", load.failed);
    }
    match (row.status, row.outcome, row.http_status) {
        (Status::Sending | Status::Interrupted, _, _) => status_word(row.status).to_owned(),
        // A load run counts a response as late from when its request was due.
        (Status::Failed, Some(AttemptOutcome::Responded), Some(status))
            if pgm::is_success(status) =>
        {
            format!("{status}, too late")
        }
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
        let text = request_table(&[entry], &ids, Some(80), Palette::PLAIN);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("no connection") && text.contains("ClassesBookin…"), "{text}");
    }

    #[test]
    fn columns_are_aligned_by_their_width_on_the_terminal() {
        let mut wide = entry("クラス予約", "http://localhost/");
        wide.load = Some(crate::requests::LoadCounts { requests: 70_000, failed: 3 });
        let rows = [wide, entry("Test", "http://localhost/")];
        let ids = ["7f6c2d4e".to_owned(), "order-2026-0001-which-is-a-long-one".to_owned()];
        let text = request_table(&rows, &ids, Some(80), Palette::PLAIN);
        let lines: Vec<_> = text.lines().collect();
        let column = |line: &str, text: &str| line.split_once(text).unwrap().0.width();
        assert_eq!(column(lines[1], "7f6c2d4e"), column(lines[2], "order-2026"), "{text}");
        assert!(lines[1].contains("3 failed") && lines[1].contains("  -  "), "{text}");
    }

    #[test]
    fn a_narrow_terminal_leaves_columns_out() {
        let rows = [entry("ClassesBookingCancelled", "http://127.0.0.1:4100/pgm")];
        let text = request_table(&rows, &["7f6c2d4e".to_owned()], Some(40), Palette::PLAIN);
        assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
        assert!(text.contains("7f6c2d4e") && text.contains(" 200 "), "{text}");
        assert!(!text.contains("ATTEMPTS") && !text.contains("TIME"), "{text}");
    }

    #[test]
    fn an_event_of_any_length_can_be_shown() {
        let rows =
            [entry(&"x".repeat(70_000), &format!("http://localhost/{}", "y".repeat(70_000)))];
        let ids = ["7f6c2d4e".to_owned()];
        for width in [Some(80), None] {
            request_table(&rows, &ids, width, Palette::PLAIN);
        }
    }

    #[test]
    fn long_names_are_cut_only_where_the_width_is_known() {
        let long = "ClassesBookingPromotedFromStandbyList";
        let url = "https://staging.example.com/hooks/perfect-gym/webhooks";
        let entries = [entry("Test", "http://localhost/"), entry(long, url)];
        let ids = ["7f6c2d4e", "0a1b2c3d"].map(str::to_owned);
        let render = |width| request_table(&entries, &ids, width, Palette::PLAIN);
        assert!(render(Some(80)).lines().all(|line| line.chars().count() <= 80));
        assert!(render(Some(80)).contains("ClassesBookingPro…"), "{}", render(Some(80)));
        let wide = render(None);
        assert!(wide.contains(long) && wide.contains(url), "{wide}");
    }
}
