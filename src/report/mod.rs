//! From values to text. Renderers return text; [`Output`] is the one place that writes it.
//!
//! This file is what the formats have in common: text from outside made safe to show, lines of JSON,
//! cells of Markdown, annotations of GitHub Actions and JUnit XML.

mod check;
mod delivery;
mod event_schema;
mod listen;
mod listen_human;
mod lists;
mod load;
mod output;
mod play;
mod request;
mod requests;
mod verify;

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::ValueEnum;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;

pub use check::{check_report, probe_list, probe_list_json, probe_page};
pub use delivery::{DeliveryReport, attempt_value, round_summary};
pub use event_schema::{event_schema, example_date, openapi};
pub use listen::{
    Expected, ReadyLine, listen_junit, listen_refusal_json, listen_request_json, listen_summary,
    listen_summary_json,
};
pub use listen_human::{ListenReport, speak_of_requests};
pub use lists::{
    ShownWebhook, event_list, event_page, scaffold_json, scaffold_list, scaffold_written,
    subscriptions, webhook_list,
};
pub use load::{LoadReport, LoadResult, percentile_text};
pub use output::{LiveStdout, Output, Palette, Spinner};
pub use play::{StoryReport, StoryResult, story_list};
pub use request::{
    JsonPart, painted_json, payload_differences, request_capture, request_curl, request_headers,
    request_http, request_hurl, request_json,
};
pub use requests::{
    event_text, load_figures, pruned, request_line_json, request_page, request_table,
    response_text, status_word,
};
pub use verify::{
    ReportedCapture, Summary, UnreadPart, VerifyReport, anonymized, finding_list, finding_page,
    is_clean, progress, source, verify_report,
};

/// `--format` of most commands: for people, or one JSON object a line for programs.
// Variants without doc comments: clap would list them one a line in every help text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names say it")]
pub enum OutputFormat {
    #[default]
    Human,
    Json,
}

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    Human,
    /// For programs: one JSON object per line.
    Json,
    /// JUnit XML, which CI systems show as test results.
    Junit,
    /// Annotations for GitHub Actions; also appended to the step summary.
    Github,
    /// A table for a comment or a page.
    Markdown,
}

/// One line of foreign text: control characters, line breaks and characters that reorder or
/// hide text become visible escapes such as `\u{1b}`.
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|c| push(&mut shown, c));
    shown
}

/// Foreign text of several lines: like [`escape`], but line feeds (after a carriage return or not)
/// and tabs stay. No line begins with `::`, which would be a command to GitHub's runner.
pub fn escape_block(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.replace("\r\n", "\n").split_inclusive('\n') {
        let start = line.len() - line.trim_start().len();
        for (at, c) in line.char_indices() {
            match c {
                '\n' | '\t' => shown.push(c),
                ':' if at == start && line[at..].starts_with("::") => {
                    shown.extend(c.escape_unicode());
                }
                other => push(&mut shown, other),
            }
        }
    }
    shown
}

/// JSON in which such characters are written as JSON's own escapes: the same value, safe to print
/// on a terminal.
fn escape_json(json: String) -> String {
    if !json.contains(is_risky) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_risky(c) {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units).iter();
            escaped.extend(units.map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A value as one line of JSON that is safe on a terminal, too. Text and finite numbers always
/// have a JSON form.
fn json_line(value: &impl Serialize) -> String {
    escape_json(serde_json::to_string(value).unwrap_or_default()) + "\n"
}

/// A body as a member of a JSON object: text, or base64 when it is not UTF-8.
fn body_member(body: &[u8]) -> (&'static str, String) {
    match std::str::from_utf8(body) {
        Ok(text) => ("body", text.to_owned()),
        Err(_) => ("bodyBase64", BASE64_STANDARD.encode(body)),
    }
}

/// A moment, in UTC and to the millisecond.
fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Milliseconds with three decimals.
fn elapsed_ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// Foreign text of one or more lines as the text of a cell in a Markdown table: nothing in it is
/// markup.
fn escape_cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            escaped.push_str("<br>");
        }
        for c in escape(line).chars() {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '@' => {
                    escaped.extend(['\\', c]);
                }
                c => escaped.push(c),
            }
        }
    }
    escaped
}

/// A file, and a line in it.
type FileLine<'a> = (&'a str, Option<u64>);

/// `::error title=…::…`: an annotation of GitHub Actions. A line break in foreign text would end it
/// and begin a command of its own; control characters reach the log, which is a terminal's.
fn annotation(kind: &str, title: &str, at: Option<FileLine<'_>>, text: &str) -> String {
    let at = at.map(|(file, line)| {
        let line = line.map(|line| format!("line={line},"));
        format!("file={},{}", annotation_property(file), line.unwrap_or_default())
    });
    let at = at.unwrap_or_default();
    let text = escape_block(text).replace('%', "%25").replace('\n', "%0A");
    format!("::{kind} {at}title={}::{text}\n", annotation_property(title))
}

fn annotation_property(text: &str) -> String {
    escape(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

/// A suite, as it grows.
#[derive(Debug)]
struct Suite(TestSuite);

/// The outcome of a case. Texts are escaped here; those in attributes are one line.
#[derive(Debug, Clone, Copy)]
enum Case<'a> {
    /// It passed, with something to say.
    Passed(&'a str),
    /// It failed: its type, the message, and more.
    Failed(&'a str, &'a str, &'a str),
    /// It could not be examined: the same.
    Error(&'a str, &'a str, &'a str),
    /// It was left out, or is only a recommendation.
    Skipped(&'a str),
}

impl Suite {
    /// A suite without cases.
    fn new(name: &str) -> Self {
        Self(TestSuite::new(escape(name)))
    }

    /// Adds a case that took `elapsed`.
    fn add(&mut self, class: &str, name: &str, elapsed: Duration, case: Case<'_>) {
        let unsuccessful = |kind, (r#type, message, text): (&str, &str, &str)| {
            let mut status = TestCaseStatus::non_success(kind);
            status.set_type(escape(r#type));
            status.set_message(escape(message)).set_description(escape_block(text));
            status
        };
        let status = match case {
            Case::Passed(_) => TestCaseStatus::success(),
            Case::Failed(r#type, message, text) => {
                unsuccessful(NonSuccessKind::Failure, (r#type, message, text))
            }
            Case::Error(r#type, message, text) => {
                unsuccessful(NonSuccessKind::Error, (r#type, message, text))
            }
            Case::Skipped(message) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(escape(message));
                status
            }
        };
        let mut test_case = TestCase::new(escape(name), status);
        test_case.set_classname(escape(class)).set_time(elapsed);
        if let Case::Passed(text) = case {
            test_case.set_system_out(escape_block(text));
        }
        self.0.add_test_case(test_case);
    }
}

/// The document of all suites, each of which took as long as its cases together.
fn document(suites: impl IntoIterator<Item = Suite>) -> String {
    let mut report = Report::unnamed();
    for Suite(mut suite) in suites {
        let elapsed = suite.test_cases.iter().filter_map(|case| case.time).sum();
        suite.set_time(elapsed);
        report.set_time(report.time.unwrap_or_default() + elapsed);
        report.add_test_suite(suite);
    }
    // Writing to memory cannot fail.
    report.to_string().unwrap_or_default()
}

fn push(shown: &mut String, c: char) {
    if is_risky(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
}

fn is_risky(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // What has no width, hides or turns what follows: soft hyphen, joiners, marks of direction,
            // fillers and blanks of several scripts, separators, variation selectors but those of
            // emoji, invisible operators, the byte order mark, annotations, musical controls, tags.
            // The last two of a plane cannot stand in XML.
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0d}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e01ef}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(escape("\u{1b}[31mżółć\r\n\u{9b}2J"), "\\u{1b}[31mżółć\\r\\n\\u{9b}2J");
        assert_eq!(escape("a\u{202e}b\u{200b}"), "a\\u{202e}b\\u{200b}");
        assert_eq!(escape("\u{61c}100-200 Test\u{3164}"), "\\u{61c}100-200 Test\\u{3164}");
        assert_eq!(escape("❤\u{fe0f}"), "❤\u{fe0f}");
        assert_eq!(escape_json("\"\u{9b}\u{e0041}ż\"".to_owned()), "\"\\u009b\\udb40\\udc41ż\"");
        assert_eq!(escape_block("a\r\nb\tc\u{7}\rd"), "a\nb\tc\\u{7}\\rd");
        assert_eq!(escape_block("::a::b\n ::c\nd::e"), "\\u{3a}:a::b\n \\u{3a}:c\nd::e");
    }

    #[test]
    fn nothing_foreign_is_markup() {
        assert_eq!(
            escape_cell("a|b <img> [x](y)\n*c* \u{1b}"),
            "a\\|b &lt;img> \\[x\\](y)<br>\\*c\\* \\\\u{1b}"
        );
    }

    #[test]
    fn foreign_text_cannot_command_the_runner() {
        assert_eq!(
            annotation("error", "a: b, c", None, "100 %\r\n::set-output name=x::y\u{0}\u{1b}[2J"),
            "::error title=a%3A b%2C c::100 %25%0A\\u{3a}:set-output name=x::y\\u{0}\\u{1b}[2J\n"
        );
        assert_eq!(
            annotation("error", "t", Some(("a,b\n\u{1b}", Some(3))), ""),
            "::error file=a%2Cb\\n\\u{1b},line=3,title=t::\n"
        );
    }
}
