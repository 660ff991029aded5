//! `pgwh check-target`

mod setting;

use super::edge::{self, WallClock};
use super::failure::Failure;
use super::{Exit, network, runtime};
use crate::check::{self, First, Fitness, Report, Setting, Target};
use crate::cli::{CheckTargetArgs, FormatArg};
use crate::delivery::{Clock, Prober};
use crate::report::{
    Output, Palette, check_human, check_json, probe_list, probe_list_json, probe_page,
};

pub(super) fn run(args: &CheckTargetArgs, output: &mut Output) -> Result<Exit, Failure> {
    if args.checks.list || args.checks.explain.is_some() {
        output.answer(about_probes(args, output.palette()));
        return Ok(Exit::Yes);
    }
    let Some(url) = &args.url else { return Err(Failure::new("there is no URL to check")) };
    let setting = setting::setting(&url.0, args, output)?;
    let prober = network::prober(&url.0, &args.network, setting.limit)?;
    runtime::block_on(async {
        let report = check_it(&prober, &setting).await;
        output.answer(render(args.format, &report, output.palette()));
        Ok(Exit::from(&report.fitness))
    })
}

async fn check_it(prober: &Prober, setting: &Setting) -> Report {
    let ids = &mut edge::new_request_id;
    let first = if check::needs_target(setting) {
        let call = check::first_call(setting, ids);
        let reply = prober.call(&call, WallClock.now()).await;
        Some(First { request: call.request, reply })
    } else {
        None
    };
    check::run(prober, &WallClock, setting, ids, first).await
}

fn about_probes(args: &CheckTargetArgs, palette: Palette) -> String {
    let explained = args.checks.explain.as_deref();
    match (args.format, explained.and_then(check::find)) {
        (FormatArg::Json, _) => probe_list_json(explained),
        (FormatArg::Human, Some(probe)) => probe_page(probe, palette),
        (FormatArg::Human, None) => probe_list(palette),
    }
}

fn render(format: FormatArg, report: &Report, palette: Palette) -> String {
    match format {
        FormatArg::Human => check_human(report, palette),
        FormatArg::Json => check_json(report),
    }
}

impl From<&Fitness> for Exit {
    fn from(fitness: &Fitness) -> Self {
        match fitness {
            Fitness::Fit => Self::Yes,
            Fitness::Unfit => Self::No,
            Fitness::Unreachable { .. } => Self::Unreachable,
        }
    }
}
