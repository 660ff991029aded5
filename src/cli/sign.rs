//! `pgwh sign`

use clap::{Args, ValueEnum};

use super::values::event_name;
use super::{ConfigArgs, PayloadArgs, SecretArgs, TargetUrl, TriggeredDate, help};

/// Build and sign a request without sending it
///
/// Prints the request that `send` would send. With --request-id and no event, prints the two
/// headers for that id.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "PGWH_SECRET=… pgwh sign ClassesBooked",
        "pgwh sign ClassesBooked --as curl --url http://localhost:3000/pgm --secret-file pgm.secret",
        "pgwh sign --request-id 7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4 --secret-file pgm.secret",
    ],
    &[0, 2],
))]
pub struct SignArgs {
    /// The event to sign
    #[arg(
        value_name = "EVENT",
        value_parser = event_name(),
        hide_possible_values = true,
        required_unless_present_any = ["body", "request_id"],
    )]
    pub event: Option<String>,
    /// What to print [default: http; headers without an event or body]
    #[arg(long = "as", value_name = "FORM", value_enum)]
    pub form: Option<SignedForm>,
    /// The URL of the printed request [default: the webhook's, or https://example.com/pgm]
    #[arg(long, value_name = "URL", value_hint = clap::ValueHint::Url)]
    pub url: Option<TargetUrl>,
    /// Use the secret and URL of this webhook of pgwh.toml
    #[arg(long, value_name = "NAME")]
    pub webhook: Option<String>,
    /// Sign this request id instead of a new one
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub request_id: Option<String>,
    /// When the event happened: a date, now, -5m [default: now]
    #[arg(long, value_name = "DATE", allow_hyphen_values = true, requires = "event")]
    pub triggered_date: Option<TriggeredDate>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub payload: PayloadArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub secret: SecretArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub config: ConfigArgs,
}

/// What `sign` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SignedForm {
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
