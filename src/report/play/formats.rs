//! A story that is played, for programs and CI systems. The JSON is described by
//! `schemas/story.schema.json`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{StepOutcome, StepResult, StoryReport, StoryResult, title};
use crate::report::{
    Case, Suite, annotation, attempt_value, document, elapsed_ms, escape_cell, json_line,
};
use crate::story::{PlayedRequest, SentRequest, StepRequest, Story};
use crate::text::shown_url;

impl StoryReport<'_> {
    /// A step on one line.
    pub(super) fn step_json(&self, index: usize, result: &StepResult) -> String {
        let Some(step) = self.story.steps.get(index) else { return String::new() };
        json_line(&json!({
            "type": "step",
            "story": self.story.name,
            "step": index + 1,
            "name": step.name,
            "event": step.event(),
            "outcome": result.outcome().as_str(),
            "elapsedMs": elapsed_ms(result.elapsed),
            "requests": result.requests.iter().map(request_json).collect::<Vec<_>>(),
        }))
    }

    /// The whole on one line, after the steps.
    pub(super) fn summary_json(&self, result: &StoryResult) -> String {
        json_line(&json!({
            "type": "story",
            "story": self.story.name,
            "title": self.story.title,
            "steps": self.story.steps.len(),
            "met": result.count(StepOutcome::Met),
            "unmet": result.count(StepOutcome::Unmet),
            "skipped": result.count(StepOutcome::Skipped),
            "interrupted": result.is_interrupted,
            "passed": result.passed(),
            "elapsedMs": elapsed_ms(result.elapsed),
        }))
    }

    /// JUnit XML, a case for each step.
    pub(super) fn junit(&self, result: &StoryResult) -> String {
        let mut suite = Suite::new(&format!("pgwh play {}", self.story.name));
        let class = format!("play.{}", self.story.name);
        for (index, step) in self.story.steps.iter().enumerate() {
            let name = format!("{} {}", index + 1, title(step));
            let Some(played) = result.steps.get(index) else {
                suite.add(
                    &class,
                    &name,
                    Duration::ZERO,
                    Case::Skipped("the story was interrupted"),
                );
                continue;
            };
            let (unmet, responses) = (played.unmet_text(), played.responses());
            let rest = [&unmet.get(1..).unwrap_or_default().join("\n"), "\n"].concat()
                + &played.help().unwrap_or_default();
            let case = match played.outcome() {
                StepOutcome::Met => Case::Passed(&responses),
                StepOutcome::Unmet => {
                    Case::Failed("unmet", unmet.first().map_or("", String::as_str), rest.trim())
                }
                StepOutcome::Skipped => Case::Skipped("no webhook is subscribed to it"),
                StepOutcome::Interrupted => {
                    Case::Error("interrupted", "the story was interrupted", "")
                }
            };
            suite.add(&class, &name, played.elapsed, case);
        }
        document([suite])
    }

    /// An annotation of GitHub Actions for each step that is not as expected, and one for the whole.
    pub(super) fn github(&self, result: &StoryResult) -> String {
        let mut text = String::new();
        let heading = format!("pgwh play {}", self.story.name);
        for (step, played) in self.story.steps.iter().zip(&result.steps) {
            if played.outcome() == StepOutcome::Unmet {
                let lines = played.unmet_text().into_iter().chain(played.help());
                let lines = lines.collect::<Vec<_>>().join("\n");
                text += &annotation("error", &format!("{heading}: {}", title(step)), None, &lines);
            }
        }
        let kind = if result.passed() { "notice" } else { "error" };
        text + &annotation(kind, &heading, None, self.summary_human(result).trim_end())
    }

    /// A heading, the verdict and a table.
    pub(super) fn markdown(&self, result: &StoryResult) -> String {
        let summary = self.summary_human(result);
        let (mark, rest) = if result.passed() { ("✅", '✓') } else { ("❌", '✗') };
        let summary = escape_cell(summary.trim_start_matches(rest).trim());
        let mut text = format!("### pgwh play {}\n\n", escape_cell(&self.story.name));
        text += &format!("{mark} **{summary}**\n\n| | step | result |\n| --- | --- | --- |\n");
        for (step, played) in self.story.steps.iter().zip(&result.steps) {
            let (mark, result) = match played.outcome() {
                StepOutcome::Met => ("✅", played.responses()),
                StepOutcome::Unmet => ("❌", played.unmet_text().join("\n")),
                StepOutcome::Skipped => ("➖", "no webhook is subscribed to it".to_owned()),
                StepOutcome::Interrupted => ("⚠️", "interrupted".to_owned()),
            };
            text +=
                &format!("| {mark} | {} | {} |\n", escape_cell(&title(step)), escape_cell(&result));
        }
        text + "\n"
    }

    /// The same on one line.
    pub(super) fn preview_json(
        &self,
        index: usize,
        request: &StepRequest,
        targets: &[(Option<String>, String)],
    ) -> String {
        let Some(step) = self.story.steps.get(index) else { return String::new() };
        let target =
            |(webhook, url): &(Option<String>, String)| json!({ "webhook": webhook, "url": url });
        json_line(&json!({
            "type": "planned-step",
            "story": self.story.name,
            "step": index + 1,
            "name": step.name,
            "event": step.event(),
            "afterMs": elapsed_ms(self.speed.scale(step.after)),
            "count": step.count,
            "everyMs": elapsed_ms(self.speed.scale(step.every)),
            "repeat": step.repeats().map_or(1, |(times, _)| times),
            "retries": step.retries(),
            "targets": targets.iter().map(target).collect::<Vec<_>>(),
            "body": serde_json::from_slice::<Value>(&request.body).unwrap_or_default(),
        }))
    }
}

/// The stories that there are, one JSON object a line.
pub(super) fn story_list_json(stories: &[Story]) -> String {
    let line = |story: &Story| {
        json_line(&json!({
            "type": "story-listed",
            "story": story.name,
            "title": story.title,
            "steps": story.steps.len(),
            "requests": story.requests(),
            "durationMs": elapsed_ms(story.duration()),
        }))
    };
    stories.iter().map(line).collect()
}

fn request_json(request: &PlayedRequest) -> Value {
    let delivery = |sent: &SentRequest| {
        json!({
            "webhook": sent.webhook,
            "url": shown_url(&sent.url),
            "requestId": sent.request.request_id().as_str(),
            "verdict": sent.delivery.verdict.as_str(),
            "attempts": sent.delivery.attempts.iter().map(attempt_value).collect::<Vec<_>>(),
        })
    };
    json!({
        "event": request.event,
        "unmet": request.unmet,
        "deliveries": request.sent.iter().map(delivery).collect::<Vec<_>>(),
    })
}
