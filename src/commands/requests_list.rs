//! The requests list for commands: recording what they send, and reading it.

use super::error::CliError;
use super::{config, dirs, system};
use crate::report::Output;
use crate::requests::{IdMatch, ListError, Recorder, RequestRow, RequestsList};
use crate::webhooks::Config;

/// How to send without the list.
pub(super) const NO_RECORD_HELP: Option<&str> = Some("--no-record sends without the list");

/// The recorder of this process; `recorded` is false with `--no-record`.
pub(super) fn recorder(recorded: bool, config: &Config) -> Recorder {
    if !recorded {
        return Recorder::off();
    }
    Recorder::new(dirs::state(), config::retention(config), std::process::id())
}

/// Shows what is wrong with the list, if anything is: once, and never as an error. `without` is the
/// command's own way of going on without the list.
pub(super) fn show_warnings(recorder: &Recorder, without: Option<&str>, output: &mut Output) {
    for mut warning in recorder.take_warnings() {
        if warning.is_unrecorded {
            warning.diagnostic.help.extend(without.map(str::to_owned));
        }
        output.warn(warning.diagnostic);
    }
}

/// Opens the list; `None` when nothing was ever recorded.
pub(super) fn open(output: &mut Output) -> Result<Option<RequestsList>, CliError> {
    let dir = dirs::state().ok_or(ListError::NoFolder).map_err(explain)?;
    let (list, warning) = RequestsList::open(&dir, system::now()).map_err(explain)?;
    if let Some(warning) = warning {
        output.warn(warning.diagnostic);
    }
    Ok(list)
}

/// The request that an id, its beginning, or `last` means.
pub(super) fn find(list: Option<&RequestsList>, text: &str) -> Result<RequestRow, CliError> {
    let found = match list {
        Some(list) => list.find(text, system::now()).map_err(explain)?,
        None => IdMatch::None,
    };
    match found {
        IdMatch::One(row) => Ok(*row),
        IdMatch::None => Err(CliError::new(format!("no request's id begins with {text:?}"))
            .help("`pgwh requests` shows the ids, `last` is the newest")),
        IdMatch::Several(rows) => {
            let error = CliError::new(format!("several requests' ids begin with {text:?}"));
            Err(rows.iter().map(candidate).fold(error, CliError::help))
        }
    }
}

/// What is wrong with the list, as an error of a command that needs it.
pub(super) fn explain(error: ListError) -> CliError {
    CliError::new(error.to_string()).help(error.help())
}

fn candidate(row: &RequestRow) -> String {
    let event = row.event.as_deref().unwrap_or("(no event)");
    format!("{}  {}  {event}", row.request_id, crate::pgm::format_date(row.created_at))
}
