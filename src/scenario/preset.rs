//! What naming a thing sets: a machine image sets how long machines boot, and more.
//!
//! A preset is a piece of a scenario that lies below all files: what a file or a setting says holds in its place. Of
//! named tables it fills only those that are there, so that a cluster without a network plugin gets none.

use super::catalogue::{instance_type, instance_types};
use super::keys;
use super::problem::Found;
use super::reader::is_required;
use super::source::{SourceId, SourceKind, Sources};
use super::suggest::did_you_mean;
use super::tree::{self, TreeEntry, TreeTable};
use crate::model::params::{NodeType, Section};
use std::borrow::Cow;

/// A key whose value names a preset.
struct Choice {
    key: [&'static str; 2],
    /// The text of a preset.
    text: fn(&str) -> Option<Cow<'static, str>>,
    /// A name that there is.
    any: &'static str,
    /// Says what is wrong with a name that is not known, where what it would set is missing.
    refuse: fn(&TreeEntry, &TreeTable, &mut Found),
}

const CHOICES: [Choice; 2] = [
    Choice {
        key: ["node", "instance_type"],
        text: |name| Some(instance_type(name)?.preset().into()),
        any: "m5.large",
        refuse: refuse_instance_type,
    },
    // A family that is not known is refused where it is read.
    Choice { key: ["node", "ami_family"], text: ami_family, any: "al2023", refuse: |_, _, _| {} },
];

fn ami_family(name: &str) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(match name {
        "al2" => include_str!("../../scenarios/ami/al2.toml"),
        "al2023" => include_str!("../../scenarios/ami/al2023.toml"),
        "bottlerocket" => include_str!("../../scenarios/ami/bottlerocket.toml"),
        _ => return None,
    }))
}

fn refuse_instance_type(entry: &TreeEntry, root: &TreeTable, found: &mut Found) {
    let node = root.get("node").and_then(|entry| entry.node.as_table());
    let missing: Vec<&str> = NodeType::spec().keys.iter().filter(|key| is_required(key)).map(|key| key.name).collect();
    let missing = missing.into_iter().filter(|key| node.is_none_or(|node| !node.contains_key(*key)));
    let keys: Vec<String> = missing.map(|key| format!("node.{key}")).collect();
    let name = entry.node.as_text().unwrap_or_default();
    if !keys.is_empty() {
        let near = did_you_mean(name, instance_types().map(|one| one.name()));
        let near = near.map_or_else(String::new, |near| format!("{near} "));
        let what = format!("node.instance_type: the catalogue has no `{}`", super::value::short(name));
        let remedy =
            format!("{near}`scaleup list instance-types` shows all; for one of your own give {}", keys.join(", "));
        found.tell(entry.node.place, what, remedy);
    }
}

/// Whether a key names a preset.
pub(crate) fn is_choice(path: &[&str]) -> bool {
    CHOICES.iter().any(|choice| choice.key == path)
}

/// Whether some preset sets a key, in which `*` stands for the names of named tables.
pub(crate) fn may_set(key: &str) -> bool {
    CHOICES.iter().any(|choice| {
        let text = (choice.text)(choice.any).unwrap_or_default();
        let table = tree::parse(SourceId::DEFAULT, &text, &mut Found::default()).unwrap_or_default();
        holds(&table, key)
    })
}

fn holds(table: &TreeTable, key: &str) -> bool {
    let (name, rest) = key.split_once('.').map_or((key, None), |(name, rest)| (name, Some(rest)));
    let mut entries = table.iter().filter(|(other, _)| name == "*" || *other == name);
    entries.any(|(_, entry)| rest.is_none_or(|rest| entry.node.as_table().is_some_and(|below| holds(below, rest))))
}

/// The presets that a scenario names, as tables of their own.
pub(crate) fn chosen(root: &TreeTable, sources: &mut Sources, found: &mut Found) -> Vec<TreeTable> {
    let mut tables = Vec::new();
    for Choice { key, text, any, refuse } in CHOICES {
        let Some(entry) = keys::lookup(root, &key) else { continue };
        let Some(name) = entry.node.as_text() else { continue };
        let (name, text) = if let Some(text) = text(name) {
            (name, text)
        } else {
            let before = found.count();
            refuse(entry, root, found);
            // Any preset keeps the keys from missing that were said to be.
            let stand_in = key[1] == "ami_family" || found.count() > before;
            let Some(text) = text(any).filter(|_| stand_in) else { continue };
            (any, text)
        };
        let source = sources.add(format!("{} {name} (built in)", keys::join(&key)), text.as_ref(), SourceKind::Preset);
        tables.extend(tree::parse(source, &text, &mut Found::default()));
    }
    tables
}

/// Takes out what presets said.
pub(crate) fn take_out(root: &mut TreeTable, sources: &Sources) {
    root.retain(|_, entry| match entry.node.as_table_mut() {
        Some(table) if !table.is_empty() => {
            take_out(table, sources);
            !table.is_empty()
        }
        _ => !sources.is_preset(entry.node.place.source),
    });
}

/// Puts a preset below what is there.
pub(crate) fn lay_below(root: &mut TreeTable, preset: TreeTable) {
    fill(root, preset, &mut Vec::new());
}

fn fill(into: &mut TreeTable, preset: TreeTable, path: &mut Vec<String>) {
    for (name, mut entry) in preset {
        path.push(name.clone());
        match into.get_mut(&name) {
            Some(there) => {
                if let (Some(into), Some(from)) = (there.node.as_table_mut(), entry.node.as_table_mut())
                    && !is_value(path)
                {
                    fill(into, std::mem::take(from), path);
                }
            }
            None if matches!(keys::find(path), Ok(keys::KeyTarget::Entry(_) | keys::KeyTarget::Names(_))) => {}
            None => drop(into.insert(name, entry)),
        }
        path.pop();
    }
}

fn is_value(path: &[String]) -> bool {
    matches!(keys::find(path), Ok(keys::KeyTarget::Value(_) | keys::KeyTarget::Inside(_)))
}

#[cfg(test)]
mod tests {
    use super::super::document::{Loaded, load};
    use super::super::problem::Problems;
    use super::super::setting::Setting;
    use std::path::Path;

    fn eks(settings: &[&str]) -> Result<Loaded, Problems> {
        let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
        load(Path::new("eks"), &settings)
    }

    fn boot(settings: &[&str]) -> String {
        eks(settings).expect("it is fine").document.value("cloud.boot")
    }

    #[test]
    fn a_setting_holds_in_place_of_a_preset_in_any_order() {
        assert_eq!(boot(&["node.ami_family=al2"]), "{ lognormal = { p50 = \"30s\", p95 = \"41s\" } }");
        assert_eq!(boot(&["cloud.boot=9s", "node.ami_family=al2"]), "\"9s\"");
        assert_eq!(boot(&["node.ami_family=al2", "cloud.boot=9s"]), "\"9s\"");
        let one_parameter = ["cloud.boot.lognormal.p95=99s", "node.ami_family=al2"];
        assert_eq!(boot(&one_parameter), "{ lognormal = { p50 = \"30s\", p95 = \"99s\" } }");
    }

    #[test]
    fn another_choice_takes_back_what_the_first_one_set() {
        let first = eks(&[]).expect("it is fine");
        assert_eq!(first.document.value("image.aws-node.preloaded"), "true");
        let second = first.document.with(&[Setting::new("--set", "node.ami_family=bottlerocket")]).expect("it is fine");
        assert_eq!(second.document.value("image.aws-node.preloaded"), "false");
        assert_eq!(second.document.value("cloud.boot"), "{ lognormal = { p50 = \"20s\", p95 = \"28s\" } }");
        let entries = second.document.entries();
        let boot = entries.iter().find(|entry| entry.key == "cloud.boot").expect("it is there");
        assert!(boot.provenance.source.contains("instance-manager"), "{}", boot.provenance.source);
    }

    #[test]
    fn a_preset_makes_no_named_tables() {
        let settings = ["image.aws-node=", "daemonset.aws-node=", "node.network_daemonset=", "node.ami_family=al2"];
        assert_eq!(eks(&settings).expect("it is fine").document.value("daemonset.aws-node.start"), "");
    }

    #[test]
    fn an_instance_type_sets_its_numbers_and_one_of_ones_own_needs_them() {
        let document = eks(&["node.instance_type=m5.2xlarge"]).expect("it is fine").document;
        assert_eq!(
            ["node.vcpus", "node.max_pods", "node.price_per_hour"].map(|key| document.value(key)),
            ["8", "58", "0.384"]
        );
        let problems = eks(&["node.instance_type=m5.2xlarg"]).expect_err("there is no such type");
        assert_eq!(problems.count(), 1, "{problems}");
        assert!(problems.to_string().contains("did you mean `m5.2xlarge`?"), "{problems}");
        let own = ["node.vcpus=4", "node.allocatable_vcpus=3.9", "node.allocatable_memory=9GiB", "node.max_pods=40"];
        let rest = ["node.instance_type=mine", "node.network=1Gbit/s", "node.price_per_hour=1.0"];
        assert_eq!(eks(&[&own[..], &rest].concat()).expect("all is said").scenario.node.vcpus.get(), 4);
    }

    #[test]
    fn an_unknown_choice_is_the_only_problem() {
        let problems = eks(&["node.ami_family=al3"]).expect_err("there is no such family");
        assert_eq!(problems.count(), 1, "{problems}");
    }
}
