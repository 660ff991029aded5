//! From values to text. Renderers return text; [`Output`] is the one place that writes it.

mod check;
mod delivery;
mod event_schema;
mod formats;
mod listen;
mod listen_human;
mod lists;
mod load;
mod output;
mod play;
mod play_formats;
mod request;
mod request_table;
mod requests;
mod terminal;
mod verify;

pub use check::{
    check_github, check_human, check_json, check_junit, check_markdown, probe_list,
    probe_list_json, probe_page,
};
pub use delivery::{DeliveryReport, attempt_value, delivery_json, round_summary};
pub use event_schema::{event_schema, example_date, openapi};
pub use formats::{escape, escape_block};
pub use listen::{
    Expected, ReadyLine, listen_junit, listen_refusal_json, listen_request_json, listen_summary,
    listen_summary_json,
};
pub use listen_human::{ListenReport, speak_of_requests};
pub use lists::{
    ShownWebhook, event_list, event_list_json, event_page, event_page_json, scaffold_json,
    scaffold_list, scaffold_written, scaffold_written_json, subscriptions, webhook_json,
    webhook_list,
};
pub use load::{LoadReport, LoadResult, percentile_text};
pub use output::{LiveStdout, Output, error, warning};
pub use play::{StepResult, StoryReport, StoryResult, story_list};
pub use play_formats::story_list_json;
pub use request::{
    payload_differences, payload_differences_json, request_capture, request_curl, request_headers,
    request_http, request_hurl, request_json,
};
pub use request_table::{RequestTable, event_text, response_text, status_word};
pub use requests::{RequestPage, pruned, pruned_json, request_line_json, request_page_json};
pub use terminal::Palette;
pub use verify::{
    ReportedCapture, Summary, UnreadPart, VerifyGithub, VerifyHuman, VerifyJson, VerifyJunit,
    VerifyMarkdown, VerifyReport, anonymized_human, anonymized_json, finding_lines_json,
    finding_list, finding_page, is_clean, progress, source,
};
