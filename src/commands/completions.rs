//! `pgwh completions`

use clap::{Args, Command};
use clap_complete::Shell;

use super::Exit;
use crate::cli::help;
use crate::report::Output;

/// Print a completion script for your shell
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh completions bash > ~/.local/share/bash-completion/completions/pgwh",
        "pgwh completions zsh > \"${fpath[1]}/_pgwh\"",
        "pgwh completions fish > ~/.config/fish/completions/pgwh.fish",
    ],
    &[0, 2],
))]
pub(super) struct CompletionsArgs {
    /// The shell to complete for
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl CompletionsArgs {
    /// Prints the script for the command line `tree`.
    pub(super) fn run(&self, tree: &mut Command, output: &mut Output) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, tree, "pgwh", &mut script);
        output.stdout_raw(script);
        Exit::Yes
    }
}
