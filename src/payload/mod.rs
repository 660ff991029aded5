//! Edits of a sample's `data` before it is sent: `--set PATH=VALUE`, `--add PATH=VALUE`,
//! `--remove PATH` and `--vary PATH=FROM..TO`. Pure.

mod diff;
mod edit;
mod path;

pub use diff::{Change, Difference, diff};
pub use edit::{EditError, add, get, remove, set};
pub use path::{
    Assignment, AssignmentError, DataPath, PathError, PathSegment, Variation, VariationError,
};
