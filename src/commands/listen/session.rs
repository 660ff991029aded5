//! A run of `listen`, from its first line to its summary.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::ListenArgs;
use crate::commands::page::ProcessEnvironment;
use crate::commands::reports::Reports;
use crate::commands::{CliError, Exit, StopSignals};
use crate::files::error_text;
use crate::page::{PageServer, ReceivedLog};
use crate::receiver::{EventDetail, EventSink, ListenEvent, ListenHandler, Receiver, RequestEvent};
use crate::report::{
    Expected, ListenReport, LiveStdout, Output, OutputFormat, ReadyLine, ReportFormat,
    listen_junit, listen_refusal_json, listen_request_json, listen_summary, listen_summary_json,
    speak_of_requests,
};
use crate::verify::{Diagnoser, NamedSecret, SignatureVerdict, Signed};

/// How long requests in flight may take when the run ends, and after a signal also whoever reads
/// the output.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// Events that are written at once.
const MAX_BATCH: usize = 256;

/// Events that may wait to be reported: with bodies, which may be large, fewer.
const MAX_EVENTS: usize = 1024;
const MAX_FULL_EVENTS: usize = 32;

impl ListenArgs {
    pub fn run(&self, output: &mut Output) -> Result<Exit, CliError> {
        let secrets = self.accepted_secrets(output)?;
        let detail = match (self.quiet, self.verbose) {
            (true, _) => EventDetail::Count,
            (_, true) => EventDetail::Full,
            _ => EventDetail::Outcome,
        };
        // The page shows all of a request, whatever is printed.
        let detail = if self.page { EventDetail::Full } else { detail };
        let room = if detail == EventDetail::Full { MAX_FULL_EVENTS } else { MAX_EVENTS };
        let (sender, events) = mpsc::channel(room);
        let sink = EventSink::new(sender, detail, self.format == OutputFormat::Json);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let exit = runtime.block_on(async {
            let config = self.handler_config(secrets.clone(), sink, output)?;
            let ready = self.ready_line(&secrets, &config.policy);
            let settings = self.settings(output)?;
            let handler = Arc::new(ListenHandler::new(config));
            let receiver = Receiver::start(self.addr.0, settings, handler.clone())
                .await
                .map_err(|error| cannot_listen(self.addr.0, &error))?;
            let url = self.url(receiver.address());
            let page = match self.page {
                true => Some(self.start_page(&url, &secrets, output).await?),
                false => None,
            };
            let ready =
                ReadyLine { page: page.as_ref().map(|(page, _)| page.url().into()), url, ..ready };
            let report = ListenReport::new(output.palette());
            let mut session = ListenSession::new(self, report, handler, events, &secrets)?;
            session.received = page.as_ref().map(|(_, received)| received.clone());
            run(session, receiver, ready, output).await
        });
        // A thread that writes to a reader that does not read must not keep the process.
        runtime.shutdown_background();
        exit
    }
}

impl ListenArgs {
    fn url(&self, address: SocketAddr) -> String {
        let scheme = if self.tls.tls || self.tls.cert.is_some() { "https" } else { "http" };
        format!("{scheme}://{address}")
    }

    /// Serves the page that shows what is received at `url`.
    async fn start_page(
        &self,
        url: &str,
        secrets: &[NamedSecret],
        output: &mut Output,
    ) -> Result<(PageServer, ReceivedLog), CliError> {
        let received = ReceivedLog::listening_on(url.to_owned());
        let environment = ProcessEnvironment {
            config: self.config.clone(),
            url_secret: secrets.first().map(|named| named.secret.clone()),
        };
        let page = self.page_server.start(environment, received.clone(), output).await?;
        self.page_server.open_browser(page.url(), output);
        Ok((page, received))
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> CliError {
    let failure = CliError::new(format!("cannot listen on {address}: {}", error_text(error)));
    match error.kind() {
        io::ErrorKind::AddrInUse => failure
            .help("another program listens there, perhaps another pgwh listen")
            .help(format!("--addr {}:0 picks a free port", address.ip())),
        io::ErrorKind::PermissionDenied => {
            failure.help("ports below 1024 are often reserved for the system: use a higher one")
        }
        _ => failure.help("--addr 127.0.0.1:4100 listens on this machine only"),
    }
}

/// Why a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The stop condition holds.
    Condition,
    TimeUp,
    /// Nobody reads the output any more.
    ReaderGone,
    Signal(Exit),
}

/// Reports what arrives until the run ends, then the summary.
async fn run(
    mut session: ListenSession<'_>,
    receiver: Receiver,
    ready: ReadyLine,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let mut signals = StopSignals::new()?;
    session.pending = match session.args.format {
        OutputFormat::Human => ready.human(output.palette()),
        OutputFormat::Json => ready.json(),
    };
    let end = {
        let handler = session.handler.clone();
        let mut condition = pin!(handler.stopped());
        let mut time_up = pin!(time_up(session.args.end.timeout));
        let mut reader_gone = pin!(session.stdout.reader_gone());
        loop {
            tokio::select! {
                () = &mut condition => break End::Condition,
                () = &mut time_up => break End::TimeUp,
                () = &mut reader_gone => break End::ReaderGone,
                exit = signals.next() => break End::Signal(exit),
                () = session.report(output) => {}
            }
        }
    };
    // Requests in flight get their responses; a second signal cuts that short.
    let mut stopped = pin!(receiver.stop(STOP_TIMEOUT));
    loop {
        tokio::select! {
            biased;
            () = session.report(output) => {}
            () = &mut stopped => break,
            _ = signals.next() => break,
        }
    }
    let (exit, stdout) = session.close(end, output)?;
    let patience = async {
        match end {
            End::Signal(_) => tokio::time::sleep(STOP_TIMEOUT).await,
            _ => std::future::pending().await,
        }
    };
    tokio::select! {
        written = stdout => written?,
        () = patience => {}
        _ = signals.next() => {}
    }
    Ok(exit)
}

async fn time_up(timeout: Option<Duration>) {
    match timeout {
        Some(timeout) => tokio::time::sleep(timeout).await,
        None => std::future::pending().await,
    }
}

/// What a run in progress has.
struct ListenSession<'a> {
    args: &'a ListenArgs,
    report: ListenReport,
    handler: Arc<ListenHandler>,
    events: mpsc::Receiver<ListenEvent>,
    stdout: LiveStdout,
    /// Text that waits for room in `stdout`.
    pending: String,
    diagnosis: Diagnosis<'a>,
    /// What the page shows, if there is one.
    received: Option<ReceivedLog>,
    reports: Reports,
    started: Instant,
}

impl<'a> ListenSession<'a> {
    fn new(
        args: &'a ListenArgs,
        report: ListenReport,
        handler: Arc<ListenHandler>,
        events: mpsc::Receiver<ListenEvent>,
        secrets: &'a [NamedSecret],
    ) -> Result<Self, CliError> {
        let stdout = LiveStdout::start()?;
        Ok(Self {
            args,
            report,
            handler,
            events,
            stdout,
            pending: String::new(),
            diagnosis: Diagnosis::new(secrets),
            received: None,
            reports: Reports::open(ReportFormat::Human, args.end.report.as_slice())?,
            started: Instant::now(),
        })
    }

    /// Waits for events and writes them. Nothing is lost when this is dropped half-way.
    async fn report(&mut self, output: &mut Output) {
        if self.pending.is_empty() {
            let mut batch = Vec::new();
            self.events.recv_many(&mut batch, MAX_BATCH).await;
            for event in batch {
                self.add(event, output);
            }
        }
        let lost = self.handler.take_lost();
        if lost > 0 && self.args.format == OutputFormat::Human && !self.args.quiet {
            self.pending += &self.report.lost(lost);
        }
        self.stdout.write(&mut self.pending).await;
    }

    fn add(&mut self, event: ListenEvent, output: &mut Output) {
        let text = match (event, self.args.format) {
            (ListenEvent::Request(mut event), format) => {
                self.diagnosis.add_causes(&mut event);
                speak_of_requests(&mut event.report.findings);
                let text = self.request(&mut event, format);
                if let Some(received) = &self.received {
                    received.add(*event);
                }
                text
            }
            (ListenEvent::Refused(_), _) if self.args.quiet => return,
            (ListenEvent::Refused(refusal), OutputFormat::Human) => self.report.refusal(&refusal),
            (ListenEvent::Refused(refusal), OutputFormat::Json) => listen_refusal_json(&refusal),
            (ListenEvent::Warning(text), _) => {
                return output.warn(text);
            }
        };
        self.pending += &text;
    }

    /// The text of a request, with its headers and body only where they are asked for.
    fn request(&mut self, event: &mut RequestEvent, format: OutputFormat) -> String {
        if self.args.quiet {
            return String::new();
        }
        let is_shown_in_full = self.args.verbose || self.received.is_none();
        let headers = if is_shown_in_full { None } else { event.headers.take() };
        let text = match format {
            OutputFormat::Human => self.report.request(event),
            OutputFormat::Json => listen_request_json(event),
        };
        event.headers = event.headers.take().or(headers);
        text
    }

    /// The exit code, and what writes all that is left, the summary last.
    fn close(
        mut self,
        end: End,
        output: &mut Output,
    ) -> Result<(Exit, impl Future<Output = io::Result<()>>), CliError> {
        while let Ok(event) = self.events.try_recv() {
            self.add(event, output);
        }
        let stats = self.handler.stats();
        let args = &self.args.end;
        let time_up = args.timeout.filter(|_| end == End::TimeUp);
        let expected = args.expect.map(|count| Expected {
            count,
            events: args.expect_event.clone(),
            data: args.expect_data.iter().map(ToString::to_string).collect(),
            time_up,
        });
        self.pending += &match self.args.format {
            OutputFormat::Human => listen_summary(&stats, expected.as_ref(), output.palette()),
            OutputFormat::Json => listen_summary_json(&stats, expected.as_ref()),
        };
        if let Some(expected) = &expected {
            let junit = listen_junit(&stats, expected, self.started.elapsed());
            // The first report is the one on stdout, which is written line by line.
            self.reports.write(1, &junit, output)?;
        }
        let exit = match (end, &expected) {
            (End::Signal(exit), _) => exit,
            (_, Some(expected)) if !expected.is_met(&stats) => Exit::No,
            _ => Exit::Yes,
        };
        Ok((exit, self.stdout.finish(self.pending)))
    }
}

/// Looks for the causes of invalid signatures, after their responses.
struct Diagnosis<'s> {
    secrets: &'s [NamedSecret],
    diagnoser: Diagnoser<'s>,
    since: Instant,
}

/// How long a diagnoser is used. Each has a budget of work; with a new one from time to time the
/// budget is one per time, however long the run is.
const DIAGNOSER_LIFETIME: Duration = Duration::from_secs(10);

impl<'s> Diagnosis<'s> {
    fn new(secrets: &'s [NamedSecret]) -> Self {
        Self { secrets, diagnoser: Diagnoser::new(secrets, &[]), since: Instant::now() }
    }

    /// Puts the causes of an invalid signature before the other findings.
    fn add_causes(&mut self, event: &mut RequestEvent) {
        let Some(request_id) = &event.report.request_id else { return };
        self.diagnoser.remember_id(request_id);
        let Some(signature) = &event.report.signature else { return };
        if event.report.verdict != Some(SignatureVerdict::Invalid) {
            return;
        }
        if self.since.elapsed() > DIAGNOSER_LIFETIME {
            *self = Self::new(self.secrets);
        }
        let body = event.body.as_deref();
        let causes = self.diagnoser.diagnose(Signed {
            request_id,
            signature,
            body,
            headers: event.headers.as_deref().unwrap_or_default(),
        });
        event.report.findings.splice(0..0, causes);
    }
}
