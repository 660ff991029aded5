//! A run of `listen`, from its ready line to its summary.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::Exit;
use super::failure::Failure;
use super::interrupt::interrupted;
use super::listen_diagnosis::Diagnosis;
use crate::cli::{FormatArg, ListenArgs};
use crate::receiver::{Desk, Receiver, Told};
use crate::report::{
    Expected, ListenReport, Output, Ready, listen_refusal_json, listen_request_json,
    listen_summary, listen_summary_json, warning,
};

/// How long requests at hand may take when the end has come.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many news are written at once.
const BATCH: usize = 256;

/// What a run has.
pub(super) struct Session<'a> {
    pub(super) args: &'a ListenArgs,
    pub(super) report: ListenReport,
    pub(super) ready: Ready,
    pub(super) desk: Arc<Desk>,
    pub(super) news: mpsc::Receiver<Told>,
    pub(super) diagnosis: Diagnosis<'a>,
}

/// Why a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Reached,
    TimeUp,
    Interrupted,
}

/// Tells what comes until the run ends.
pub(super) async fn run(
    mut session: Session<'_>,
    receiver: Receiver,
    output: &mut Output,
) -> Result<Exit, Failure> {
    // From here on Ctrl-C is a clean end.
    let mut interrupt = pin!(interrupted()?);
    let scheme =
        if session.args.tls.tls || session.args.tls.cert.is_some() { "https" } else { "http" };
    session.ready.url = format!("{scheme}://{}", receiver.address());
    output.answer(match session.args.format {
        FormatArg::Human => session.ready.human(output.palette()),
        FormatArg::Json => session.ready.json(),
    });
    let desk = session.desk.clone();
    let end = {
        let mut reached = pin!(desk.reached());
        let mut time_up = pin!(time_up(session.args.end.timeout));
        loop {
            tokio::select! {
                () = &mut reached => break End::Reached,
                () = &mut time_up => break End::TimeUp,
                () = &mut interrupt => break End::Interrupted,
                () = session.tell(output) => {}
            }
        }
    };
    session.stop(receiver, interrupted()?, output).await;
    Ok(session.close(end, output))
}

async fn time_up(timeout: Option<Duration>) {
    match timeout {
        Some(timeout) => tokio::time::sleep(timeout).await,
        None => std::future::pending().await,
    }
}

impl Session<'_> {
    /// Waits for news and tells them.
    async fn tell(&mut self, output: &mut Output) {
        let mut batch = Vec::new();
        self.news.recv_many(&mut batch, BATCH).await;
        let mut text = String::new();
        for told in batch {
            match told {
                Told::Trouble(words) => output.note(&warning(&words, output.note_palette())),
                told => text += &self.line(told),
            }
        }
        let lost = self.desk.lost();
        if lost > 0 && self.args.format == FormatArg::Human && !self.args.quiet {
            text += &self.report.lost(lost);
        }
        output.answer(text);
    }

    fn line(&mut self, told: Told) -> String {
        match (told, self.args.format) {
            (Told::Request(mut account), format) => {
                self.diagnosis.add(&mut account);
                match format {
                    FormatArg::Human => self.report.request(&account),
                    FormatArg::Json => listen_request_json(&account),
                }
            }
            (Told::Refusal(refusal), FormatArg::Human) => self.report.refusal(&refusal),
            (Told::Refusal(refusal), FormatArg::Json) => listen_refusal_json(&refusal),
            (Told::Trouble(_), _) => String::new(),
        }
    }

    /// Lets the requests at hand be answered, and tells of them; a second Ctrl-C cuts it short.
    async fn stop(
        &mut self,
        receiver: Receiver,
        again: impl Future<Output = ()>,
        output: &mut Output,
    ) {
        let mut stopped = pin!(receiver.stop(PATIENCE));
        let mut again = pin!(again);
        loop {
            tokio::select! {
                biased;
                () = self.tell(output) => {}
                () = &mut stopped => break,
                () = &mut again => break,
            }
        }
    }

    /// The summary and the exit code.
    fn close(&mut self, end: End, output: &mut Output) -> Exit {
        while let Ok(told) = self.news.try_recv() {
            let line = self.line(told);
            output.answer(line);
        }
        let tally = self.desk.tally();
        let args = &self.args.end;
        let time_up = args.timeout.filter(|_| end == End::TimeUp);
        let expected =
            args.expect.map(|count| Expected { count, events: args.expect_event.clone(), time_up });
        output.answer(match self.args.format {
            FormatArg::Human => listen_summary(&tally, expected.as_ref(), output.palette()),
            FormatArg::Json => listen_summary_json(&tally, expected.as_ref()),
        });
        match (end, &expected) {
            (End::Interrupted, _) => Exit::Interrupted,
            (_, Some(expected)) if !expected.is_met(&tally) => Exit::No,
            _ => Exit::Yes,
        }
    }
}
