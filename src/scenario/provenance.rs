//! `[provenance]`: where each number comes from.

use super::axis::target;
use super::problem::Found;
use super::source::{Place, Sources};
use super::suggest::did_you_mean;
use super::tree::{TreeEntry, TreeNode, TreeTable, Value};
use super::value;
use crate::model::params::field::choice;
use crate::model::params::{Datum, Shape};
use std::collections::BTreeMap;
use std::sync::Arc;

choice! {
    /// How well a value is known, from the best known to the least.
    pub enum ProvenanceKind {
        /// The documentation of what is simulated says so.
        Documented = "documented",
        /// It is the default of the software or service that is simulated.
        Upstream = "upstream",
        /// It was measured.
        Measured = "measured",
        /// It was fitted, so that the results agree with measurements.
        Fitted = "fitted",
        /// It was chosen.
        Assumed = "assumed",
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// How well it is known.
    pub kind: ProvenanceKind,
    /// The source, or the reason.
    pub source: String,
    /// Whether a `[provenance]` table or a default says so; otherwise it is assumed for want of a statement.
    pub stated: bool,
}

impl Provenance {
    /// Where a default comes from: upstream, unless its source begins with another kind, as in `assumed: why`.
    pub(crate) fn of_default(source: &str) -> Self {
        let stated = source.split_once(": ").and_then(|(word, rest)| {
            let kind = ProvenanceKind::ALL.iter().find(|kind| kind.word() == word)?;
            Some((*kind, rest))
        });
        let (kind, source) = stated.unwrap_or((ProvenanceKind::Upstream, source));
        Self { kind, source: source.to_owned(), stated: true }
    }
}

/// A statement and how late it was made.
#[derive(Clone, Debug)]
struct Statement {
    layer: usize,
    kind: ProvenanceKind,
    source: String,
}

/// All statements of a scenario's sources, by the key that they are made for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statements(Arc<BTreeMap<String, Vec<Statement>>>);

impl Statements {
    /// Reads an entry of `[provenance]`.
    pub(crate) fn read(&mut self, name: &str, entry: &TreeEntry, root: &TreeTable, layer: usize, found: &mut Found) {
        let known = target(name, entry, root, found).is_some();
        if let Some((kind, source)) = statement(&entry.node, found).filter(|_| known) {
            Arc::make_mut(&mut self.0).entry(name.to_owned()).or_default().push(Statement { layer, kind, source });
        }
    }

    /// What holds for the value at `place`: the nearest statement that is not older than the value.
    pub(crate) fn of(&self, key: &str, place: Place, sources: &Sources) -> Provenance {
        let layer = sources.layer(place.source);
        let mut prefix = Some(key);
        while let Some(name) = prefix {
            let latest = self.0.get(name).and_then(|made| made.iter().rfind(|statement| statement.layer >= layer));
            if let Some(Statement { kind, source, .. }) = latest {
                return Provenance { kind: *kind, source: source.clone(), stated: true };
            }
            prefix = name.rfind('.').map(|dot| &name[..dot]);
        }
        let source = if sources.is_setting(place.source) {
            "set on the command line".to_owned()
        } else {
            format!("set in {}", sources.get(place.source).map_or("", |source| &source.name))
        };
        Provenance { kind: ProvenanceKind::Assumed, source, stated: false }
    }
}

fn statement(node: &TreeNode, found: &mut Found) -> Option<(ProvenanceKind, String)> {
    const EXAMPLE: &str =
        "write { documented = \"source\" }, or upstream, measured, fitted, assumed; the key stands in quotes";
    let Value::Table(table) = &node.value else {
        return found.mistaken(node, "a kind and a source are", EXAMPLE);
    };
    let mut entries = table.iter();
    let (Some((word, entry)), None) = (entries.next(), entries.next()) else {
        return found.refuse(node.place, "a statement has one kind and its source", EXAMPLE);
    };
    let Some(kind) = ProvenanceKind::ALL.iter().find(|kind| kind.word() == word) else {
        let remedy = did_you_mean(word, ProvenanceKind::WORDS.iter().copied()).unwrap_or_else(|| EXAMPLE.to_owned());
        let what = format!("`{}` is no kind of provenance", value::short(word));
        return found.refuse(entry.key, what, remedy);
    };
    match value::read(Shape::Text, &entry.node, found)? {
        Datum::Text(source) => Some((*kind, source)),
        _ => None,
    }
}
