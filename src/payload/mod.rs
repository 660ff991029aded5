//! Edits of a sample's `data` before it is sent: `--set PATH=VALUE`, `--add PATH=VALUE`,
//! `--remove PATH` and `--vary PATH=FROM..TO`. Pure.

mod assignment;
mod diff;
mod edit;
mod path;

pub use assignment::{Assignment, AssignmentError, Variation, VariationError};
pub use diff::{Change, Difference, diff};
pub use edit::{EditError, add, get, remove, set};
pub use path::{DataPath, PathError, PathSegment};
