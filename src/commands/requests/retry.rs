//! `pgwh requests retry`

use chrono::{DateTime, Utc};

use super::read;
use crate::cli::{RetryArgs, TargetUrl};
use crate::commands::error::CliError;
use crate::commands::requests_list::{self, explain};
use crate::commands::send_job::{SendJob, SendOptions};
use crate::commands::{Exit, config, defaults, network, runtime, secret, system};
use crate::delivery::{DeliveryVerdict, HttpTransport, Protocol, RetryPolicy, SendMode};
use crate::report::Output;
use crate::requests::{Filter, Recorder, RequestRow, RequestsList, StoredRequest};
use crate::webhooks::Config;

pub(super) fn run(mut args: RetryArgs, output: &mut Output) -> Result<Exit, CliError> {
    same_headers(&args)?;
    let config = config::load(args.config.config.as_deref(), output)?;
    defaults::network(&mut args.network, &config.send);
    let mut list = requests_list::open(output)?;
    let entries = chosen(&args, list.as_ref())?;
    if entries.is_empty() {
        output.stderr("nothing to retry\n");
        return Ok(Exit::Yes);
    }
    let mut requests = Vec::new();
    for entry in entries {
        requests.push(read(list.as_ref(), entry)?);
    }
    if args.resign {
        resign(&args, &config, &mut requests, output)?;
        // Later retries send the new signature, too; what is sent elsewhere has a row of its own.
        if let (Some(list), None) = (&mut list, &args.url) {
            for StoredRequest { entry, request, .. } in &requests {
                list.replace_headers(entry.row, request).map_err(explain)?;
            }
        }
    }
    drop(list);
    let jobs: Vec<_> = requests.into_iter().map(|stored| job(stored, args.url.as_ref())).collect();
    let urls: Vec<_> = jobs.iter().map(|job| &job.url).collect();
    let transports = network::transports(&urls, &args.network, Protocol::Http1, output)?;
    let recorder = requests_list::recorder(true, &config);
    runtime::block_on(send_all(&args, &jobs, &transports, &recorder, output))
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
        format: args.format,
        verbose: args.verbose,
        quiet: args.quiet,
        timeout: args.network.timeout(),
        mode: SendMode::Retry(RetryPolicy::none()),
        recorder,
    };
    let mut worst = DeliveryVerdict::Delivered;
    for (n, (job, transport)) in jobs.iter().zip(transports).enumerate() {
        if n > 0 && options.shows_steps() {
            output.stdout("\n");
        }
        worst = worst.max(options.deliver(job, transport, |text| output.stdout(text)).await);
        requests_list::show_warnings(recorder, None, output);
    }
    Ok(Exit::from(worst))
}

/// The requests, the oldest first when they were not named: in the order they were made.
fn chosen(args: &RetryArgs, list: Option<&RequestsList>) -> Result<Vec<RequestRow>, CliError> {
    let now = system::now();
    if !args.failed {
        let mut entries = Vec::new();
        for id in &args.ids {
            let entry = requests_list::find(list, id)?;
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
        return Ok(entries);
    }
    let filter = Filter {
        failed: true,
        event: args.event.clone(),
        webhook: args.webhook.clone(),
        since: args.since.map(|since| since.resolve(now)),
        ..Filter::default()
    };
    let Some(list) = list else { return Ok(Vec::new()) };
    oldest_first(list, &filter, now)
}

fn oldest_first(
    list: &RequestsList,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Result<Vec<RequestRow>, CliError> {
    let mut entries = list.list(filter, now).map_err(explain)?;
    // A load run is no request to be sent again.
    entries.retain(|entry| entry.load.is_none());
    entries.reverse();
    Ok(entries)
}

/// The same request; at another URL it is a new one to the list.
fn job(stored: StoredRequest, url: Option<&TargetUrl>) -> SendJob {
    let StoredRequest { entry, request, .. } = stored;
    let (event, from_capture) = (entry.event, entry.from_capture);
    match url {
        Some(TargetUrl(url)) => {
            SendJob { event, webhook: None, url: url.clone(), request, from_capture, stored: None }
        }
        None => SendJob {
            event,
            webhook: entry.webhook,
            url: entry.url,
            request,
            from_capture,
            stored: Some((entry.row, entry.attempts)),
        },
    }
}

/// Signs the requests again.
fn resign(
    args: &RetryArgs,
    config: &Config,
    requests: &mut [StoredRequest],
    output: &mut Output,
) -> Result<(), CliError> {
    let given = secret::typed(&args.secret, output)?;
    for stored in requests.iter_mut() {
        let secret = match (&given, &stored.entry.webhook) {
            (Some(secret), _) => secret.clone(),
            (None, Some(name)) => config::secret(config, config::webhook(config, name)?)?,
            (None, None) => secret::required(&args.secret, output)?,
        };
        stored.request = stored.request.clone().resigned(&secret);
    }
    Ok(())
}

/// A retry is the same request; only how it gets to the target may differ.
fn same_headers(args: &RetryArgs) -> Result<(), CliError> {
    if args.network.header.is_empty() {
        return Ok(());
    }
    Err(CliError::new("--header: a retry sends the headers that were sent before")
        .help("`pgwh requests show ID --as capture` and `pgwh send --from` send a changed copy"))
}
