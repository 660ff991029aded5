//! JSON that is looked at where it stands: no tree is built, so that a large file needs no
//! memory beyond its own bytes, and a body that a tool kept as JSON keeps its own spelling.
//! Short texts, such as lines, are indexed in one pass, so that no byte is sought twice.

mod index;
mod items;
mod node;
mod pass;
mod scan;
mod unescape;

pub(super) use index::Index;
pub(super) use node::Node;
pub(super) use scan::value_end;
pub(super) use unescape::unescape;
