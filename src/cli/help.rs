//! What stands below each command's options: examples, and its exit codes.

/// The exit codes of pgwh, each with what it means. A command's help shows those it can have.
const EXIT_CODES: [(u8, &str); 5] = [
    (0, "yes: delivered, valid, passed"),
    (1, "no: failed delivery, invalid capture, failed check"),
    (2, "the command could not be understood: flags, files, unknown event"),
    (3, "the target could not be reached at all: DNS, connection, TLS"),
    (130, "interrupted"),
];

/// Below the overview.
pub(super) fn root() -> String {
    format!(
        "Start with:\n  pgwh demo\n\nExit codes:\n{}\n\n{}",
        codes(&[0, 1, 2, 3, 130]),
        "These are the webhooks of Perfect Gym Manager. PerfectGym Next has others."
    )
}

/// Below a command: examples as they are typed, then the exit codes it can have.
pub(super) fn after(examples: &[&str], exit_codes: &[u8]) -> String {
    let examples: String = examples.iter().map(|line| format!("  {line}\n")).collect();
    format!("Examples:\n{examples}\nExit codes:\n{}", codes(exit_codes))
}

fn codes(wanted: &[u8]) -> String {
    let lines: Vec<_> = EXIT_CODES
        .iter()
        .filter(|(code, _)| wanted.contains(code))
        .map(|(code, meaning)| format!("  {code:>3}  {meaning}"))
        .collect();
    lines.join("\n")
}
