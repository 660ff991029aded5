//! `pgwh completions`

use clap::CommandFactory;

use super::Exit;
use super::failure::Failure;
use crate::cli::{Cli, CompletionsArgs};
use crate::report::Output;

pub(super) fn run(args: &CompletionsArgs, output: &mut Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pgwh", &mut script);
    output.answer(script);
    Ok(Exit::Yes)
}
