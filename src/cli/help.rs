//! What follows the options in each command's help: examples and exit codes. Built with `concat!` at
//! compile time.

/// The line of an exit code.
macro_rules! exit_code {
    (0) => {
        "    0  yes: delivered, valid, passed"
    };
    (1) => {
        "    1  no: failed delivery, invalid capture, failed check"
    };
    (2) => {
        "    2  usage error: flags, files, unknown event"
    };
    (3) => {
        "    3  the target could not be reached: DNS, connection, TLS"
    };
    (130) => {
        "  130  interrupted (Ctrl-C)"
    };
    (143) => {
        "  143  terminated (SIGTERM)"
    };
}

/// For one command: examples, then its exit codes.
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

/// For the overview of all commands.
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
    "\n",
    exit_code!(143),
    "\n\npgwh is for the webhooks of Perfect Gym Manager. PerfectGym Next has different ones."
);
