//! What the process tells the shell.

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
    pub const ALL: [Self; 6] =
        [Self::Yes, Self::No, Self::Usage, Self::Unreachable, Self::Interrupted, Self::Terminated];

    /// The line of help about this code.
    pub(super) fn help_line(self) -> &'static str {
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
