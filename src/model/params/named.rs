//! Tables of named tables: zones, registries, DaemonSets.

use super::field::{Datum, Field, Section, Shape};
use std::sync::Arc;

/// A table of named tables, in the order of the file. Copies share it until one of them is changed: the cases of a
/// sweep have most of a scenario in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T>(Arc<Vec<(String, T)>>);

impl<T> Named<T> {
    /// The entry called `name`, with its index.
    pub fn find(&self, name: &str) -> Option<(usize, &T)> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        Some((index, &self.0[index].1))
    }

    /// Name and entry, in the order of the file.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, entry)| (name.as_str(), entry))
    }

    /// The entries' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Name and entry number `index`.
    ///
    /// # Panics
    /// When there are fewer entries.
    pub fn at(&self, index: usize) -> (&str, &T) {
        let (name, entry) = &self.0[index];
        (name, entry)
    }

    /// Takes all entries out.
    pub fn clear(&mut self) {
        self.0 = Arc::default();
    }
}

impl<T: Clone> Named<T> {
    /// The entries, to be changed.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = &mut T> {
        Arc::make_mut(&mut self.0).iter_mut().map(|(_, entry)| entry)
    }
}

impl<S: Section> Field for Named<S> {
    fn shape() -> Shape {
        Shape::Named(S::spec())
    }
    fn from_datum(datum: Datum<'_>) -> Option<Self> {
        let Datum::Named(entries) = datum else { return None };
        let read = |(name, table)| (name, S::from_datum(table).unwrap_or_else(S::placeholder));
        Some(Self(Arc::new(entries.into_iter().map(read).collect())))
    }
    fn placeholder() -> Self {
        Self(Arc::default())
    }
}
