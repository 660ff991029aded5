//! `pgwh demo`: the first command that a newcomer runs.

mod support;

use std::process::Command;

use support::Ran;

#[test]
fn it_shows_everything_with_no_home_no_environment_and_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgwh"));
    let output = command.arg("demo").env_clear().current_dir(folder.path()).output().unwrap();
    let ran = Ran::from(output).exits(0);
    assert_eq!(ran.stderr, "");
    let lines: Vec<_> = ran.stdout.lines().map(str::trim).collect();
    let starting = |text: &str| lines.iter().filter(|line| line.starts_with(text)).count();
    assert_eq!(starting("attempt 1   503"), 1, "{}", ran.stdout);
    assert_eq!(starting("attempt 2   200"), 1, "{}", ran.stdout);
    assert_eq!(starting("✓ PGM would mark this request successful"), 1, "{}", ran.stdout);
    assert_eq!(starting("✓ captures.ndjson: line 1: valid"), 1, "{}", ran.stdout);
    assert_eq!(starting("✗ captures.ndjson: line 1: invalid"), 1, "{}", ran.stdout);
    assert_eq!(starting("✓ ready for PGM"), 1, "{}", ran.stdout);
    assert_eq!(starting("Now try:"), 1, "{}", ran.stdout);

    // The retry, and what arrived, carry the id that was sent first.
    let id = lines.iter().find_map(|line| line.strip_prefix("request id")).unwrap().trim();
    assert_eq!(ran.stdout.matches(id).count(), 4, "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'), "a pipe gets plain text");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it leaves nothing behind");
}
