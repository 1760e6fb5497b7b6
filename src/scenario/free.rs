//! `[free]`: parameters that a calibration may fit, and the range of each.

use super::axis::target;
use super::keys::KeyTarget;
use super::problem::Found;
use super::quantity::duration_text;
use super::tree::{TreeEntry, TreeNode, TreeTable};
use super::{law, value, write};
use crate::model::params::{Datum, Shape};
use crate::time::Span;

/// A parameter that a calibration may change.
#[derive(Clone, Debug, PartialEq)]
pub struct Free {
    /// The key, dotted; it may lead into a distribution: `cloud.boot.lognormal.p50`.
    pub key: String,
    /// What `min` and `max` count.
    pub unit: FreeUnit,
    /// The least value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// Why it may be fitted: what is not known about it.
    pub reason: String,
}

/// What a free parameter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeUnit {
    /// Seconds of a length of time.
    Seconds,
    /// A plain number.
    Number,
    /// A whole number.
    Whole,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
}

impl Free {
    /// A value within the range as TOML, for [`Setting::of`](super::Setting::of).
    pub fn text(&self, value: f64) -> String {
        match self.unit {
            FreeUnit::Seconds => write::quoted(&duration_text(Span::from_secs_f64(value))),
            FreeUnit::Number => write::float(value),
            FreeUnit::Whole => format!("{value:.0}"),
            FreeUnit::Bytes => format!("\"{value:.0}B\""),
            FreeUnit::BytesPerSecond => format!("\"{value:.0}B/s\""),
        }
    }
}

/// Targets say of each point for how many nodes it holds.
const TARGET_NODES: &str = "cluster.target_nodes";
const EXAMPLE: &str = "write { min = .., max = .., reason = \"what is not known\" }, with the key in quotes";

/// Reads an entry of `[free]`.
pub(crate) fn read(name: &str, entry: &TreeEntry, root: &TreeTable, found: &mut Found) -> Option<Free> {
    let Some(table) = entry.node.as_table() else {
        return found.mistaken(&entry.node, "a range is", EXAMPLE);
    };
    for (key, entry) in table.iter().filter(|(key, _)| !["min", "max", "reason"].contains(&key.as_str())) {
        found.tell(entry.key, format!("a range has no key `{}`", value::short(key)), EXAMPLE);
    }
    if name == TARGET_NODES {
        return found.refuse(entry.key, format!("{name} is set by the targets, so it cannot be fitted"), "take it out");
    }
    let target = target(name, entry, root, found)?;
    let Some(unit) = unit(target, name) else {
        let what = format!("{name} is neither a number nor a length of time");
        return found.refuse(entry.key, what, "name a key that holds one number or length of time");
    };
    let [Some(min), Some(max), Some(reason)] = ["min", "max", "reason"].map(|key| table.get(key)) else {
        return found.refuse(entry.node.place, "a range has `min`, `max` and `reason`", EXAMPLE);
    };
    let reason = value::read(Shape::Text, &reason.node, found);
    let range = (bound(target, unit, &min.node, found)?, bound(target, unit, &max.node, found)?);
    if range.0 >= range.1 {
        found.tell(max.node.place, "`max` must be above `min`", "write a larger `max`");
    }
    let Some(Datum::Text(reason)) = reason else { return None };
    Some(Free { key: name.to_owned(), unit, min: range.0, max: range.1, reason })
}

fn unit(target: KeyTarget, name: &str) -> Option<FreeUnit> {
    match target {
        KeyTarget::Inside(_) if law::is_shape(name) => Some(FreeUnit::Number),
        KeyTarget::Inside(_) => Some(FreeUnit::Seconds),
        KeyTarget::Value(key) => match (key.shape)() {
            Shape::Duration | Shape::Law => Some(FreeUnit::Seconds),
            Shape::Number { .. } => Some(FreeUnit::Number),
            Shape::Integer { .. } | Shape::WordOrInteger { .. } => Some(FreeUnit::Whole),
            Shape::Size => Some(FreeUnit::Bytes),
            Shape::Bandwidth => Some(FreeUnit::BytesPerSecond),
            _ => None,
        },
        KeyTarget::Table(_) | KeyTarget::Entry(_) | KeyTarget::Names(_) => None,
    }
}

/// An end of the range, which must be a value that the key can hold.
fn bound(target: KeyTarget, unit: FreeUnit, node: &TreeNode, found: &mut Found) -> Option<f64> {
    let shape = match target {
        KeyTarget::Value(key) => (key.shape)(),
        _ => Shape::Law,
    };
    match (unit, shape) {
        (FreeUnit::Seconds, _) => law::seconds(node, found),
        (FreeUnit::Number, Shape::Law) => law::number(node, found),
        (FreeUnit::Whole, Shape::WordOrInteger { min, max, .. }) => {
            number(&value::read(Shape::Integer { min, max }, node, found)?)
        }
        (_, shape) => number(&value::read(shape, node, found)?),
    }
}

/// A value as a number, where it is one.
pub(crate) fn number(datum: &Datum<'_>) -> Option<f64> {
    match datum {
        Datum::Integer(n) | Datum::Size(n) => Some(*n as f64),
        Datum::Number(n) | Datum::Bandwidth(n) => Some(*n),
        _ => None,
    }
}
