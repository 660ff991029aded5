//! `pgwh send --count` and `--duration`: a run of many requests.

mod events;
mod files;
mod finish;
mod guard;
mod target;
mod watch;

use std::num::NonZeroU32;
use std::pin::pin;

use self::finish::{Files, Finish};
use crate::cli::SendArgs;
use crate::commands::failure::Failure;
use crate::commands::runtime::StopSignals;
use crate::commands::{Exit, edge, network};
use crate::delivery::{Endpoint, EndpointError};
use crate::load::{Blend, End, Plan, Run};
use crate::report::Output;
use crate::webhooks::Config;

/// Connections of a run without a rate, as of the usual tools.
const CONNECTIONS: u32 = 64;
/// Connections of a run with a rate: so many are opened only when the target stalls.
const CONNECTIONS_AT_A_RATE: u32 = 512;

pub(super) fn run(args: &SendArgs, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let events = events::read(args)?;
    let target = target::one(args, config, &events, output)?;
    let files = Files::open(args)?;
    let plan = plan(args);
    let blend = Blend {
        events: events::templates(&events, args)?,
        secret: target.secret.clone(),
        headers: super::headers(&args.network.header),
    };
    network::announce(&target.url, &args.network, output);
    network::check_resolve(&[&target.url], &args.network)?;
    files::allow(plan.connections);
    let finish = Finish { args, config, target: &target, events: &events, plan: &plan };
    // This thread only looks on: the run has threads of its own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let exit = runtime.block_on(work(args, blend, &finish, files, output));
    runtime.shutdown_background();
    exit
}

async fn work(
    args: &SendArgs,
    blend: Blend,
    finish: &Finish<'_>,
    files: Files,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let mut signals = StopSignals::new()?;
    let mut interrupted = pin!(async move {
        signals.next().await;
    });
    let network = network::settings(&args.network);
    let endpoint = tokio::select! {
        endpoint = Endpoint::find(&finish.target.url, &network) => endpoint,
        () = &mut interrupted => return Ok(Exit::Interrupted),
    };
    let endpoint = match endpoint {
        Ok(endpoint) => endpoint,
        Err(error @ EndpointError::Dns(_)) => {
            output.fail(error.to_string());
            return Ok(Exit::Unreachable);
        }
        Err(error @ EndpointError::Proxied(_)) => {
            return Err(Failure::from(error).help("NO_PROXY with the target's host goes without"));
        }
        Err(error) => return Err(error.into()),
    };
    guard::check(&finish.target.url, endpoint.addresses(), finish.plan, args)?;
    let began_at = edge::now();
    let run = Run::start(*finish.plan, blend, endpoint, began_at, edge::random_seed())?;
    let result = watch::watch(run, finish, interrupted, output).await;
    finish.close(&result, began_at, files, output).await
}

fn plan(args: &SendArgs) -> Plan {
    let load = &args.load;
    let usual = if load.rate.is_some() { CONNECTIONS_AT_A_RATE } else { CONNECTIONS };
    Plan {
        end: match (load.count, load.duration) {
            (Some(count), _) => End::Count(count.get()),
            (None, duration) => End::Duration(duration.unwrap_or_default()),
        },
        rate: load.rate,
        connections: load.concurrency.map_or(usual, NonZeroU32::get) as usize,
        repeat_share: load.repeat_rate,
    }
}
