//! Payloads that nobody could take for real business.

use serde_json::Value;

/// Stands for every id: it looks like no id of anybody's, and fits 32 bits.
const ID: u32 = 999_999_999;

/// The same payload with every id replaced by one that belongs to nobody.
pub fn synthetic(mut data: Value) -> Value {
    replace(&mut data);
    data
}

fn replace(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                if !is_id(key) {
                    replace(value);
                } else if value.is_number() {
                    *value = Value::from(ID);
                } else if value.is_string() {
                    *value = Value::from(ID.to_string());
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(replace),
        _ => {}
    }
}

fn is_id(key: &str) -> bool {
    key == "id" || key.ends_with("Id") || key == "userNumber"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgm;

    #[test]
    fn no_id_of_any_sample_is_left() {
        let data = synthetic(pgm::find("UserModified").unwrap().data);
        assert_eq!(data["userId"], 999_999_999);
        assert_eq!(data["user"]["userNumber"], "999999999");
        assert_eq!(data["user"]["userFirstName"], "Żaneta");
        for name in pgm::catalogue() {
            let data = pgm::find(name).unwrap().data;
            let after = synthetic(data.clone());
            for (key, value) in data.as_object().unwrap() {
                let kept = is_id(key) || value.is_object() || after[key] == *value;
                assert!(kept && (!is_id(key) || after[key] == ID), "{name}.{key}");
            }
        }
    }
}
