//! What follows the options in help: examples and exit codes.

use super::Exit;

/// Ends the short help (`-h`) of each command.
pub(super) const MORE: &str = "--help shows all options, examples and exit codes.";

/// Ends the long help (`--help`) of a command: examples, then the exit codes that it can have. Every
/// start builds it for every command, so it only appends.
pub(super) fn after(examples: &[&str], codes: &[u8]) -> String {
    let mut text = String::with_capacity(1024);
    text.push_str("Examples:\n");
    for example in examples {
        text.push_str("  ");
        text.push_str(example);
        text.push('\n');
    }
    text.push('\n');
    push_exit_codes(&mut text, |exit| codes.contains(&(exit as u8)));
    text
}

/// Ends the overview of all commands.
pub(super) fn overview() -> String {
    let mut text = "Start with:\n  pgwh demo\n\n".to_owned();
    push_exit_codes(&mut text, |_| true);
    text.push_str(
        "\n\npgwh is for the webhooks of Perfect Gym Manager. PerfectGym Next has different ones.",
    );
    text
}

fn push_exit_codes(text: &mut String, chosen: impl Fn(Exit) -> bool) {
    text.push_str("Exit codes:");
    for exit in Exit::ALL.into_iter().filter(|exit| chosen(*exit)) {
        text.push_str(exit.help_line());
    }
}
