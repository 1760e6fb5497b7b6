//! From arguments to cases: scenario, settings, axes.

use crate::cli::args::ScenarioArguments;
use crate::cli::failure::{Failure, all};
use crate::cli::output::note;
use crate::cli::progress;
use crate::experiment::results::CaseResult;
use crate::experiment::{CASES_MAX, Case, Precision, Progress, Series, Settings, WorkerPool, grid, one_at_a_time};
use crate::report::words::{plural, slug};
use crate::scenario::{Axis, Loaded, Problems, Setting, load};
use std::collections::HashMap;
use std::path::Path;

/// All scale-ups are kept until the last is done: some 10 kB each.
const SCALE_UPS_MAX: u64 = 1_000_000;

/// Refuses more scale-ups than memory can bear.
pub(crate) fn bounded(cases: usize, settings: Settings, rule: Option<Precision>) -> Result<(), Failure> {
    let each = rule.map_or(settings.replications, |rule| rule.maximum);
    let scale_ups = cases as u64 * u64::from(each);
    if scale_ups > SCALE_UPS_MAX {
        return Err(Failure::Usage(format!(
            "{cases} cases with {each} scale-ups each are {scale_ups}, and all at once can be {SCALE_UPS_MAX}; take fewer \
             values or fewer --replications"
        )));
    }
    Ok(())
}

/// Reads the scenario with the command line's settings.
pub(crate) fn read(arguments: &ScenarioArguments) -> Result<Loaded, Problems> {
    read_scenario(&arguments.scenario, &arguments.changes())
}

/// Says what a scenario has from another case.
pub(crate) fn say_borrowed(loaded: &Loaded) {
    for (case, keys) in loaded.document.borrowed() {
        let fitted: Vec<&str> = keys.iter().filter(|(_, fitted)| *fitted).map(|(key, _)| key.as_str()).collect();
        if case.starts_with("addons/") {
            note(&format!("note: {case} has values that were fitted to the case it is from: {}", fitted.join(", ")));
            continue;
        }
        let fitted = if fitted.is_empty() { String::new() } else { format!("; fitted to it: {}", fitted.join(", ")) };
        let values = plural(keys.len() as u64, "value");
        note(&format!(
            "note: {values} of {case}, another case, hold here{fitted}; scaleup show says where each is set"
        ));
    }
}

/// Says where zones are of several regions, of which a cluster has one.
pub(crate) fn say_regions(loaded: &Loaded) {
    let mut regions: Vec<&str> = Vec::new();
    for zone in loaded.scenario.zone.names() {
        let region = zone.trim_end_matches(|c: char| c.is_ascii_lowercase());
        if region.ends_with(|c: char| c.is_ascii_digit()) && !regions.contains(&region) {
            regions.push(region);
        }
    }
    if regions.len() > 1 {
        let regions = regions.join(", ");
        note(&format!("note: the zones are of several regions, {regions}, and a cluster is in one"));
    }
}

/// Reads a scenario with settings of `--set`.
pub(crate) fn read_scenario(scenario: &Path, set: &[String]) -> Result<Loaded, Problems> {
    let settings: Vec<Setting> = set.iter().map(|text| Setting::new("--set", text.as_str())).collect();
    load(scenario, &settings)
}

/// Every combination of the axes' values as a case of `base`, or each value `alone`, and notes on those that are the
/// same as an earlier one, which are left out.
pub(crate) fn along(base: &Loaded, axes: &[Axis], alone: bool) -> Result<(Vec<Case>, Vec<String>), Failure> {
    let count = if alone {
        Some(1 + axes.iter().map(|axis| axis.values.len()).sum::<usize>())
    } else {
        axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()))
    };
    if count.is_none_or(|count| count > CASES_MAX) {
        return Err(Failure::Usage(format!(
            "a grid has at most {CASES_MAX} cases; vary fewer keys, or in larger steps"
        )));
    }
    let (mut cases, mut notes): (Vec<Case>, Vec<String>) = (Vec::new(), Vec::new());
    let mut known: HashMap<u64, usize> = HashMap::new();
    let sets = if alone { one_at_a_time(axes) } else { grid(axes) };
    let read = |set: Vec<(String, String)>| {
        Ok(Case::new(set.clone(), &base.document.with(&settings_of(&set))?).following_paths())
    };
    for case in all(WorkerPool::new(None, 0)?.each(sets, read))? {
        if let Some(&same) = known.get(&case.hash) {
            let (this, same) = (words(&case.set), words(&cases[same].set));
            notes.push(format!("{this} is the same case as {same}, and is left out"));
        } else {
            known.insert(case.hash, cases.len());
            cases.push(case);
        }
    }
    let digits = cases.len().saturating_sub(1).to_string().len();
    for (number, case) in cases.iter_mut().enumerate() {
        case.name = slug(&format!("{number:0digits$}-{}", short(&case.set)));
    }
    Ok((cases, notes))
}

/// The changes of a case as settings.
pub(crate) fn settings_of(set: &[(String, String)]) -> Vec<Setting> {
    set.iter().map(|(key, value)| Setting::of("--vary", key, value)).collect()
}

/// The changes of a case as they would be typed.
pub(crate) fn words(set: &[(String, String)]) -> String {
    if set.is_empty() {
        return "the scenario without a change".to_owned();
    }
    set.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
}

/// The changes of a case in few words: of each key the last part.
fn short(set: &[(String, String)]) -> String {
    let part = |(key, value): &(String, String)| match key.rsplit('.').next() {
        Some("target_nodes") => format!("{value}-nodes"),
        last => format!("{}-{value}", last.unwrap_or_default()),
    };
    set.iter().map(part).collect::<Vec<_>>().join("-")
}

/// Simulates one case, with a progress bar.
pub(crate) fn simulate(case: &Case, settings: Settings, rule: Option<Precision>) -> Result<CaseResult, Failure> {
    let workers = WorkerPool::new(settings.threads, settings.seed)?;
    let bar = progress::bar(1, rule.map_or(settings.replications, |rule| rule.minimum));
    let progress = Progress { done: &|| bar.inc(1), stopped: &|| false };
    let mut series = [Series::new(case)];
    match rule {
        Some(rule) => workers.until_precise(&mut series, rule, progress),
        None => workers.extend(&mut series.iter_mut().collect::<Vec<_>>(), settings.replications, progress),
    };
    bar.finish_and_clear();
    let [series] = series;
    Ok(series.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn names_are_short_and_safe() {
        let name = |pairs: &[(&str, &str)]| slug(&short(&set(pairs)));
        assert_eq!(name(&[("cluster.target_nodes", "100"), ("disk.rok-etcd.kind", "io1")]), "100-nodes-kind-io1");
        assert_eq!(
            name(&[("cloud.boot", "{ uniform = { low = '1s', high = \"2s\" } }")]),
            "boot-uniform-low-1s-high-2s"
        );
        assert_eq!(slug("../../Etc/Passwd é"), "etc-passwd");
        assert_eq!(slug(&"a-".repeat(100)).len(), 59);
    }
}
