//! Finding a dotted key in the model's description and in a tree.

use super::problem::Found;
use super::search::{ending_in, ending_nearly_in};
use super::source::{Place, SourceId};
use super::suggest::did_you_mean;
use super::tree::{self, TreeEntry, TreeTable};
use super::value;
use crate::model::params::{KeySpec, Scenario, Section, SectionSpec, Shape};

/// What a dotted key leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyTarget {
    /// A table with these keys: a section, or one of several named tables.
    Table(&'static SectionSpec),
    /// One of several named tables.
    Entry(&'static SectionSpec),
    /// The table that holds named tables.
    Names(&'static SectionSpec),
    /// A value.
    Value(&'static KeySpec),
    /// Something inside a distribution; the rest of the key begins at this segment.
    Inside(usize),
}

/// A key that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// The segment that is not known.
    pub(crate) at: usize,
    /// What is wrong with it.
    pub(crate) what: String,
    /// What to write instead.
    pub(crate) remedy: String,
}

/// Follows a key through the model's description; names of named tables are taken as they are.
pub(crate) fn find<S: AsRef<str>>(path: &[S]) -> Result<KeyTarget, Lost> {
    let mut here = KeyTarget::Table(Scenario::spec());
    for (at, segment) in path.iter().enumerate() {
        let name = segment.as_ref();
        here = match here {
            KeyTarget::Table(spec) | KeyTarget::Entry(spec) => below(spec, &path[..at], name)?,
            KeyTarget::Names(spec) => KeyTarget::Entry(spec),
            KeyTarget::Value(key) if matches!((key.shape)(), Shape::Law) => KeyTarget::Inside(at),
            KeyTarget::Value(_) => {
                let what = format!("`{}` is a value, not a table", join(&path[..at]));
                return Err(Lost { at, what, remedy: format!("leave `.{name}` out") });
            }
            KeyTarget::Inside(..) => here,
        };
    }
    Ok(here)
}

fn below<S: AsRef<str>>(spec: &'static SectionSpec, above: &[S], name: &str) -> Result<KeyTarget, Lost> {
    let Some(key) = spec.keys.iter().find(|key| key.name == name) else {
        let (what, remedy) = unknown(spec, &join(above), name);
        return Err(Lost { at: above.len(), what, remedy });
    };
    Ok(match (key.shape)() {
        Shape::Table(spec) => KeyTarget::Table(spec),
        Shape::Named(spec) => KeyTarget::Names(spec),
        _ => KeyTarget::Value(key),
    })
}

/// Keys that were renamed: the old one, and what to write instead.
const RENAMED: [(&str, &str); 1] = [(
    "node.addresses",
    "write node.interfaces and node.interface_addresses, or name a node.instance_type that is known",
)];

/// What is wrong with a key that a table does not have, and what to write instead.
pub(crate) fn unknown(spec: &'static SectionSpec, table: &str, name: &str) -> (String, String) {
    let key = if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") };
    if let Some((_, remedy)) = RENAMED.iter().find(|(old, _)| *old == key) {
        return (format!("`{key}` is not a key any more"), (*remedy).to_owned());
    }
    let known = spec.keys.iter().map(|key| key.name);
    let (here, exactly) = (|| did_you_mean(name, known.clone()), || ending_in(name));
    // Who leaves the table out knows the last part, and who names a table has mistyped what stands in it.
    let near = if table.is_empty() {
        exactly().or_else(here).or_else(|| ending_nearly_in(name))
    } else {
        here().or_else(exactly)
    };
    let remedy = near.unwrap_or_else(|| format!("it knows {}", known.collect::<Vec<_>>().join(", ")));
    (format!("{} has no key `{}`", in_brackets(table), value::short(name)), remedy)
}

/// `[daemonset.rok]`, for people.
pub(crate) fn in_brackets(table: &str) -> String {
    if table.is_empty() { "the top level".to_owned() } else { format!("[{table}]") }
}

/// Follows a key through a tree.
pub(crate) fn lookup<'t, S: AsRef<str>>(root: &'t TreeTable, path: &[S]) -> Option<&'t TreeEntry> {
    let (last, above) = path.split_last()?;
    let table = above.iter().try_fold(root, |table, name| table.get(name.as_ref())?.node.as_table())?;
    table.get(last.as_ref())
}

/// The first named table on the way to a key that a tree does not have.
pub(crate) fn missing_entry(root: &TreeTable, path: &[&str]) -> Option<Lost> {
    (1..=path.len()).find_map(|length| {
        let here = &path[..length];
        if !matches!(find(here), Ok(KeyTarget::Entry(_))) || lookup(root, here).is_some() {
            return None;
        }
        let above = lookup(root, &here[..length - 1]).and_then(|entry| entry.node.as_table());
        let known: Vec<&str> = above.map(|table| table.keys().map(String::as_str).collect()).unwrap_or_default();
        let remedy = did_you_mean(here[length - 1], known.iter().copied())
            .unwrap_or_else(|| format!("add a table [{}], or take this out", join(here)));
        Some(Lost { at: length - 1, what: format!("there is no [{}]", join(here)), remedy })
    })
}

/// The table that holds the last segment of a key.
pub(crate) fn table_of_mut<'t, S: AsRef<str>>(root: &'t mut TreeTable, path: &[S]) -> Option<&'t mut TreeTable> {
    let (_, above) = path.split_last()?;
    above.iter().try_fold(root, |table, name| table.get_mut(name.as_ref())?.node.as_table_mut())
}

/// The segments of a dotted key in TOML, each with its place: names may stand in quotes.
pub(crate) fn parse(source: SourceId, key: &str) -> Option<Vec<(String, Place)>> {
    let table = tree::parse(source, &format!("{key}=0"), &mut Found::default());
    let mut table = table.filter(|_| !key.contains('\n'))?;
    let mut path = Vec::new();
    while let Some((name, mut entry)) = table.into_iter().next() {
        path.push((name, entry.key));
        table = entry.node.as_table_mut().map(std::mem::take).unwrap_or_default();
    }
    Some(path)
}

/// The segments of a dotted key; names hold no dots.
pub(crate) fn split(key: &str) -> Vec<&str> {
    key.split('.').collect()
}

/// The dotted key of some segments.
pub(crate) fn join<S: AsRef<str>>(path: &[S]) -> String {
    path.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(".")
}
