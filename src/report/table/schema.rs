//! The JSON Schema (draft 7) of a table's rows.

use serde_json::{Map, Value, json};

use super::{Cell, CellKind, Table};
use crate::report::json::figures;

/// The schema of the array of rows; it refers to [`definitions`].
pub fn rows(table: &Table) -> Value {
    json!({ "type": "array", "description": table.title, "items": object(table) })
}

/// The schema of one row; what tables of their own hold is seen in the first.
pub fn object(table: &Table) -> Value {
    let inner = |place: usize| match table.rows.first().map(|row| &row.cells[place]) {
        Some(Cell::Rows(inner)) => Some(inner.as_ref()),
        _ => None,
    };
    let property = |place: usize, kind: CellKind| match kind {
        CellKind::Text => json!({ "type": ["string", "null"] }),
        CellKind::Flag => json!({ "type": ["boolean", "null"] }),
        CellKind::Count => json!({ "type": ["integer", "null"], "minimum": 0 }),
        CellKind::Number(_) | CellKind::Time { .. } => json!({ "type": ["number", "null"] }),
        CellKind::Mean { .. } => json!({ "$ref": "#/definitions/figures" }),
        CellKind::Estimate(_) => json!({ "$ref": "#/definitions/estimate" }),
        CellKind::Interval(_) => json!({ "$ref": "#/definitions/interval" }),
        CellKind::Rows => inner(place).map_or_else(|| json!({ "type": "array" }), rows),
        CellKind::Record => {
            let mut known = inner(place).map_or_else(|| json!({}), object);
            known["type"] = json!(["object", "null"]);
            known
        }
        CellKind::Json => json!({}),
    };
    let described = |place: usize, kind: CellKind, meaning: &str| match property(place, kind) {
        // Beside a reference, draft 7 ignores everything.
        reference if reference.get("$ref").is_some() => json!({ "allOf": [reference], "description": meaning }),
        mut plain => {
            plain["description"] = meaning.into();
            plain
        }
    };
    let properties: Map<String, Value> = table
        .keyed()
        .map(|(place, column)| (column.key.clone(), described(place, column.kind, &column.meaning)))
        .collect();
    let required: Vec<&String> =
        table.keyed().filter(|(_, column)| !column.optional).map(|(_, column)| &column.key).collect();
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

/// What [`rows`] refers to, for the top of the document.
pub fn definitions() -> Value {
    let fields: Vec<String> =
        figures(None).as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
    let number = json!({ "type": ["number", "null"] });
    let interval = json!({
        "type": ["object", "null"],
        "required": ["low", "high"],
        "properties": { "low": { "type": "number" }, "high": { "type": "number" } },
        "additionalProperties": false,
    });
    let property = |name: &String| (name.clone(), if name.ends_with("_ci95") { &interval } else { &number }.clone());
    let properties: Map<String, Value> = fields.iter().map(property).collect();
    let estimate = json!({
        "type": "object",
        "description": "A mean with its 95 % interval; null where it is unknown.",
        "required": ["mean", "ci95_low", "ci95_high"],
        "properties": { "mean": number, "ci95_low": number, "ci95_high": number },
        "additionalProperties": false,
    });
    json!({ "estimate": estimate, "interval": interval, "figures": {
        "type": "object",
        "description": "A statistic over the replications, in the unit of its key; null where it is unknown.",
        "required": fields,
        "properties": properties,
        "additionalProperties": false,
    } })
}

#[cfg(test)]
mod tests {
    use super::super::{Unit, json};
    use super::*;
    use crate::stats::Summary;
    use crate::time::Time;

    #[test]
    fn rows_are_valid_whether_known_or_not_and_nothing_else_is() {
        let table = Table::of("all", "All kinds", vec![Summary::of(&[1.0, 2.0]), Summary::of(&[1.0]), None])
            .maybe_text("text", "", "", |row| row.map(|_| "a".to_owned()))
            .flag("flag", "", "", |_| true)
            .count("count", "", "", |_| 3_u64)
            .number("share", "", "", Unit::Share, |row| row.map(|of| of.mean / 3.0))
            .time("at_s", "", "", |row| row.map(|_| Time::from_nanos(1_234_567_890)))
            .mean("ready_s", "", "", Unit::Seconds, Option::as_ref)
            .text("", "only for people", "", |_| "no")
            .table();
        let mut schema = rows(&table);
        schema["definitions"] = definitions();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let mut document = json::rows(&table);
        let found: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(found, Vec::<String>::new());
        assert_eq!((&document[0]["share"], &document[0]["at_s"]), (&json!(0.5), &json!(1.235)));
        assert_eq!((&document[2]["text"], &document[2]["ready_s"]["mean"]), (&Value::Null, &Value::Null));
        assert_eq!(document[0].get(""), None);
        for (key, wrong) in [("count", json!(-1)), ("ready_s", json!(1.0)), ("other", json!(1))] {
            let right = document.clone();
            document[1][key] = wrong;
            assert!(!validator.is_valid(&document), "{key}");
            document = right;
        }
    }
}
