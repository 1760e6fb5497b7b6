//! Giving free parameters values, and a scenario of its own to what was fitted.

use super::document::Document;
use super::free::{Free, FreeUnit, number};
use super::keys::{self, KeyTarget};
use super::merge::NONE;
use super::problem::Found;
use super::quantity::duration_text;
use super::setting::Setting;
use super::tree::{TreeNode, Value};
use super::{law, value, write};
use crate::model::params::Shape;
use crate::time::Span;

/// The middle of a distribution, and the parameter that moves with it.
const MIDDLE: &str = ".lognormal.p50";
const UPPER: &str = ".lognormal.p95";

impl Document {
    /// Keys and values in TOML that give a free parameter this value.
    ///
    /// The `lognormal.p50` of a distribution brings its `p95` along in the same ratio: the whole distribution is
    /// stretched.
    pub fn tune(&self, free: &Free, value: f64) -> Vec<(String, String)> {
        let mut set = vec![(free.key.clone(), free.text(value))];
        let upper = free.key.strip_suffix(MIDDLE).map(|law| format!("{law}{UPPER}"));
        if let Some(upper) = upper
            && let (Some(p50), Some(p95)) = (self.value_of(free), self.seconds_at(&upper))
        {
            let stretched = Span::from_secs_f64(value * p95 / p50);
            set.push((upper, write::quoted(&duration_text(stretched))));
        }
        set
    }

    /// The value of a free parameter in this scenario; `None` where it is a default or a whole distribution.
    pub fn value_of(&self, free: &Free) -> Option<f64> {
        let node = self.node_at(&free.key)?;
        let shape = match free.unit {
            FreeUnit::Seconds => return self.seconds_at(&free.key),
            FreeUnit::Number => Shape::Number { min: f64::MIN, max: f64::MAX },
            FreeUnit::Whole => Shape::Integer { min: 0, max: u64::MAX },
            FreeUnit::Bytes => Shape::Size,
            FreeUnit::BytesPerSecond => Shape::Bandwidth,
        };
        number(&value::read(shape, node, &mut Found::default())?)
    }

    fn node_at(&self, key: &str) -> Option<&TreeNode> {
        keys::lookup(&self.root, &keys::split(key)).map(|entry| &entry.node)
    }

    fn seconds_at(&self, key: &str) -> Option<f64> {
        let node = self.node_at(key)?;
        matches!(node.value, Value::Text(_)).then(|| law::seconds(node, &mut Found::default()))?
    }

    /// A scenario file that extends `extends` with the values that this scenario has for the free parameters `keys`,
    /// each with the provenance `fitted` and its source, and for what was changed before the fit.
    pub fn fitted_toml(
        &self,
        extends: &str,
        name: &str,
        (keys, source): (&[&str], &str),
        changed: &[Setting],
    ) -> String {
        let changed = self.changed(changed);
        let is_written = |key: &&String| changed.iter().any(|(above, _)| is_below(key, above));
        let mut fitted: Vec<String> = keys.iter().map(|key| holder(key)).collect();
        fitted.sort_unstable();
        fitted.dedup();
        let mut lines = vec![
            format!("extends = {}", write::quoted(extends)),
            String::new(),
            format!("name = {}", write::quoted(name)),
        ];
        let line = |key: &str, value: &str| {
            let key: Vec<String> = keys::split(key).into_iter().map(write::key).collect();
            format!("{} = {value}", key.join("."))
        };
        lines.extend(changed.iter().map(|(key, value)| line(key, value)));
        let value = |key: &String| Some(line(key, &write::inline(self.node_at(key)?)));
        lines.extend(fitted.iter().filter(|key| !is_written(key)).filter_map(value));
        lines.extend([String::new(), "[provenance]".to_owned()]);
        let told = write::quoted("changed before it was calibrated");
        // What was taken out has no value that comes from anywhere, and what was fitted then comes from the fit.
        let there = changed.iter().filter(|(key, _)| self.node_at(key).is_some() && !fitted.contains(key));
        lines.extend(there.map(|(key, _)| format!("{} = {{ assumed = {told} }}", write::quoted(key))));
        for key in &fitted {
            lines.push(format!("{} = {{ fitted = {} }}", write::quoted(key), write::quoted(source)));
        }
        lines.join("\n") + "\n"
    }

    /// The keys of parameters that were changed, each once and none below another, with the values that they have now.
    fn changed(&self, settings: &[Setting]) -> Vec<(String, String)> {
        let is_parameter = |key: &String| !["free", "provenance"].contains(&keys::split(key)[0]);
        let mut keys: Vec<String> = settings.iter().map(|one| holder(one.key())).filter(is_parameter).collect();
        keys.sort_unstable();
        keys.dedup();
        let whole = keys.iter().filter(|key| keys.iter().all(|above| *key == above || !is_below(key, above)));
        let value = |key: &str| self.node_at(key).map_or_else(|| write::quoted(NONE), write::inline);
        whole.map(|key| (key.clone(), value(key))).collect()
    }
}

/// Whether a key is another one or stands in its table.
fn is_below(key: &str, above: &str) -> bool {
    keys::split(key).starts_with(&keys::split(above))
}

/// The key that holds a value: of a parameter inside a distribution, that of the distribution.
fn holder(key: &str) -> String {
    let path = keys::split(key);
    match keys::find(&path) {
        Ok(KeyTarget::Inside(first)) => keys::join(&path[..first]),
        _ => key.to_owned(),
    }
}
