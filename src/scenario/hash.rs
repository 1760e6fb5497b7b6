//! A fingerprint of what a scenario's results depend on.
//!
//! FNV-1a with 64 bits over one line per key: the key, and its value in a form that is the same however it was
//! written (`"60s"` and `"1m"`, `2` and `2.0`, a default written out or left out). Left out are `name`,
//! `description`, `[provenance]`, `[sweep]`, `[free]` and where a value was set. The order of named tables counts.

use super::document::Document;
use super::entries::{WalkStep, walk_tables, walk_values};
use super::family::is_same;
use super::merge::{NONE, says_none};
use super::problem::Found;
use super::quantity;
use super::tree::{TreeNode, TreeTable, Value};
use super::{reader, value, write};
use crate::model::params::{Datum, KeySpec, Scenario, Section};
use std::borrow::Cow;

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// What the tables of one key contribute.
#[derive(Debug, Default)]
pub(super) struct HashPart {
    text: String,
    lines: Vec<Line>,
}

/// What a key contributes, and what it was made of.
#[derive(Debug)]
struct Line {
    key: String,
    node: Option<TreeNode>,
    text: String,
}

impl Document {
    /// A fingerprint of everything that the results depend on; equal for scenarios that mean the same.
    pub fn hash(&self) -> u64 {
        let (spec, root, mut path) = (Scenario::spec(), Some(&self.root), String::new());
        let first = self.family.first();
        let known = first.map(|first| (&first.root, first.parts.get_or_init(|| parts(&first.root))));
        let mut hash = FNV_START;
        walk_values(spec, root, &mut path, &mut |key, step| hash = fnv(hash, line(key, &step).as_bytes()));
        for (place, key) in spec.keys.iter().enumerate() {
            let known = known.map(|(root, parts)| (root, &parts[place]));
            match known {
                Some((known, part)) if is_same(self.root.get(key.name), known.get(key.name)) => {
                    hash = fnv(hash, part.text.as_bytes());
                }
                _ => {
                    let mut lines = known.map_or(&[][..], |(_, part)| &part.lines);
                    walk_tables(key, root, &mut path, &mut |key, step| {
                        hash = fnv(hash, known_or_new(&mut lines, key, &step).as_bytes());
                    });
                }
            }
        }
        hash
    }
}

/// The parts of a scenario, by the place of their key in the description.
fn parts(root: &TreeTable) -> Vec<HashPart> {
    let of = |key: &'static KeySpec| {
        let mut part = HashPart::default();
        walk_tables(key, Some(root), &mut String::new(), &mut |key, step| {
            let text = line(key, &step);
            part.text.push_str(&text);
            if let WalkStep::Key(_, node) = step {
                part.lines.push(Line { key: key.to_owned(), node: node.cloned(), text });
            }
        });
        part
    };
    Scenario::spec().keys.iter().map(of).collect()
}

/// What a step contributes: taken from the next of the lines that are known, if one is of the same key and value.
fn known_or_new<'a>(known: &mut &'a [Line], key: &str, step: &WalkStep<'_>) -> Cow<'a, str> {
    let WalkStep::Key(_, node) = step else { return line(key, step).into() };
    // In the same order, but some may have keys that others lack.
    let Some(place) = known.iter().position(|line| line.key == key) else { return line(key, step).into() };
    let same = &known[place];
    *known = &known[place + 1..];
    if same.node.as_ref() == *node { Cow::from(&same.text) } else { line(key, step).into() }
}

/// What a step contributes.
fn line(key: &str, step: &WalkStep<'_>) -> String {
    match step {
        WalkStep::Table => format!("[{key}]\n"),
        // Results do not depend on it.
        WalkStep::Key(..) if key == "name" || key == "description" => String::new(),
        WalkStep::Key(spec, node) => format!("{key}={}\n", meaning(spec, *node)),
    }
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
