//! `pgwh requests export`

use crate::cli::ExportArgs;
use crate::commands::failure::Failure;
use crate::commands::save::{self, CaptureFile};
use crate::commands::{Exit, edge, journal};
use crate::report::Output;

pub(super) fn run(args: &ExportArgs, output: &mut Output) -> Result<Exit, Failure> {
    let mut file =
        args.output.as_deref().map(|path| CaptureFile::open("--output", path)).transpose()?;
    let Some(list) = journal::list(output)? else {
        output.note("nothing was sent yet\n");
        return Ok(Exit::Yes);
    };
    let filter = super::filter(&args.filter, args.limit);
    let mut entries = list.list(&filter, edge::now()).map_err(journal::explain)?;
    // A load run is no request; those of its requests that failed are.
    entries.retain(|entry| entry.load.is_none());
    let total = entries.len();
    // One at a time, as bodies may be large.
    for entry in entries.into_iter().rev() {
        let Some(stored) = list.read(entry).map_err(journal::explain)? else { continue };
        let (url, sent_at) = (&stored.entry.url, stored.entry.created_at);
        match &mut file {
            Some(file) => file.append(&stored.request, url, sent_at)?,
            None => output.answer(save::capture_line(&stored.request, url, sent_at)),
        }
    }
    if let Some(path) = &args.output {
        output.note(&format!("wrote {total} captures to {}\n", path.display()));
    }
    Ok(Exit::Yes)
}
