//! What naming a thing sets: a machine image sets how long machines boot, and more.
//!
//! A preset is a piece of a scenario that lies below all files: what a file or a setting says holds in its place. Of
//! named tables it fills only those that are there, so that a cluster without a network plugin gets none.

use super::keys;
use super::problem::Found;
use super::source::{Kind, Sources};
use super::tree::{self, Table};

/// A key whose value names a preset, and the texts by that name.
struct Choice {
    key: &'static [&'static str],
    presets: &'static [(&'static str, &'static str)],
}

macro_rules! presets {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $folder, "/", $name, ".toml")))),*]
    };
}

const CHOICES: &[Choice] =
    &[Choice { key: &["node", "ami_family"], presets: presets!("ami": "al2", "al2023", "bottlerocket") }];

/// Whether a key names a preset.
pub(crate) fn is_choice<S: AsRef<str>>(path: &[S]) -> bool {
    CHOICES.iter().any(|choice| choice.key.iter().eq(path.iter().map(AsRef::as_ref).collect::<Vec<_>>().iter()))
}

/// The presets that a scenario names, as tables of their own.
pub(crate) fn chosen(root: &Table, sources: &mut Sources) -> Vec<Table> {
    let mut tables = Vec::new();
    for Choice { key, presets } in CHOICES {
        let Some(name) = keys::lookup(root, key).and_then(|entry| entry.node.as_text()) else { continue };
        // A name that is not known is refused where it is read; until then any preset keeps its keys from missing.
        let (name, text) = presets.iter().find(|(preset, _)| *preset == name).unwrap_or(&presets[0]);
        let source = sources.add(format!("{} {name} (built in)", keys::join(key)), *text, Kind::Preset);
        tables.extend(tree::parse(source, text, &mut Found::default()));
    }
    tables
}

/// Takes out what presets said.
pub(crate) fn take_out(root: &mut Table, sources: &Sources) {
    root.retain(|_, entry| match entry.node.as_table_mut() {
        Some(table) if !table.is_empty() => {
            take_out(table, sources);
            !table.is_empty()
        }
        _ => !sources.is_preset(entry.node.place.source),
    });
}

/// Puts a preset below what is there; at `depth` 1 stand the names of named tables.
pub(crate) fn lay_below(root: &mut Table, preset: Table) {
    fill(root, preset, &mut Vec::new());
}

fn fill(into: &mut Table, preset: Table, path: &mut Vec<String>) {
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
            None if matches!(keys::find(path), Ok(keys::Target::Entry(_) | keys::Target::Names(_))) => {}
            None => drop(into.insert(name, entry)),
        }
        path.pop();
    }
}

fn is_value(path: &[String]) -> bool {
    matches!(keys::find(path), Ok(keys::Target::Value(_) | keys::Target::Inside(_)))
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
    fn an_unknown_choice_is_the_only_problem() {
        let problems = eks(&["node.ami_family=al3"]).expect_err("there is no such family");
        assert_eq!(problems.count(), 1, "{problems}");
    }
}
