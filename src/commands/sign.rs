//! `pgwh sign`

use super::error::CliError;
use super::{Exit, bodies, input, secret, system};
use crate::cli::{SignArgs, SignedForm};
use crate::pgm::{RequestId, SignedRequest};
use crate::report::{self, Output};

pub(super) fn run(args: &SignArgs, output: &mut Output) -> Result<Exit, CliError> {
    input::check_single_stdin(&args.payload, &args.secret, None)?;
    let has_body = args.event.is_some() || args.payload.body.is_some();
    let form = match (args.form, has_body) {
        (Some(form), true) => form,
        (None, true) => SignedForm::Http,
        (Some(form @ (SignedForm::Headers | SignedForm::Signature)), false) => form,
        (None, false) => SignedForm::Headers,
        (Some(_), false) => {
            return Err(CliError::new("a whole request needs an event or --body")
                .help("pgwh sign ClassesBooked --as http")
                .help("for an id alone, use --as headers or --as signature"));
        }
    };
    let (event, request) = build(args, output)?;
    output.stdout_raw(render(form, event.as_deref(), &request, args, output.stdout_is_tty()));
    Ok(Exit::Yes)
}

fn build(
    args: &SignArgs,
    output: &mut Output,
) -> Result<(Option<String>, SignedRequest), CliError> {
    let now = system::now();
    let date = bodies::triggered_date(args.triggered_date, now)?;
    let events: Vec<_> = args.event.iter().cloned().collect();
    let body = bodies::bodies(&events, &args.payload, date)?.pop();
    let (event, body) = body.map_or((None, Vec::new()), |body| (body.event, body.body));
    let id = match &args.request_id {
        Some(id) => RequestId::new(id.as_str())?,
        None => system::new_request_id(),
    };
    let secret = secret::required(&args.secret, output)?;
    Ok((event, SignedRequest::new(id, &secret, body)))
}

fn render(
    form: SignedForm,
    event: Option<&str>,
    request: &SignedRequest,
    args: &SignArgs,
    watched: bool,
) -> Vec<u8> {
    let url = &args.url.0;
    match form {
        SignedForm::Http => {
            let bytes = report::request_http(request, url);
            // On a terminal control characters are escaped, and the prompt starts a new line.
            if watched {
                report::escape_block(&String::from_utf8_lossy(&bytes))
                    .into_bytes()
                    .into_iter()
                    .chain(*b"\n")
                    .collect()
            } else {
                bytes
            }
        }
        SignedForm::Headers => report::request_headers(request).into_bytes(),
        SignedForm::Signature => {
            format!("{}\n", request.signature().unwrap_or_default()).into_bytes()
        }
        SignedForm::Json => report::request_json(event, request, url).into_bytes(),
        SignedForm::Curl => report::request_curl(request, url).into_bytes(),
    }
}
