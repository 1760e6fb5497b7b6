//! Finding keys by a word: one that was remembered without its table, or only what it is about.

use super::explain::prose;
use super::suggest::nearest_by;
use crate::model::params::{Scenario, Section, SectionSpec, Shape};

/// Stands for any name of a named table.
pub const ANY_NAME: &str = "NAME";
/// More keys than this are no suggestion.
const SUGGESTED_MAX: usize = 4;
/// How alike a mistyped part must be to one of so many.
const NEARLY: f64 = 0.92;

/// Every key of the model's description, dotted, with what it means; `NAME` stands for the name of a named table.
pub fn every_key() -> Vec<(String, String)> {
    let mut keys = Vec::new();
    collect(Scenario::spec(), "", &mut keys);
    keys
}

fn collect(spec: &'static SectionSpec, path: &str, keys: &mut Vec<(String, String)>) {
    for key in spec.keys {
        let here = format!("{path}{}", key.name);
        match (key.shape)() {
            Shape::Table(spec) => collect(spec, &format!("{here}."), keys),
            Shape::Named(spec) => collect(spec, &format!("{here}.{ANY_NAME}."), keys),
            _ => keys.push((here, prose(key.doc))),
        }
    }
}

/// Keys that a word leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// Those that have it in their name, with what they mean.
    pub named: Vec<(String, String)>,
    /// Others that speak of it.
    pub about: Vec<(String, String)>,
}

/// The keys that a word leads to; capitals are small letters here, and hyphens and blanks are underscores.
pub fn search(word: &str) -> Matches {
    let (name, word) = (as_name(word), word.to_lowercase());
    if word.trim().is_empty() {
        return Matches::default();
    }
    let (named, others): (Vec<_>, Vec<_>) = every_key().into_iter().partition(|(key, _)| key.contains(&name));
    let about = others.into_iter().filter(|(_, meaning)| meaning.to_lowercase().contains(&word)).collect();
    Matches { named, about }
}

fn as_name(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' '], "_")
}

/// "did you mean `cluster.target_nodes`?" for the last part of a key.
pub(crate) fn ending_in(part: &str) -> Option<String> {
    let part = as_name(part);
    let ends = |key: &str| key.rsplit('.').next() == Some(&part);
    let found: Vec<String> =
        every_key().iter().filter(|(key, _)| ends(key)).map(|(key, _)| format!("`{key}`")).collect();
    match &found[..] {
        [] => None,
        [one] => Some(format!("did you mean {one}?")),
        [some @ .., one] if found.len() <= SUGGESTED_MAX => Some(format!("did you mean {} or {one}?", some.join(", "))),
        _ => Some(format!("`scaleup explain-key {part}` lists the {} keys that end in it", found.len())),
    }
}

/// The same for a part that is mistyped.
pub(crate) fn ending_nearly_in(part: &str) -> Option<String> {
    let keys = every_key();
    let lasts = keys.iter().filter_map(|(key, _)| key.rsplit('.').next());
    ending_in(nearest_by(&as_name(part), lasts, NEARLY)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_a_key_is_enough_to_find_it() {
        let told = |part: &str| ending_in(part).unwrap_or_default();
        assert_eq!(told("target_nodes"), "did you mean `cluster.target_nodes`?");
        assert_eq!(ending_nearly_in("target-node"), Some("did you mean `cluster.target_nodes`?".to_owned()));
        assert_eq!(told("boot"), "did you mean `cloud.boot`?");
        assert_eq!(told("parallel_pulls"), "did you mean `kubelet.parallel_pulls`?");
        assert_eq!((ending_in("qqqq"), ending_nearly_in("qqqq")), (None, None));
        assert_eq!(told("start"), "did you mean `daemonset.NAME.start` or `workload.start`?");
    }

    #[test]
    fn a_word_finds_keys_by_name_and_by_meaning() {
        let found = search("Instance");
        let names: Vec<&str> = found.named.iter().map(|(key, _)| key.as_str()).collect();
        assert!(names.contains(&"node.instance_type"), "{names:?}");
        assert!(found.about.iter().all(|(_, meaning)| meaning.to_lowercase().contains("instance")));
        assert_eq!(search(" "), Matches::default());
    }
}
