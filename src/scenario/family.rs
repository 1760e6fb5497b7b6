//! What the scenarios that settings make of one another have in common, which is most of them.
//!
//! Tables that no setting touched are the very same in memory. So of the next scenario of a family only the tables that
//! a setting did touch are read, and of its fingerprint only their lines are made anew.

use super::tree::{TreeEntry, TreeTable, Value};
use crate::model::params::Scenario;
use std::sync::{Arc, OnceLock};

/// The first scenario of a family that has passed every check, once there is one.
#[derive(Clone, Debug, Default)]
pub(super) struct ScenarioFamily(Arc<OnceLock<First>>);

/// A scenario, and what was made of it.
#[derive(Debug)]
pub(super) struct First {
    pub(super) root: TreeTable,
    pub(super) scenario: Scenario,
    /// What its fingerprint is made of, by the place of the key in the description.
    pub(super) parts: OnceLock<Vec<super::hash::HashPart>>,
}

impl ScenarioFamily {
    /// The first scenario.
    pub(super) fn first(&self) -> Option<&First> {
        self.0.get()
    }

    /// Becomes the first one, where there is none.
    pub(super) fn join(&self, root: &TreeTable, scenario: &Scenario) {
        self.0.get_or_init(|| First { root: root.clone(), scenario: scenario.clone(), parts: OnceLock::new() });
    }
}

/// Whether two scenarios say the same of a key, places aside: a table has to be the same one in memory.
pub(super) fn is_same(one: Option<&TreeEntry>, other: Option<&TreeEntry>) -> bool {
    match (one.map(|entry| &entry.node.value), other.map(|entry| &entry.node.value)) {
        (Some(Value::Table(one)), Some(Value::Table(other))) => Arc::ptr_eq(one, other),
        (one, other) => one == other,
    }
}
