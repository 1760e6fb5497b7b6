//! A scenario as a list of keys: value, where it is set, and where it comes from.

use super::built_in::{ADDONS, BUILT_IN};
use super::document::Document;
use super::merge::{NONE, says_none};
use super::provenance::{Provenance, ProvenanceKind};
use super::source::Place;
use super::tree::{TreeNode, TreeTable, Value};
use super::{reader, value, write};
use crate::model::params::{KeySpec, Scenario, Section, SectionSpec, Shape};
use std::collections::BTreeMap;
use std::path::Path;

/// One key of a resolved scenario.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Dotted.
    pub key: String,
    /// Its value in TOML; `"none"` where an optional key is left out.
    pub value: String,
    /// What it is: meaning, shape, default.
    pub spec: &'static KeySpec,
    /// Where it is set.
    pub set: SetIn,
    /// Where the value comes from.
    pub provenance: Provenance,
}

/// The scenario that is no case, but what any cluster has.
const BASE: &str = "eks";

/// Where a value is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetIn {
    /// In a file, a built-in scenario or on the command line.
    Source {
        /// The file's name, or `--set`.
        name: String,
        /// The line, from 1.
        line: usize,
    },
    /// Nowhere: the default holds.
    Default,
    /// Nowhere, and it is optional.
    Absent,
}

/// A step of a walk over a scenario.
pub(crate) enum WalkStep<'a> {
    /// A table with keys of its own begins.
    Table,
    /// A key that holds a value, or an optional table that is not there.
    Key(&'static KeySpec, Option<&'a TreeNode>),
}

/// Visits every table before its keys, and a table's values before its tables.
pub(crate) fn walk<'a>(
    spec: &'static SectionSpec,
    table: Option<&'a TreeTable>,
    path: &str,
    visit: &mut dyn FnMut(&str, WalkStep<'a>),
) {
    walk_below(spec, table, &mut path.to_owned(), visit);
}

/// As [`walk`]; `path` is the same afterwards.
fn walk_below<'a>(
    spec: &'static SectionSpec,
    table: Option<&'a TreeTable>,
    path: &mut String,
    visit: &mut dyn FnMut(&str, WalkStep<'a>),
) {
    walk_values(spec, table, path, visit);
    for key in spec.keys {
        walk_tables(key, table, path, visit);
    }
}

/// The beginning of [`walk`]: the table, and its values.
pub(super) fn walk_values<'a>(
    spec: &'static SectionSpec,
    table: Option<&'a TreeTable>,
    path: &mut String,
    visit: &mut dyn FnMut(&str, WalkStep<'a>),
) {
    visit(path.trim_end_matches('.'), WalkStep::Table);
    for key in spec.keys {
        let is_value = match (key.shape)() {
            Shape::Table(_) => key.optional && table_of(key, table).is_none(),
            Shape::Named(_) => false,
            _ => true,
        };
        if is_value {
            within(path, &[key.name], &mut |path| visit(path, WalkStep::Key(key, node_of(key, table))));
        }
    }
}

/// The rest of [`walk`], of one key: its table, or its named tables.
pub(super) fn walk_tables<'a>(
    key: &'static KeySpec,
    table: Option<&'a TreeTable>,
    path: &mut String,
    visit: &mut dyn FnMut(&str, WalkStep<'a>),
) {
    match ((key.shape)(), table_of(key, table)) {
        (Shape::Table(_), None) if key.optional => {}
        (Shape::Table(spec), table) => {
            within(path, &[key.name, "."], &mut |path| walk_below(spec, table, path, visit));
        }
        (Shape::Named(spec), table) => {
            for (name, entry) in table.into_iter().flatten() {
                let table = entry.node.as_table();
                within(path, &[key.name, ".", name, "."], &mut |path| walk_below(spec, table, path, visit));
            }
        }
        _ => {}
    }
}

fn node_of<'a>(key: &KeySpec, table: Option<&'a TreeTable>) -> Option<&'a TreeNode> {
    table.and_then(|table| table.get(key.name)).map(|entry| &entry.node)
}

fn table_of<'a>(key: &KeySpec, table: Option<&'a TreeTable>) -> Option<&'a TreeTable> {
    node_of(key, table).filter(|node| !says_none(key, node)).and_then(TreeNode::as_table)
}

/// Calls `then` with a longer path.
fn within(path: &mut String, more: &[&str], then: &mut dyn FnMut(&mut String)) {
    let length = path.len();
    path.extend(more.iter().copied());
    then(path);
    path.truncate(length);
}

impl Document {
    /// Every key of the scenario, set or not, in the order of the description.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        walk(Scenario::spec(), Some(&self.root), "", &mut |key, step| {
            if let WalkStep::Key(spec, node) = step {
                entries.push(self.entry_of(key, spec, node));
            }
        });
        entries
    }

    /// What a scenario of one's own has from cases that come with the program, beside the base: the keys of each case,
    /// and whether each value was fitted; of add-ons the values that were fitted to some case. Nothing for what comes
    /// with the program itself.
    pub fn borrowed(&self) -> BTreeMap<String, Vec<(String, bool)>> {
        let case_of = |entry: &Entry| match &entry.set {
            SetIn::Source { name, .. } => {
                let file = name.strip_suffix(" (built in)")?;
                let fitted = entry.provenance.kind == ProvenanceKind::Fitted;
                let addon = ADDONS.find(Path::new(file)).filter(|_| fitted);
                BUILT_IN
                    .find(Path::new(file))
                    .or(addon)
                    .map(|(file, _)| file.trim_end_matches(".toml"))
                    .filter(|name| *name != BASE)
            }
            SetIn::Default | SetIn::Absent => None,
        };
        let asked = self.sources.start().and_then(|start| self.sources.get(start.source));
        let mut cases: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
        if asked.is_some_and(|asked| !asked.name.ends_with(" (built in)")) {
            for entry in self.entries() {
                if let Some(case) = case_of(&entry) {
                    let fitted = entry.provenance.kind == ProvenanceKind::Fitted;
                    cases.entry(case.to_owned()).or_default().push((entry.key, fitted));
                }
            }
        }
        cases
    }

    /// The value of a key as TOML text; empty where there is no such key.
    pub fn value(&self, key: &str) -> String {
        self.entries().into_iter().find(|entry| entry.key == key).map(|entry| entry.value).unwrap_or_default()
    }

    fn entry_of(&self, key: &str, spec: &'static KeySpec, node: Option<&TreeNode>) -> Entry {
        let key = key.to_owned();
        let Some(node) = node else {
            let (value, set, provenance) = if let Some(default) = spec.default {
                let value = write::inline(&reader::default(default));
                (value, SetIn::Default, Provenance::of_default(default.source))
            } else {
                let source = "left out".to_owned();
                let provenance = Provenance { kind: ProvenanceKind::Assumed, source, stated: false };
                (write::quoted(NONE), SetIn::Absent, provenance)
            };
            return Entry { key, value, spec, set, provenance };
        };
        let place = self.latest(node);
        let (line, _) = self.sources.line_and_column(place).unwrap_or((0, 0));
        let name = self.sources.get(place.source).map_or_else(String::new, |source| source.name.clone());
        let provenance = self.statements.of(&key, place, &self.sources);
        Entry { key, value: write::inline(node), spec, set: SetIn::Source { name, line }, provenance }
    }

    /// The place of what was said last about a value: a setting may have changed one parameter of a distribution.
    fn latest(&self, node: &TreeNode) -> Place {
        let within: Vec<Place> = match &node.value {
            Value::Table(table) => table.values().map(|entry| self.latest(&entry.node)).collect(),
            _ => Vec::new(),
        };
        let later = within.into_iter().max_by_key(|place| self.sources.layer(place.source));
        match later {
            Some(later) if self.sources.layer(later.source) > self.sources.layer(node.place.source) => later,
            _ => node.place,
        }
    }
}

/// The words that a shape knows; none where it is no choice.
pub fn shape_words(shape: Shape) -> Vec<&'static str> {
    match shape {
        Shape::Flag => vec!["true", "false"],
        Shape::Choice(words) | Shape::WordOrInteger { words, .. } => words.to_vec(),
        _ => Vec::new(),
    }
}

/// What a shape is called, with its unit.
pub fn shape_text(shape: Shape) -> String {
    let words = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ");
    match shape {
        Shape::Flag => "true or false".to_owned(),
        Shape::Integer { min, max } => format!("whole number from {min} to {max}"),
        Shape::Number { min, max } => {
            format!("number from {} to {}", value::plain(min), value::plain(max))
        }
        Shape::Duration => "length of time, such as \"90s\"".to_owned(),
        Shape::Law => "length of time, or a distribution of lengths".to_owned(),
        Shape::Size => "amount of data, such as \"1.3GB\"".to_owned(),
        Shape::Bandwidth => "data per second, such as \"150MB/s\"".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Choice(choice) => words(choice),
        Shape::WordOrInteger { words: choice, min, max } => {
            format!("{}, or whole number from {min} to {max}", words(choice))
        }
        Shape::List(item) if matches!(item(), Shape::Text) => "list of texts".to_owned(),
        Shape::List(item) => format!("list, each entry a {}", shape_text(item())),
        Shape::OneOrMore(item) => format!("{}, or a list of such", shape_text(item())),
        Shape::Any => "table with any keys".to_owned(),
        Shape::Table(_) => "table".to_owned(),
        Shape::Named(_) => "named tables".to_owned(),
    }
}
