//! `pgwh requests`

mod export;
mod list;
mod prune;
mod retry;
mod show;

use super::failure::Failure;
use super::{Exit, edge};
use crate::cli::{FilterArgs, RequestsAction, RequestsArgs};
use crate::report::Output;
use crate::requests::Filter;

pub(super) fn run(args: RequestsArgs, output: &mut Output) -> Result<Exit, Failure> {
    match args.action {
        None => list::run(&args.filter, args.limit, args.format, output),
        Some(RequestsAction::Show(args)) => show::run(&args, output),
        Some(RequestsAction::Retry(args)) => retry::run(args, output),
        Some(RequestsAction::Prune(args)) => prune::run(&args, output),
        Some(RequestsAction::Export(args)) => export::run(&args, output),
    }
}

fn filter(args: &FilterArgs, limit: Option<usize>) -> Filter {
    Filter {
        failed: args.failed,
        event: args.event.clone(),
        webhook: args.webhook.clone(),
        since: args.since.map(|since| since.resolve(edge::now())),
        id: args.id.clone(),
        limit,
        ..Filter::default()
    }
}
