//! Keeping what came: one task writes captures and fixtures, in batches, and says when they
//! are written.

mod file;
mod fixtures;
mod line;
mod writer;

pub use file::{CaptureFile, Rotation};
pub use fixtures::FixtureFolder;
pub(super) use line::line;
pub use writer::{Kept, NotSaved, Saver};
