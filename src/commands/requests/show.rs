//! `pgwh requests show`

use crate::cli::{FormatArg, RequestShowArgs, StoredForm};
use crate::commands::failure::Failure;
use crate::commands::{Exit, journal, save};
use crate::report::{self, Output, RequestPage, load_page_json, request_page_json};
use crate::requests::{Entry, RequestsList, StoredRequest};

pub(super) fn run(args: &RequestShowArgs, output: &mut Output) -> Result<Exit, Failure> {
    let list = journal::list(output)?;
    let entry = journal::find(list.as_ref(), &args.id)?;
    let stored = read(list.as_ref(), entry)?;
    let StoredRequest { entry, request, .. } = &stored;
    if let (Some(_), true) = (args.form, entry.load.is_some()) {
        return Err(Failure::new("--as: a load run is many requests, not one")
            .help("`pgwh requests` shows those of its requests that failed"));
    }
    output.answer(match (args.form, args.format) {
        (Some(StoredForm::Curl), _) => report::curl(request, &entry.url).into_bytes(),
        (Some(StoredForm::Http), _) => {
            let mut bytes = report::http(request, &entry.url);
            // The body ends without a line break, which a prompt after it would want.
            if output.is_watched() {
                bytes.push(b'\n');
            }
            bytes
        }
        (Some(StoredForm::Capture), _) => {
            save::capture_line(request, &entry.url, entry.created_at).into_bytes()
        }
        (None, FormatArg::Json) if entry.load.is_some() => load_page_json(&stored).into_bytes(),
        (None, FormatArg::Json) => request_page_json(&stored).into_bytes(),
        (None, FormatArg::Human) => {
            let page =
                RequestPage { stored: &stored, verbose: args.verbose, palette: output.palette() };
            page.render().into_bytes()
        }
    });
    Ok(Exit::Yes)
}

/// All of a request that was found just now.
pub(super) fn read(list: Option<&RequestsList>, entry: Entry) -> Result<StoredRequest, Failure> {
    let id = entry.request_id.clone();
    let stored = match list {
        Some(list) => list.read(entry).map_err(journal::explain)?,
        None => None,
    };
    stored.ok_or_else(|| Failure::new(format!("the request {id} was removed just now")))
}
