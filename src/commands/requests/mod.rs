//! `pgwh requests`: the list, one request, pruning and exporting; `retry` has a file of its own.

mod retry;

use serde_json::Value;

use super::error::CliError;
use super::requests_list::{self, explain};
use super::save::CaptureFile;
use super::{Exit, config, system};
use crate::cli::{
    ExportArgs, FilterArgs, FormatArg, PruneArgs, RequestDiffArgs, RequestShowArgs, RequestsAction,
    RequestsArgs, StoredForm,
};
use crate::payload::{self, Difference};
use crate::pgm;
use crate::report::{
    self, Output, RequestPage, RequestTable, payload_differences, payload_differences_json, pruned,
    pruned_json, request_line_json, request_page_json,
};
use crate::requests::{Filter, RequestRow, RequestsList, Retention, StoredRequest};
use crate::text::{Diagnostic, nearest};

pub(super) fn run(args: RequestsArgs, output: &mut Output) -> Result<Exit, CliError> {
    match args.action {
        None => list(&args.filter, args.limit, args.format, output),
        Some(RequestsAction::Show(args)) => show(&args, output),
        Some(RequestsAction::Retry(args)) => retry::run(*args, output),
        Some(RequestsAction::Diff(args)) => diff(&args, output),
        Some(RequestsAction::Prune(args)) => prune(&args, output),
        Some(RequestsAction::Export(args)) => export(&args, output),
    }
}

fn list(
    args: &FilterArgs,
    limit: usize,
    format: FormatArg,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let Some(list) = requests_list::open(output)? else {
        output.stderr("nothing was sent yet; `pgwh send` adds requests here\n");
        return Ok(Exit::Yes);
    };
    // One more than is shown tells whether there are more.
    let filter = filter(args, Some(limit.saturating_add(1)));
    let mut rows = list.list(&filter, system::now()).map_err(explain)?;
    let is_cut = rows.len() > limit;
    rows.truncate(limit);
    match format {
        FormatArg::Json => {
            output.stdout_raw(rows.iter().map(request_line_json).collect::<String>())
        }
        FormatArg::Human if rows.is_empty() => {
            output.stderr("no requests\n");
            warn_of_unknown_event(args, output);
        }
        FormatArg::Human => {
            table(&list, &rows, output)?;
            if is_cut {
                let total = list.count(&filter, system::now()).map_err(explain)?;
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
    let table =
        RequestTable { rows, ids: &ids, width: output.stdout_width(), palette: output.palette() };
    // Raw: a row that is too long must not be broken into several.
    output.stdout_raw(table.render());
    Ok(())
}

fn warn_of_unknown_event(args: &FilterArgs, output: &mut Output) {
    let known: Vec<_> = pgm::event_names().collect();
    let Some(event) = args.event.as_deref().filter(|event| !known.contains(event)) else { return };
    let message = format!("PGM is not known to have an event {event:?}");
    output.warn(Diagnostic::new(message).suggest(nearest(event, &known)));
}

fn diff(args: &RequestDiffArgs, output: &mut Output) -> Result<Exit, CliError> {
    let list = requests_list::open(output)?;
    let body = |id: &String| -> Result<Value, CliError> {
        let row = requests_list::find(list.as_ref(), id)?;
        let bytes = read(list.as_ref(), row)?.request.body().to_vec();
        // A body that is not JSON is compared as one text.
        let text = || Value::from(String::from_utf8_lossy(&bytes));
        Ok(serde_json::from_slice(&bytes).unwrap_or_else(|_| text()))
    };
    let differences = payload::diff(&body(&args.first)?, &body(&args.second)?);
    Ok(print_differences(&differences, args.format, output))
}

/// Prints what differs between two payloads; returns 0 when they are equal, else 1.
pub(super) fn print_differences(
    differences: &[Difference],
    format: FormatArg,
    output: &mut Output,
) -> Exit {
    match format {
        FormatArg::Json => output.stdout_raw(payload_differences_json(differences)),
        FormatArg::Human if differences.is_empty() => output.stderr("the payloads are equal\n"),
        FormatArg::Human => {
            let text = payload_differences(differences, output.palette());
            output.stdout(text);
        }
    }
    if differences.is_empty() { Exit::Yes } else { Exit::No }
}

fn show(args: &RequestShowArgs, output: &mut Output) -> Result<Exit, CliError> {
    let list = requests_list::open(output)?;
    let entry = requests_list::find(list.as_ref(), &args.id)?;
    let stored = read(list.as_ref(), entry)?;
    let StoredRequest { entry, request, .. } = &stored;
    if let (Some(_), true) = (args.form, entry.load.is_some()) {
        return Err(CliError::new("--as: a load run is many requests, not one")
            .help("`pgwh requests` shows those of its requests that failed"));
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
        (None, FormatArg::Json) => request_page_json(&stored).into_bytes(),
        (None, FormatArg::Human) => {
            let page =
                RequestPage { stored: &stored, verbose: args.verbose, palette: output.palette() };
            page.render().into_bytes()
        }
    });
    Ok(Exit::Yes)
}

fn prune(args: &PruneArgs, output: &mut Output) -> Result<Exit, CliError> {
    let settings = config::retention(&config::load(args.config.config.as_deref(), output)?);
    let retention = Retention {
        keep: args.keep.unwrap_or(settings.keep),
        older_than: args.older_than.unwrap_or(settings.older_than),
    };
    let (removed, remaining) = match requests_list::open(output)? {
        Some(mut list) => list.prune(&retention, system::now()).map_err(explain)?,
        None => (0, 0),
    };
    output.stdout(match args.format {
        FormatArg::Human => pruned(removed, remaining),
        FormatArg::Json => pruned_json(removed, remaining),
    });
    Ok(Exit::Yes)
}

fn export(args: &ExportArgs, output: &mut Output) -> Result<Exit, CliError> {
    let mut file =
        args.output.as_deref().map(|path| CaptureFile::open("--output", path)).transpose()?;
    let Some(list) = requests_list::open(output)? else {
        output.stderr("nothing was sent yet\n");
        return Ok(Exit::Yes);
    };
    let filter = filter(&args.filter, args.limit);
    let mut rows = list.list(&filter, system::now()).map_err(explain)?;
    // A load run is not a request; its failed requests have rows of their own.
    rows.retain(|row| row.load.is_none());
    let total = rows.len();
    // One at a time, as bodies may be large.
    for row in rows.into_iter().rev() {
        let Some(stored) = list.read(row, system::now()).map_err(explain)? else { continue };
        let (url, sent_at) = (&stored.entry.url, stored.entry.created_at);
        match &mut file {
            Some(file) => file.append(&stored.request, url, sent_at)?,
            None => output.stdout_raw(report::request_capture(&stored.request, url, sent_at)),
        }
    }
    if let Some(path) = &args.output {
        output.stderr(&format!("wrote {total} captures to {}\n", path.display()));
    }
    Ok(Exit::Yes)
}

/// All that is known of a request that was found just now.
fn read(list: Option<&RequestsList>, row: RequestRow) -> Result<StoredRequest, CliError> {
    let id = row.request_id.clone();
    let stored = match list {
        Some(list) => list.read(row, system::now()).map_err(explain)?,
        None => None,
    };
    stored.ok_or_else(|| CliError::new(format!("the request {id} was removed just now")))
}

fn filter(args: &FilterArgs, limit: Option<usize>) -> Filter {
    Filter {
        failed: args.failed,
        event: args.event.clone(),
        webhook: args.webhook.clone(),
        story: args.story.clone(),
        since: args.since.map(|since| since.resolve(system::now())),
        id: args.id.clone(),
        limit,
        ..Filter::default()
    }
}
