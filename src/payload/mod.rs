//! Changes to a sample's `data` before it is sent: `--set PATH=VALUE`, `--add PATH=VALUE` and
//! `--vary PATH=FROM..TO`.
//! Pure.

mod assignment;
mod edit;
mod path;
mod vary;

pub use assignment::{Assignment, InvalidAssignment};
pub use edit::{EditError, add, set};
pub use path::{InvalidPath, Path, Step};
pub use vary::{InvalidVariation, Variation};
