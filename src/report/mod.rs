//! From values to text. Renderers return text; [`Output`] is the one place that writes it.

mod check;
mod check_ci;
mod check_json;
mod delivery;
mod delivery_json;
pub mod demo;
mod diagnostic;
mod escape;
mod event_schema;
mod events;
mod json;
mod junit;
mod listen;
mod listen_human;
mod load;
mod output;
mod palette;
mod payload;
mod request;
mod requests;
mod scaffold;
mod verify;
mod webhooks;
mod wrap;

pub use check::{check_human, probe_list, probe_page};
pub use check_ci::{check_github, check_junit, check_markdown};
pub use check_json::{check_json, probe_list_json};
pub use delivery::{DeliveryReport, round_summary};
pub use delivery_json::delivery_json;
pub use diagnostic::{error, error_json, warning};
pub use escape::{escape, escape_block};
pub use event_schema::{event_schema, example_date, openapi};
pub use events::{event_list, event_list_json, event_page, event_page_json};
pub use listen::{
    Expected, ReadyLine, listen_junit, listen_refusal_json, listen_request_json, listen_summary,
    listen_summary_json,
};
pub use listen_human::{ListenReport, speak_of_requests};
pub use load::{LoadReport, LoadResult, percentile_text};
pub use output::{LiveStdout, Output};
pub use palette::Palette;
pub use payload::{payload_differences, payload_differences_json};
pub use request::{request_curl, request_headers, request_http, request_hurl, request_json};
pub use requests::{
    RequestPage, RequestTable, load_page_json, pruned, pruned_json, request_line_json,
    request_page_json,
};
pub use scaffold::{scaffold_json, scaffold_list, scaffold_written, scaffold_written_json};
pub use verify::{
    ReportedCapture, Summary, UnreadPart, VerifyGithub, VerifyHuman, VerifyJson, VerifyJunit,
    VerifyMarkdown, VerifyReport, finding_lines_json, finding_list, finding_page, is_clean,
    progress, source,
};
pub use webhooks::{ShownWebhook, subscriptions, webhook_json, webhook_list};

pub use crate::delivery::{describe_attempt, format_duration, status_line};
use crate::text::grouped;
pub use crate::text::shown_url;
