//! What a story says in TOML, as JSON: variables, names and paths, each with its place in the file.

use serde_json::{Map, Number, Value};
use toml_edit::{Item, TableLike};

use super::RESERVED;
use super::values::references;
use crate::toml_file::{KnownTable, TomlFileError, TomlText};

/// The variables, each after those that it refers to, with the item that says it.
pub(super) fn variables<'a>(
    file: TomlText<'a>,
    item: &'a Item,
) -> Result<Vec<(String, Value, &'a Item)>, TomlFileError> {
    let Some(table) = item.as_table_like() else {
        return Err(file.error(item.span(), "variables are keys of [variables], not a value"));
    };
    let mut raw = Vec::new();
    for (name, item) in table.iter() {
        if !is_identifier(name) {
            let span = table.key(name).and_then(toml_edit::Key::span);
            return Err(file.error(span, bad_identifier(name)));
        }
        raw.push((name.to_owned(), json(file, item)?, item));
    }
    let mut sorted: Vec<(String, Value, &Item)> = Vec::new();
    while !raw.is_empty() {
        let is_ready = |(_, value, _): &(String, Value, &Item)| {
            let names = references(value);
            names.iter().all(|name| !raw.iter().any(|(waiting, ..)| waiting == name))
        };
        let Some(at) = raw.iter().position(is_ready) else {
            let names = cycle(&raw);
            let item = raw.iter().find(|(name, ..)| *name == names[0]).map(|(.., item)| *item);
            let message =
                format!("variables refer to each other in a cycle: {}", names.join(" → "));
            return Err(file.error(item.and_then(Item::span), message));
        };
        sorted.push(raw.remove(at));
    }
    Ok(sorted)
}

/// The names of variables of which each refers to the next, the first at both ends.
fn cycle(waiting: &[(String, Value, &Item)]) -> Vec<String> {
    let mut path: Vec<&str> = waiting.first().map(|(name, ..)| name.as_str()).into_iter().collect();
    while let Some(name) = path.last() {
        let value = waiting.iter().find(|(known, ..)| known == name).map(|(_, value, _)| value);
        let next = value.into_iter().flat_map(references);
        let Some(next) =
            next.into_iter().find(|next| waiting.iter().any(|(known, ..)| known == next))
        else {
            break;
        };
        let start = path.iter().position(|known| *known == next);
        path.push(next);
        if let Some(start) = start {
            path.drain(..start);
            break;
        }
    }
    path.into_iter().map(str::to_owned).collect()
}

pub(super) fn identifier(
    fields: &KnownTable<'_>,
    key: &'static str,
    item: &Item,
) -> Result<String, TomlFileError> {
    let name = fields.text(key, item)?;
    match is_identifier(name) {
        true => Ok(name.to_owned()),
        false => Err(fields.error(item, bad_identifier(name))),
    }
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        && !RESERVED.contains(&name)
}

fn bad_identifier(name: &str) -> String {
    match RESERVED.contains(&name) {
        true => format!("the name {name} has a meaning of its own"),
        false => format!("{name:?} is not a name: letters, digits, - and _, a letter first"),
    }
}

/// Every path of a table with its item; dotted keys go deeper.
pub(super) fn paths(table: &dyn TableLike) -> Vec<(String, &Item)> {
    let mut found = Vec::new();
    for (key, item) in table.iter() {
        match item.as_table_like().filter(|inner| inner.is_dotted()) {
            Some(inner) => found.extend(
                paths(inner).into_iter().map(|(path, item)| (format!("{key}.{path}"), item)),
            ),
            None => found.push((key.to_owned(), item)),
        }
    }
    found
}

/// The item of a path in a table such as `set`, or of a text in a list such as `remove`.
pub(super) fn find_item<'a>(item: &'a Item, path: &str) -> Option<&'a Item> {
    let table = item.as_table_like()?;
    if let Some(json) = table.get("json") {
        return find_item(json, path);
    }
    paths(table).into_iter().find(|(known, _)| known == path).map(|(_, item)| item)
}

/// A value as JSON.
pub(super) fn json(file: TomlText<'_>, item: &Item) -> Result<Value, TomlFileError> {
    let fields = |table: &dyn TableLike| {
        let field = |(key, item): (&str, &Item)| Ok((key.to_owned(), json(file, item)?));
        table.iter().map(field).collect::<Result<Map<_, _>, TomlFileError>>().map(Value::Object)
    };
    if let Some(table) = item.as_table_like() {
        return fields(table);
    }
    let Some(value) = item.as_value() else {
        return Err(file.error(item.span(), "expected a value"));
    };
    Ok(match value {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Float(number) => match Number::from_f64(*number.value()) {
            Some(number) => number.into(),
            None => return Err(file.error(item.span(), "JSON has no such number")),
        },
        toml_edit::Value::Boolean(value) => (*value.value()).into(),
        toml_edit::Value::Datetime(date) => date.value().to_string().into(),
        toml_edit::Value::Array(items) => {
            let items = items.iter().map(|item| json(file, &Item::Value(item.clone())));
            items.collect::<Result<Vec<_>, _>>()?.into()
        }
        toml_edit::Value::InlineTable(table) => return fields(table),
    })
}
