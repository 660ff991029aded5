//! Captures: requests that some receiver saw, in whatever shape a tool saved them. Pure.

mod line;
mod request;

pub use line::Line;
pub use request::{Body, Capture};
