//! Settings of the command line: `KEY=VALUE`.

use super::file::EXTENDS;
use super::keys::{self, KeyTarget};
use super::merge::{NONE, merge};
use super::problem::Found;
use super::source::{Place, SourceId, SourceKind, Sources};
use super::suggest::did_you_mean;
use super::tree::{self, TreeEntry, TreeNode, TreeTable, Value};
use crate::model::params::{Scenario, Section};

/// A change to a scenario from outside its files.
///
/// The value is TOML; a bare word such as `io1` or `90s` is taken as text. An empty value takes the key out, as if
/// no file had written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    origin: String,
    text: String,
}

impl Setting {
    /// `KEY=VALUE` as given to the option `origin`, such as `--set`, which messages show as the file's name.
    pub fn new(origin: impl Into<String>, text: impl Into<String>) -> Self {
        Self { origin: origin.into(), text: text.into() }
    }

    /// A key and its value in TOML.
    pub fn of(origin: impl Into<String>, key: &str, value: &str) -> Self {
        Self::new(origin, format!("{key}={value}"))
    }

    /// As it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The key, as it was given.
    pub fn key(&self) -> &str {
        self.text[..equals_sign(&self.text).unwrap_or(self.text.len())].trim()
    }
}

/// A setting as read.
#[derive(Clone)]
pub(crate) struct Change {
    /// Each segment of the key with its place.
    pub(crate) path: Vec<(String, Place)>,
    /// `None`: the key is taken out.
    pub(crate) node: Option<TreeNode>,
}

/// Reads a setting as a source of its own.
pub(crate) fn read(setting: &Setting, sources: &mut Sources, found: &mut Found) -> Option<Change> {
    let source = sources.add(setting.origin.clone(), setting.text.as_str(), SourceKind::Setting);
    let text = setting.text.as_str();
    let whole = Place { source, start: 0, end: text.len() };
    let Some(equals) = equals_sign(text) else {
        return found.refuse(whole, "a setting is a key, an equals sign and a value", "write KEY=VALUE");
    };
    let path = path(source, &text[..equals], found)?;
    let value = text[equals + 1..].trim();
    if value.is_empty() {
        return Some(Change { path, node: None });
    }
    let offset = text.len() - text[equals + 1..].trim_start().len();
    let node = match tree::parse_value(source, offset, value, found) {
        Ok(node) => node,
        Err(problem) if value.starts_with(['{', '[', '"', '\'']) => {
            found.add(problem);
            return None;
        }
        Err(_) => {
            let place = Place { source, start: offset, end: offset + value.len() };
            TreeNode { value: Value::Text(value.to_owned()), place }
        }
    };
    Some(Change { path, node: Some(node) })
}

/// The first equals sign outside quotes.
fn equals_sign(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, c)| {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '=' => return Some(at),
            _ => {}
        }
        None
    })
}

fn path(source: SourceId, key: &str, found: &mut Found) -> Option<Vec<(String, Place)>> {
    let path = keys::parse(source, key);
    if path.is_none() {
        let place = Place { source, start: 0, end: key.len() };
        found.tell(place, "this is not a key", "write names with dots between them: daemonset.rok.start");
    }
    path
}

impl Change {
    /// The first segment of the key.
    pub(crate) fn top(&self) -> &str {
        self.path.first().map_or("", |(name, _)| name)
    }

    /// The segments of the key.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.path.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The setting as a document of its own; what is taken out is `"none"` there.
    pub(crate) fn into_table(self) -> TreeTable {
        let mut path = self.path;
        let Some((_, last)) = path.last() else { return TreeTable::new() };
        let mut node = self.node.unwrap_or(TreeNode { value: Value::Text(NONE.to_owned()), place: *last });
        while let Some((name, key)) = path.pop() {
            let mut table = TreeTable::new();
            table.insert(name, TreeEntry { key, node });
            let Some((_, place)) = path.last() else { return table };
            node = TreeNode { value: Value::Table(table.into()), place: *place };
        }
        TreeTable::new()
    }

    /// Makes the change.
    pub(crate) fn apply(self, root: &mut TreeTable, found: &mut Found) {
        let names: Vec<String> = self.path.iter().map(|(name, _)| name.clone()).collect();
        if self.top() == EXTENDS {
            let remedy = "name another scenario file, or write one that extends it";
            return found.tell(self.path[0].1, "what a scenario extends cannot be set from outside", remedy);
        }
        let target = match keys::find(&names) {
            Ok(target) => target,
            Err(lost) => {
                let place = self.path[lost.at.min(self.path.len() - 1)].1;
                return found.tell(place, lost.what, lost.remedy);
            }
        };
        match (self.node, target) {
            (None, target) => take_out(root, &self.path, &names, target, found),
            (Some(node), KeyTarget::Inside(first)) if is_table(root, &names[..first]) => {
                patch(root, &self.path, first, node);
            }
            (node, _) => {
                let table = Self { path: self.path, node }.into_table();
                merge(Scenario::spec(), "", root, table, found);
            }
        }
    }
}

fn is_table(root: &TreeTable, path: &[String]) -> bool {
    keys::lookup(root, path).is_some_and(|entry| entry.node.as_table().is_some())
}

/// Changes one parameter of a distribution: the rest of the key begins at segment `first`.
fn patch(root: &mut TreeTable, path: &[(String, Place)], first: usize, node: TreeNode) {
    let mut table = root;
    for (depth, (name, key)) in path[..path.len() - 1].iter().enumerate() {
        let there = table.get(name).is_some_and(|entry| entry.node.as_table().is_some());
        if !there && depth >= first {
            table.insert(name.clone(), TreeEntry { key: *key, node: TreeNode::empty_table(*key) });
        }
        match table.get_mut(name).and_then(|entry| entry.node.as_table_mut()) {
            Some(below) => table = below,
            None => return,
        }
    }
    if let Some((name, key)) = path.last() {
        table.insert(name.clone(), TreeEntry { key: *key, node });
    }
}

fn take_out(root: &mut TreeTable, path: &[(String, Place)], names: &[String], target: KeyTarget, found: &mut Found) {
    let Some(((name, place), above)) = path.split_last() else { return };
    let table = keys::table_of_mut(root, names);
    let known: Vec<String> = table.as_ref().map(|table| table.keys().cloned().collect()).unwrap_or_default();
    let empty = table.is_some_and(|table| table.remove(name).is_some() && table.is_empty());
    if !known.contains(name) && matches!(target, KeyTarget::Entry(_) | KeyTarget::Inside(..)) {
        let remedy = did_you_mean(name, known.iter().map(String::as_str)).unwrap_or_else(|| "leave it out".to_owned());
        found.tell(*place, format!("there is no {} to take out", keys::join(names)), remedy);
    }
    if empty && matches!(target, KeyTarget::Entry(_)) {
        let above = &names[..above.len()];
        if let (Some(table), Some(name)) = (keys::table_of_mut(root, above), above.last()) {
            table.remove(name);
        }
    }
}
