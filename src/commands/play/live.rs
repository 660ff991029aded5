//! Plays a story live: sends and records each request, reports each step when it is done, and shows
//! progress on the terminal.

use std::time::Instant;

use futures_util::future::join_all;

use super::{PlayArgs, StoryTarget, StoryTargets, TargetAccess};
use crate::commands::reports::Reports;
use crate::commands::{
    CliError, Exit, NO_RECORD_HELP, StopSignals, WallClock, new_request_id, random_seed, recorder,
    show_warnings, with_signals,
};
use crate::delivery::format_duration;
use crate::pgm::SignedRequest;
use crate::report::{Output, Palette, ReportFormat, Spinner, StoryReport, StoryResult, escape};
use crate::requests::{Recorder, SendJob};
use crate::story::{PlayEvent, SentRequest, Step, StepRequest, Story, play as play_steps};
use crate::text::grouped;
use crate::webhooks::Config;

/// Plays a story and reports it.
pub(super) fn play(
    args: &PlayArgs,
    story: &Story,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let targets = StoryTargets::new(args.chosen(), story, config)?;
    let access = targets.access(&args.secret, &args.network, output)?;
    let reports = args.reports.open()?;
    let recorder = recorder(!args.no_record, config);
    let report = StoryReport { palette: output.palette(), story, speed: args.speed };
    let format = args.reports.format;
    let mut result = StoryResult::default();
    if format == ReportFormat::Human {
        output.stdout(report.header());
    }
    let began = Instant::now();
    let interrupted = with_signals(async |signals: &mut StopSignals| {
        let mut progress = PlayProgress::new(story, output);
        let mut step_began = Instant::now();
        let send_step = async |step: &Step, request: &StepRequest| {
            let targets = targets.of(step, &request.event);
            let send =
                |(n, target): (usize, _)| send(args, story, target, &access[n], request, &recorder);
            join_all(targets.map(send)).await
        };
        let show = |event: PlayEvent<'_>| {
            progress.show(&event);
            match event {
                PlayEvent::Waiting(_, pause) => step_began = Instant::now() + pause,
                PlayEvent::Ended(_, request) => result.add(request, step_began.elapsed()),
                PlayEvent::Done => {
                    let index = result.end_step(step_began.elapsed());
                    let text = report.step(format, index, &result);
                    progress.line.suspend(|| {
                        match format {
                            ReportFormat::Human => output.stdout(text),
                            _ => output.stdout_raw(text),
                        }
                        show_warnings(&recorder, NO_RECORD_HELP, output);
                    });
                }
            }
        };
        let work = play_steps(story, args.speed, random_seed(), &WallClock, send_step, show);
        tokio::select! {
            biased;
            exit = signals.next() => Ok(Some(exit)),
            () = work => Ok(None),
        }
    })?;
    result.end(began.elapsed(), interrupted.is_some());
    finish(&report, &result, reports, output)?;
    Ok(interrupted.unwrap_or_else(|| match (result.passed(), result.worst_unmet()) {
        (true, _) => Exit::Yes,
        (false, Some(verdict)) => Exit::from(verdict),
        (false, None) => Exit::No,
    }))
}

/// Signs a request, sends it to a target and records it.
async fn send(
    args: &PlayArgs,
    story: &Story,
    target: &StoryTarget,
    access: &TargetAccess,
    request: &StepRequest,
    recorder: &Recorder,
) -> SentRequest {
    let id = new_request_id();
    let signed = SignedRequest::new(id, &access.secret, request.body.clone());
    let signed = signed.with(&args.network.headers());
    let (webhook, url) = (target.webhook.clone(), target.url.clone());
    let job = SendJob::new(Some(request.event.clone()), webhook, url, signed);
    let job = SendJob { story: Some(story.name.clone()), ..job };
    let (transport, timeout) = (&access.transport, args.network.timeout());
    let delivery = recorder.deliver(transport, &WallClock, &job, timeout, &request.mode, |_, _| ());
    let delivery = delivery.await;
    let SendJob { webhook, url, request, .. } = job;
    SentRequest { webhook, url, request, delivery }
}

/// Writes what remains of the report on standard output, and the others.
fn finish(
    report: &StoryReport<'_>,
    result: &StoryResult,
    mut reports: Reports,
    output: &mut Output,
) -> Result<(), CliError> {
    let formats: Vec<_> = reports.formats().collect();
    for (index, format) in formats.into_iter().enumerate() {
        // The steps that are done are on standard output already.
        let text = match (index, format) {
            (0, ReportFormat::Human | ReportFormat::Json) => report.rest(format, result),
            _ => StoryReport { palette: Palette::PLAIN, ..*report }.report(format, result),
        };
        reports.write(index, &text, output)?;
    }
    Ok(())
}

/// How far the story is, on a progress line.
struct PlayProgress {
    line: Spinner,
    steps: usize,
    /// Steps that have begun, and requests of the current one that have ended.
    begun: usize,
    ended: u64,
}

impl PlayProgress {
    fn new(story: &Story, output: &Output) -> Self {
        let line = Spinner::new("{spinner} {msg} ({elapsed})", "", output);
        Self { line, steps: story.steps.len(), begun: 0, ended: 0 }
    }

    fn show(&mut self, event: &PlayEvent<'_>) {
        match event {
            PlayEvent::Waiting(step, pause) => {
                (self.begun, self.ended) = (self.begun + 1, 0);
                let pause = match pause.is_zero() {
                    true => String::new(),
                    false => format!(", {} after the one before", format_duration(*pause)),
                };
                self.set(step, &pause);
            }
            PlayEvent::Ended(step, _) => {
                self.ended += 1;
                let (ended, total) = (grouped(self.ended), grouped(step.count.into()));
                self.set(step, &format!(": {ended} of {total} requests"));
            }
            PlayEvent::Done => {}
        }
    }

    fn set(&self, step: &Step, state: &str) {
        self.line.set(|| {
            let (n, total) = (self.begun, self.steps);
            let name = escape(step.name.as_deref().unwrap_or(step.event()));
            format!("step {n} of {total}, {name}{state}")
        });
    }
}
