//! `[sweep]`: the axes that a scenario is varied along unless the command line says otherwise.

use super::keys::{self, KeyTarget};
use super::law;
use super::merge::{NONE, says_none};
use super::problem::Found;
use super::tree::{TreeEntry, TreeNode, TreeTable, Value};
use super::{value, write};

/// Values of one axis, at most.
const VALUES_MAX: usize = 1000;

/// A key and the values that it takes, one case after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The key, dotted.
    pub key: String,
    /// Its values in TOML, for [`Setting::of`](super::Setting::of).
    pub values: Vec<String>,
}

/// Reads an entry of `[sweep]`.
pub(crate) fn read(name: &str, entry: &TreeEntry, root: &TreeTable, found: &mut Found) -> Option<Axis> {
    let Value::List(list) = &entry.node.value else {
        let remedy = "write such as \"cluster.target_nodes\" = [100, 200, 300], with the key in quotes";
        return found.mistaken(&entry.node, "a list of values is", remedy);
    };
    let target = target(name, entry, root, found)?;
    if list.is_empty() || list.len() > VALUES_MAX {
        let what = format!("an axis has from 1 to {VALUES_MAX} values, not {}", list.len());
        return found.refuse(entry.node.place, what, "write such as [100, 200, 300]");
    }
    let fine: Vec<bool> = list.iter().map(|node| can_hold(target, node, name, found)).collect();
    let values = list.iter().map(write::inline).collect();
    fine.iter().all(|fine| *fine).then(|| Axis { key: name.to_owned(), values })
}

/// What the quoted key of an entry leads to, in this scenario.
pub(crate) fn target(name: &str, entry: &TreeEntry, root: &TreeTable, found: &mut Found) -> Option<KeyTarget> {
    let path = keys::split(name);
    let target = keys::find(&path).and_then(|target| keys::missing_entry(root, &path).map_or(Ok(target), Err));
    target.map_err(|lost| found.tell(entry.key, lost.what, lost.remedy)).ok()
}

fn can_hold(target: KeyTarget, node: &TreeNode, name: &str, found: &mut Found) -> bool {
    match target {
        KeyTarget::Value(key) => says_none(key, node) || value::read((key.shape)(), node, found).is_some(),
        KeyTarget::Inside(_) if law::is_shape(name) => law::number(node, found).is_some(),
        KeyTarget::Inside(_) => law::seconds(node, found).is_some(),
        KeyTarget::Entry(_) | KeyTarget::Table(_) if node.as_text() == Some(NONE) => true,
        KeyTarget::Table(_) | KeyTarget::Entry(_) | KeyTarget::Names(_) => {
            let what = format!("{name} is a table, and takes no single value");
            found.tell(node.place, what, "name one of its keys");
            false
        }
    }
}
