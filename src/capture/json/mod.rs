//! JSON that is looked at where it stands: no tree is built, so that a large file needs no
//! memory beyond its own bytes, and a body that a tool kept as JSON keeps its own spelling.

mod node;
mod scan;
mod unescape;

pub(super) use node::Node;
pub(super) use scan::{special, value_end};
pub(super) use unescape::unescape;
