//! Keeping what came: one thread writes captures and fixtures, in batches, and says when they
//! are written.

mod file;
mod fixtures;
mod writer;

pub use file::{CaptureFile, Rotation};
pub use fixtures::FixtureFolder;
pub use writer::{Kept, NotSaved, Saver};
