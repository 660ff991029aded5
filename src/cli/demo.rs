//! `pgwh demo`

use clap::Args;

use super::help;

/// Take a quick tour; no setup needed
///
/// Starts a receiver on this machine, sends it an event that it fails once and then accepts,
/// verifies what arrived, and checks the receiver. Takes two seconds and needs no arguments, files
/// or network.
#[derive(Debug, Args)]
#[command(after_help = help::MORE, after_long_help = help::after(&["pgwh demo"], &[0, 1, 130, 143]))]
pub struct DemoArgs {}
