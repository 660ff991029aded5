//! A story that is played, for people: its steps as they end, and the whole of it.

mod formats;

use std::time::Duration;

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::{OutputFormat, Palette, ReportFormat, escape};
use crate::delivery::{
    Attempt, DeliveryVerdict, describe_attempt, format_duration, help as attempt_help,
};
use crate::story::{PlayedRequest, Speed, Step, StepRequest, Story};
use crate::text::{count, grouped, tally};

/// Unmet expectations of one step that are listed; the rest are counted.
const MAX_UNMET: usize = 5;

/// What came of a step.
#[derive(Debug, Clone, Default)]
struct StepResult {
    /// Its requests that have ended.
    requests: Vec<PlayedRequest>,
    /// Whether all of them have ended.
    is_done: bool,
    /// The time that it took, without the pause before it.
    elapsed: Duration,
}

/// What came of a story.
#[derive(Debug, Clone, Default)]
pub struct StoryResult {
    /// Of each step that began.
    steps: Vec<StepResult>,
    /// Whether the user ended it early.
    is_interrupted: bool,
    /// The time that it took.
    elapsed: Duration,
}

/// Renders a story.
#[derive(Debug, Clone, Copy)]
pub struct StoryReport<'a> {
    /// The colors.
    pub palette: Palette,
    /// The story.
    pub story: &'a Story,
    /// How fast it is played.
    pub speed: Speed,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StepOutcome {
    Met,
    Unmet,
    Skipped,
    Interrupted,
}

impl StepResult {
    fn outcome(&self) -> StepOutcome {
        if self.requests.iter().any(|request| !request.unmet.is_empty()) {
            return StepOutcome::Unmet;
        }
        match self.requests.iter().all(PlayedRequest::is_skipped) {
            _ if !self.is_done => StepOutcome::Interrupted,
            true => StepOutcome::Skipped,
            false => StepOutcome::Met,
        }
    }

    /// Unmet expectations, each once, with the number of requests that they are about.
    fn unmet_text(&self) -> Vec<String> {
        let unmet = tally(self.requests.iter().flat_map(|request| &request.unmet));
        let line = |(line, times): &(&String, u64)| match times {
            1 => (*line).clone(),
            n => format!("{n} × {line}"),
        };
        let mut lines: Vec<_> = unmet.iter().take(MAX_UNMET).map(line).collect();
        if unmet.len() > MAX_UNMET {
            lines.push(format!("… and {} more", unmet.len() - MAX_UNMET));
        }
        lines
    }

    /// What to do about the first delivery that failed, where that was not expected.
    fn help(&self) -> Option<String> {
        let request = self.requests.iter().find(|request| !request.unmet.is_empty())?;
        let failed = |attempt: &&Attempt| attempt.verdict() != DeliveryVerdict::Delivered;
        request.sent.iter().find_map(|sent| {
            let attempt = sent.delivery.attempts.iter().rev().find(failed)?;
            Some(attempt_help(attempt, Some(&sent.request)))
        })
    }

    fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        let sent = self.requests.iter().flat_map(|request| &request.sent);
        sent.flat_map(|sent| &sent.delivery.attempts)
    }

    /// `200 OK in 3.1 ms`, `4 × 200 OK`.
    fn responses(&self) -> String {
        let attempts: Vec<_> = self.attempts().collect();
        if let [one] = attempts[..] {
            return format!("{} in {}", describe_attempt(one), format_duration(one.elapsed));
        }
        let kinds = tally(attempts.into_iter().map(describe_attempt));
        let kind = |(kind, times): &(String, u64)| format!("{} × {kind}", grouped(*times));
        kinds.iter().map(kind).collect::<Vec<_>>().join(" · ")
    }
}

impl StoryResult {
    /// The step that goes on, which begins with its first request.
    fn current(&mut self) -> &mut StepResult {
        if self.steps.last().is_none_or(|step| step.is_done) {
            self.steps.push(StepResult::default());
        }
        let last = self.steps.len() - 1;
        &mut self.steps[last]
    }

    /// Adds a request of the step that goes on, which has taken `elapsed` so far.
    pub fn add(&mut self, request: PlayedRequest, elapsed: Duration) {
        let step = self.current();
        step.requests.push(request);
        step.elapsed = elapsed;
    }

    /// Ends the step that goes on; returns its index.
    pub fn end_step(&mut self, elapsed: Duration) -> usize {
        let step = self.current();
        (step.is_done, step.elapsed) = (true, elapsed);
        self.steps.len() - 1
    }

    /// Ends the story.
    pub fn end(&mut self, elapsed: Duration, is_interrupted: bool) {
        (self.elapsed, self.is_interrupted) = (elapsed, is_interrupted);
    }

    /// The number of steps that ended like this.
    fn count(&self, outcome: StepOutcome) -> usize {
        self.steps.iter().filter(|step| step.outcome() == outcome).count()
    }

    /// Whether every step was sent, and everything was as expected.
    pub fn passed(&self) -> bool {
        !self.is_interrupted
            && self.count(StepOutcome::Unmet) == 0
            && self.count(StepOutcome::Met) > 0
    }

    /// The worst verdict of the requests that were not as expected.
    pub fn worst_unmet(&self) -> Option<DeliveryVerdict> {
        let requests = self.steps.iter().flat_map(|step| &step.requests);
        requests.filter_map(PlayedRequest::worst_unmet).max()
    }
}

impl StepOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Skipped => "skipped",
            Self::Interrupted => "interrupted",
        }
    }
}

impl StoryReport<'_> {
    /// Its name, what it is about, and how long it takes.
    pub fn header(&self) -> String {
        let paint = self.palette;
        let title = self.story.title.as_deref().map(|title| format!("  {}", escape(title)));
        let speed = match self.speed == Speed::default() {
            true => String::new(),
            false => format!(" at {}", self.speed),
        };
        let size = format!(
            "{}, {}, at least {}{speed}",
            count(self.story.steps.len() as u64, "step"),
            count(self.story.requests(), "request"),
            length(self.speed.scale(self.story.duration())),
        );
        let name = paint.bold(&escape(&self.story.name));
        format!("{name}{}\n  {}\n", title.unwrap_or_default(), paint.dim(&size))
    }

    /// A step that has ended, or was interrupted; nothing in formats that need the whole story.
    pub fn step(&self, format: ReportFormat, index: usize, story: &StoryResult) -> String {
        match format {
            ReportFormat::Human => self.step_human(index, story),
            ReportFormat::Json => self.step_json(index, &story.steps[index]),
            _ => String::new(),
        }
    }

    /// What follows the steps that are done: the one that was interrupted, and the summary.
    pub fn rest(&self, format: ReportFormat, result: &StoryResult) -> String {
        let unfinished = (0..result.steps.len()).filter(|index| !result.steps[*index].is_done);
        let steps: String = unfinished.map(|index| self.step(format, index, result)).collect();
        let gap = if format == ReportFormat::Human { "\n" } else { "" };
        steps + gap + &self.summary(format, result)
    }

    fn summary(&self, format: ReportFormat, result: &StoryResult) -> String {
        match format {
            ReportFormat::Json => self.summary_json(result),
            _ => self.summary_human(result),
        }
    }

    /// The whole story.
    pub fn report(&self, format: ReportFormat, result: &StoryResult) -> String {
        let plain = Self { palette: Palette::PLAIN, ..*self };
        match format {
            ReportFormat::Human | ReportFormat::Json => {
                let header =
                    if format == ReportFormat::Human { self.header() } else { String::new() };
                let steps = 0..result.steps.len();
                let steps: String = steps.map(|index| self.step(format, index, result)).collect();
                header + &steps + &self.summary(format, result)
            }
            ReportFormat::Junit => self.junit(result),
            ReportFormat::Github => plain.github(result),
            ReportFormat::Markdown => plain.markdown(result),
        }
    }

    /// Help is not repeated from one step to the next.
    fn step_human(&self, index: usize, story: &StoryResult) -> String {
        let (Some(step), Some(result)) = (self.story.steps.get(index), story.steps.get(index))
        else {
            return String::new();
        };
        let paint = self.palette;
        let outcome = result.outcome();
        let (mark, text) = match outcome {
            StepOutcome::Met => (paint.success("✓"), result.responses()),
            StepOutcome::Unmet => (paint.error("✗"), result.responses()),
            StepOutcome::Skipped => {
                (paint.dim("–"), paint.dim("not sent: no webhook is subscribed to it"))
            }
            StepOutcome::Interrupted => (paint.warning("!"), interrupted(step, result)),
        };
        let mut line = format!("{mark} {}  {text}", self.label(index, step));
        line.truncate(line.trim_end().len());
        line.push('\n');
        if outcome == StepOutcome::Unmet {
            for unmet in result.unmet_text() {
                line += &format!("    {}\n", paint.error(&escape(&unmet)));
            }
            let before = index.checked_sub(1).and_then(|before| story.steps[before].help());
            if let Some(help) = result.help().filter(|help| before.as_ref() != Some(help)) {
                line += &format!("    {} {}\n", paint.highlight("help:"), escape(&help));
            }
        }
        line
    }

    /// The number, the name and the event of a step, each in its column.
    fn label(&self, index: usize, step: &Step) -> String {
        let steps = &self.story.steps;
        let number = format!("{:>width$}", index + 1, width = steps.len().to_string().len());
        let names = steps.iter().map(|step| step.name.as_deref().unwrap_or_default());
        let name = padded(step.name.as_deref().unwrap_or_default(), names);
        let event = padded(step.event(), steps.iter().map(Step::event));
        let gap = if name.is_empty() { "" } else { "  " };
        format!("{number}  {}{gap}{event}", self.palette.highlight(&name))
    }

    /// How many expectations were met.
    fn summary_human(&self, result: &StoryResult) -> String {
        let paint = self.palette;
        let (met, unmet) = (result.count(StepOutcome::Met), result.count(StepOutcome::Unmet));
        let elapsed = format_duration(result.elapsed);
        let mut text = match (result.passed(), met + unmet) {
            (_, 0) if result.is_interrupted => format!("{} No step has ended.\n", paint.error("✗")),
            (_, 0) => format!("{} Nothing was sent.\n", paint.error("✗")),
            (true, total) => format!(
                "{} {} went as expected, in {elapsed}.\n",
                paint.success("✓"),
                count(total as u64, "step")
            ),
            (false, ended) => {
                let total = if result.is_interrupted { self.story.steps.len() } else { ended };
                format!(
                    "{} {met} of {} went as expected, in {elapsed}.\n",
                    paint.error("✗"),
                    count(total as u64, "step")
                )
            }
        };
        let skipped = result.count(StepOutcome::Skipped);
        if skipped > 0 {
            text += &format!(
                "  {} not sent, as no webhook is subscribed.\n",
                count(skipped as u64, "step")
            );
        }
        if result.is_interrupted {
            let left = self.story.steps.len() - (met + unmet + skipped);
            let note = format!("Interrupted; {} not finished.", count(left as u64, "step"));
            text += &format!("  {}\n", paint.warning(&note));
        }
        text
    }

    /// A request as it would be sent, to these targets.
    pub fn preview(
        &self,
        format: OutputFormat,
        index: usize,
        request: &StepRequest,
        targets: &[(Option<String>, String)],
    ) -> String {
        if format == OutputFormat::Json {
            return self.preview_json(index, request, targets);
        }
        let Some(step) = self.story.steps.get(index) else { return String::new() };
        let paint = self.palette;
        let targets = match targets {
            [] => paint.dim("no target: no webhook is subscribed to it"),
            targets => {
                let target = |(webhook, url): &(Option<String>, String)| match webhook {
                    Some(name) => format!("{} ({})", escape(name), escape(url)),
                    None => escape(url),
                };
                targets.iter().map(target).collect::<Vec<_>>().join(", ")
            }
        };
        let mut text = format!("{} → {targets}\n", self.label(index, step));
        if let Some(timing) = timing(step, self.speed) {
            text += &format!("   {}\n", paint.dim(&timing));
        }
        let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        let body = serde_json::to_string_pretty(&body).unwrap_or_default();
        for line in body.lines() {
            text += &format!("   {}\n", escape(line));
        }
        text
    }
}

/// The stories that there are: name, size and title of each.
pub fn story_list(format: OutputFormat, stories: &[Story], palette: Palette) -> String {
    if format == OutputFormat::Json {
        return formats::story_list_json(stories);
    }
    let line = |story: &Story| {
        let name = padded(&story.name, stories.iter().map(|story| story.name.as_str()));
        let title = story.title.as_deref().unwrap_or_default();
        let size = format!("{}, {}", count(story.requests(), "request"), length(story.duration()));
        format!(
            "{}  {}\n{}  {}\n",
            palette.highlight(&name),
            title,
            " ".repeat(name.width()),
            palette.dim(&size)
        )
    };
    stories.iter().map(line).collect()
}

/// Pauses, repeats and retries of a step.
fn timing(step: &Step, speed: Speed) -> Option<String> {
    let mut parts = Vec::new();
    if !step.after.is_zero() {
        parts.push(format!("after {}", length(speed.scale(step.after))));
    }
    if step.count > 1 {
        parts.push(format!("one of {} new requests", grouped(step.count.into())));
    }
    if !step.every.is_zero() {
        parts.push(format!("one every {}", length(speed.scale(step.every))));
    }
    match step.repeats() {
        Some((times, true)) => parts.push(format!("sent {times} times at once")),
        Some((times, false)) if times > 1 => parts.push(format!("sent {times} times")),
        _ => {}
    }
    if step.retries() > 0 {
        parts.push(format!("sent again while it fails, up to {} times", step.retries()));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn interrupted(step: &Step, result: &StepResult) -> String {
    match (step.count, result.requests.len()) {
        (1, _) => "interrupted".to_owned(),
        (total, done) => format!("interrupted after {done} of {total} requests"),
    }
}

fn title(step: &Step) -> String {
    match &step.name {
        Some(name) => format!("{name} ({})", step.event()),
        None => step.event().to_owned(),
    }
}

/// A text as wide as the widest of all.
fn padded<'a>(text: &str, all: impl Iterator<Item = &'a str>) -> String {
    let width = all.map(UnicodeWidthStr::width).max().unwrap_or_default();
    let text = escape(text);
    let gap = " ".repeat(width.saturating_sub(text.width()));
    text + &gap
}

/// A duration of any length: `200 ms`, `3.00 s`, `59m 54s`.
fn length(duration: Duration) -> String {
    const LONG: Duration = Duration::from_secs(60);
    match duration < LONG {
        true => format_duration(duration),
        false => humantime::format_duration(Duration::from_secs(duration.as_secs())).to_string(),
    }
}
