//! A fingerprint of what a scenario's results depend on.
//!
//! FNV-1a with 64 bits over one line per key: the key, and its value in a form that is the same however it was
//! written (`"60s"` and `"1m"`, `2` and `2.0`, a default written out or left out). Left out are `name`,
//! `description`, `[provenance]`, `[sweep]`, `[free]` and where a value was set. The order of named tables counts.

use super::document::Document;
use super::entries::{WalkStep, walk};
use super::merge::{NONE, says_none};
use super::problem::Found;
use super::quantity;
use super::tree::{TreeNode, Value};
use super::{reader, value, write};
use crate::model::params::{Datum, KeySpec, Scenario, Section};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// The lines of the first scenario of a family whose fingerprint was asked for: those that [`Document::with`] makes of
/// one another share them, since most of their lines are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedLines(Arc<OnceLock<Vec<Line>>>);

/// What a key contributes, and what it was made of.
#[derive(Clone, Debug)]
struct Line {
    key: String,
    node: Option<TreeNode>,
    text: String,
}

impl Document {
    /// A fingerprint of everything that the results depend on; equal for scenarios that mean the same.
    pub fn hash(&self) -> u64 {
        let mut hash = FNV_START;
        let mut known = self.family.0.get_or_init(|| self.lines()).as_slice();
        walk(Scenario::spec(), Some(&self.root), "", &mut |key, step| match step {
            WalkStep::Key(..) if !is_meant(key) => {}
            WalkStep::Key(spec, node) => {
                // In the same order, but some may have keys that others lack.
                let place = known.iter().position(|line| line.key == key);
                let same = place.map(|place| &known[place]).filter(|line| line.node.as_ref() == node);
                known = place.map_or(known, |place| &known[place + 1..]);
                let text = same.map_or_else(|| Cow::from(line(key, spec, node)), |line| Cow::from(&line.text));
                hash = fnv(hash, text.as_bytes());
            }
            WalkStep::Table => hash = fnv(fnv(fnv(hash, b"["), key.as_bytes()), b"]\n"),
        });
        hash
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        walk(Scenario::spec(), Some(&self.root), "", &mut |key, step| match step {
            WalkStep::Key(spec, node) if is_meant(key) => {
                lines.push(Line { key: key.to_owned(), node: node.cloned(), text: line(key, spec, node) });
            }
            WalkStep::Key(..) | WalkStep::Table => {}
        });
        lines
    }
}

/// Whether results depend on the key.
fn is_meant(key: &str) -> bool {
    key != "name" && key != "description"
}

fn line(key: &str, spec: &KeySpec, node: Option<&TreeNode>) -> String {
    format!("{key}={}\n", meaning(spec, node))
}

/// A fingerprint of several, in this order; of one, that one's.
pub fn hash_of_all(hashes: impl IntoIterator<Item = u64>) -> u64 {
    let next = |all: u64, one: u64| fnv(all, &one.to_be_bytes());
    hashes.into_iter().reduce(next).unwrap_or(FNV_START)
}

/// Continues a hash by more bytes.
fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV_PRIME))
}

/// A value however it is written.
fn meaning(spec: &KeySpec, node: Option<&TreeNode>) -> String {
    let node = node.filter(|node| !says_none(spec, node)).cloned().or_else(|| spec.default.map(reader::default));
    let Some(node) = node else { return NONE.to_owned() };
    match value::read((spec.shape)(), &node, &mut Found::default()) {
        Some(Datum::Law(_)) => law(&node),
        Some(Datum::Duration(span)) => span.as_nanos().to_string(),
        Some(Datum::Size(bytes)) => bytes.to_string(),
        Some(Datum::Bandwidth(number) | Datum::Number(number)) => write::float(number),
        _ => write::inline(&node),
    }
}

/// A distribution with its parameters in a fixed order and in nanoseconds.
fn law(node: &TreeNode) -> String {
    match &node.value {
        Value::Text(text) => quantity::duration(text).map_or_else(|_| text.clone(), |span| span.as_nanos().to_string()),
        Value::Integer(number) => write::float(*number as f64),
        Value::Table(table) => {
            if let (Some(only), 1) = (table.get("constant"), table.len()) {
                return law(&only.node);
            }
            let mut parts: Vec<String> =
                table.iter().map(|(name, entry)| format!("{name}={}", law(&entry.node))).collect();
            parts.sort();
            format!("{{{}}}", parts.join(","))
        }
        Value::List(list) => format!("[{}]", list.iter().map(law).collect::<Vec<_>>().join(",")),
        _ => write::inline(node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_fnv_1a() {
        assert_eq!(fnv(FNV_START, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(FNV_START, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv(fnv(FNV_START, b"foo"), b"bar"), 0x8594_4171_f739_67e8);
    }
}
