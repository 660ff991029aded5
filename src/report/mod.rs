//! From values to text. Renderers return text; [`Output`] is the one place that writes it.

mod check_human;
mod check_json;
mod delivery;
mod delivery_json;
mod escape;
mod events;
mod failure;
mod listen_body;
mod listen_human;
mod listen_json;
mod listen_ready;
mod listen_summary;
mod output;
mod palette;
mod request;
mod words;
mod wrap;

pub use check_human::{check_human, probe_list, probe_page};
pub use check_json::{check_json, probe_list_json};
pub use delivery::DeliveryReport;
pub use delivery_json::delivery_json;
pub use escape::{escape, escape_block};
pub use events::{event_list, event_list_json, event_page, event_page_json};
pub use failure::{failure, warning};
pub use listen_human::ListenReport;
pub use listen_json::{listen_refusal_json, listen_request_json};
pub use listen_ready::Ready;
pub use listen_summary::{Expected, listen_summary, listen_summary_json};
pub use output::Output;
pub use palette::Palette;
pub use request::{curl, headers, http, json};
pub use words::{attempt_word, milliseconds, reason, shown_url};
