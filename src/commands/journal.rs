//! The requests list as a command uses it.

use chrono::{DateTime, Utc};

use super::failure::Failure;
use super::{config, edge, places};
use crate::report::{Output, warning_with_help};
use crate::requests::{Entry, Found, Journal, ListError, Place, RequestsList, Trouble};
use crate::webhooks::Config;

/// How a send goes without the list.
pub(super) const WITHOUT: Option<&str> = Some("--no-record sends without the list");

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
        tell(&trouble, output);
    }
}

fn tell(trouble: &Trouble, output: &mut Output) {
    output.note(&warning_with_help(&trouble.message, &trouble.help, output.note_palette()));
}

/// Has the list take in what was sent, when it is time. The answer is to be shown before.
pub(super) fn tidy(journal: &Journal, way_out: Option<&str>, output: &mut Output) {
    journal.tidy(edge::now());
    tell_troubles(journal, way_out, output);
}

/// The list, for looking at it; `None` when nothing was ever recorded.
pub(super) fn list(output: &mut Output) -> Result<Option<RequestsList>, Failure> {
    opened(RequestsList::to_look_at, output)
}

/// The list with all that was sent in it, for doing something about that.
pub(super) fn whole_list(output: &mut Output) -> Result<Option<RequestsList>, Failure> {
    opened(RequestsList::ready, output)
}

fn opened(
    open: impl Fn(&Place, DateTime<Utc>, &mut Vec<Trouble>) -> Result<Option<RequestsList>, ListError>,
    output: &mut Output,
) -> Result<Option<RequestsList>, Failure> {
    let place = places::state().ok_or_else(|| explain(ListError::NoFolder))?;
    let mut troubles = Vec::new();
    let list = open(&place, edge::now(), &mut troubles);
    troubles.iter().for_each(|trouble| tell(trouble, output));
    list.map_err(explain)
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
