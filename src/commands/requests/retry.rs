//! `pgwh requests retry`

use chrono::{DateTime, Utc};
use clap::{Args, ValueHint};

use super::{explain, find, read};
use crate::cli::{self, Since, TargetUrl};
use crate::commands::network::NetworkArgs;
use crate::commands::secret::{SecretArgs, SigningSecrets};
use crate::commands::send_job::{OutputArgs, SendOptions};
use crate::commands::{CliError, ConfigArgs, Exit, block_on, now, recorder, show_warnings};
use crate::delivery::{DeliveryVerdict, HttpTransport, Protocol, RetryPolicy, SendMode};
use crate::report::{Output, escape};
use crate::requests::{Filter, Recorder, RequestRow, RequestsList, SendJob, StoredRequest};
use crate::text::{shown_name, shown_url};
use crate::webhooks::Config;

/// `pgwh requests retry`
#[derive(Debug, Args)]
#[command(
    mut_arg("header", |header| header.hide(true)),
    after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
            "pgwh requests retry last",
            "pgwh requests retry --failed --since 2h",
            "pgwh requests retry last --url http://localhost:3000/pgm",
            "pgwh requests retry 7f6c2d4e --resign --secret-file new.secret",
        ],
        &[0, 1, 2, 3, 130, 143],
    ),
)]
pub(super) struct RetryArgs {
    /// The beginning of each request's id, or `last`
    #[arg(
        value_name = "ID",
        required_unless_present = "failed",
        conflicts_with_all = ["failed", "event", "webhook", "since"],
    )]
    ids: Vec<String>,
    /// All unsuccessful requests: failed, unreachable or interrupted
    #[arg(long)]
    failed: bool,
    /// With --failed: only requests of this event
    #[arg(long, value_name = "EVENT", requires = "failed", hide_short_help = true)]
    event: Option<String>,
    /// With --failed: only requests to this webhook
    #[arg(long, value_name = "NAME", requires = "failed", hide_short_help = true)]
    webhook: Option<String>,
    /// With --failed: only requests first sent since then: a time ago such as 2h, or a date
    #[arg(
        long,
        value_name = "TIME|DATE",
        allow_hyphen_values = true,
        requires = "failed",
        hide_short_help = true
    )]
    since: Option<Since>,
    /// Send to this URL instead, as a new request of the list
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    url: Option<TargetUrl>,
    /// Sign again because the secret has changed, with the secret given here, else with the webhook's
    #[arg(long)]
    resign: bool,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

impl RetryArgs {
    pub fn run(mut self, output: &mut Output) -> Result<Exit, CliError> {
        self.check_headers()?;
        let config = self.config.load(output)?;
        self.network.apply_defaults(&config.send);
        let mut list = super::open(output)?;
        let entries = chosen(&self, list.as_ref())?;
        if entries.is_empty() {
            output.stderr(match self.failed {
                true => "nothing to retry\n",
                false => "nothing to retry: no request of this load run is known to have failed\n",
            });
            return Ok(Exit::Yes);
        }
        let read = |entry| read(list.as_ref(), entry);
        let mut requests = entries.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if self.resign {
            self.resign(&config, &mut requests, output)?;
            // Later retries send the new signature, too; what is sent elsewhere has a row of its own.
            if let (Some(list), None) = (&mut list, &self.url) {
                for StoredRequest { entry, request, .. } in &requests {
                    list.replace_headers(entry.row, request).map_err(explain)?;
                }
            }
        }
        drop(list);
        let url = self.url.as_ref().map(|url| &url.0);
        let jobs: Vec<_> = requests.into_iter().map(|stored| stored.again(url.cloned())).collect();
        let urls: Vec<_> = jobs.iter().map(|job| &job.url).collect();
        let transports = self.network.transports(&urls, Protocol::Http1, output)?;
        let recorder = recorder(true, &config);
        block_on(output, async |output| {
            send_all(&self, &jobs, &transports, &recorder, output).await
        })
    }

    /// A retry is the same request; only how it gets to the target may differ.
    fn check_headers(&self) -> Result<(), CliError> {
        if self.network.headers().is_empty() {
            return Ok(());
        }
        Err(CliError::new("--header: a retry sends the headers that were sent before").help(
            "`pgwh requests show ID --as capture` and `pgwh send --from` send a changed copy",
        ))
    }

    /// Signs the requests again.
    fn resign(
        &self,
        config: &Config,
        requests: &mut [StoredRequest],
        output: &mut Output,
    ) -> Result<(), CliError> {
        let secrets = SigningSecrets::new(&self.secret, output)?;
        for stored in requests {
            let secret = match &stored.entry.webhook {
                Some(name) => secrets.for_webhook(config, name, output)?,
                None => secrets.required(output)?,
            };
            stored.request = stored.request.clone().resigned(&secret);
        }
        Ok(())
    }
}

async fn send_all(
    args: &RetryArgs,
    jobs: &[SendJob],
    transports: &[HttpTransport],
    recorder: &Recorder,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let options = SendOptions {
        palette: output.palette(),
        output: &args.output,
        timeout: args.network.timeout(),
        mode: SendMode::Retry(RetryPolicy::none()),
        recorder,
        wrong_signature: false,
    };
    let mut worst = DeliveryVerdict::Delivered;
    for (n, (job, transport)) in jobs.iter().zip(transports).enumerate() {
        if n > 0 && args.output.shows_steps() {
            output.stdout("\n");
        }
        let name = match args.output.shows_verdict_only() && jobs.len() > 1 {
            true => named(job),
            false => String::new(),
        };
        let report = |text| output.stdout(format!("{name}{text}"));
        worst = worst.max(options.deliver(job, transport, report).await);
        show_warnings(recorder, None, output);
    }
    Ok(Exit::from(worst))
}

/// Which of several requests a verdict is about.
fn named(job: &SendJob) -> String {
    let event = job.event.as_deref().unwrap_or("(no event)");
    let target = job.webhook.clone().unwrap_or_else(|| shown_url(&job.url));
    let id = shown_name(job.request.request_id().as_str());
    format!("{} → {} {}: ", escape(event), escape(&target), escape(&id))
}

/// The requests, the oldest first when they were not named: in the order they were made.
fn chosen(args: &RetryArgs, list: Option<&RequestsList>) -> Result<Vec<RequestRow>, CliError> {
    let now = now();
    if args.failed {
        let filter = Filter {
            failed: true,
            event: args.event.clone(),
            webhook: args.webhook.clone(),
            since: args.since.map(|since| since.resolve(now)),
            ..Filter::default()
        };
        return list.map_or(Ok(Vec::new()), |list| oldest_first(list, &filter, now));
    }
    let mut entries = Vec::new();
    for id in &args.ids {
        let entry = find(list, id)?;
        match (entry.load, list) {
            // Those of the run that failed, are kept, and were not delivered since.
            (Some(_), Some(list)) => {
                let load_run = Some(entry.row);
                let filter = Filter { failed: true, load_run, ..Filter::default() };
                entries.extend(oldest_first(list, &filter, now)?);
            }
            _ => entries.push(entry),
        }
    }
    Ok(entries)
}

fn oldest_first(
    list: &RequestsList,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Result<Vec<RequestRow>, CliError> {
    let filter = Filter { no_load_runs: true, ..filter.clone() };
    let mut entries = list.list(&filter, now).map_err(explain)?;
    entries.reverse();
    Ok(entries)
}
