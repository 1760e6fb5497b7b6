//! A key's value times a factor, as a setting.

use super::document::Document;
use super::keys::{self, KeyTarget};
use super::quantity::{duration_text, read_duration};
use super::reader::default;
use super::tree::{TreeNode, Value};
use super::write::inline;
use crate::time::Span;
use std::sync::Arc;

impl Document {
    /// The value of `key` and `factor` times it, both in TOML; `None` where the key has no value, or one that is no
    /// quantity. A distribution is stretched. Whole numbers stay whole and at least 1.
    pub fn times(&self, key: &str, factor: f64) -> Option<(String, String)> {
        let path = keys::split(key);
        let written = keys::lookup(&self.root, &path).map(|entry| entry.node.clone());
        let node = match keys::find(&path) {
            Ok(KeyTarget::Value(spec)) => written.or_else(|| spec.default.map(default))?,
            _ => return None,
        };
        let before = inline(&node);
        let after = inline(&scaled(node, factor)?);
        (after != before).then_some((before, after))
    }
}

fn scaled(mut node: TreeNode, factor: f64) -> Option<TreeNode> {
    node.value = match node.value {
        Value::Integer(number) => Value::Integer(((number as f64 * factor).round() as i128).max(1)),
        Value::Number(number) => Value::Number(number * factor),
        Value::Text(text) => Value::Text(scaled_text(&text, factor)?),
        Value::Table(mut table) => {
            for (name, entry) in Arc::make_mut(&mut table) {
                // The shape of a Weibull distribution is no length.
                if name != "shape" {
                    entry.node = scaled(entry.node.clone(), factor)?;
                }
            }
            Value::Table(table)
        }
        Value::List(list) => Value::List(list.into_iter().map(|node| scaled(node, factor)).collect::<Option<_>>()?),
        Value::Flag(_) | Value::Date(_) => return None,
    };
    Some(node)
}

fn scaled_text(text: &str, factor: f64) -> Option<String> {
    if let Some(span) = read_duration(text) {
        return Some(duration_text(Span::from_secs_f64(span.as_secs_f64() * factor)));
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let number: f64 = text[..end].parse().ok()?;
    Some(format!("{}{}", number * factor, &text[end..]))
}

#[cfg(test)]
mod tests {
    use crate::scenario::load;
    use std::path::Path;

    #[test]
    fn a_quantity_of_any_kind_is_multiplied_and_can_be_set_again() {
        let loaded = load(Path::new("ekf.toml"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let after = |key, factor| loaded.document.times(key, factor).map(|(_, after)| after);
        assert_eq!(after("volume.shared.servers", 2.0).as_deref(), Some("2"));
        assert_eq!(after("volume.shared.server_bandwidth", 2.0).as_deref(), Some("\"1000MB/s\""));
        let boot = "{ lognormal = { p50 = \"35.5s\", p95 = \"40.25s\" } }";
        assert_eq!(after("cloud.boot", 0.5).as_deref(), Some(boot));
        assert_eq!(after("autoscaler.scan_interval", 0.5).as_deref(), Some("\"5s\""), "a default");
        assert_eq!(after("node.instance_type", 2.0), None);
        assert_eq!(after("volume.shared.nothing", 2.0), None);
    }
}
