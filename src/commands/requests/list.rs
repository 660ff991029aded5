//! `pgwh requests`

use crate::cli::{FilterArgs, FormatArg};
use crate::commands::failure::Failure;
use crate::commands::{Exit, edge, journal};
use crate::report::{Output, RequestTable, request_line_json};
use crate::requests::{Entry, RequestsList};

pub(super) fn run(
    args: &FilterArgs,
    limit: usize,
    format: FormatArg,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let Some(list) = journal::list(output)? else {
        output.note("nothing was sent yet; `pgwh send` puts what it sends here\n");
        return Ok(Exit::Yes);
    };
    // One more than is shown tells whether there are more.
    let filter = super::filter(args, Some(limit.saturating_add(1)));
    let mut entries = list.list(&filter, edge::now()).map_err(journal::explain)?;
    let is_cut = entries.len() > limit;
    entries.truncate(limit);
    match format {
        FormatArg::Json => output.answer(entries.iter().map(request_line_json).collect::<String>()),
        FormatArg::Human if entries.is_empty() => output.note("no requests\n"),
        FormatArg::Human => table(&list, &entries, is_cut, output)?,
    }
    Ok(Exit::Yes)
}

fn table(
    list: &RequestsList,
    entries: &[Entry],
    is_cut: bool,
    output: &mut Output,
) -> Result<(), Failure> {
    let short = |entry: &Entry| list.short_id(&entry.request_id);
    let ids: Vec<_> =
        entries.iter().map(short).collect::<Result<_, _>>().map_err(journal::explain)?;
    let table =
        RequestTable { entries, ids: &ids, width: output.width(), palette: output.palette() };
    output.answer(table.render());
    if is_cut && output.is_watched() {
        let total = list.count().map_err(journal::explain)?;
        let more = format!("the newest {} of {total}; --limit N shows more", entries.len());
        output.answer(format!("{}\n", output.palette().faint(&more)));
    }
    Ok(())
}
