//! How fast the readers are.
fn main() {}
