//! `pgwh requests`: the list, one request, pruning and exporting; `retry` has a file of its own.

mod retry;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use serde_json::Value;

use super::send_job::CaptureFile;
use super::{CliError, ConfigArgs, Exit, bodies, now, retention, state_dir};
use crate::cli::{self, MAX_COUNT, Since, duration, number};
use crate::payload::{self, Difference};
use crate::pgm;
use crate::report::{
    self, Output, OutputFormat, escape, payload_differences, pruned, request_line_json,
    request_page, request_table,
};
use crate::requests::{
    Filter, IS_LOAD_RUN, ListError, RequestRow, RequestsList, Retention, StoredRequest,
};
use crate::text::count;

/// Show and retry sent requests, like PGM's Requests list
///
/// Lists each request with its status, payload and responses. Without a subcommand, shows the
/// newest requests.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
            "pgwh requests",
            "pgwh requests --failed --since 2h",
            "pgwh requests show last",
            "pgwh requests retry 7f6c2d4e          (same id, signature and bytes)",
            "pgwh requests export --event ClassesBooked > captures.ndjson",
        ],
        &[0, 1, 2, 3, 130, 143],
    ),
)]
pub(super) struct RequestsArgs {
    /// What to do
    #[command(subcommand)]
    action: Option<RequestsAction>,
    /// Show only the newest N requests
    #[arg(long, value_name = "N", default_value = "20", value_parser = number::<usize>(0..=MAX_COUNT))]
    limit: usize,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
    #[command(flatten)]
    filter: FilterArgs,
}

/// What to do with the requests.
#[derive(Debug, Subcommand)]
enum RequestsAction {
    /// Show one request: its payload, and the response of each attempt
    Show(RequestShowArgs),
    /// Send requests again, with the same id, signature and bytes
    Retry(Box<retry::RetryArgs>),
    /// Show what differs between the payloads of two requests
    Diff(RequestDiffArgs),
    /// Remove old requests, irreversibly
    Prune(PruneArgs),
    /// Write requests as captures, oldest first
    Export(ExportArgs),
}

/// Which requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filter")]
struct FilterArgs {
    /// Only unsuccessful requests: failed, unreachable or interrupted
    #[arg(long)]
    failed: bool,
    /// Only requests of this event
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only requests sent to this webhook
    #[arg(long, value_name = "NAME")]
    webhook: Option<String>,
    /// Only requests of this story, which `pgwh play` sent
    #[arg(long, value_name = "NAME")]
    story: Option<String>,
    /// Only requests first sent since then: a time ago such as 2h, or a date
    #[arg(long, value_name = "TIME|DATE", allow_hyphen_values = true)]
    since: Option<Since>,
    /// Only requests whose id begins with this
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    id: Option<String>,
}

/// `pgwh requests show`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&["pgwh requests show last", "pgwh requests show 7f6c2d4e --as curl"],
    &[0, 2],
))]
struct RequestShowArgs {
    /// The beginning of the request's id, or `last`; `last~1` is the one before
    ///
    /// ID~1 is the one before the newest with that id.
    #[arg(value_name = "ID")]
    id: String,
    /// Print only the request, in this form
    #[arg(long = "as", value_name = "FORM", value_enum, conflicts_with = "format")]
    form: Option<StoredForm>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
    /// Show the headers of the responses
    #[arg(short, long)]
    verbose: bool,
}

/// How to print a request of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StoredForm {
    /// A command that can be pasted into a shell
    Curl,
    /// The whole request, as HTTP/1.1
    Http,
    /// A line of pgwh's capture format
    Capture,
}

/// `pgwh requests diff`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(
    &["pgwh requests diff 7f6c2d4e last"],
    &[0, 1, 2],
))]
struct RequestDiffArgs {
    /// The beginning of one request's id, or `last`
    #[arg(value_name = "ID")]
    first: String,
    /// The beginning of another request's id, or `last`
    #[arg(value_name = "ID")]
    second: String,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
}

/// `pgwh requests prune`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&["pgwh requests prune --keep 100", "pgwh requests prune --older-than 7d"],
    &[0, 2],
))]
struct PruneArgs {
    /// Keep the newest N requests [default: as in pgwh.toml, else 1000]
    #[arg(long, value_name = "N", value_parser = number::<u32>(0..=MAX_COUNT))]
    keep: Option<u32>,
    /// Remove requests older than this [default: as in pgwh.toml, else 30d]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    older_than: Option<Duration>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: OutputFormat,
    #[command(flatten)]
    config: ConfigArgs,
}

/// `pgwh requests export`
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "pgwh requests export > captures.ndjson",
        "pgwh requests export --failed --output failed.ndjson",
    ],
    &[0, 2],
))]
struct ExportArgs {
    /// Write only the newest N requests
    #[arg(long, value_name = "N", value_parser = number::<usize>(0..=MAX_COUNT))]
    limit: Option<usize>,
    /// Append to this file instead of printing; - prints
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    #[command(flatten)]
    filter: FilterArgs,
}

impl RequestsArgs {
    pub fn run(self, output: &mut Output) -> Result<Exit, CliError> {
        match self.action {
            None => list(&self.filter, self.limit, self.format, output),
            Some(RequestsAction::Show(args)) => show(&args, output),
            Some(RequestsAction::Retry(args)) => args.run(output),
            Some(RequestsAction::Diff(args)) => diff(&args, output),
            Some(RequestsAction::Prune(args)) => prune(&args, output),
            Some(RequestsAction::Export(args)) => export(&args, output),
        }
    }
}

impl FilterArgs {
    fn filter(&self, limit: Option<usize>) -> Filter {
        Filter {
            failed: self.failed,
            event: self.event.clone(),
            webhook: self.webhook.clone(),
            story: self.story.clone(),
            since: self.since.map(|since| since.resolve(now())),
            id: self.id.clone(),
            limit,
            ..Filter::default()
        }
    }
}

/// Opens the list; `None` when nothing was ever recorded.
pub(super) fn open(output: &mut Output) -> Result<Option<RequestsList>, CliError> {
    let dir = state_dir().ok_or(ListError::NoFolder).map_err(explain)?;
    let (list, warning) = RequestsList::open(&dir, now()).map_err(explain)?;
    if let Some(warning) = warning {
        output.warn(warning.diagnostic);
    }
    Ok(list)
}

/// The request that an id, its beginning, or `last` means.
fn find(list: Option<&RequestsList>, text: &str) -> Result<RequestRow, CliError> {
    let found = list.map(|list| list.find(text, now())).transpose().map_err(explain)?;
    match &found.unwrap_or_default()[..] {
        [row] => Ok(row.clone()),
        [] if text == "last" => {
            Err(CliError::new("the requests list is empty").help("`pgwh send` adds requests to it"))
        }
        [] if text.starts_with("last~") => {
            Err(CliError::new(format!("the requests list has no {text}: it is shorter")))
        }
        [] => Err(CliError::new(format!("no request's id begins with {text:?}"))
            .help("`pgwh requests` shows the ids, `last` is the newest")),
        several => {
            let error = CliError::new(format!("several requests' ids begin with {text:?}"));
            Err(several.iter().map(candidate).fold(error, CliError::help))
        }
    }
}

/// What is wrong with the list, as an error of a command that needs it.
pub(super) fn explain(error: ListError) -> CliError {
    CliError::new(error.to_string()).help(error.help())
}

fn candidate(row: &RequestRow) -> String {
    let event = row.event.as_deref().unwrap_or("(no event)");
    format!("{}  {}  {event}", row.request_id, pgm::format_date(row.created_at))
}

fn list(
    args: &FilterArgs,
    limit: usize,
    format: OutputFormat,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let Some(list) = open(output)? else {
        output.stderr("nothing was sent yet; `pgwh send` adds requests here\n");
        return Ok(Exit::Yes);
    };
    // One more than is shown tells whether there are more.
    let filter = args.filter(Some(limit.saturating_add(1)));
    let mut rows = list.list(&filter, now()).map_err(explain)?;
    let is_cut = rows.len() > limit;
    rows.truncate(limit);
    match format {
        OutputFormat::Json => {
            output.stdout_raw(rows.iter().map(request_line_json).collect::<String>())
        }
        OutputFormat::Human if rows.is_empty() && !is_cut => {
            output.stderr("no requests\n");
            bodies::warn_of_unknown_events(args.event.as_deref().into_iter(), output);
        }
        OutputFormat::Human => {
            table(&list, &rows, output)?;
            if is_cut {
                let total = list.count(&filter, now()).map_err(explain)?;
                let more = format!("{} of {total}; --limit {total} shows all\n", rows.len());
                output.stderr(&output.stderr_palette().dim(&more));
            }
        }
    }
    Ok(Exit::Yes)
}

fn table(list: &RequestsList, rows: &[RequestRow], output: &mut Output) -> Result<(), CliError> {
    let short = |row: &RequestRow| list.short_id(row);
    let ids: Vec<_> = rows.iter().map(short).collect::<Result<_, _>>().map_err(explain)?;
    // Raw: a row that is too long must not be broken into several.
    output.stdout_raw(request_table(rows, &ids, output.stdout_width(), output.palette()));
    Ok(())
}

fn diff(args: &RequestDiffArgs, output: &mut Output) -> Result<Exit, CliError> {
    let list = open(output)?;
    let body = |id: &String| -> Result<Value, CliError> {
        let entry = find(list.as_ref(), id)?;
        if entry.load.is_some() {
            return Err(many_requests(id));
        }
        let bytes = read(list.as_ref(), entry)?.request.body().to_vec();
        // A body that is not JSON is compared as one text.
        let text = || Value::from(String::from_utf8_lossy(&bytes));
        Ok(serde_json::from_slice(&bytes).unwrap_or_else(|_| text()))
    };
    let differences = payload::diff(&body(&args.first)?, &body(&args.second)?, usize::MAX);
    Ok(print_differences(&differences, args.format, output))
}

fn many_requests(subject: &str) -> CliError {
    CliError::new(format!("{}: {IS_LOAD_RUN}", escape(subject)))
        .help("`pgwh requests` shows those of its requests that failed")
}

/// Prints what differs between two payloads; returns 0 when they are equal, else 1.
pub(super) fn print_differences(
    differences: &[Difference],
    format: OutputFormat,
    output: &mut Output,
) -> Exit {
    if differences.is_empty() && format == OutputFormat::Human {
        output.stderr("the payloads are equal\n");
    }
    output.stdout(payload_differences(format, differences, output.palette()));
    if differences.is_empty() { Exit::Yes } else { Exit::No }
}

fn show(args: &RequestShowArgs, output: &mut Output) -> Result<Exit, CliError> {
    let list = open(output)?;
    let entry = find(list.as_ref(), &args.id)?;
    let id = list.as_ref().map(|list| list.short_id(&entry)).transpose().map_err(explain)?;
    let stored = read(list.as_ref(), entry)?;
    let StoredRequest { entry, request, .. } = &stored;
    if let (Some(_), true) = (args.form, entry.load.is_some()) {
        return Err(many_requests("--as"));
    }
    output.stdout_raw(match (args.form, args.format) {
        (Some(StoredForm::Curl), _) => report::request_curl(request, &entry.url).into_bytes(),
        (Some(StoredForm::Http), _) => {
            let mut bytes = report::request_http(request, &entry.url);
            // The body ends without a line break, which a prompt after it needs.
            if output.stdout_is_tty() {
                bytes.push(b'\n');
            }
            bytes
        }
        (Some(StoredForm::Capture), _) => {
            report::request_capture(request, &entry.url, entry.created_at).into_bytes()
        }
        (None, format) => {
            let id = id.as_deref().unwrap_or(&args.id);
            request_page(format, &stored, id, args.verbose, output.palette()).into_bytes()
        }
    });
    Ok(Exit::Yes)
}

fn prune(args: &PruneArgs, output: &mut Output) -> Result<Exit, CliError> {
    let settings = retention(&args.config.load(output)?);
    let retention = Retention {
        keep: args.keep.unwrap_or(settings.keep),
        older_than: args.older_than.unwrap_or(settings.older_than),
    };
    let (removed, remaining) = match open(output)? {
        Some(mut list) => list.prune(&retention, now()).map_err(explain)?,
        None => (0, 0),
    };
    output.stdout(pruned(args.format, removed, remaining));
    Ok(Exit::Yes)
}

fn export(args: &ExportArgs, output: &mut Output) -> Result<Exit, CliError> {
    let path = args.output.as_deref().filter(|path| path.as_os_str() != "-");
    let mut file = path.map(|path| CaptureFile::open("--output", path)).transpose()?;
    let Some(list) = open(output)? else {
        output.stderr("nothing was sent yet\n");
        return Ok(Exit::Yes);
    };
    // A load run is not a request; its failed requests have rows of their own.
    let filter = Filter { no_load_runs: true, ..args.filter.filter(args.limit) };
    let rows = list.list(&filter, now()).map_err(explain)?;
    let total = rows.len();
    // One at a time, as bodies may be large.
    for row in rows.into_iter().rev() {
        let Some(stored) = list.read(row, now()).map_err(explain)? else { continue };
        let (url, sent_at) = (&stored.entry.url, stored.entry.created_at);
        match &mut file {
            Some(file) => file.append(&stored.request, url, sent_at)?,
            None => output.stdout_raw(report::request_capture(&stored.request, url, sent_at)),
        }
    }
    if let Some(path) = path {
        let written = count(total as u64, "capture");
        output.stderr(&format!("wrote {written} to {}\n", path.display()));
    }
    Ok(Exit::Yes)
}

/// All that is known of a request that was found just now.
fn read(list: Option<&RequestsList>, row: RequestRow) -> Result<StoredRequest, CliError> {
    let id = row.request_id.clone();
    let stored = list.map(|list| list.read(row, now())).transpose().map_err(explain)?;
    stored.flatten().ok_or_else(|| CliError::new(format!("the request {id} was removed just now")))
}
