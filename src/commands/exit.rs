//! What the process says to the shell.

use std::process::ExitCode;

use crate::delivery::DeliveryVerdict;

/// The exit codes of pgwh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: delivered, valid, passed.
    Yes,
    /// 1: failed delivery, invalid capture, failed check.
    No,
    /// 2: the command could not be understood.
    Usage,
    /// 3: the target could not be reached at all.
    Unreachable,
    /// 130: interrupted.
    Interrupted,
    /// 143: terminated.
    Terminated,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Yes => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::Unreachable => 3,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        })
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
