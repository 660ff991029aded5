//! What the webhooks file says for flags that were not given.

use crate::cli::{NetworkArgs, SendArgs};
use crate::webhooks::SendDefaults;

/// Fills in what the file says about sending.
pub(super) fn send(args: &mut SendArgs, defaults: &SendDefaults) {
    network(&mut args.network, defaults);
    // Repeats are not retries: `--repeat` ignores a default of retries.
    if args.delivery.repeat.is_none() {
        args.delivery.retries = args.delivery.retries.or(defaults.retries);
    }
    if args.payload.fixtures.is_none() {
        args.payload.fixtures.clone_from(&defaults.fixtures);
    }
}

/// Fills in what the file says about the network.
pub(super) fn network(args: &mut NetworkArgs, defaults: &SendDefaults) {
    args.timeout = args.timeout.or(defaults.timeout);
    if args.ca_cert.is_none() && !args.insecure {
        args.ca_cert.clone_from(&defaults.ca_cert);
    }
}
