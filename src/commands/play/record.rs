//! `pgwh play --record`

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::capture::Capture;
use crate::cli::Since;
use crate::commands::reports::cannot_write;
use crate::commands::requests::{explain, open};
use crate::commands::{CliError, Exit, now, random_seed, read_captures};
use crate::files::write_new;
use crate::pgm;
use crate::report::{Output, OutputFormat};
use crate::requests::Filter;
use crate::story::{RecordedRequest, record};

/// Writes a story from captures, or from the requests list.
pub(super) fn run(
    path: &Path,
    from: Option<&Path>,
    since: Option<Since>,
    format: OutputFormat,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let since = since.map(|since| since.resolve(now()));
    let (mut requests, source) = match from {
        Some(file) => (captured(file, output)?, format!("from {}", file.display())),
        None => (sent(since, output)?, "from the requests list".to_owned()),
    };
    requests.retain(|request| since.is_none_or(|since| request.at >= since));
    requests.sort_by_key(|request| request.at);
    let day = requests.first().map(|request| request.at.format(" of %Y-%m-%d").to_string());
    let title = format!("Recorded {source}{}", day.unwrap_or_default());
    let Some(story) = record(&requests, &title, random_seed()) else {
        return Err(CliError::new(format!("--record: there is no event to record {source}"))
            .help("record captures with --from FILE, or send something first"));
    };
    write(path, &story.text)?;
    match format {
        OutputFormat::Human => output.stderr(&story.summary(path)),
        OutputFormat::Json => output.stdout_raw(format!("{}\n", story.to_json(path))),
    }
    Ok(Exit::Yes)
}

/// A story that somebody may have edited is not overwritten.
fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let written = write_new(OpenOptions::new(), path, text);
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            CliError::new(format!("--record: {} exists already", path.display()))
                .help("choose another name, or remove it first")
        }
        _ => cannot_write("--record", path, &error),
    })
}

fn captured(file: &Path, output: &mut Output) -> Result<Vec<RecordedRequest>, CliError> {
    let mut last = None;
    let request = |capture: Capture<'static>| {
        let body = capture.body.as_ref().map(|body| body.bytes.to_vec()).unwrap_or_default();
        // A file without times keeps its order.
        let at = capture.received_at.or_else(|| triggered_date(&body)).or(last);
        last = at;
        Some(RecordedRequest {
            request_id: capture.request_ids().next().map(str::to_owned),
            at: at.unwrap_or(DateTime::UNIX_EPOCH),
            body,
        })
    };
    Ok(read_captures(file, output)?.into_iter().filter_map(request).collect())
}

fn sent(
    since: Option<DateTime<Utc>>,
    output: &mut Output,
) -> Result<Vec<RecordedRequest>, CliError> {
    let Some(list) = open(output)? else { return Ok(Vec::new()) };
    let now = now();
    let filter = Filter { since, no_load_runs: true, ..Filter::default() };
    let mut requests = Vec::new();
    for row in list.list(&filter, now).map_err(explain)? {
        let Some(stored) = list.read(row, now).map_err(explain)? else { continue };
        requests.push(RecordedRequest {
            request_id: Some(stored.entry.request_id.to_string()),
            at: stored.entry.created_at,
            body: stored.request.body().to_vec(),
        });
    }
    requests.reverse();
    Ok(requests)
}

/// When the event of a body happened.
fn triggered_date(body: &[u8]) -> Option<DateTime<Utc>> {
    let json: Value = serde_json::from_slice(body).ok()?;
    pgm::parse_date(json.get("triggeredDate")?.as_str()?)
}
