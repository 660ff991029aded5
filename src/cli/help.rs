//! Exit codes, and what follows the options in help: examples and these codes.

use std::process::ExitCode;

use crate::delivery::DeliveryVerdict;

/// The exit codes of pgwh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Delivered, valid, passed.
    Yes = 0,
    /// Failed delivery, invalid capture, failed check.
    No = 1,
    /// The command could not be understood.
    Usage = 2,
    /// The target could not be reached.
    Unreachable = 3,
    /// Interrupted with Ctrl-C.
    Interrupted = 130,
    /// Terminated by SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// All exit codes, in ascending order.
    const ALL: [Self; 6] =
        [Self::Yes, Self::No, Self::Usage, Self::Unreachable, Self::Interrupted, Self::Terminated];

    /// The line of help about this code.
    fn help_line(self) -> &'static str {
        match self {
            Self::Yes => "\n    0  yes: delivered, valid, passed",
            Self::No => "\n    1  no: failed delivery, invalid capture, failed check",
            Self::Usage => "\n    2  usage error: flags, files, unknown event",
            Self::Unreachable => "\n    3  the target could not be reached: DNS, connection, TLS",
            Self::Interrupted => "\n  130  interrupted (Ctrl-C)",
            Self::Terminated => "\n  143  terminated (SIGTERM)",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<DeliveryVerdict> for Exit {
    fn from(verdict: DeliveryVerdict) -> Self {
        match verdict {
            DeliveryVerdict::Delivered => Self::Yes,
            DeliveryVerdict::Failed => Self::No,
            DeliveryVerdict::Unreachable => Self::Unreachable,
        }
    }
}

/// Ends the short help (`-h`) of each command.
pub const MORE: &str = "--help shows all options, examples and exit codes.";

/// Ends the long help (`--help`) of a command: examples, then the exit codes that it can have.
pub fn after(examples: &[&str], codes: &[u8]) -> String {
    let examples: String = examples.iter().map(|example| format!("  {example}\n")).collect();
    format!("Examples:\n{examples}\n{}", exit_codes(|exit| codes.contains(&(exit as u8))))
}

/// Ends the overview of all commands.
pub fn overview() -> String {
    format!(
        "Start with:\n  pgwh demo\n\n{}\n\n\
         pgwh is for the webhooks of Perfect Gym Manager. PerfectGym Next has different ones.",
        exit_codes(|_| true),
    )
}

fn exit_codes(chosen: impl Fn(Exit) -> bool) -> String {
    let lines = Exit::ALL.into_iter().filter(|exit| chosen(*exit)).map(Exit::help_line);
    std::iter::once("Exit codes:").chain(lines).collect()
}
