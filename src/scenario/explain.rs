//! What a key means.

use super::entries::shape_text;
use super::keys::{self, KeyTarget};
use super::law::FAMILIES;
use super::reader::{example, is_required};
use super::target_keys::Keys;
use crate::model::params::{DefaultValue, KeySpec, Section, SectionSpec, Shape};

/// A key in words.
#[derive(Clone, Debug, Default)]
pub struct KeyExplanation {
    /// The key, dotted, as it was asked for.
    pub key: String,
    /// What it means, with its unit.
    pub meaning: String,
    /// What can be written.
    pub shape: String,
    /// What holds where nothing is written, and where that comes from.
    pub default: Option<DefaultValue>,
    /// Whether a scenario must have it.
    pub required: bool,
    /// Whether it says something about the scenario, such as `extends`, and is no parameter.
    pub is_remark: bool,
    /// How it could be written.
    pub examples: Vec<String>,
    /// The keys below it, each with what it means.
    pub below: Vec<(String, String)>,
}

/// A key that no scenario can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {remedy}")]
pub struct UnknownKey {
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub remedy: String,
}

/// Tables and keys that every scenario file can have beside the model's parameters.
pub(crate) const REMARKS: [(&str, &str, &str); 5] = [
    (
        "extends",
        "The scenario that this one starts from: a file beside it, or one that comes with the program; or a list of such, of which later ones hold. Tables are merged; values, lists and distributions are replaced as a whole; \"none\" takes an optional key or a named table out.",
        "extends = \"ekf.toml\"",
    ),
    (
        "provenance",
        "Where values come from: a dotted key in quotes, or the beginning of several, and one of documented, upstream, measured, fitted, assumed with the source or the reason.",
        "\"daemonset.rok.join\" = { assumed = \"nobody said\" }",
    ),
    (
        "sweep",
        "The axes that `sweep` takes unless the command line names others: a dotted key in quotes and its values.",
        "\"cluster.target_nodes\" = [100, 200, 300]",
    ),
    (
        "free",
        "What a calibration may fit: a dotted key in quotes, the range, and why it is not known.",
        "\"cloud.boot.lognormal.p50\" = { min = \"30s\", max = \"90s\", reason = \"not documented\" }",
    ),
    (
        "target",
        "What was measured or is documented of this very scenario, for `validate`: named tables. A scenario that extends it does not have them.",
        "[target.all-running]",
    ),
];

/// Explains a dotted key; the names of named tables may be any.
///
/// # Errors
/// If no scenario can have the key.
pub fn explain(key: &str) -> Result<KeyExplanation, UnknownKey> {
    if let Some((_, meaning, example)) = REMARKS.iter().find(|(name, ..)| *name == key) {
        let shape = if key == "extends" { "text" } else { "table" };
        let below = if key == "target" { below(Keys::spec()) } else { Vec::new() };
        let examples = vec![(*example).to_owned()];
        return Ok(KeyExplanation { is_remark: true, examples, below, ..bare(key, meaning, shape) });
    }
    let path = if key.is_empty() { Vec::new() } else { keys::split(key) };
    let unknown = |lost: keys::Lost| UnknownKey { problem: lost.what, remedy: lost.remedy };
    Ok(match keys::find(&path).map_err(unknown)? {
        KeyTarget::Value(spec) => value(key, spec),
        KeyTarget::Inside(_) => bare(
            key,
            "A parameter of a distribution; it can be set without writing the others again.",
            "length of time; a plain number for a shape",
        ),
        KeyTarget::Table(spec) => KeyExplanation { below: below(spec), ..bare(key, &prose(spec.doc), "table") },
        KeyTarget::Entry(spec) => {
            let shape = "table with a name of its own; \"none\" takes it out";
            KeyExplanation { below: below(spec), ..bare(key, &prose(spec.doc), shape) }
        }
        KeyTarget::Names(spec) => {
            let examples = vec![format!("[{key}.NAME]")];
            KeyExplanation {
                examples,
                below: below(spec),
                ..bare(key, &prose(spec.doc), "named tables, each with these keys")
            }
        }
    })
}

fn bare(key: &str, meaning: &str, shape: &str) -> KeyExplanation {
    KeyExplanation {
        key: key.to_owned(),
        meaning: meaning.to_owned(),
        shape: shape.to_owned(),
        ..KeyExplanation::default()
    }
}

fn value(key: &str, spec: &KeySpec) -> KeyExplanation {
    let shape = (spec.shape)();
    let none = if spec.optional { ", or \"none\"" } else { "" };
    let examples = match shape {
        Shape::Law => FAMILIES.iter().map(|family| format!("{} = {}", spec.name, family.example)).collect(),
        _ => vec![example(spec, &table_of(key))],
    };
    KeyExplanation {
        default: spec.default,
        required: is_required(spec),
        examples,
        ..bare(key, &prose(spec.doc), &(shape_text(shape) + none))
    }
}

/// The path of a key's table, with a dot at its end.
fn table_of(key: &str) -> String {
    key.rfind('.').map_or(String::new(), |dot| key[..=dot].to_owned())
}

fn below(spec: &SectionSpec) -> Vec<(String, String)> {
    spec.keys.iter().map(|key| (key.name.to_owned(), prose(key.doc))).collect()
}

/// A doc comment as one paragraph.
pub(crate) fn prose(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
