//! The events that PGM is known to send, each with a sample of its `data`. Samples do not age: their
//! dates are near the time at which they are sent.
//!
//! One file an event in `fixtures/events/`, embedded by the build script: to add an event is
//! to add a file there.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::format_date;

// `FILES: &[(&str, &str)]`, an event's name and its file's text, sorted by name.
include!(concat!(env!("OUT_DIR"), "/event_files.rs"));

/// How sure a fact about a payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The vendor's help page shows it.
    Documented,
    /// It was seen in a real payload.
    Observed,
    /// A live receiver reads it; no real payload was seen.
    ReadByReceiver,
    /// Made up to make the sample whole; a real payload may differ.
    Illustrative,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::ReadByReceiver => "read by a receiver",
            Self::Illustrative => "illustrative",
        })
    }
}

/// A PGM event with a sample of its payload.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Technical name, as it stands in the envelope.
    pub event: String,
    /// When PGM sends it, in a few words (documented).
    pub when: String,
    /// What a reader should know beyond that, if anything.
    #[serde(default)]
    pub note: Option<String>,
    /// The sample payload. People in it are invented.
    pub data: Value,
    /// How sure each field of `data` is: dotted path to confidence, in the order of `data`.
    pub fields: Map<String, Value>,
    /// The JSON type of fields that are `null` in the sample, by dotted path.
    #[serde(default)]
    pub types: Map<String, Value>,
}

impl Event {
    /// How sure the field at a dotted path is; `None` for a path that the sample does not have.
    pub fn confidence(&self, path: &str) -> Option<Confidence> {
        Confidence::deserialize(self.fields.get(path)?).ok()
    }

    /// The payload as a whole in a few words: how many fields are how sure.
    pub fn summary(&self) -> String {
        let count = |wanted| {
            let is = |path: &&String| self.confidence(path) == Some(wanted);
            self.fields.keys().filter(is).count()
        };
        let total = self.fields.len();
        use Confidence::{Documented, Illustrative, Observed, ReadByReceiver};
        let best =
            [Documented, Observed, ReadByReceiver].into_iter().find(|level| count(*level) > 0);
        match best {
            None => Illustrative.to_string(),
            Some(level) if count(level) == total => level.to_string(),
            Some(level) => format!("{} of {total} fields {level}", count(level)),
        }
    }
}

/// The names of all known events, sorted. Both spellings of the standby event are among them:
/// the help page's `Stadby` and the live systems' `Standby`.
pub fn event_names() -> impl ExactSizeIterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// Whether an event of this name is known, spelt exactly like this.
pub fn is_known(name: &str) -> bool {
    event_names().any(|known| known == name)
}

/// The event of this name, spelt exactly like this.
pub fn find(name: &str) -> Option<Event> {
    read(name)
}

/// The sample payload of the event of this name: what a send needs of it, and no more is read.
pub fn sample(name: &str) -> Option<Value> {
    #[derive(Deserialize)]
    struct Sample {
        data: Value,
    }
    read(name).map(|sample: Sample| sample.data)
}

fn read<T: Deserialize<'static>>(name: &str) -> Option<T> {
    let (_, text) = FILES.iter().find(|(known, _)| *known == name)?;
    // The files are embedded, and a test reads every one of them.
    serde_json::from_str(text).ok()
}

/// The sample payload of an event, about something that happens at `now`. The dates of `Test` are
/// documented, and stay.
pub fn sample_at(event: &str, now: DateTime<Utc>) -> Option<Value> {
    let mut data = sample(event)?;
    if event != "Test" {
        move_dates(&mut data, now);
    }
    Some(data)
}

/// When the samples were written, in seconds since 1970: 2026-03-01T17:42:11Z.
const WRITTEN_AT: i64 = 1_772_386_931;
/// Dates of a sample that are to come, such as the start of a class, are at such minutes.
const SCHEDULE_GRID: TimeDelta = TimeDelta::minutes(5);
/// Dates further from the time of writing than this have nothing to do with the event: birth dates.
const MAX_DISTANCE: TimeDelta = TimeDelta::days(366);

/// Moves every date of a sample by the time between its writing and `now`, so that dates keep their
/// order and distance.
fn move_dates(value: &mut Value, now: DateTime<Utc>) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|value| move_dates(value, now)),
        Value::Array(items) => items.iter_mut().for_each(|value| move_dates(value, now)),
        Value::String(text) => {
            if let Some(moved) = moved_date(text, now) {
                *text = moved;
            }
        }
        _ => {}
    }
}

fn moved_date(text: &str, now: DateTime<Utc>) -> Option<String> {
    let written = DateTime::from_timestamp(WRITTEN_AT, 0)?;
    let age = now - written;
    if let Ok(date) = text.parse::<NaiveDate>() {
        let distance = date - written.date_naive();
        let moved = now.date_naive().checked_add_signed(distance)?;
        return (distance.abs() <= MAX_DISTANCE).then(|| moved.to_string());
    }
    let date: DateTime<Utc> = text.parse().ok()?;
    let age = match date > written {
        true => age - TimeDelta::seconds(age.num_seconds().rem_euclid(SCHEDULE_GRID.num_seconds())),
        false => age,
    };
    let moved = date.checked_add_signed(age)?;
    ((date - written).abs() <= MAX_DISTANCE).then(|| format_date(moved))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_samples_are_near_now_and_keep_their_order() {
        let now: DateTime<Utc> = "2031-07-09T06:03:30Z".parse().unwrap();
        let data = |event: &str| sample_at(event, now).unwrap();
        assert_eq!(data("UserPresenceChanged")["enterDate"], "2031-07-09T06:03:30Z");
        assert_eq!(data("ContractCreated")["contractSignDate"], "2031-07-09");
        let cancelled = data("ClassesBookingCancelled");
        let date =
            |name: &str| -> DateTime<Utc> { cancelled[name].as_str().unwrap().parse().unwrap() };
        assert!(date("cancellationDate") < now && now < date("startDate"), "{cancelled}");
        assert_eq!(date("endDate") - date("startDate"), TimeDelta::minutes(55));
        assert_eq!(date("startDate").timestamp() % 300, 0, "{cancelled}");
        // What is no date of the event stays.
        assert_eq!(data("UserModified")["user"]["birthDate"], "1990-05-17");
        assert_eq!(data("Test")["nestedData"]["date"], "2020-06-01T14:44:46Z");
    }

    #[test]
    fn every_file_is_an_event_of_its_own_name_with_every_field_rated() {
        for (name, text) in FILES {
            let event: Event = serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(event.event, *name);
            assert_eq!(sample(name), Some(event.data.clone()));
            let rated: Vec<_> = event.fields.keys().cloned().collect();
            assert_eq!(rated, leaves(&event.data), "{name}");
            assert!(rated.iter().all(|path| event.confidence(path).is_some()), "{name}");
        }
    }

    #[test]
    fn the_catalogue_is_the_documented_list_and_test_and_the_live_spelling() {
        let names: Vec<_> = event_names().collect();
        assert_eq!(
            names,
            [
                "AgreementAnswerModified",
                "ClassesBooked",
                "ClassesBookedOnStadbyList",
                "ClassesBookedOnStandbyList",
                "ClassesBookingCancelled",
                "ClassesBookingPromotedFromStandbyList",
                "ContractCreated",
                "ContractPaymentDone",
                "PersonalTrainingBooked",
                "PersonalTrainingBookingCancelled",
                "Test",
                "UserCardScanned",
                "UserModified",
                "UserPresenceChanged",
            ]
        );
    }

    fn leaves(data: &Value) -> Vec<String> {
        fn walk(value: &Value, path: &str, found: &mut Vec<String>) {
            match value {
                Value::Object(fields) => {
                    for (key, value) in fields {
                        let path =
                            if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                        walk(value, &path, found);
                    }
                }
                _ => found.push(path.to_owned()),
            }
        }
        let mut found = Vec::new();
        walk(data, "", &mut found);
        found
    }
}
