//! `pgwh requests prune`

use crate::cli::{FormatArg, PruneArgs};
use crate::commands::failure::Failure;
use crate::commands::{Exit, config, edge, journal};
use crate::report::{Output, pruned, pruned_json};
use crate::requests::Retention;

pub(super) fn run(args: &PruneArgs, output: &mut Output) -> Result<Exit, Failure> {
    let settings = config::retention(&config::load(args.config.config.as_deref())?);
    let retention = Retention {
        keep: args.keep.unwrap_or(settings.keep),
        older_than: args.older_than.unwrap_or(settings.older_than),
    };
    let (removed, left) = match journal::whole_list(output)? {
        Some(mut list) => list.prune(&retention, edge::now()).map_err(journal::explain)?,
        None => (0, 0),
    };
    output.answer(match args.format {
        FormatArg::Human => pruned(removed, left),
        FormatArg::Json => pruned_json(removed, left),
    });
    Ok(Exit::Yes)
}
