//! Events as JSON Schema 2020-12 and as OpenAPI 3.1 with webhooks, from their samples and from how
//! sure each field is.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value, json};

use crate::fixtures::Fixture;
use crate::pgm::{Confidence, Event, format_date, parse_date};

/// The date of examples: that of the vendor's own.
pub fn example_date() -> DateTime<Utc> {
    parse_date("2020-06-01T14:44:46Z").unwrap_or_default()
}

/// The JSON Schema of an event's whole body. Only what is sure is required, unknown fields are
/// allowed, and what is not sure may be `null`.
pub fn event_schema(name: &str, sample: &Fixture) -> String {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
    });
    merge(&mut schema, body(sample, data(sample)));
    schema["examples"] = json!([example(sample)]);
    pretty(&schema)
}

/// An OpenAPI description in which each event is a webhook.
pub fn openapi(samples: &[(&str, Fixture)]) -> String {
    let webhooks: Map<_, _> =
        samples.iter().map(|(name, sample)| ((*name).to_owned(), webhook(name, sample))).collect();
    let schemas: Map<_, _> = samples
        .iter()
        .flat_map(|(name, sample)| {
            let name = component(name);
            let data_name = format!("{name}Data");
            let body = body(sample, json!({ "$ref": format!("#/components/schemas/{data_name}") }));
            [(name, body), (data_name, data(sample))]
        })
        .collect();
    // The file is embedded, and a test reads it.
    let mut description: Value =
        serde_json::from_str(include_str!("openapi.json")).unwrap_or_default();
    description["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    description["webhooks"] = webhooks.into();
    description["components"]["schemas"] = schemas.into();
    pretty(&description)
}

fn webhook(name: &str, sample: &Fixture) -> Value {
    let event = sample.described();
    let when = event.as_ref().map_or("an event of your own", |event| &event.when);
    json!({
        "post": {
            "operationId": component(name),
            "summary": when,
            "description": event.as_ref().and_then(|event| event.note.as_deref()).unwrap_or(when),
            "parameters": [
                { "$ref": "#/components/parameters/RequestId" },
                { "$ref": "#/components/parameters/Signature" },
            ],
            "requestBody": {
                "required": true,
                "content": {
                    "application/json": {
                        "schema": { "$ref": format!("#/components/schemas/{}", component(name)) },
                        "examples": { "sample": { "value": example(sample) } },
                    },
                },
            },
            "responses": {
                "2XX": {
                    "description": "Received, within 5 seconds. The body should be brief: PGM keeps \
                                    its first 1000 characters.",
                    "content": { "text/plain": { "schema": { "type": "string" }, "example": "Ok" } },
                },
                "4XX": { "description": "Rejected: PGM marks the request as failed." },
            },
        },
    })
}

fn example(sample: &Fixture) -> Value {
    json!({ "event": sample.event, "triggeredDate": format_date(example_date()), "data": sample.data })
}

/// A name that OpenAPI takes for a component: files of the user's can have any.
fn component(name: &str) -> String {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    name.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect()
}

fn data(sample: &Fixture) -> Value {
    field("", &sample.data, sample.described().as_ref())
}

/// The schema of the envelope around data with this schema.
fn body(sample: &Fixture, data: Value) -> Value {
    let event = sample.described();
    let mut schema = json!({
        "type": "object",
        "required": ["event", "triggeredDate", "data"],
        "properties": {
            "event": { "const": sample.event, "description": "The event's technical name" },
            "triggeredDate": {
                "type": "string",
                "format": "date-time",
                "description": "When it happened, in UTC",
            },
            "data": data,
        },
    });
    if let Some(event) = event {
        schema["description"] = event.when.into();
    }
    schema
}

/// How sure the field at a path is; `None` for a payload of the user's own.
fn confidence(path: &str, event: Option<&Event>) -> Option<Confidence> {
    event.map(|event| event.confidence(path).unwrap_or(Confidence::Illustrative))
}

/// Whether PGM is known to send the field, or one within it.
fn is_sure(path: &str, value: &Value, event: Option<&Event>) -> bool {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().any(|(key, value)| is_sure(&child(path, key), value, event))
        }
        _ => confidence(path, event).is_none_or(|confidence| confidence <= Confidence::Observed),
    }
}

fn child(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn field(path: &str, value: &Value, event: Option<&Event>) -> Value {
    if let Value::Object(fields) = value {
        return object(path, fields, event);
    }
    let confidence = confidence(path, event);
    let is_exact = matches!(confidence, Some(Confidence::Documented));
    let mut schema = match value {
        Value::String(text) => {
            let mut schema = typed("string", is_exact);
            // The format of a made-up value says nothing.
            let is_real = confidence.is_none_or(|confidence| confidence <= Confidence::Observed);
            if let Some(format) = format(text).filter(|_| is_real) {
                schema["format"] = format.into();
            }
            schema
        }
        // Blank text is null; what identifies something is not blank.
        Value::Number(number) => {
            let name = if number.is_f64() { "number" } else { "integer" };
            typed(name, is_sure(path, value, event))
        }
        Value::Bool(_) => typed("boolean", is_sure(path, value, event)),
        Value::Array(items) => {
            let mut schema = typed("array", is_exact);
            schema["items"] = items.first().map_or(json!({}), |item| field(path, item, event));
            schema
        }
        _ => match event.and_then(|event| event.types.get(path)) {
            Some(name) => json!({ "type": [name, "null"] }),
            None => json!({}),
        },
    };
    let confidence = confidence.map_or("your own".to_owned(), |confidence| confidence.to_string());
    schema["x-confidence"] = confidence.clone().into();
    schema["description"] = confidence.into();
    schema
}

fn object(path: &str, fields: &Map<String, Value>, event: Option<&Event>) -> Value {
    let entries = || fields.iter().map(|(key, value)| (key, child(path, key), value));
    let properties: Map<_, _> =
        entries().map(|(key, path, value)| (key.clone(), field(&path, value, event))).collect();
    let required: Vec<_> = entries()
        .filter(|(_, path, value)| is_sure(path, value, event))
        .map(|(key, ..)| key.as_str())
        .collect();
    let is_null_possible = !path.is_empty() && required.is_empty();
    let mut schema = typed("object", !is_null_possible);
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema["properties"] = properties.into();
    schema
}

fn typed(name: &str, is_never_null: bool) -> Value {
    if is_never_null { json!({ "type": name }) } else { json!({ "type": [name, "null"] }) }
}

/// The format of a date, with or without a time.
fn format(text: &str) -> Option<&'static str> {
    if parse_date(text).is_some() {
        Some("date-time")
    } else {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok().then_some("date")
    }
}

fn merge(schema: &mut Value, more: Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more);
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
