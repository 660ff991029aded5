//! `pgwh sign`

use url::Url;

use super::error::CliError;
use super::{Exit, bodies, config, input, secret, system};
use crate::cli::{SignArgs, SignedForm};
use crate::pgm::{RequestId, Secret, SignedRequest};
use crate::report::{self, Output};

/// The URL of a printed request that has none of its own.
const DEFAULT_URL: &str = "https://example.com/pgm";

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
    let (secret, url) = secret_and_url(args, output)?;
    let (event, request) = build(args, &secret, output)?;
    output.stdout_raw(render(form, event.as_deref(), &request, &url, output.stdout_is_tty()));
    Ok(Exit::Yes)
}

/// The secret and URL of the flags, else those of the webhook, else their defaults.
fn secret_and_url(args: &SignArgs, output: &mut Output) -> Result<(Secret, Url), CliError> {
    let url = args.url.as_ref().map(|url| url.0.clone());
    let Some(name) = &args.webhook else {
        let secret = secret::required(&args.secret, output)?;
        secret::warn_if_mangled(&secret, secret::source(&args.secret), output);
        return Ok((secret, url.map_or_else(|| Url::parse(DEFAULT_URL), Ok)?));
    };
    let config = config::load(args.config.config.as_deref(), output)?;
    let webhook = config::webhook(&config, name)?;
    let secret = match secret::typed(&args.secret, output)? {
        Some(secret) => secret,
        None => config::secret(&config, webhook)?,
    };
    secret::warn_if_mangled(&secret, &format!("the webhook {name}"), output);
    Ok((secret, url.unwrap_or_else(|| webhook.url.clone())))
}

fn build(
    args: &SignArgs,
    secret: &Secret,
    output: &mut Output,
) -> Result<(Option<String>, SignedRequest), CliError> {
    let now = system::now();
    let date = bodies::triggered_date(args.triggered_date, now)?;
    let events: Vec<_> = args.event.iter().cloned().collect();
    let body = bodies::bodies(&events, &args.payload, date, output)?.pop();
    let (event, body) = body.map_or((None, Vec::new()), |body| (body.event, body.body));
    let id = match &args.request_id {
        Some(id) => RequestId::new(id.as_str())?,
        None => system::new_request_id(),
    };
    Ok((event, SignedRequest::new(id, secret, body)))
}

fn render(
    form: SignedForm,
    event: Option<&str>,
    request: &SignedRequest,
    url: &Url,
    is_tty: bool,
) -> Vec<u8> {
    match form {
        SignedForm::Http => {
            let bytes = report::request_http(request, url);
            // On a terminal control characters are escaped, and the prompt starts a new line.
            if is_tty {
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
        SignedForm::Hurl => report::request_hurl(request, url).into_bytes(),
    }
}
