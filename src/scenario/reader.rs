//! Hands the values of a tree to the model's parameters, and finds what is unknown, missing or wrong.

use super::family::is_same;
use super::file::Nouns;
use super::keys;
use super::merge::says_none;
use super::problem::{Found, Problem};
use super::source::{Place, SourceId};
use super::tree::{self, TreeEntry, TreeNode, TreeTable};
use super::typical::typical;
use super::{value, write};
use crate::model::params::{Datum, DefaultValue, KeySpec, Reader, Section, SectionSpec, Shape};
use std::cell::{RefCell, RefMut};
use std::sync::LazyLock;

/// Entries of one table of named tables, at most.
const NAMED_MAX: usize = 256;

/// Reads a whole file from its tree; `start` is where a missing key of the top level is shown. What is as in the tree
/// that is `known`, of which nothing is wrong, is taken from what was read of that.
pub(crate) fn read<S: Section>(
    root: &TreeTable,
    start: Place,
    nouns: Nouns,
    known: Option<(&TreeTable, &S)>,
    found: &mut Found,
) -> S {
    let shared = Shared { found: RefCell::new(std::mem::take(found)), nouns };
    let mut reader = TableReader::open(S::spec(), root, String::new(), start, &shared);
    reader.known = known.map(|(known, _)| known);
    let section = S::read(&mut reader, known.map(|(_, section)| section));
    *found = shared.found.into_inner();
    section
}

/// What the readers of one file share.
struct Shared {
    found: RefCell<Found>,
    nouns: Nouns,
}

/// Reads one table.
struct TableReader<'a> {
    table: &'a TreeTable,
    /// Dotted, with a dot at the end unless empty.
    path: String,
    place: Place,
    shared: &'a Shared,
    /// The same table of the tree that is known.
    known: Option<&'a TreeTable>,
}

impl<'a> TableReader<'a> {
    fn open(spec: &'static SectionSpec, table: &'a TreeTable, path: String, place: Place, shared: &'a Shared) -> Self {
        let reader = Self { table, path, place, shared, known: None };
        reader.unknown(spec);
        reader.missing(spec);
        reader
    }

    fn found(&self) -> RefMut<'_, Found> {
        self.shared.found.borrow_mut()
    }

    /// The dotted key of the table.
    fn name(&self) -> &str {
        self.path.trim_end_matches('.')
    }

    fn unknown(&self, spec: &'static SectionSpec) {
        for (name, entry) in self.table.iter().filter(|(name, _)| spec.keys.iter().all(|key| key.name != *name)) {
            let (what, remedy) = keys::unknown(spec, self.name(), name);
            self.found().tell(entry.key, what, remedy);
        }
    }

    fn missing(&self, spec: &'static SectionSpec) {
        let missing: Vec<&KeySpec> =
            spec.keys.iter().filter(|key| is_required(key) && !self.table.contains_key(key.name)).collect();
        if missing.is_empty() {
            return;
        }
        let names: Vec<String> = missing.iter().map(|key| format!("`{}`", key.name)).collect();
        let what = format!("{} lacks {}", keys::in_brackets(self.name()), names.join(", "));
        let problem = Problem::at(self.place, what);
        let problem = match (self.path.is_empty(), self.shared.nouns.is_scenario) {
            (true, true) => problem.remedy("extend a scenario that has the rest: extends = \"eks\""),
            (true, false) => problem.remedy(self.shared.nouns.remedy),
            (false, _) => {
                let lines: Vec<String> = missing.iter().map(|key| example(key, &self.path)).collect();
                problem.with_lines(&lines)
            }
        };
        self.found().add(problem);
    }

    fn value(&self, shape: Shape, node: &TreeNode, key: &KeySpec) -> Option<Datum<'static>> {
        let mut found = Found::default();
        let datum = value::read(shape, node, &mut found);
        if !found.is_empty() {
            self.found().add_about(&format!("{}{}", self.path, key.name), found);
        }
        datum
    }

    fn open_child(&self, spec: &'static SectionSpec, node: &'a TreeNode, name: &str) -> Option<Box<dyn Reader + 'a>> {
        let path = format!("{}{name}", self.path);
        let Some(table) = node.as_table() else {
            return self.found().mistaken(node, "a table is", format!("write a table [{path}] with its keys"));
        };
        Some(Box::new(TableReader::open(spec, table, path + ".", node.place, self.shared)))
    }

    fn named(&self, spec: &'static SectionSpec, entry: &'a TreeEntry, key: &KeySpec) -> Option<Datum<'a>> {
        let path = format!("{}{}", self.path, key.name);
        let Some(table) = entry.node.as_table() else {
            let remedy = format!("write tables such as [{path}.NAME]");
            return self.found().mistaken(&entry.node, "named tables are", remedy);
        };
        if table.is_empty() {
            let remedy = format!("write tables such as [{path}.NAME], or take it out");
            self.found().tell(entry.node.place, format!("[{path}] is empty"), remedy);
        }
        if table.len() > NAMED_MAX && self.shared.nouns.is_scenario {
            let what = format!("[{path}] has more than {NAMED_MAX} tables");
            return self.found().refuse(entry.node.place, what, "take some of them out");
        }
        let tables = table.iter().map(|(name, entry)| {
            self.check_name(name, entry.key);
            let reader = self.open_child(spec, &entry.node, &format!("{}.{}", key.name, write::key(name)));
            (name.clone(), reader.map_or(Datum::Wrong, Datum::Table))
        });
        Some(Datum::Named(tables.collect()))
    }

    /// Names of a scenario are what Kubernetes calls DNS labels, so that dotted keys need no quotes.
    fn check_name(&self, name: &str, place: Place) {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_label = || {
            (1..=63).contains(&name.len()) && name.chars().all(inner) && !name.starts_with('-') && !name.ends_with('-')
        };
        let (fine, remedy) = if self.shared.nouns.is_scenario {
            (is_label(), "use 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends")
        } else {
            (!name.chars().any(value::cannot_be_shown), "take the control characters out")
        };
        if !fine {
            self.found().tell(place, format!("\"{}\" cannot be a name", value::short(name)), remedy);
        }
    }
}

impl Reader for TableReader<'_> {
    fn read(&mut self, key: &KeySpec) -> Option<Datum<'_>> {
        let entry = self.table.get(key.name).filter(|entry| !says_none(key, &entry.node));
        let written = match ((key.shape)(), entry) {
            (Shape::Table(spec), Some(entry)) => self.open_child(spec, &entry.node, key.name).map(Datum::Table),
            (Shape::Table(spec), None) if !key.optional && !is_required(key) => {
                let path = format!("{}{}.", self.path, key.name);
                let reader = TableReader::open(spec, &EMPTY, path, self.place, self.shared);
                Some(Datum::Table(Box::new(reader)))
            }
            (Shape::Table(_), None) => None,
            (Shape::Named(spec), Some(entry)) => self.named(spec, entry, key),
            (Shape::Named(_), None) => Some(Datum::Named(Vec::new())),
            (shape, Some(entry)) => self.value(shape, &entry.node, key),
            (shape, None) => self.value(shape, &default(key.default?), key),
        };
        written.or_else(|| entry.map(|_| Datum::Wrong))
    }

    fn is_known(&self, key: &KeySpec) -> bool {
        self.known.is_some_and(|known| is_same(self.table.get(key.name), known.get(key.name)))
    }
}

static EMPTY: LazyLock<TreeTable> = LazyLock::new(TreeTable::new);

/// Whether a table without the key lacks something: there is no default, and it may not be left out.
pub fn is_required(key: &KeySpec) -> bool {
    let absent_is_fine = key.optional || key.default.is_some();
    !absent_is_fine
        && match (key.shape)() {
            Shape::Named(_) => false,
            Shape::Table(spec) => spec.keys.iter().any(is_required),
            _ => true,
        }
}

/// The value of a default.
///
/// # Panics
/// If the default is not TOML: our own mistake, which a test would find.
pub(crate) fn default(default: DefaultValue) -> TreeNode {
    tree::parse_value(SourceId::DEFAULT, 0, default.toml, &mut Found::default())
        .unwrap_or_else(|_| panic!("the default {} is not TOML", default.toml))
}

/// How a missing key would be written.
pub(crate) fn example(key: &KeySpec, path: &str) -> String {
    let name = key.name;
    match (key.shape)() {
        Shape::Table(_) => format!("[{path}{name}]"),
        Shape::Named(_) => format!("[{path}{name}.NAME]"),
        shape => format!("{name} = {}", typical(path, name).map_or_else(|| example_value(shape), str::to_owned)),
    }
}

/// How a value could be written.
pub(crate) fn example_value(shape: Shape) -> String {
    match shape {
        Shape::Flag => "true".to_owned(),
        Shape::Integer { min, .. } => min.max(1).to_string(),
        Shape::Number { min, max } => (if min <= 1.0 && 1.0 < max { 1.0 } else { max }).to_string(),
        Shape::Duration | Shape::Law => "\"10s\"".to_owned(),
        Shape::Size => "\"1GiB\"".to_owned(),
        Shape::Bandwidth => "\"100MB/s\"".to_owned(),
        Shape::Text => "\"...\"".to_owned(),
        Shape::Choice(words) | Shape::WordOrInteger { words, .. } => {
            format!("\"{}\"", words.first().unwrap_or(&"..."))
        }
        Shape::List(_) => "[]".to_owned(),
        Shape::OneOrMore(item) => example_value(item()),
        Shape::Any | Shape::Table(_) | Shape::Named(_) => "{ .. }".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::params::Scenario;

    fn every_key(spec: &'static SectionSpec, path: &str, visit: &mut dyn FnMut(&str, &'static KeySpec)) {
        for key in spec.keys {
            let here = format!("{path}{}", key.name);
            visit(&here, key);
            if let Shape::Table(below) | Shape::Named(below) = (key.shape)() {
                every_key(below, &format!("{here}."), visit);
            }
        }
    }

    fn is_value(key: &KeySpec) -> bool {
        !matches!((key.shape)(), Shape::Table(_) | Shape::Named(_))
    }

    #[test]
    fn every_default_is_a_value_of_its_key() {
        every_key(Scenario::spec(), "", &mut |path, key| {
            if let Some(given) = key.default {
                let mut found = Found::default();
                let read = is_value(key) && value::read((key.shape)(), &default(given), &mut found).is_some();
                assert!(read, "the default {} of {path} cannot be read", given.toml);
                assert!(!given.source.is_empty(), "the default of {path} comes from nowhere");
            }
            assert!(!key.doc.trim().is_empty(), "{path} has no meaning");
        });
    }

    #[test]
    fn every_example_is_a_value_of_its_key() {
        every_key(Scenario::spec(), "", &mut |path, key| {
            let named = ["zone", "registry", "image", "daemonset", "volume_type", "disk", "etcd", "volume", "fault"];
            let (table, _) = path.rsplit_once('.').unwrap_or_default();
            let table = match table.split_once('.') {
                _ if table.is_empty() => String::new(),
                Some((first, rest)) if named.contains(&first) => format!("{first}.NAME.{rest}."),
                None if named.contains(&table) => format!("{table}.NAME."),
                _ => format!("{table}."),
            };
            let example = example(key, &table);
            if let Some((_, text)) = example.split_once(" = ") {
                let mut found = Found::default();
                let node = tree::parse_value(SourceId::DEFAULT, 0, text, &mut found).expect("an example is TOML");
                assert!(value::read((key.shape)(), &node, &mut found).is_some(), "{example} is no example of {path}");
            }
        });
    }

    #[test]
    fn every_family_of_distributions_is_shown_by_an_example_that_can_be_read() {
        for family in super::super::law::FAMILIES {
            let mut found = Found::default();
            let node = tree::parse_value(SourceId::DEFAULT, 0, family.example, &mut found).expect("an example is TOML");
            assert!(value::read(Shape::Law, &node, &mut found).is_some(), "{}", family.name);
        }
    }

    #[test]
    fn no_key_of_the_model_is_called_like_a_remark() {
        for key in Scenario::spec().keys {
            assert!(!["extends", "provenance", "sweep", "free"].contains(&key.name), "{}", key.name);
        }
    }
}
