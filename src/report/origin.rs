//! What results are results of, beyond the study itself: the scenario's values, where they come from, and its limits.

use std::path::Path;

use crate::headroom::{Headroom, LimitVerdict, headroom};
use crate::model::Plan;
use crate::scenario::{BUILT_IN, Document, Entry, Problems, SetIn, Setting, load_with};

/// A key that has another value than in the default scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The key.
    pub key: String,
    /// Its value in the default scenario; absent where that has no such key.
    pub default: Option<String>,
    /// Its value here; absent where there is none.
    pub value: Option<String>,
}

/// The default scenario as it comes with the program.
fn default_document() -> Result<Document, Problems> {
    // Without its ending, so that no file of that name takes its place.
    load_with(BUILT_IN, Path::new("scenarios/ekf"), &[]).map(|loaded| loaded.document)
}

/// Where a scenario differs from the default one.
///
/// # Errors
/// Where the default scenario cannot be read: our own mistake.
pub fn differences(document: &Document) -> Result<Vec<Changed>, Problems> {
    let default = default_document()?.entries();
    let here = document.entries();
    let shown = |entry: &Entry| (entry.set != SetIn::Absent).then(|| entry.value.clone());
    let find = |entries: &[Entry], key: &str| entries.iter().find(|entry| entry.key == key).and_then(shown);
    let mut keys: Vec<&str> = here.iter().map(|entry| entry.key.as_str()).collect();
    keys.extend(
        default.iter().map(|entry| entry.key.as_str()).filter(|key| here.iter().all(|entry| entry.key != *key)),
    );
    let changed = keys.into_iter().filter(|key| !["name", "description"].contains(key)).filter_map(|key| {
        let (before, now) = (find(&default, key), find(&here, key));
        (before != now).then(|| Changed { key: key.to_owned(), default: before, value: now })
    });
    Ok(changed.collect())
}

/// The limits of a case that do not simply fit, by arithmetic.
///
/// # Errors
/// Where the case's changes, keys and values, do not fit the scenario.
pub fn checks(document: &Document, set: &[(String, String)]) -> Result<Vec<Headroom>, Problems> {
    let settings: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("--vary", key, value)).collect();
    let mut limits = headroom(&Plan::new(&document.with(&settings)?.scenario));
    limits.retain(|limit| limit.verdict != LimitVerdict::Fits);
    Ok(limits)
}

/// Every value that is set or has a default, and where it comes from.
pub fn assumptions(document: &Document) -> Vec<Entry> {
    let mut entries = document.entries();
    entries.retain(|entry| entry.set != SetIn::Absent && !["name", "description"].contains(&entry.key.as_str()));
    entries
}
