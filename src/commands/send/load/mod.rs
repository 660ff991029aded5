//! `pgwh send --count` and `--duration`: a load run.

mod finish;
mod guard;
mod setup;
mod watch;

use std::pin::pin;

use self::finish::{Finish, OutputFiles};
use crate::cli::SendArgs;
use crate::commands::error::CliError;
use crate::commands::runtime::StopSignals;
use crate::commands::{Exit, network, system};
use crate::delivery::{check_proxies, proxy_for};
use crate::http1::{Endpoint, EndpointError};
use crate::load::{Run, Workload};
use crate::report::Output;
use crate::webhooks::Config;

pub(super) fn run(args: &SendArgs, config: &Config, output: &mut Output) -> Result<Exit, CliError> {
    let events = setup::events(args)?;
    let target = setup::target(args, config, &events, output)?;
    let files = OutputFiles::open(args)?;
    let load = setup::config(args);
    let workload = Workload {
        events: setup::templates(&events, args)?,
        secret: target.secret.clone(),
        headers: super::headers(&args.network.header),
    };
    network::announce(&target.url, &args.network, output);
    network::check_resolve(&[&target.url], &args.network)?;
    setup::raise_open_file_limit(load.connections);
    let finish = Finish { args, config, target: &target, events: &events, load: &load };
    // For signals and progress only: the run has threads of its own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let exit = runtime.block_on(run_load(args, workload, &finish, files, output));
    runtime.shutdown_background();
    exit
}

async fn run_load(
    args: &SendArgs,
    workload: Workload,
    finish: &Finish<'_>,
    files: OutputFiles,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let mut signals = StopSignals::new()?;
    let mut interrupted = pin!(async move {
        signals.next().await;
    });
    let network = network::settings(&args.network);
    check_proxies(&finish.target.url)?;
    if let Some(proxy) = proxy_for(&finish.target.url) {
        return Err(CliError::new(format!(
            "the environment names the proxy {proxy} for this URL, but load goes straight to its \
             target"
        ))
        .help("add the target's host to NO_PROXY to bypass it"));
    }
    let endpoint = tokio::select! {
        endpoint = Endpoint::resolve(&finish.target.url, &network) => endpoint,
        () = &mut interrupted => return Ok(Exit::Interrupted),
    };
    let endpoint = match endpoint {
        Ok(endpoint) => endpoint,
        Err(error @ EndpointError::Dns(_)) => {
            output.fail(error.to_string());
            return Ok(Exit::Unreachable);
        }
        Err(error) => return Err(error.into()),
    };
    guard::check(&finish.target.url, endpoint.addresses(), finish.load, args)?;
    let began_at = system::now();
    let run = Run::start(*finish.load, workload, endpoint, began_at, system::random_seed())?;
    let result = watch::watch(run, finish, interrupted, output).await;
    finish.close(&result, began_at, files, output).await
}
