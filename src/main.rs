//! The `pgwh` command: parse, run, exit code. The work is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    pgwh::commands::run(std::env::args_os()).into()
}
