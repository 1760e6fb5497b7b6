//! From the tree back to TOML.

use super::tree::{TreeNode, TreeTable, Value};
use std::fmt::Write;

/// A value in one line.
pub(crate) fn inline(node: &TreeNode) -> String {
    match &node.value {
        Value::Flag(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => float(*number),
        Value::Text(text) => quoted(text),
        Value::Date(date) => date.clone(),
        Value::List(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => inline_table(table),
    }
}

fn inline_table(table: &TreeTable) -> String {
    let entries: Vec<String> =
        table.iter().map(|(name, entry)| format!("{} = {}", key(name), inline(&entry.node))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// The shortest text that is read as the same number.
pub(crate) fn float(number: f64) -> String {
    if number.is_nan() {
        "nan".to_owned()
    } else if number.is_finite() && number.abs() >= 1e9 {
        format!("{number:e}")
    } else {
        format!("{number:?}")
    }
}

/// A key, in quotes if it needs them.
pub(crate) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { quoted(name) }
}

/// A text in quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
