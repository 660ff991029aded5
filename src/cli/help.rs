//! What stands below each command's options: examples, and its exit codes. Put together by the
//! compiler: every start would pay for it otherwise.

/// A line for an exit code of pgwh, with what it means.
macro_rules! exit_code {
    (0) => {
        "    0  yes: delivered, valid, passed"
    };
    (1) => {
        "    1  no: failed delivery, invalid capture, failed check"
    };
    (2) => {
        "    2  the command could not be understood: flags, files, unknown event"
    };
    (3) => {
        "    3  the target could not be reached at all: DNS, connection, TLS"
    };
    (130) => {
        "  130  interrupted"
    };
    (143) => {
        "  143  terminated"
    };
}

/// Below a command: examples as they are typed, then the exit codes it can have.
macro_rules! after {
    ([$($example:literal),+ $(,)?], [$($code:tt),+] $(,)?) => {
        concat!(
            "Examples:\n",
            $("  ", $example, "\n",)+
            "\nExit codes:",
            $("\n", $crate::cli::help::exit_code!($code)),+
        )
    };
}

pub(super) use {after, exit_code};

/// Below the overview.
pub(super) const ROOT: &str = concat!(
    "Start with:\n  pgwh demo\n\nExit codes:\n",
    exit_code!(0),
    "\n",
    exit_code!(1),
    "\n",
    exit_code!(2),
    "\n",
    exit_code!(3),
    "\n",
    exit_code!(130),
    "\n\nThese are the webhooks of Perfect Gym Manager. PerfectGym Next has others."
);
