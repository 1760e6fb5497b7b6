//! The JSON Schema (draft-07) of scenario files, for editors.
//!
//! A file that extends another may leave everything out, so what must be there is asked for only of files that
//! extend nothing. What the schema cannot say (references, sums, the order of percentiles) only
//! [`load`](super::load) checks.

use super::explain::{REMARKS, prose};
use super::law::{FAMILIES, Family};
use super::merge::NONE;
use super::preset;
use super::provenance::ProvenanceKind;
use super::reader::is_required;
use super::target_keys::Keys;
use crate::model::params::{KeySpec, Scenario, Section, SectionSpec, Shape};
use serde_json::{Map, Value, json};

const NAME: &str = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
const DURATION: &str = r"^\s*([0-9]{1,12}(\.[0-9]{1,12})?\s*(ns|nsec|nanos|us|µs|usec|ms|msec|millis|s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hrs|hour|hours|d|day|days|w|wk|wks|week|weeks)\s*)+$";
const SIZE: &str = r"^\s*[0-9]{1,15}(\.[0-9]{1,16})?\s*(B|[kKMGTP]B|[KMGTP]iB?|[kMGTP])\s*$";
/// Thousandths as Kubernetes writes them.
const THOUSANDTHS: &str = r"^\s*[0-9]{1,12}m\s*$";
const BANDWIDTH: &str = r"^\s*[0-9]{1,15}(\.[0-9]{1,16})?\s*(B|[kKMGTP]B|[KMGTP]iB|[kMGT]?bit)/s\s*$";

/// The schema of a scenario file.
pub fn schema() -> Value {
    let spec = Scenario::spec();
    let mut root = section(spec);
    root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    root["title"] = json!("A scenario of scaleup");
    for (name, meaning, _) in REMARKS {
        let mut remark = remark(name);
        remark["description"] = json!(meaning);
        root["properties"][name] = remark;
    }
    root["if"] = json!({ "required": ["extends"] });
    root["then"] = json!({});
    root["else"] = demands(spec, "");
    root["definitions"] = definitions();
    root
}

/// A table with its keys, none of which must be there.
fn section(spec: &'static SectionSpec) -> Value {
    let keys: Map<String, Value> = spec.keys.iter().map(|spec| (spec.name.to_owned(), key(spec))).collect();
    json!({ "type": "object", "description": prose(spec.doc), "properties": keys, "additionalProperties": false })
}

fn key(spec: &KeySpec) -> Value {
    let mut value = shape((spec.shape)());
    if spec.optional {
        value = or_none(value);
    }
    let mut description = prose(spec.doc);
    if let Some(given) = spec.default {
        description = format!("{description} Default from: {}.", given.source);
        value["default"] = json!(given.toml.parse::<toml::Value>().expect("every default is TOML"));
    }
    value["description"] = json!(description);
    value
}

fn shape(shape: Shape) -> Value {
    match shape {
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Shape::Number { min, max } => json!({ "anyOf": [
            { "type": "number", "minimum": min, "maximum": max },
            { "type": "string", "pattern": THOUSANDTHS },
        ] }),
        Shape::Duration => reference("duration"),
        Shape::Law => reference("distribution"),
        Shape::Size => reference("size"),
        Shape::Bandwidth => reference("bandwidth"),
        Shape::Text => json!({ "type": "string" }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::WordOrInteger { words, min, max } => {
            json!({ "anyOf": [{ "enum": words }, { "type": "integer", "minimum": min, "maximum": max }] })
        }
        Shape::List(item) => json!({ "type": "array", "items": self::shape(item()) }),
        Shape::OneOrMore(item) => {
            json!({ "anyOf": [self::shape(item()), { "type": "array", "items": self::shape(item()) }] })
        }
        Shape::Any => json!({ "type": "object" }),
        Shape::Table(spec) => section(spec),
        Shape::Named(spec) => json!({
            "type": "object",
            "propertyNames": { "pattern": NAME },
            "additionalProperties": or_none(section(spec)),
            "minProperties": 1,
        }),
    }
}

/// A value, or the word that takes it out. A table allows it without `anyOf`, so that an editor marks the wrong key in
/// the table, not the whole table.
fn or_none(mut value: Value) -> Value {
    if value["type"] == "object" {
        value["type"] = json!(["object", "string"]);
        value["pattern"] = json!(format!("^{NONE}$"));
        return value;
    }
    if let Some(choices) = value.get_mut("anyOf").and_then(Value::as_array_mut) {
        choices.push(json!({ "const": NONE }));
        return value;
    }
    json!({ "anyOf": [value, { "const": NONE }] })
}

/// A named definition; wrapped, since draft-07 ignores everything beside a `$ref`. Not in `allOf`: where that has a
/// `$ref`, Taplo's completion does not end.
fn reference(name: &str) -> Value {
    json!({ "anyOf": [{ "$ref": format!("#/definitions/{name}") }] })
}

/// What must be there in a table that is whole, but for what naming a preset sets.
fn demands(spec: &'static SectionSpec, path: &str) -> Value {
    let required = spec.keys.iter().filter(|key| is_required(key)).map(|key| key.name);
    let names: Vec<&str> = required.filter(|name| !preset::may_set(&format!("{path}{name}"))).collect();
    let demand = |key: &KeySpec| match (key.shape)() {
        Shape::Table(spec) => Some((key.name.to_owned(), demands(spec, &format!("{path}{}.", key.name)))),
        Shape::Named(spec) => {
            let each = demands(spec, &format!("{path}{}.*.", key.name));
            Some((key.name.to_owned(), json!({ "additionalProperties": each })))
        }
        _ => None,
    };
    let below: Map<String, Value> = spec.keys.iter().filter_map(demand).collect();
    json!({ "required": names, "properties": below })
}

fn definitions() -> Value {
    let laws: Vec<Value> = std::iter::once(reference("duration")).chain(FAMILIES.iter().map(law)).collect();
    json!({
        "duration": {
            "type": "string",
            "pattern": DURATION,
            "description": "A length of time with its unit: \"500ms\", \"90s\", \"2m\", \"1h 30m\".",
        },
        "size": {
            "type": "string",
            "pattern": SIZE,
            "description": "An amount of data with its unit: \"1.3GB\", \"64GiB\".",
        },
        "bandwidth": {
            "type": "string",
            "pattern": BANDWIDTH,
            "description": "Data per second with its unit: \"150MB/s\", \"5Gbit/s\".",
        },
        "distribution": {
            "anyOf": laws,
            "description": "A length of time, or a distribution of lengths; `min` and `max` cut it off.",
        },
    })
}

fn law(family: &Family) -> Value {
    let name = family.name;
    let parameters = match name {
        "constant" => reference("duration"),
        "empirical" => json!({ "anyOf": [
            { "type": "array", "minItems": 1, "items": reference("duration") },
            {
                "type": "object",
                "required": ["p0", "p100"],
                "propertyNames": { "pattern": r"^p[0-9]+(\.[0-9]+)?$" },
                "additionalProperties": reference("duration"),
            },
        ] }),
        _ => {
            let parameter = |name: &&str| {
                let value = if *name == "shape" { json!({ "type": "number" }) } else { reference("duration") };
                ((*name).to_owned(), value)
            };
            let properties: Map<String, Value> = family.parameters.iter().map(parameter).collect();
            json!({
                "type": "object",
                "required": family.parameters,
                "properties": properties,
                "additionalProperties": false,
            })
        }
    };
    json!({
        "type": "object",
        "required": [name],
        "properties": { name: parameters, "min": reference("duration"), "max": reference("duration") },
        "additionalProperties": false,
    })
}

/// A table or key that says something about the scenario.
fn remark(name: &str) -> Value {
    match name {
        "extends" => {
            let name = json!({ "type": "string", "minLength": 1 });
            json!({ "anyOf": [name, { "type": "array", "items": name, "minItems": 1 }] })
        }
        "provenance" => {
            let kind = |word: &&str| ((*word).to_owned(), json!({ "type": "string" }));
            let kinds: Map<String, Value> = ProvenanceKind::WORDS.iter().map(kind).collect();
            json!({ "type": "object", "additionalProperties": {
                "type": "object",
                "properties": kinds,
                "additionalProperties": false,
                "minProperties": 1,
                "maxProperties": 1,
            } })
        }
        "target" => {
            let mut target = section(Keys::spec());
            target["required"] = demands(Keys::spec(), "target.*.")["required"].clone();
            json!({ "type": "object", "additionalProperties": target, "minProperties": 1 })
        }
        "sweep" => json!({ "type": "object", "additionalProperties": {
            "anyOf": [{ "type": "array", "minItems": 1 }, { "const": NONE }],
        } }),
        _ => {
            let bound = json!({ "type": ["number", "string"] });
            json!({ "type": "object", "additionalProperties": { "anyOf": [{ "const": NONE }, {
                "type": "object",
                "required": ["min", "max", "reason"],
                "properties": { "min": bound, "max": bound, "reason": { "type": "string" } },
                "additionalProperties": false,
            }] } })
        }
    }
}
