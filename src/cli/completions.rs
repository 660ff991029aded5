//! `pgwh completions`

use clap::Args;
use clap_complete::Shell;

use super::help;

/// Print a completion script for your shell
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&[
        "pgwh completions bash > ~/.local/share/bash-completion/completions/pgwh",
        "pgwh completions zsh > \"${fpath[1]}/_pgwh\"",
        "pgwh completions fish > ~/.config/fish/completions/pgwh.fish",
    ],
    &[0, 2],
))]
pub struct CompletionsArgs {
    /// The shell to complete for
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}
