//! A run that is over, for people.

use super::histogram::bars;
use super::numbers::{PERCENTILES, bytes, latency, per_second, percent, span};
use super::{LoadEnd, LoadReport};
use crate::delivery::{format_duration, status_line};
use crate::load::{Schedule, Tally};
use crate::pgm;
use crate::report::grouped;

impl LoadReport<'_> {
    /// The whole report, or the verdict alone.
    pub fn summary(&self, end: &LoadEnd<'_>) -> String {
        if self.quiet {
            return self.verdict(end);
        }
        let tally = &end.progress.tally;
        let mut text = format!("{}\n", self.palette.strong(&self.title_text()));
        text += &self.counts(end);
        if !tally.latency.is_empty() {
            text +=
                &format!("\n{}\n{}", self.percentiles(tally), bars(&tally.latency, self.palette));
        }
        text += &self.in_time(tally);
        if tally.failed() > 0 {
            text += &format!("\n  {}\n{}", self.palette.strong("failures"), self.failures(tally));
        }
        text + "\n" + &self.verdict(end)
    }

    fn counts(&self, end: &LoadEnd<'_>) -> String {
        let (progress, tally) = (end.progress, &end.progress.tally);
        let repeats = match tally.repeats {
            0 => String::new(),
            n => format!(", {} of them sent for the second time", grouped(n)),
        };
        let mut text = self.line("requests", &format!("{}{repeats}", grouped(tally.calls)));
        let mut pace = format!(
            "{} over {}",
            per_second(tally.calls, progress.elapsed),
            span(progress.elapsed)
        );
        match self.plan.schedule() {
            Some(schedule) => pace += &self.scheduled(&schedule),
            None => pace += &format!(", {} connections", grouped(self.plan.connections as u64)),
        }
        text += &self.line("rate", &pace);
        if tally.late_starts > 0 {
            let late = format!(
                "{} started more than 10 ms late, for want of a free connection (of {} at most) or of \
                 processor time; their latency counts it",
                grouped(tally.late_starts),
                grouped(self.plan.connections as u64)
            );
            text += &self.line("", &self.palette.doubtful(&late));
        }
        let bodies =
            format!("{} sent, {} received", bytes(tally.sent_bytes), bytes(tally.received_bytes));
        text += &self.line("bodies", &bodies);
        if !tally.statuses.is_empty() {
            text += &self.line("answers", &self.statuses(tally));
        }
        text
    }

    fn scheduled(&self, schedule: &Schedule) -> String {
        let rate = self.plan.rate.map(|rate| rate.to_string()).unwrap_or_default();
        format!(", asked for {rate} over {}", span(schedule.length()))
    }

    fn statuses(&self, tally: &Tally) -> String {
        let word = |(status, count): (&u16, &u64)| {
            let word = format!("{} × {}", grouped(*count), status_line(*status));
            if pgm::is_success(*status) { word } else { self.palette.bad(&word) }
        };
        tally.statuses.iter().map(word).collect::<Vec<_>>().join(" · ")
    }

    fn percentiles(&self, tally: &Tally) -> String {
        let times = &tally.latency;
        let mut cells = vec![("min", times.min())];
        cells.extend(PERCENTILES.map(|(name, percent)| (name, times.value_at_percentile(percent))));
        cells.push(("max", times.max()));
        let (mut names, mut values) = (String::new(), String::new());
        for (name, value) in cells {
            let value = latency(value);
            names += &format!("{name:>10}");
            values += &format!("{value:>10}");
        }
        let label = |text: &str| self.palette.faint(&format!("{text:<9}"));
        format!("  {}{}\n  {}{values}\n", label("latency"), self.palette.faint(&names), label(""))
    }

    /// The share that was answered in the time that PGM gives.
    fn in_time(&self, tally: &Tally) -> String {
        let share = percent(tally.in_time_share());
        let text =
            format!("{share} of all calls answered within {}", format_duration(pgm::TIMEOUT));
        match tally.in_time == tally.calls {
            true => format!("\n  {}\n", self.palette.good(&text)),
            false => format!("\n  {}\n", self.palette.bad(&text)),
        }
    }

    /// The verdict in PGM's terms, and what to do about it.
    fn verdict(&self, end: &LoadEnd<'_>) -> String {
        let tally = &end.progress.tally;
        let mark = if end.passed { self.palette.good("✓") } else { self.palette.bad("✗") };
        let mut text = format!("{mark} {}\n", self.sentence(end));
        if end.is_interrupted {
            let flying = end.progress.in_flight;
            let note = format!("Interrupted; {flying} calls were under way and are not counted.");
            text += &format!("  {}\n", self.palette.doubtful(&note));
        }
        if tally.failed() > 0 {
            text += &self.advice(end);
        }
        text
    }

    fn sentence(&self, end: &LoadEnd<'_>) -> String {
        let tally = &end.progress.tally;
        let (failed, calls) = (grouped(tally.failed()), grouped(tally.calls));
        if tally.calls == 0 {
            return "Nothing was answered yet.".to_owned();
        }
        if tally.reached == 0 {
            let given_up = if end.is_hopeless { "; the run was given up" } else { "" };
            return format!(
                "The target is {}: none of {calls} calls found a connection{given_up}.",
                self.palette.bad("unreachable")
            );
        }
        let allowed = end.allowed.as_ref();
        let allowed = allowed.map(|allowed| format!(", {allowed} allowed")).unwrap_or_default();
        match tally.failed() {
            0 => {
                format!("PGM would mark all {calls} requests {}.", self.palette.good("successful"))
            }
            _ => format!(
                "{failed} of {calls} requests would be marked {}: {}{allowed}.",
                self.palette.bad("failed"),
                percent(tally.failed_share())
            ),
        }
    }

    fn line(&self, label: &str, text: &str) -> String {
        self.palette.labelled(label, 9, text)
    }
}
