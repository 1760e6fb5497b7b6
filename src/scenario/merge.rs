//! What a later source says goes over what an earlier one said.
//!
//! Tables of keys are merged; values, lists and distributions are replaced as a whole. The word `"none"` takes a
//! named table out; in the place of an optional key it stays in the tree and says that there is none.

use super::problem::Found;
use super::suggest::did_you_mean;
use super::tree::{TreeEntry, TreeNode, TreeTable};
use crate::model::params::{KeySpec, SectionSpec, Shape};

/// Says that something is not there, whatever an earlier source said.
pub(crate) const NONE: &str = "none";

/// Merges `from` over `into`, a table at the dotted `path`, which ends in a dot unless empty.
pub(crate) fn merge(spec: &'static SectionSpec, path: &str, into: &mut TreeTable, from: TreeTable, found: &mut Found) {
    for (name, entry) in from {
        let key = spec.keys.iter().find(|key| key.name == name).filter(|_| entry.node.as_table().is_some());
        match key.map(|key| (key.shape)()) {
            Some(Shape::Table(below)) => merge_table(below, path, into, &name, entry, found),
            Some(Shape::Named(below)) => merge_named(below, path, into, &name, entry, found),
            _ => drop(into.insert(name, entry)),
        }
    }
}

/// Whether a value says that an optional key is not there.
pub(crate) fn says_none(key: &KeySpec, node: &TreeNode) -> bool {
    let is_a_word = match (key.shape)() {
        Shape::Choice(words) | Shape::WordOrInteger { words, .. } => words.contains(&NONE),
        _ => false,
    };
    key.optional && !is_a_word && node.as_text() == Some(NONE)
}

fn merge_table(
    spec: &'static SectionSpec,
    path: &str,
    into: &mut TreeTable,
    name: &str,
    entry: TreeEntry,
    found: &mut Found,
) {
    let (below, from) = open(into, name, entry);
    merge(spec, &format!("{path}{name}."), below, from, found);
}

/// The table called `name` in `into`, made if it is not there, and the entries to merge into it.
fn open<'t>(into: &'t mut TreeTable, name: &str, mut entry: TreeEntry) -> (&'t mut TreeTable, TreeTable) {
    let from = entry.node.as_table_mut().map(std::mem::take).unwrap_or_default();
    if into.get(name).is_none_or(|old| old.node.as_table().is_none()) {
        into.insert(name.to_owned(), TreeEntry { key: entry.key, node: TreeNode::empty_table(entry.node.place) });
    }
    let below = into.get_mut(name).and_then(|entry| entry.node.as_table_mut()).expect("it was just made a table");
    (below, from)
}

fn merge_named(
    spec: &'static SectionSpec,
    path: &str,
    into: &mut TreeTable,
    name: &str,
    entry: TreeEntry,
    found: &mut Found,
) {
    let (below, from) = open(into, name, entry);
    let path = &format!("{path}{name}.");
    let mut removed = false;
    for (name, entry) in from {
        if entry.node.as_text() == Some(NONE) {
            removed |= below.contains_key(&name);
            take_out_entry(path, below, &name, &entry, found);
        } else if entry.node.as_table().is_some() {
            merge_table(spec, path, below, &name, entry, found);
        } else {
            below.insert(name, entry);
        }
    }
    if removed && below.is_empty() {
        into.remove(name);
    }
}

fn take_out_entry(path: &str, table: &mut TreeTable, name: &str, entry: &TreeEntry, found: &mut Found) {
    if table.remove(name).is_some() {
        return;
    }
    let known = table.keys().map(String::as_str);
    let remedy = did_you_mean(name, known).unwrap_or_else(|| "leave it out".to_owned());
    found.tell(entry.key, format!("there is no {path}{name} to take out"), remedy);
}
