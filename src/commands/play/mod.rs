//! `pgwh play`

mod progress;
mod record;
mod targets;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{Args, ValueHint};
use futures_util::future::join_all;

use self::progress::PlayProgress;
use self::targets::{StoryTarget, StoryTargets, TargetAccess};
use super::network::NetworkArgs;
use super::reports::{ReportArgs, ReportFormat, Reports};
use super::secret::SecretArgs;
use super::{
    CliError, ConfigArgs, Exit, NO_RECORD_HELP, StopSignals, WallClock, new_request_id, now,
    random_seed, recorder, show_warnings, toml_error, with_signals,
};
use crate::cli::{Since, TargetUrl, help, path_or_nothing};
use crate::fixtures::Fixtures;
use crate::pgm::SignedRequest;
use crate::report::{
    Output, Palette, StepResult, StoryReport, StoryResult, story_list, story_list_json,
};
use crate::requests::{Recorder, RequestMeta};
use crate::story::{
    BUILT_IN, Destination, PlayEvent, SentRequest, Speed, Step, StepRequest, Story, StoryReader,
    play,
};
use crate::text::{nearest, shown_url};
use crate::toml_file::read_toml;
use crate::webhooks::Config;

/// Play a story: a sequence of events with shared values
///
/// A story is a TOML file of steps: which event, with which values, after which pause, and what is
/// expected of the response. The exit code says whether all expectations were met. pgwh has
/// some built-in stories.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh play --list",
        "PGWH_SECRET=… pgwh play members-day --url http://localhost:3000/pgm",
        "pgwh play bad-day --url … --speed 10x --report junit=story.xml",
        "pgwh play members-day --show > ours.toml               (to start a story of your own)",
        "pgwh play ours.toml --dry-run",
        "pgwh play --record afternoon.toml --from captures.ndjson",
    ],
    &[0, 1, 2, 3, 130, 143],
))]
pub(super) struct PlayArgs {
    /// A built-in story, or a file
    #[arg(
        value_name = "NAME|FILE",
        value_hint = ValueHint::FilePath,
        required_unless_present_any = ["list", "record"],
        conflicts_with_all = ["list", "record", "from", "since"],
    )]
    story: Option<String>,
    /// List the built-in stories
    #[arg(long, conflicts_with_all = ["record", "from", "since"])]
    list: bool,
    /// Print the story's file
    #[arg(long, conflicts_with_all = ["list", "record", "dry_run"])]
    show: bool,
    /// The URL to call [default: as the story says, else the subscribed webhooks of pgwh.toml]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    url: Option<TargetUrl>,
    /// Send everything to this webhook of pgwh.toml
    #[arg(long, value_name = "NAME", conflicts_with = "url")]
    webhook: Option<String>,
    /// Play faster or slower than written, such as 10x or 0.5x
    #[arg(long, value_name = "SPEED", default_value = "1x")]
    speed: Speed,
    /// Print what would be sent, without sending it
    #[arg(long)]
    dry_run: bool,
    /// Write a story from the requests list, or from the captures of --from
    ///
    /// Ids become variables where they recur. Names, addresses and whatever else may be personal are
    /// replaced by invented values of the same form.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    record: Option<PathBuf>,
    /// With --record: read captures from a file, or standard input with -
    #[arg(long, value_name = "CAPTURE", value_hint = ValueHint::FilePath, requires = "record")]
    from: Option<PathBuf>,
    /// With --record: only requests since then: a time ago such as 2h, or a date
    #[arg(long, value_name = "TIME|DATE", requires = "record")]
    since: Option<Since>,
    /// A folder with your own payloads
    #[arg(long, hide_short_help = true, value_name = "DIR", env = "PGWH_FIXTURES", value_parser = path_or_nothing(), value_hint = ValueHint::DirPath)]
    fixtures: Option<PathBuf>,
    /// Do not add the requests to the requests list
    #[arg(long, hide_short_help = true)]
    no_record: bool,
    #[command(flatten)]
    reports: ReportArgs,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

impl PlayArgs {
    pub(super) fn run(mut self, output: &mut Output) -> Result<Exit, CliError> {
        if let Some(file) = &self.record {
            return record::run(file, self.from.as_deref(), self.since, output);
        }
        if self.list {
            return self.list(output);
        }
        let config = self.config.load(output)?;
        self.network.apply_defaults(&config.send);
        let folder = self.fixtures.as_ref().or(config.send.fixtures.as_ref());
        let fixtures = Fixtures::open(folder.map(PathBuf::as_path))?;
        let (name, path, text) = self.source()?;
        if self.show {
            output.stdout_raw(text);
            return Ok(Exit::Yes);
        }
        let webhooks = config.webhooks.iter().map(|webhook| webhook.name.as_str()).collect();
        let reader = StoryReader {
            fixtures: &fixtures,
            webhooks: self.chosen().is_none().then_some(webhooks),
            start: now(),
        };
        let story = reader.read(&name, &path, &text).map_err(toml_error)?;
        if self.dry_run {
            return self.preview(&story, &config, output);
        }
        self.play(&story, &config, output)
    }

    /// Where everything goes, whatever the story says.
    fn chosen(&self) -> Option<Destination> {
        let url = self.url.as_ref().map(|TargetUrl(url)| Destination::Url(url.clone()));
        url.or_else(|| self.webhook.clone().map(Destination::Webhook))
    }

    fn list(&self, output: &mut Output) -> Result<Exit, CliError> {
        let fixtures = &Fixtures::default();
        let reader = StoryReader { fixtures, webhooks: None, start: now() };
        let read = |(name, text): &(&str, &str)| {
            reader.read(name, &built_in_path(name), text).map_err(toml_error)
        };
        let stories = BUILT_IN.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        match self.human_or_json("--list")? {
            ReportFormat::Json => output.stdout_raw(story_list_json(&stories)),
            _ => output.stdout(story_list(&stories, output.palette())),
        }
        Ok(Exit::Yes)
    }

    fn human_or_json(&self, flag: &str) -> Result<ReportFormat, CliError> {
        match self.reports.format {
            format @ (ReportFormat::Human | ReportFormat::Json) => Ok(format),
            _ => Err(CliError::new(format!("{flag} needs --format human or json"))),
        }
    }

    /// The name of the story, where it is, and its text.
    fn source(&self) -> Result<(String, PathBuf, String), CliError> {
        let named = self.story.as_deref().unwrap_or_default();
        if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == named) {
            return Ok(((*name).to_owned(), built_in_path(name), (*text).to_owned()));
        }
        let path = Path::new(named);
        let is_path = path.extension().is_some() || path.components().count() > 1;
        if !is_path && !path.exists() {
            let known = BUILT_IN.map(|(name, _)| name);
            return Err(CliError::new(format!("there is no story {named:?}"))
                .suggest(nearest(named, &known))
                .help(format!("the built-in stories are {}", known.join(", ")))
                .help(format!("name a file of your own with its path, as in ./{named}.toml")));
        }
        let text = read_toml(path).map_err(toml_error)?;
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok((name, path.to_owned(), text))
    }

    /// Prints what would be sent.
    fn preview(
        &self,
        story: &Story,
        config: &Config,
        output: &mut Output,
    ) -> Result<Exit, CliError> {
        let format = self.human_or_json("--dry-run")?;
        let report = StoryReport { palette: output.palette(), story, speed: self.speed };
        let targets = StoryTargets::new(self.chosen(), story, config)?;
        if format == ReportFormat::Human {
            output.stdout(report.header());
        }
        for (index, (step, request)) in story.preview(random_seed())?.iter().enumerate() {
            let targets: Vec<_> = targets
                .of(step, &request.event)
                .map(|target| (target.webhook.clone(), shown_url(&target.url)))
                .collect();
            match format {
                ReportFormat::Json => {
                    output.stdout_raw(report.preview_json(index, request, &targets));
                }
                _ => output.stdout(format!("\n{}", report.preview(index, request, &targets))),
            }
        }
        Ok(Exit::Yes)
    }

    fn play(&self, story: &Story, config: &Config, output: &mut Output) -> Result<Exit, CliError> {
        let targets = StoryTargets::new(self.chosen(), story, config)?;
        let targets = targets.accessible(&self.secret, &self.network, output)?;
        let reports = self.reports.open()?;
        let recorder = recorder(!self.no_record, config);
        let live = LivePlay {
            report: StoryReport { palette: output.palette(), story, speed: self.speed },
            format: self.reports.format,
            result: RefCell::default(),
        };
        if live.format == ReportFormat::Human {
            output.stdout(live.report.header());
        }
        let began = Instant::now();
        let interrupted = with_signals(async |signals: &mut StopSignals| {
            let progress = PlayProgress::new(story, output);
            let mut step_began = Instant::now();
            let send = async |step: &Step, request: &StepRequest| {
                let targets = targets.of(step, &request.event);
                let send = |target| self.send(story, target, request, &recorder);
                join_all(targets.map(send)).await
            };
            let report = |event: PlayEvent<'_>| {
                progress.show(&event);
                match event {
                    PlayEvent::Waiting(_, pause) => step_began = Instant::now() + pause,
                    PlayEvent::Ended(_, request) => {
                        let mut result = live.result.borrow_mut();
                        let step = live.current(&mut result);
                        step.requests.push(request);
                        step.elapsed = step_began.elapsed();
                    }
                    PlayEvent::Done(_) => {
                        let text = live.end_step(step_began.elapsed());
                        progress.suspend(|| {
                            live.print(&text, output);
                            show_warnings(&recorder, NO_RECORD_HELP, output);
                        });
                    }
                }
            };
            let work = play(story, self.speed, random_seed(), &WallClock, send, report);
            tokio::select! {
                biased;
                exit = signals.next() => Ok(Some(exit)),
                () = work => Ok(None),
            }
        })?;
        let mut result = live.result.take();
        result.is_interrupted = interrupted.is_some();
        result.elapsed = began.elapsed();
        finish(&live.report, &result, reports, output)?;
        Ok(interrupted.unwrap_or_else(|| match (result.passed(), result.worst_unmet()) {
            (true, _) => Exit::Yes,
            (false, Some(verdict)) => Exit::from(verdict),
            (false, None) => Exit::No,
        }))
    }

    /// Signs a request, sends it to a target and records it.
    async fn send(
        &self,
        story: &Story,
        target: &StoryTarget<TargetAccess>,
        request: &StepRequest,
        recorder: &Recorder,
    ) -> SentRequest {
        let id = new_request_id();
        let signed = SignedRequest::new(id, &target.access.secret, request.body.clone());
        let signed = signed.with(&self.network.headers());
        let meta = RequestMeta {
            event: Some(&request.event),
            webhook: target.webhook.as_deref(),
            url: &target.url,
            request: &signed,
            from_capture: false,
            story: Some(&story.name),
            timeout: self.network.timeout(),
        };
        let transport = &target.access.transport;
        let delivery =
            recorder.deliver(transport, &WallClock, meta, None, &request.mode, |_, _| ()).await;
        let (webhook, url) = (target.webhook.clone(), target.url.clone());
        SentRequest { webhook, url, request: signed, delivery }
    }
}

fn built_in_path(name: &str) -> PathBuf {
    PathBuf::from(format!("{name}.toml"))
}

/// A story that is being played, and what came of it so far.
struct LivePlay<'a> {
    report: StoryReport<'a>,
    format: ReportFormat,
    result: RefCell<StoryResult>,
}

impl LivePlay<'_> {
    /// The step that goes on, which begins with its first request.
    fn current<'b>(&self, result: &'b mut StoryResult) -> &'b mut StepResult {
        if result.steps.last().is_none_or(|step| step.is_done) {
            result.steps.push(StepResult::default());
        }
        let last = result.steps.len() - 1;
        &mut result.steps[last]
    }

    /// Ends a step; returns its lines of the report.
    fn end_step(&self, elapsed: Duration) -> String {
        let mut result = self.result.borrow_mut();
        let step = self.current(&mut result);
        (step.is_done, step.elapsed) = (true, elapsed);
        let index = result.steps.len() - 1;
        match self.format {
            ReportFormat::Human => self.report.step(index, &result),
            ReportFormat::Json => self.report.step_json(index, &result.steps[index]),
            _ => String::new(),
        }
    }

    fn print(&self, text: &str, output: &mut Output) {
        match self.format {
            ReportFormat::Human => output.stdout(text),
            _ => output.stdout_raw(text),
        }
    }
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
        let unfinished = result.steps.iter().enumerate().filter(|(_, step)| !step.is_done);
        let plain = StoryReport { palette: Palette::PLAIN, ..*report };
        let text = match (index, format) {
            (0, ReportFormat::Human) => {
                let steps: String = unfinished.map(|(n, _)| report.step(n, result)).collect();
                steps + "\n" + &report.summary(result)
            }
            (0, ReportFormat::Json) => {
                let steps: String = unfinished.map(|(n, step)| report.step_json(n, step)).collect();
                steps + &report.summary_json(result)
            }
            (_, ReportFormat::Human) => plain.human(result),
            (_, ReportFormat::Json) => report.json(result),
            (_, ReportFormat::Junit) => report.junit(result),
            (_, ReportFormat::Github) => report.github(result),
            (_, ReportFormat::Markdown) => report.markdown(result),
        };
        reports.write(index, &text, output)?;
    }
    Ok(())
}
