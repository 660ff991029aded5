//! What the webhooks file says for flags that were not typed.

use crate::cli::{NetworkArgs, SendArgs, Typed};
use crate::webhooks::SendDefaults;

/// Fills in what the file says about sending.
pub(super) fn send(args: &mut SendArgs, defaults: &SendDefaults) {
    network(&mut args.network, args.typed, defaults);
    if let Some(retries) = defaults.retries.filter(|_| !args.typed.retries) {
        // Repeats are not retries: `--repeat` and a default of retries do not meet.
        if args.delivery.repeat.is_none() {
            args.delivery.retries = retries;
        }
    }
    if args.payload.fixtures.is_none() {
        args.payload.fixtures.clone_from(&defaults.fixtures);
    }
}

/// Fills in what the file says about the network.
pub(super) fn network(args: &mut NetworkArgs, typed: Typed, defaults: &SendDefaults) {
    if let Some(timeout) = defaults.timeout.filter(|_| !typed.timeout) {
        args.timeout = timeout;
    }
    if args.ca_cert.is_none() && !args.insecure {
        args.ca_cert.clone_from(&defaults.ca_cert);
    }
}
