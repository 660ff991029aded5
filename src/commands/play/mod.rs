//! `pgwh play`

mod live;
mod record;

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use url::Url;

use super::network::NetworkArgs;
use super::reports::ReportArgs;
use super::secret::{SecretArgs, SigningSecrets};
use super::{
    CliError, ConfigArgs, Exit, config_file, named_webhook, now, random_seed, require_webhook,
    toml_error,
};
use crate::cli::{self, Since, TargetUrl, output_file, path_or_nothing};
use crate::delivery::{HttpTransport, Protocol};
use crate::fixtures::Fixtures;
use crate::pgm::Secret;
use crate::report::{Output, OutputFormat, StoryReport, story_list, subscriptions};
use crate::story::{BUILT_IN, Destination, Speed, Step, Story, StoryReader};
use crate::text::{nearest, shown_url};
use crate::toml_file::read_toml;
use crate::webhooks::{Config, Webhook};

/// Play a story: a sequence of events with shared values
///
/// A story is a TOML file of steps: which event, with which values, after which pause, and what is
/// expected of the response. The exit code says whether all expectations were met. pgwh has
/// some built-in stories.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
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
    #[arg(long, value_name = "FILE", value_parser = output_file(), value_hint = ValueHint::FilePath)]
    record: Option<PathBuf>,
    /// With --record: read captures from a file, or standard input with -
    #[arg(long, value_name = "CAPTURE", value_hint = ValueHint::FilePath, requires = "record")]
    from: Option<PathBuf>,
    /// With --record: only requests since then: a time ago such as 2h, or a date
    #[arg(long, value_name = "TIME|DATE", allow_hyphen_values = true, requires = "record")]
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
            let format = self.reports.human_or_json("--record")?;
            return record::run(file, self.from.as_deref(), self.since, format, output);
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
        live::play(&self, &story, &config, output)
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
        let format = self.reports.human_or_json("--list")?;
        output.stdout(story_list(format, &stories, output.palette()));
        Ok(Exit::Yes)
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
        let format = self.reports.human_or_json("--dry-run")?;
        let report = StoryReport { palette: output.palette(), story, speed: self.speed };
        let targets = StoryTargets::new(self.chosen(), story, config)?;
        let has_targets = !targets.all.is_empty() || !config.webhooks.is_empty();
        if format == OutputFormat::Human {
            output.stdout(report.header());
        }
        for (index, (step, request)) in story.preview(random_seed())?.iter().enumerate() {
            let targets: Vec<_> = targets
                .of(step, &request.event)
                .map(|(_, target)| (target.webhook.clone(), shown_url(&target.url)))
                .collect();
            let gap = if format == OutputFormat::Human { "\n" } else { "" };
            output.stdout(gap.to_owned() + &report.preview(format, index, request, &targets));
        }
        if !has_targets {
            output.stderr("\nno target so far: play it with --url, or add webhooks to pgwh.toml\n");
        }
        Ok(Exit::Yes)
    }
}

fn built_in_path(name: &str) -> PathBuf {
    PathBuf::from(format!("{name}.toml"))
}

/// A receiver of a story's requests.
struct StoryTarget {
    /// The name of the webhook, if it is one of pgwh.toml.
    webhook: Option<String>,
    url: Url,
}

/// How a receiver is called.
struct TargetAccess {
    secret: Secret,
    transport: HttpTransport,
}

/// The targets of a story.
struct StoryTargets<'a> {
    /// Where everything goes, if the user said so.
    chosen: Option<Destination>,
    config: &'a Config,
    /// Whether a step goes to the webhooks that are subscribed.
    needs_webhook: bool,
    all: Vec<(Destination, StoryTarget)>,
}

impl<'a> StoryTargets<'a> {
    /// The targets of a story: where the user says, else where the story says, else the webhooks
    /// that are subscribed.
    fn new(
        chosen: Option<Destination>,
        story: &Story,
        config: &'a Config,
    ) -> Result<Self, CliError> {
        let needs_webhook = chosen.is_none() && story.steps.iter().any(|step| step.to.is_none());
        let mut targets = Self { chosen, config, needs_webhook, all: Vec::new() };
        for step in &story.steps {
            for sample in &step.events {
                for destination in targets.destinations(step, &sample.event) {
                    if targets.all.iter().any(|(known, _)| *known == destination) {
                        continue;
                    }
                    let (webhook, url) = match &destination {
                        Destination::Url(url) => (None, url.clone()),
                        Destination::Webhook(name) => {
                            (Some(name.clone()), named_webhook(config, name)?.url.clone())
                        }
                    };
                    targets.all.push((destination, StoryTarget { webhook, url }));
                }
            }
        }
        Ok(targets)
    }

    /// What it takes to send to each of the targets, in their order.
    fn access(
        &self,
        secrets: &SecretArgs,
        network: &NetworkArgs,
        output: &mut Output,
    ) -> Result<Vec<TargetAccess>, CliError> {
        let Self { config, all, .. } = self;
        if self.needs_webhook {
            require_webhook(config)?;
        }
        if all.is_empty() {
            let error = CliError::new(format!(
                "no webhook in {} is subscribed to an event of this story",
                config_file(config)
            ));
            return Err(subscriptions(&config.webhooks).into_iter().fold(error, CliError::help));
        }
        let signing = SigningSecrets::new(secrets, output)?;
        let mut secrets = Vec::new();
        for (_, target) in all {
            secrets.push(match &target.webhook {
                None => signing.required(output)?,
                Some(name) => signing.for_webhook(config, name, output)?,
            });
        }
        let urls: Vec<_> = all.iter().map(|(_, target)| &target.url).collect();
        let transports = network.transports(&urls, Protocol::Http1, output)?;
        let access = secrets.into_iter().zip(transports);
        Ok(access.map(|(secret, transport)| TargetAccess { secret, transport }).collect())
    }

    /// The targets of a step's request, each with its position among all; none when no webhook is
    /// subscribed to its event.
    fn of(&self, step: &Step, event: &str) -> impl Iterator<Item = (usize, &StoryTarget)> {
        let wanted = self.destinations(step, event);
        let targets = self.all.iter().enumerate();
        targets
            .filter_map(move |(n, (known, target))| wanted.contains(known).then_some((n, target)))
    }

    fn destinations(&self, step: &Step, event: &str) -> Vec<Destination> {
        let by_name = |webhook: &Webhook| Destination::Webhook(webhook.name.to_string());
        match self.chosen.as_ref().or(step.to.as_ref()) {
            Some(one) => vec![one.clone()],
            None => self.config.webhooks_for(event).into_iter().map(by_name).collect(),
        }
    }
}
