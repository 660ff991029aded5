//! Samples do not age: their dates are near the time at which they are sent.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

/// The sample payload of an event, about something that happens at `now`. The dates of `Test` are
/// documented, and stay.
pub fn sample_at(event: &str, now: DateTime<Utc>) -> Option<Value> {
    let mut data = super::sample(event)?;
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
    ((date - written).abs() <= MAX_DISTANCE).then(|| super::format_date(moved))
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
}
