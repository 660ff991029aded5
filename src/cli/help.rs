//! What follows the options in help: examples and exit codes.

use super::Exit;

/// Ends the short help (`-h`) of each command.
pub(super) const MORE: &str = "--help shows all options, examples and exit codes.";

/// Ends the long help (`--help`) of a command: examples, then the exit codes that it can have.
pub(super) fn after(examples: &[&str], codes: &[u8]) -> String {
    let examples: String = examples.iter().map(|example| format!("  {example}\n")).collect();
    format!("Examples:\n{examples}\n{}", exit_codes(|exit| codes.contains(&(exit as u8))))
}

/// Ends the overview of all commands.
pub(super) fn overview() -> String {
    format!(
        "Start with:\n  pgwh demo\n\n{}\n\npgwh is for the webhooks of Perfect Gym Manager. \
         PerfectGym Next has different ones.",
        exit_codes(|_| true)
    )
}

fn exit_codes(chosen: impl Fn(Exit) -> bool) -> String {
    let chosen = Exit::ALL.into_iter().filter(|exit| chosen(*exit));
    let lines: String =
        chosen.map(|exit| format!("\n  {:>3}  {}", exit as u8, exit.meaning())).collect();
    format!("Exit codes:{lines}")
}
