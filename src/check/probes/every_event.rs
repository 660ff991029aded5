//! Does the target accept every event that the user names?

use serde_json::Value;

use super::*;

pub(super) const PROBE: Probe = Probe {
    id: "every-event",
    level: Level::Must,
    source: Provenance::Documented,
    passes_when: "each event of --events gets a 2xx in time; `all` has both standby spellings",
    explanation: "A webhook gets every event that it is subscribed to, which is all of them unless \
        somebody made a selection. Sends each event of --events with its sample payload, every id \
        in it 999999999, so that it means nobody. Respond with a 2xx to events that you do not \
        need, too.",
    traffic,
    judge,
    ..DEFAULTS
};

fn traffic(factory: &mut RequestFactory<'_>) -> Traffic {
    let events = &factory.config.events;
    if events.is_empty() {
        return Traffic::NotApplicable(
            "add --events all to send the real events too, with ids that belong to nobody",
        );
    }
    let request = |(name, data): &(String, _)| {
        ProbeRequest::new(name.as_str(), factory.event(name, Value::clone(data)))
    };
    Traffic::Each(events.iter().map(request).collect())
}

/// One line for each event that does not pass.
fn judge(config: &CheckConfig, responses: &[ProbeResponse]) -> ProbeResult {
    let line = |response: &ProbeResponse| {
        let took = format_duration(response.elapsed());
        let late =
            if response.is_accepted() { format!(" after {took}, too late") } else { String::new() };
        format!("{}: {}{late}", response.label, describe(response))
    };
    let bad = responses.iter().filter(|response| !response.is_in_time(config.limit));
    let bad: Vec<_> = bad.map(line).collect();
    if bad.is_empty() {
        return ProbeResult::pass(match responses.len() {
            1 => "the event got a 2xx in time".to_owned(),
            n => format!("all {n} events got a 2xx in time"),
        });
    }
    ProbeResult::fail(
        format!("{} of {} events did not:\n{}", bad.len(), responses.len(), bad.join("\n")),
        "respond to every event with a 2xx, also to one that you do not need",
    )
}

/// Replaces every id in [`anonymize`]: it looks like nobody's id, and fits 32 bits.
const NOBODY: u32 = 999_999_999;
/// The same for ids in the form of a GUID.
const NOBODY_GUID: &str = "99999999-9999-4999-8999-999999999999";

/// A payload in which every id belongs to nobody.
pub fn anonymize(mut data: Value) -> Value {
    replace_ids(&mut data);
    data
}

fn replace_ids(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                if !is_id(key) {
                    replace_ids(value);
                } else if value.is_number() {
                    *value = Value::from(NOBODY);
                } else if let Some(text) = value.as_str() {
                    let is_guid = text.len() == NOBODY_GUID.len() && text.contains('-');
                    let nobody = NOBODY.to_string();
                    *value = Value::from(if is_guid { NOBODY_GUID } else { &nobody });
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(replace_ids),
        _ => {}
    }
}

fn is_id(key: &str) -> bool {
    key == "id" || key.ends_with("Id") || matches!(key, "userNumber" | "cardNumber")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::CheckStatus;
    use crate::check::tests::*;
    use crate::pgm;

    #[test]
    fn each_event_that_fails_has_a_line() {
        let named = |name: &str, response| ProbeResponse { label: name.into(), ..response };
        let good = [named("A", responded(200)), named("B", responded(202))];
        assert_eq!(judge(&config(), &good).evidence, "all 2 events got a 2xx in time");
        let bad = [
            named("A", responded(200)),
            named("B", responded(404)),
            named("C", after(responded(200), 5500)),
        ];
        let failed = judge(&config(), &bad);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert_eq!(
            failed.evidence,
            "2 of 3 events did not:\nB: 404 Not Found\nC: 200 OK after 5.50 s, too late"
        );
    }

    #[test]
    fn no_id_of_any_sample_remains() {
        let data = anonymize(pgm::find("UserModified").unwrap().data);
        assert_eq!(data["userId"], 999_999_999);
        assert_eq!(data["user"]["userNumber"], "999999999");
        assert_eq!(data["user"]["userFirstName"], "Żaneta");
        for name in pgm::event_names() {
            let data = pgm::find(name).unwrap().data;
            let after = anonymize(data.clone());
            for (key, value) in data.as_object().unwrap() {
                let nobody = [json!(NOBODY), json!(NOBODY.to_string()), json!(NOBODY_GUID)];
                let is_right = match value {
                    value if is_id(key) => {
                        nobody.contains(&after[key])
                            && after[key].is_string() == value.is_string()
                            && *value != after[key]
                    }
                    value => value.is_object() || after[key] == *value,
                };
                assert!(is_right, "{name}.{key}: {}", after[key]);
            }
        }
    }
}
