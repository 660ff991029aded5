//! The `pgwh` command.

fn main() {}
