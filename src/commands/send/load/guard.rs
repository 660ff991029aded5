//! A run against a stranger's server is an attack: nobody should start one by mistake.

use std::net::SocketAddr;

use url::Url;

use crate::cli::SendArgs;
use crate::commands::failure::Failure;
use crate::load::{Plan, is_public};
use crate::report::shown_url;

/// Calls a second that no server minds.
const HARMLESS: f64 = 10.0;

/// Refuses to put a public host under load, unless the user says that they may.
pub(super) fn check(
    url: &Url,
    addresses: &[SocketAddr],
    plan: &Plan,
    args: &SendArgs,
) -> Result<(), Failure> {
    let is_harmless = plan.peak().is_some_and(|peak| peak <= HARMLESS);
    if args.load.yes_load_test || is_harmless {
        return Ok(());
    }
    let Some(address) = addresses.iter().find(|address| is_public(address.ip())) else {
        return Ok(());
    };
    let speed = match plan.peak() {
        Some(peak) => format!("up to {peak} requests a second"),
        None => "as many requests as it answers".to_owned(),
    };
    Err(Failure::new(format!(
        "{} is a public host ({}), and this run would send it {speed}",
        shown_url(url),
        address.ip()
    ))
    .help("to a server that is not yours, or that nobody warned, that is an attack")
    .help("--yes-load-test says that you may; --rate 10/s goes without"))
}
