//! What the arguments of several commands have in common: values, output formats, exit codes and the
//! ends of help texts. Does no work; each command's own arguments are with the command. Pure.

mod http;

use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use clap::builder::{OsStringValueParser, PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::check::PROBES;
use crate::delivery::DeliveryVerdict;
use crate::pgm;
use crate::scaffold::Scaffold;
use crate::verify::FindingKind;

pub use http::{HeaderArg, ListenAddress, TargetUrl, url_parser};

/// The exit codes of pgwh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Delivered, valid, passed.
    Yes = 0,
    /// Failed delivery, invalid capture, failed check.
    No = 1,
    /// The command could not be understood.
    Usage = 2,
    /// The target could not be reached.
    Unreachable = 3,
    /// Interrupted with Ctrl-C.
    Interrupted = 130,
    /// Terminated by SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// All exit codes, in ascending order.
    const ALL: [Self; 6] =
        [Self::Yes, Self::No, Self::Usage, Self::Unreachable, Self::Interrupted, Self::Terminated];

    /// The line of help about this code.
    fn help_line(self) -> &'static str {
        match self {
            Self::Yes => "\n    0  yes: delivered, valid, passed",
            Self::No => "\n    1  no: failed delivery, invalid capture, failed check",
            Self::Usage => "\n    2  usage error: flags, files, unknown event",
            Self::Unreachable => "\n    3  the target could not be reached: DNS, connection, TLS",
            Self::Interrupted => "\n  130  interrupted (Ctrl-C)",
            Self::Terminated => "\n  143  terminated (SIGTERM)",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<DeliveryVerdict> for Exit {
    fn from(verdict: DeliveryVerdict) -> Self {
        match verdict {
            DeliveryVerdict::Delivered => Self::Yes,
            DeliveryVerdict::Failed => Self::No,
            DeliveryVerdict::Unreachable => Self::Unreachable,
        }
    }
}

/// Ends the short help (`-h`) of each command.
pub const MORE_HELP: &str = "--help shows all options, examples and exit codes.";

/// Ends the long help (`--help`) of a command: examples, then the exit codes that it can have.
pub fn after_help(examples: &[&str], codes: &[u8]) -> String {
    let examples: String = examples.iter().map(|example| format!("  {example}\n")).collect();
    format!("Examples:\n{examples}\n{}", exit_codes(|exit| codes.contains(&(exit as u8))))
}

/// Ends the overview of all commands.
pub fn overview() -> String {
    format!(
        "Start with:\n  pgwh demo\n\n{}\n\n\
         pgwh is for the webhooks of Perfect Gym Manager. PerfectGym Next has different ones.",
        exit_codes(|_| true),
    )
}

fn exit_codes(chosen: impl Fn(Exit) -> bool) -> String {
    let lines = Exit::ALL.into_iter().filter(|exit| chosen(*exit)).map(Exit::help_line);
    std::iter::once("Exit codes:").chain(lines).collect()
}

/// The longest duration: a year.
const MAX_DURATION: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The largest size in bytes: 1 TiB.
const MAX_SIZE: u64 = 1 << 40;

/// The greatest count of requests, rows and the like.
pub const MAX_COUNT: u64 = 1_000_000_000;

/// Reads a duration with its unit: `5s`, `250ms`, `1m30s`.
pub fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration <= MAX_DURATION => Ok(duration),
        Ok(_) | Err(humantime::DurationError::NumberOverflow) => {
            Err("expected at most 365d".to_owned())
        }
        Err(_) => Err("expected a number with a unit, such as 5s, 250ms or 1m30s".to_owned()),
    }
}

/// Reads a duration that is not zero.
pub fn time_limit(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("expected more than no time at all".to_owned()),
        limit => Ok(limit),
    }
}

/// Reads a size in bytes, with or without a unit: `65536`, `64KiB`, `1MiB`, `100MB`.
pub fn size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 7] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
    ];
    let unit = |(name, bytes): &(&str, u64)| Some((text.strip_suffix(name)?.trim_end(), *bytes));
    let (number, unit) = UNITS.iter().find_map(unit).unwrap_or((text, 1));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // A number too large for its type is too large for a size, too.
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    match bytes.unwrap_or(u64::MAX) {
        _ if !is_number => Err("expected a size such as 65536, 64KiB, 1MiB or 100MB".to_owned()),
        0 => Err("expected at least 1 byte".to_owned()),
        bytes if bytes > MAX_SIZE => Err("expected at most 1024GiB".to_owned()),
        bytes => Ok(bytes),
    }
}

/// Reads a whole number within a range.
pub fn number<T>(range: RangeInclusive<u64>) -> impl TypedValueParser<Value = T>
where
    T: TryFrom<u64> + Clone + Send + Sync + 'static,
{
    StringValueParser::new().try_map(move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| format!("expected a number from {} to {}", range.start(), range.end()))
    })
}

/// Reads a part of all: from 0 to 1.
pub fn rate(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate));
    number.ok_or_else(|| "expected a number from 0 to 1, such as 0.2 for a fifth".to_owned())
}

/// Accepts any path, also an empty one: an empty environment variable means none.
pub fn path_or_nothing() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// Accepts a file to write. `-` would become the name of a file, as standard output has the report.
pub fn output_file() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|file| match file == "-" {
        true => Err(NO_STANDARD_OUTPUT),
        false => Ok(PathBuf::from(file)),
    })
}

/// Why `-` is not accepted as a file to write.
pub const NO_STANDARD_OUTPUT: &str =
    "expected a file, as standard output is taken; to write a file named -, type ./-";

/// Accepts any text and completes these names in a shell. The command itself reports an
/// unknown name, and suggests the nearest one.
#[derive(Debug, Clone, Copy)]
struct Suggestions(fn() -> Vec<&'static str>);

/// Names of events: PGM's are suggested, but the user's own fixtures may have others.
pub fn event_name() -> impl TypedValueParser<Value = String> {
    Suggestions(|| pgm::event_names().collect())
}

/// Ids of findings: too many to list them all when one is misspelled.
pub fn finding_id() -> impl TypedValueParser<Value = String> {
    Suggestions(|| FindingKind::all().map(|kind| kind.id).collect())
}

/// Ids of checks.
pub fn check_id() -> impl TypedValueParser<Value = String> {
    Suggestions(|| PROBES.iter().map(|probe| probe.id).collect())
}

/// Names of receivers to start from.
pub fn scaffold_name() -> impl TypedValueParser<Value = String> {
    Suggestions(|| Scaffold::all().map(|scaffold| scaffold.name).collect())
}

impl TypedValueParser for Suggestions {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter().map(PossibleValue::new)))
    }
}

/// `--triggered-date`: when the event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggeredDate {
    /// This moment.
    At(DateTime<Utc>),
    /// This long before now.
    Before(Duration),
    /// This long after now.
    After(Duration),
}

impl TriggeredDate {
    /// Returns the moment; `None` outside the years 0 to 9999, which are all that PGM's format can
    /// express.
    pub fn resolve(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let delta = |distance| TimeDelta::from_std(distance).ok();
        let date = match self {
            Self::At(date) => Some(date),
            Self::Before(distance) => delta(distance).and_then(|d| now.checked_sub_signed(d)),
            Self::After(distance) => delta(distance).and_then(|d| now.checked_add_signed(d)),
        };
        date.filter(|date| (0..=9999).contains(&date.year()))
    }
}

impl FromStr for TriggeredDate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "now" {
            return Ok(Self::After(Duration::ZERO));
        }
        if let Some(distance) = text.strip_prefix('-') {
            return distance_from_now(distance).map(Self::Before);
        }
        if let Some(distance) = text.strip_prefix('+') {
            return distance_from_now(distance).map(Self::After);
        }
        if let Ok(date) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::At(date.to_utc()));
        }
        match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(date) => Ok(Self::At(date.and_time(NaiveTime::MIN).and_utc())),
            Err(_) => Err("expected a date such as 2026-03-01T17:42:09Z or 2026-03-01, \
                           or now, -5m, +1h"
                .to_owned()),
        }
    }
}

/// `--since`: a moment in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since(TriggeredDate);

impl Since {
    /// Returns the moment; the earliest possible one where it is too long ago.
    pub fn resolve(self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.0.resolve(now).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ago = distance_from_now(text.strip_prefix('-').unwrap_or(text));
        match (ago, text.parse()) {
            (Ok(ago), _) => Ok(Self(TriggeredDate::Before(ago))),
            (Err(_), Ok(date @ TriggeredDate::At(_))) => Ok(Self(date)),
            _ => Err("expected a time ago such as 2h or 30m, or a date such as \
                      2026-03-01T17:42:09Z or 2026-03-01"
                .to_owned()),
        }
    }
}

/// Reads a distance of any length: what is too far away is found out with the date.
fn distance_from_now(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "expected a number with a unit, such as 5s, 2h or 3d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgm::format_date;

    #[test]
    fn durations_have_a_unit_and_a_greatest_value() {
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("365d"), Ok(MAX_DURATION));
        for (bad, expected) in [
            ("5", "a unit"),
            ("", "a unit"),
            ("366d", "at most 365d"),
            ("18446744073709551615s", "at most 365d"),
            ("99999999999999999999999s", "at most 365d"),
        ] {
            assert!(duration(bad).unwrap_err().contains(expected), "{bad}");
        }
        assert!(time_limit("0s").is_err());
    }

    #[test]
    fn sizes_with_and_without_a_unit() {
        for (text, bytes) in
            [("1", 1), ("64KiB", 65_536), ("1 MiB", 1_048_576), ("100MB", 100_000_000), ("7B", 7)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "0", "KiB", "-1", "1.5MiB", "1 parsec"] {
            assert!(size(bad).is_err(), "{bad}");
        }
        for large in ["99999999999GiB", "1025GiB", "18446744073709551616"] {
            assert!(size(large).unwrap_err().contains("at most 1024GiB"), "{large}");
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn triggered_dates_and_distances() {
        for (text, date) in [
            ("now", "2026-03-01T12:00:00Z"),
            ("-5m", "2026-03-01T11:55:00Z"),
            ("+1h", "2026-03-01T13:00:00Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z"),
            ("2026-02-28T10:00:00+02:00", "2026-02-28T08:00:00Z"),
        ] {
            let resolved = text.parse::<TriggeredDate>().unwrap().resolve(now()).unwrap();
            assert_eq!(format_date(resolved), date, "{text}");
        }
        for far in ["-9000y", "+9000y", "-18446744073709551615s"] {
            assert_eq!(far.parse::<TriggeredDate>().unwrap().resolve(now()), None, "{far}");
        }
        for bad in ["", "yesterday", "-5", "2026-02-30", "2026-02-28T10:00:00"] {
            assert!(bad.parse::<TriggeredDate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn times_ago_and_dates() {
        for (text, date) in [
            ("2h", "2026-03-01T10:00:00Z"),
            ("-30m", "2026-03-01T11:30:00Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z"),
        ] {
            assert_eq!(format_date(text.parse::<Since>().unwrap().resolve(now())), date, "{text}");
        }
        for bad in ["", "yesterday", "now", "+1h", "5"] {
            assert!(bad.parse::<Since>().is_err(), "{bad}");
        }
    }
}
