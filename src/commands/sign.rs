//! `pgwh sign`

use clap::{Args, ValueEnum, ValueHint};
use url::Url;

use super::bodies::{self, PayloadArgs};
use super::secret::{SecretArgs, SigningSecrets};
use super::{CliError, ConfigArgs, Exit, check_single_stdin, named_webhook, new_request_id, now};
use crate::cli::{self, TargetUrl, TriggeredDate, event_name};
use crate::pgm::{RequestId, Secret, SignedRequest};
use crate::report::{self, Output};

/// The URL of a printed request that has none of its own.
const DEFAULT_URL: &str = "https://example.com/pgm";

/// Build and sign a request without sending it
///
/// Prints the request that `send` would send. With --request-id and no event, prints the two
/// headers for that id.
#[derive(Debug, Args)]
#[command(after_help = cli::MORE_HELP, after_long_help = cli::after_help(&[
        "PGWH_SECRET=… pgwh sign ClassesBooked",
        "pgwh sign ClassesBooked --as curl --secret-file pgm.secret",
        "pgwh sign --request-id 7f6c2d4e-1b0a-4c39 --secret-file pgm.secret",
    ],
    &[0, 2],
))]
pub(super) struct SignArgs {
    /// The event to sign
    #[arg(
        value_name = "EVENT",
        value_parser = event_name(),
        hide_possible_values = true,
        required_unless_present_any = ["body", "request_id"],
    )]
    event: Option<String>,
    /// What to print [default: http; headers without an event or body]
    #[arg(long = "as", value_name = "FORM", value_enum)]
    form: Option<SignedForm>,
    /// The URL of the printed request [default: the webhook's, or https://example.com/pgm]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    url: Option<TargetUrl>,
    /// Use the secret and URL of this webhook of pgwh.toml
    #[arg(long, value_name = "NAME")]
    webhook: Option<String>,
    /// Sign this request id instead of a new one
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    request_id: Option<String>,
    /// Set triggeredDate: a date, now, or an offset such as -5m [default: now]
    #[arg(long, value_name = "DATE", allow_hyphen_values = true, requires = "event")]
    triggered_date: Option<TriggeredDate>,
    #[command(flatten)]
    payload: PayloadArgs,
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

/// What `sign` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SignedForm {
    /// The whole request, as HTTP/1.1
    Http,
    /// PGM's two headers
    Headers,
    /// The signature alone
    Signature,
    /// One JSON object
    Json,
    /// A curl command to paste into a shell
    Curl,
    /// A Hurl file that expects a 2xx within 5 s
    Hurl,
}

impl SignArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        check_single_stdin(self.payload.stdin_flags().chain(self.secret.stdin_flag()))?;
        let has_body = self.event.is_some() || self.payload.has_body();
        let form = match (self.form, has_body) {
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
        let (secret, url) = self.secret_and_url(output)?;
        let (event, request) = self.build(&secret, output)?;
        output.stdout_raw(render(form, event.as_deref(), &request, &url, output.stdout_is_tty()));
        Ok(Exit::Yes)
    }

    /// The secret and URL of the flags, else those of the webhook, else their defaults.
    fn secret_and_url(&self, output: &mut Output) -> Result<(Secret, Url), CliError> {
        let url = self.url.as_ref().map(|url| url.0.clone());
        let secrets = SigningSecrets::new(&self.secret, output)?;
        let Some(name) = &self.webhook else {
            let secret = secrets.required(output)?;
            return Ok((secret, url.map_or_else(|| Url::parse(DEFAULT_URL), Ok)?));
        };
        let config = self.config.load(output)?;
        let webhook = named_webhook(&config, name)?;
        let secret = secrets.for_webhook(&config, name, output)?;
        Ok((secret, url.unwrap_or_else(|| webhook.url.clone())))
    }

    fn build(
        &self,
        secret: &Secret,
        output: &mut Output,
    ) -> Result<(Option<String>, SignedRequest), CliError> {
        let now = now();
        let date = bodies::triggered_date(self.triggered_date, now)?;
        let body = self.payload.bodies(self.event.as_slice(), date, output)?.pop();
        let (event, body) = body.map_or((None, Vec::new()), |body| (body.event, body.body));
        let id = match &self.request_id {
            Some(id) => RequestId::new(id.as_str())?,
            None => new_request_id(),
        };
        Ok((event, SignedRequest::new(id, secret, body)))
    }
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
