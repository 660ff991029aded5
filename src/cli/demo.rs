//! `pgwh demo`

use clap::Args;

use super::help;

/// Shows the toolkit at work in two seconds: starts a receiver on this machine, sends it an
/// event that it fails once and then accepts, verifies what arrived, and checks the target.
/// Needs no argument, no file and no network
#[derive(Debug, Args)]
#[command(after_help = help::after!(["pgwh demo"], [0, 1, 130]))]
pub struct DemoArgs {}
