//! The requests list as a command uses it.

use super::failure::Failure;
use super::{config, edge, places};
use crate::report::{Output, warning_with_help};
use crate::requests::{Entry, Found, Journal, ListError, RequestsList};
use crate::webhooks::Config;

/// The journal of this process; `recorded` is false with `--no-record`.
pub(super) fn open(recorded: bool, config: &Config) -> Journal {
    if !recorded {
        return Journal::off();
    }
    Journal::new(places::state(), config::retention(config), std::process::id(), edge::now())
}

/// Says what is wrong with the list, if anything is: once, and never as an error. `way_out` is
/// the command's own way of going without the list.
pub(super) fn tell_troubles(journal: &Journal, way_out: Option<&str>, output: &mut Output) {
    for mut trouble in journal.take_troubles() {
        if trouble.is_unrecorded {
            trouble.help.extend(way_out.map(str::to_owned));
        }
        output.note(&warning_with_help(&trouble.message, &trouble.help, output.note_palette()));
    }
}

/// The list, for looking at it; `None` when nothing was ever recorded.
pub(super) fn list() -> Result<Option<RequestsList>, Failure> {
    let place = places::state().ok_or_else(|| explain(ListError::NoFolder))?;
    RequestsList::open_existing(&place).map_err(explain)
}

/// The request that an id, its beginning, or `last` means.
pub(super) fn find(list: Option<&RequestsList>, text: &str) -> Result<Entry, Failure> {
    let found = match list {
        Some(list) => list.find(text, edge::now()).map_err(explain)?,
        None => Found::None,
    };
    match found {
        Found::One(entry) => Ok(*entry),
        Found::None => Err(Failure::new(format!("no request's id begins with {text:?}"))
            .help("`pgwh requests` shows the ids, `last` is the newest")),
        Found::Several(entries) => {
            let failure = Failure::new(format!("several requests' ids begin with {text:?}"));
            Err(entries.iter().map(candidate).fold(failure, Failure::help))
        }
    }
}

/// What is wrong with the list, as a failure of a command that is about it.
pub(super) fn explain(error: ListError) -> Failure {
    Failure::new(error.to_string()).help(error.mend())
}

fn candidate(entry: &Entry) -> String {
    let event = entry.event.as_deref().unwrap_or("(no event)");
    format!("{}  {}  {event}", entry.request_id, crate::pgm::format_date(entry.created_at))
}
