//! A load run from its start to its exit code: progress on the terminal, the report, and the row in
//! the requests list.

use std::fs::File;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};

use super::{HARMLESS_RATE, LoadPlan, SendArgs};
use crate::commands::reports::{Reports, cannot_write};
use crate::commands::{
    CliError, Exit, NO_RECORD_HELP, StopSignals, new_request_id, now, random_seed, recorder,
    show_warnings, with_signals,
};
use crate::delivery::DeliveryVerdict;
use crate::http1::{Endpoint, EndpointError, Network};
use crate::load::{LoadProgress, Run, Workload};
use crate::report::{
    LoadReport, LoadResult, Output, OutputFormat, Palette, ReportFormat, percentile_text,
};
use crate::requests::LoadRun;
use crate::text::shown_url;

/// How often the bar is updated.
const BAR_INTERVAL: Duration = Duration::from_millis(200);
/// How often a line is written into a pipe.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

pub(super) fn run(
    plan: &LoadPlan<'_>,
    workload: Workload,
    output: &mut Output,
) -> Result<Exit, CliError> {
    raise_open_file_limit(plan.load.connections);
    let files = OutputFiles::open(plan.args)?;
    let network = plan.args.network.direct(&plan.target.url, output)?;
    // For signals and progress only: the run has threads of its own.
    with_signals(async |signals: &mut StopSignals| {
        let interrupted = pin!(async move {
            signals.next().await;
        });
        run_load(plan, workload, &network, interrupted, files, output).await
    })
}

async fn run_load(
    plan: &LoadPlan<'_>,
    workload: Workload,
    network: &Network,
    mut interrupted: Pin<&mut impl Future<Output = ()>>,
    files: OutputFiles,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let endpoint = tokio::select! {
        endpoint = Endpoint::resolve(&plan.target.url, network) => endpoint,
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
    plan.check_public_host(endpoint.addresses())?;
    let began_at = now();
    let run = Run::start(plan.load, workload, endpoint, began_at, random_seed())?;
    let result = watch(run, plan, interrupted, output).await;
    plan.close(&result, began_at, files, output).await
}

/// How a run ended.
#[derive(Debug)]
struct EndedRun {
    progress: LoadProgress,
    is_interrupted: bool,
    is_given_up: bool,
}

/// The files that a run writes, opened before it begins.
struct OutputFiles {
    reports: Reports,
    histogram: Option<(PathBuf, File)>,
}

impl OutputFiles {
    fn open(args: &SendArgs) -> Result<Self, CliError> {
        let format = match args.output.format {
            OutputFormat::Human => ReportFormat::Human,
            OutputFormat::Json => ReportFormat::Json,
        };
        let reports = Reports::open(format, &args.load.report)?;
        let open = |path: &PathBuf| match File::create(path) {
            Ok(file) => Ok((path.clone(), file)),
            Err(error) => Err(cannot_write("--histogram", path, &error)),
        };
        Ok(Self { reports, histogram: args.load.histogram.as_ref().map(open).transpose()? })
    }
}

impl LoadPlan<'_> {
    /// Refuses to put a public host under load, unless the user confirms that they may: a load run
    /// against somebody else's server is an attack, and nobody should start one by mistake.
    fn check_public_host(&self, addresses: &[SocketAddr]) -> Result<(), CliError> {
        let peak = self.load.peak();
        if self.args.load.yes_load_test || peak.is_some_and(|peak| peak <= HARMLESS_RATE) {
            return Ok(());
        }
        let Some(address) = addresses.iter().find(|address| is_global_address(address.ip())) else {
            return Ok(());
        };
        let speed = match peak {
            Some(peak) => format!("up to {peak} requests a second"),
            None => "as many requests as it responds to".to_owned(),
        };
        Err(CliError::new(format!(
            "{} is a public host ({}), and this run would send it {speed}",
            shown_url(&self.target.url),
            address.ip()
        ))
        .help("without the consent of the server's owner, that is an attack")
        .help("confirm that you may with --yes-load-test, or stay below --rate 10/s"))
    }

    /// Renders the run.
    fn report(&self, palette: Palette) -> LoadReport<'_> {
        LoadReport {
            palette,
            webhook: self.target.webhook.as_deref(),
            url: &self.target.url,
            events: &self.events,
            config: &self.load,
            timeout: self.args.network.timeout(),
            quiet: self.args.output.quiet,
        }
    }

    /// Reports and records the run, and returns the exit code.
    async fn close(
        &self,
        ended: &EndedRun,
        began_at: DateTime<Utc>,
        files: OutputFiles,
        output: &mut Output,
    ) -> Result<Exit, CliError> {
        let stats = &ended.progress.stats;
        let allowed = self.args.load.allow_failures;
        // A run that is interrupted before the first response has not passed.
        let passed = stats.requests > 0
            && match allowed {
                Some(allowed) => allowed.allows(stats.failed(), stats.requests),
                None => stats.failed() == 0,
            };
        let mut result = LoadResult {
            progress: &ended.progress,
            is_interrupted: ended.is_interrupted,
            is_given_up: ended.is_given_up,
            allowed: allowed.map(|allowed| allowed.to_string()),
            passed,
            began_at,
            recorded: None,
        };
        self.record(&mut result, output).await;
        let OutputFiles { reports, histogram } = files;
        let palette = output.palette();
        reports.publish(output, |format| self.report(palette).report(format, &result))?;
        if let Some((path, mut file)) = histogram {
            let text = percentile_text(&stats.latency);
            file.write_all(text.as_bytes())
                .map_err(|error| cannot_write("--histogram", &path, &error))?;
        }
        Ok(if ended.is_interrupted { Exit::Interrupted } else { Exit::from(verdict(&result)) })
    }

    /// Records the run in the requests list, with its id there in the report.
    async fn record(&self, result: &mut LoadResult<'_>, output: &mut Output) {
        let recorder = recorder(!self.args.no_record, self.config);
        let id = new_request_id();
        result.recorded = Some(id.clone());
        let events: Vec<_> = self.events.iter().map(|(event, _)| event.as_str()).collect();
        let run = LoadRun {
            id,
            events: events.join(", "),
            webhook: self.target.webhook.clone(),
            url: self.target.url.clone(),
            began_at: result.began_at,
            verdict: (!result.is_interrupted).then(|| verdict(result)),
            summary: self
                .report(Palette::PLAIN)
                .report(ReportFormat::Json, result)
                .trim_end()
                .to_owned(),
            stats: result.progress.stats.clone(),
        };
        if !recorder.record_run(run).await {
            result.recorded = None;
        }
        show_warnings(&recorder, NO_RECORD_HELP, output);
    }
}

fn verdict(result: &LoadResult<'_>) -> DeliveryVerdict {
    match (result.progress.stats.reached, result.passed) {
        (0, _) => DeliveryVerdict::Unreachable,
        (_, true) => DeliveryVerdict::Delivered,
        (_, false) => DeliveryVerdict::Failed,
    }
}

/// Waits until the run has ended, is interrupted, or has to be given up.
async fn watch(
    mut run: Run,
    plan: &LoadPlan<'_>,
    mut interrupted: Pin<&mut impl Future<Output = ()>>,
    output: &mut Output,
) -> EndedRun {
    let mut progress = ProgressView::new(plan, output);
    let (mut is_interrupted, mut is_given_up) = (false, false);
    loop {
        tokio::select! {
            () = run.ended() => break,
            () = &mut interrupted => {
                is_interrupted = true;
                break;
            }
            () = tokio::time::sleep(BAR_INTERVAL) => {}
        }
        let state = run.progress();
        progress.show(&state, output);
        if state.is_unreachable() {
            is_given_up = true;
            break;
        }
    }
    let state = run.stop();
    progress.clear();
    EndedRun { progress: state, is_interrupted, is_given_up }
}

/// What was shown, and when.
struct ProgressView<'a> {
    plan: &'a LoadPlan<'a>,
    /// `None` where stderr is not a terminal.
    bar: Option<ProgressBar>,
    /// When something was last shown, and how many requests had ended by then.
    last: (Instant, u64),
}

impl<'a> ProgressView<'a> {
    fn new(plan: &'a LoadPlan<'a>, output: &Output) -> Self {
        let bar = (output.stderr_is_tty() && !plan.args.output.quiet).then(|| {
            let style = ProgressStyle::with_template("{prefix}\n  {bar:40} {percent} %\n  {msg}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            let title = plan.report(output.stderr_palette()).progress_title();
            ProgressBar::new(1).with_style(style).with_prefix(title)
        });
        Self { plan, bar, last: (Instant::now(), 0) }
    }

    fn show(&mut self, state: &LoadProgress, output: &mut Output) {
        let elapsed = self.last.0.elapsed();
        let is_due = self.bar.is_some() || elapsed >= LINE_INTERVAL;
        if self.plan.args.output.quiet || !is_due {
            return;
        }
        let report = self.plan.report(output.stderr_palette());
        let line = report.progress_line(state, (elapsed, state.stats.requests - self.last.1));
        match &self.bar {
            Some(bar) => {
                let (position, end) = report.progress_position(state);
                bar.set_length(end);
                bar.set_position(position);
                bar.set_message(line);
            }
            None => output.stderr(&format!("{line}\n")),
        }
        self.last = (Instant::now(), state.stats.requests);
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// File descriptors that are open besides connections.
#[cfg(unix)]
const OTHER_DESCRIPTORS: u64 = 64;

/// Raises this process's soft limit of open files, so that each connection can have one. Where the
/// hard limit is lower, connections beyond it fail with an error that says so.
#[cfg(unix)]
fn raise_open_file_limit(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let needed = connections as u64 + OTHER_DESCRIPTORS;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= needed) {
        return;
    }
    let raised = maximum.map_or(needed, |maximum| needed.min(maximum));
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum });
}

/// There is no such limit on other systems.
#[cfg(not(unix))]
fn raise_open_file_limit(_: usize) {}

/// Whether an address is on the internet: neither this machine nor a private network.
fn is_global_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !is_private_v4(address),
        IpAddr::V6(address) => !is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    // 100.64.0.0/10 is for carriers and overlay networks (RFC 6598).
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && second & 0xc0 == 64;
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_unspecified()
        || is_shared
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_private_networks_are_not_global() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_global_address(private.parse().unwrap()), "{private}");
        }
        for public in
            ["203.0.113.7", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:8.8.8.8", "8.8.8.8"]
        {
            assert!(is_global_address(public.parse().unwrap()), "{public}");
        }
    }
}
