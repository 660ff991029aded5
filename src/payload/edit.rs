//! Edits of `data`. An edit that would change nothing is an error.

use serde_json::{Map, Value};

use super::{Assignment, DataPath, PathSegment, Variation};

/// Paths more alike than this are suggested: 0 is nothing alike, 1 is equal.
const MIN_SIMILARITY: f64 = 0.6;

/// Why `data` could not be edited. Paths are shown as they can be typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Nothing is at the path.
    #[error("there is no {path} in data")]
    Missing {
        /// The path that was asked for.
        path: String,
        /// The existing path that is most like it.
        nearest: Option<String>,
        /// All existing paths.
        known: Vec<String>,
    },
    /// What is to be added is there already.
    #[error("{0} is in data already")]
    Exists(String),
    /// A segment leads into something that is neither an object nor a list.
    #[error("{0} leads through a value that has no fields")]
    Blocked(String),
    /// A list has no such position, nor is it the next free one.
    #[error("{0} is past the end of its list")]
    PastEnd(String),
}

/// Replaces the value at a path of `data`. A leading `data.` may be typed, as long as `data`
/// has no such key itself.
///
/// # Errors
/// [`EditError::Missing`] when nothing is there.
pub fn set(data: &mut Value, assignment: &Assignment) -> Result<(), EditError> {
    replace(data, &assignment.path, assignment.value.clone()).map(drop)
}

/// The value at a path of `data`, as [`set`] finds it.
pub fn get<'a>(data: &'a Value, path: &DataPath) -> Option<&'a Value> {
    within_data(data, path).get(data)
}

/// Replaces the value at a path and returns the old one.
fn replace(data: &mut Value, path: &DataPath, value: Value) -> Result<Value, EditError> {
    let path = within_data(data, path);
    match locate(data, &path.0) {
        Some(old) => Ok(std::mem::replace(old, value)),
        None => Err(missing(data, &path)),
    }
}

/// Puts a value at a path of `data` that has none yet and creates missing objects and lists on the
/// way; in a list, at the next free position.
///
/// # Errors
/// When a value is there, or the path leads through a plain value or past the end of a list.
pub fn add(data: &mut Value, assignment: &Assignment) -> Result<(), EditError> {
    let path = within_data(data, &assignment.path);
    if path.get(data).is_some() {
        return Err(EditError::Exists(path.to_string()));
    }
    let mut target = data;
    for segment in &path.0 {
        target = enter(target, segment).ok_or_else(|| blocked(&path, segment))?;
    }
    assignment.value.clone_into(target);
    Ok(())
}

/// Whether `path` of `data` is `outer`, or leads through it.
pub fn is_within(data: &Value, path: &DataPath, outer: &DataPath) -> bool {
    within_data(data, path).0.starts_with(&within_data(data, outer).0)
}

/// Removes the value at a path of `data`; from a list, the following items move up.
///
/// # Errors
/// [`EditError::Missing`] when nothing is there.
pub fn remove(data: &mut Value, path: &DataPath) -> Result<(), EditError> {
    let path = within_data(data, path);
    let removed = path.0.split_last().and_then(|(last, parents)| {
        match (locate(data, parents)?, last) {
            // Not `remove`, which would put the last field in its place.
            (Value::Object(fields), PathSegment::Key(key)) => fields.shift_remove(key),
            (Value::Array(items), PathSegment::Index(index)) if *index < items.len() => {
                Some(items.remove(*index))
            }
            _ => None,
        }
    });
    removed.map(drop).ok_or_else(|| missing(data, &path))
}

impl Variation {
    /// Puts `marker` where the numbers go, as a JSON string, and returns the value it replaces.
    ///
    /// # Errors
    /// [`EditError::Missing`] when nothing is there.
    pub fn mark(&self, data: &mut Value, marker: &str) -> Result<Value, EditError> {
        replace(data, &self.path, Value::from(marker))
    }
}

/// The path below `data`, whose name may be typed in front.
fn within_data(data: &Value, path: &DataPath) -> DataPath {
    match path.below("data") {
        Some(below) if data.get("data").is_none() => below,
        _ => path.clone(),
    }
}

fn locate<'a>(data: &'a mut Value, segments: &[PathSegment]) -> Option<&'a mut Value> {
    segments.iter().try_fold(data, |value, segment| match segment {
        PathSegment::Key(key) => value.get_mut(key),
        PathSegment::Index(index) => value.get_mut(index),
    })
}

fn enter<'a>(value: &'a mut Value, segment: &PathSegment) -> Option<&'a mut Value> {
    match segment {
        PathSegment::Key(key) => {
            if value.is_null() {
                *value = Value::Object(Map::new());
            }
            Some(value.as_object_mut()?.entry(key.as_str()).or_insert(Value::Null))
        }
        PathSegment::Index(index) => {
            if value.is_null() {
                *value = Value::Array(Vec::new());
            }
            let list = value.as_array_mut()?;
            if *index == list.len() {
                list.push(Value::Null);
            }
            list.get_mut(*index)
        }
    }
}

fn blocked(path: &DataPath, segment: &PathSegment) -> EditError {
    let path = path.to_string();
    match segment {
        PathSegment::Key(_) => EditError::Blocked(path),
        PathSegment::Index(_) => EditError::PastEnd(path),
    }
}

fn missing(data: &Value, path: &DataPath) -> EditError {
    let mut known = Vec::new();
    collect(data, &mut Vec::new(), &mut known);
    let path = path.to_string();
    let nearest = known
        .iter()
        .map(|known| (similarity(&path, known), known))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known.clone());
    EditError::Missing { path, nearest, known }
}

/// Compares whole paths, and their last keys alone: `userEmail` suggests `user.userEmail`.
fn similarity(wanted: &str, known: &str) -> f64 {
    let last = |path: &str| path.rsplit('.').next().unwrap_or(path).to_lowercase();
    let whole = strsim::jaro_winkler(&wanted.to_lowercase(), &known.to_lowercase());
    whole.max(strsim::jaro_winkler(&last(wanted), &last(known)))
}

/// Collects all paths below a value.
fn collect(value: &Value, segments: &mut Vec<PathSegment>, known: &mut Vec<String>) {
    let children: Vec<(PathSegment, &Value)> = match value {
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (PathSegment::Key(key.clone()), value)).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (PathSegment::Index(index), value))
            .collect(),
        _ => return,
    };
    for (segment, child) in children {
        segments.push(segment);
        known.push(DataPath(segments.clone()).to_string());
        collect(child, segments, known);
        segments.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn assignment(text: &str) -> Assignment {
        text.parse().unwrap()
    }

    #[test]
    fn sets_what_is_there_with_or_without_the_word_data() {
        let mut data = json!({"userId": 1, "user": {"tags": ["a", "b"]}});
        for text in ["userId=2", "data.user.tags[1]=null"] {
            set(&mut data, &assignment(text)).unwrap();
        }
        assert_eq!(data, json!({"userId": 2, "user": {"tags": ["a", null]}}));
    }

    #[test]
    fn a_key_named_data_is_reached_first() {
        let mut data = json!({"data": {"a": 1}, "a": 1});
        set(&mut data, &assignment("data.a=2")).unwrap();
        assert_eq!(data, json!({"data": {"a": 2}, "a": 1}));
    }

    #[test]
    fn a_missing_path_names_the_nearest() {
        let mut data = json!({"userId": 1, "user": {"userEmail": null}});
        let near = |text: &str, data: &mut Value| match set(data, &assignment(text)) {
            Err(EditError::Missing { nearest, .. }) => nearest,
            other => panic!("{other:?}"),
        };
        assert_eq!(near("userID=2", &mut data).as_deref(), Some("userId"));
        assert_eq!(near("userEmail=x", &mut data).as_deref(), Some("user.userEmail"));
        assert_eq!(near("zzz=2", &mut data), None);
        assert_eq!(data, json!({"userId": 1, "user": {"userEmail": null}}));
    }

    #[test]
    fn removes_what_is_there_and_keeps_the_order() {
        let mut data = json!({"a": 1, "b": 2, "c": 3, "list": [1, 2, 3]});
        for path in ["a", "data.list[1]"] {
            remove(&mut data, &path.parse().unwrap()).unwrap();
        }
        assert_eq!(data.to_string(), r#"{"b":2,"c":3,"list":[1,3]}"#);
        for path in ["a", "list[2]", "b.x"] {
            let error = remove(&mut data, &path.parse().unwrap());
            assert!(matches!(error, Err(EditError::Missing { .. })), "{path}");
        }
    }

    #[test]
    fn adds_what_is_not_there_but_not_through_plain_values() {
        let mut data = json!({"n": 1, "list": [1]});
        for text in ["a.b[0].c=5", "list[1]=2"] {
            add(&mut data, &assignment(text)).unwrap();
        }
        for text in ["n=3", "data.list[0]=3", "a.b=3"] {
            let error = add(&mut data, &assignment(text));
            assert!(matches!(error, Err(EditError::Exists(_))), "{text}");
        }
        assert_eq!(data, json!({"n": 1, "list": [1, 2], "a": {"b": [{"c": 5}]}}));
        assert!(matches!(add(&mut data, &assignment("n.x=1")), Err(EditError::Blocked(_))));
        let far = add(&mut data, &assignment("list[9]=1"));
        assert!(matches!(far, Err(EditError::PastEnd(_))));
    }
}
