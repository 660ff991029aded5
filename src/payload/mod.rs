//! Changes to a sample's `data` before it is sent: `--set PATH=VALUE` and `--add PATH=VALUE`.
//! Pure.

mod assignment;
mod edit;
mod path;

pub use assignment::{Assignment, InvalidAssignment};
pub use edit::{EditError, add, set};
pub use path::{InvalidPath, Path, Step};
