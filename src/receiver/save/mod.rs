//! Keeping what came: tasks write captures and fixtures, in batches, and say when they
//! are written.

mod batch;
mod file;
mod fixtures;
mod line;
mod saver;
mod writer;

pub use batch::NotSaved;
pub use file::{CaptureFile, Rotation};
pub use fixtures::FixtureFolder;
pub use saver::{Kept, Saver, Saving};
