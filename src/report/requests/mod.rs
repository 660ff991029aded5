//! The requests list: its lines, and one request with all that came of it.

mod json;
mod page;
mod payload;
mod status;
mod table;

pub use json::{load_page_json, pruned_json, request_line_json, request_page_json};
pub use page::RequestPage;
pub use table::RequestTable;

/// What `prune` did.
pub fn pruned(removed: u64, left: u64) -> String {
    let requests = if removed == 1 { "request" } else { "requests" };
    format!("removed {removed} {requests}; {left} left\n")
}
