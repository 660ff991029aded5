//! `pgwh completions`

use clap::CommandFactory;

use super::Exit;
use super::error::CliError;
use crate::cli::{Cli, CompletionsArgs};
use crate::report::Output;

pub(super) fn run(args: &CompletionsArgs, output: &mut Output) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pgwh", &mut script);
    output.stdout_raw(script);
    Ok(Exit::Yes)
}
