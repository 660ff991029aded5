//! What came in a whole run of `listen`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::escape::json_line;
use super::words::format_duration;
use super::{Palette, escape};
use crate::receiver::Tally;

/// What was waited for, if anything was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// How many valid requests.
    pub count: u64,
    /// Of these events; of any when there are none here.
    pub events: Vec<String>,
    /// The time that was up before they came; `None` when it was not.
    pub time_up: Option<Duration>,
}

impl Expected {
    /// Whether they came.
    pub fn is_met(&self, tally: &Tally) -> bool {
        tally.matching >= self.count
    }

    fn sentence(&self, tally: &Tally) -> String {
        let plural = if self.count == 1 { "" } else { "s" };
        let events = match self.events.as_slice() {
            [] => String::new(),
            events => format!(" with {}", events.join(" or ")),
        };
        let came = match (self.is_met(tally), self.time_up) {
            (true, _) => "came".to_owned(),
            (false, Some(time)) => {
                format!("did not come within {}: {} did", format_duration(time), tally.matching)
            }
            (false, None) => format!("did not come: {} did", tally.matching),
        };
        format!("The expected {} valid request{plural}{} {came}.", self.count, escape(&events))
    }
}

/// For people.
pub fn listen_summary(tally: &Tally, expected: Option<&Expected>, paint: Palette) -> String {
    // A terminal shows Ctrl-C as `^C`; the line after it is free of that.
    let mut text = "\n".to_owned();
    if let Some(expected) = expected {
        let met = expected.is_met(tally);
        let mark = if met { paint.good("✓") } else { paint.bad("✗") };
        text += &format!("{mark} {}\n", expected.sentence(tally));
    }
    let verdicts = [
        ("valid", tally.valid),
        ("invalid", tally.invalid),
        ("unsigned", tally.unsigned),
        ("unclear", tally.unclear),
        ("unchecked", tally.unchecked),
    ];
    let verdicts: Vec<_> = verdicts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let repeats = if tally.repeats == 1 { "repeat" } else { "repeats" };
    let more = [(repeats, tally.repeats), ("not saved", tally.not_saved)];
    let more = more.iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("; {n} {word}"));
    let plural = if tally.requests == 1 { "" } else { "s" };
    let colon = if verdicts.is_empty() { "" } else { ": " };
    text += &format!(
        "{} request{plural}{colon}{}{}\n",
        tally.requests,
        verdicts.join(", "),
        more.collect::<String>()
    );
    let width = tally.by_event.keys().map(|name| escape(name).chars().count()).max();
    for (name, count) in &tally.by_event {
        text += &format!("  {:<width$}  {count}\n", escape(name), width = width.unwrap_or(0));
    }
    for (reason, count) in &tally.refused {
        text += &format!("  {}  {count}\n", paint.doubtful(&format!("turned away: {reason}")));
    }
    text
}

/// For programs: one line.
pub fn listen_summary_json(tally: &Tally, expected: Option<&Expected>) -> String {
    let refused: BTreeMap<_, _> =
        tally.refused.iter().map(|(reason, count)| (reason.to_string(), count)).collect();
    let expected = expected.map(|expected| {
        json!({
            "count": expected.count,
            "events": expected.events,
            "came": tally.matching,
            "met": expected.is_met(tally),
        })
    });
    let object = json!({
        "type": "summary",
        "requests": tally.requests,
        "valid": tally.valid,
        "invalid": tally.invalid,
        "unsigned": tally.unsigned,
        "unclear": tally.unclear,
        "unchecked": tally.unchecked,
        "repeats": tally.repeats,
        "notSaved": tally.not_saved,
        "byEvent": tally.by_event,
        "refused": refused,
        "expected": expected,
    });
    json_line(&object)
}
