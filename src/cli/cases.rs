//! From arguments to cases: scenario, settings, axes.
//!
//! Must not know: which command asks, and what becomes of the results.

use crate::cli::args::CommonArguments;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Axis, CASES_MAX, Case, Crew, Precision, Series, Settings, Watch, grid, one_at_a_time};
use crate::scenario::{Loaded, Setting, load};
use std::path::Path;

/// All scale-ups are kept until the last is done: some 10 kB each.
const SCALE_UPS_MAX: u64 = 1_000_000;
/// Characters of a name made from other texts, at most.
const SLUG_MAX: usize = 60;

/// Refuses more scale-ups than memory can bear.
pub(crate) fn bounded(cases: usize, settings: Settings, rule: Option<Precision>) -> Result<(), Failure> {
    let each = rule.map_or(settings.replications, |rule| rule.maximum);
    let scale_ups = cases as u64 * u64::from(each);
    if scale_ups > SCALE_UPS_MAX {
        return Err(Failure::Usage(format!(
            "{cases} cases with {each} replications each are {scale_ups} scale-ups, and all at once can be {SCALE_UPS_MAX}; \
             take fewer values or fewer replications"
        )));
    }
    Ok(())
}

/// Reads the scenario with the command line's settings.
pub(crate) fn read(arguments: &CommonArguments) -> Result<Loaded, Failure> {
    read_scenario(&arguments.scenario, &arguments.set)
}

/// Reads a scenario with settings of `--set`.
pub(crate) fn read_scenario(scenario: &Path, set: &[String]) -> Result<Loaded, Failure> {
    let settings: Vec<Setting> = set.iter().map(|text| Setting::new("--set", text.as_str())).collect();
    Ok(load(scenario, &settings)?)
}

/// How often, and with which random numbers.
pub(crate) fn settings(arguments: &CommonArguments) -> Settings {
    Settings {
        replications: arguments.replications.get(),
        seed: arguments.seed,
        threads: arguments.threads.map(std::num::NonZeroUsize::get),
    }
}

/// A scenario with some keys changed.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    /// What is simulated.
    pub(crate) case: Case,
    /// Equal for scenarios that mean the same.
    pub(crate) hash: u64,
    /// Its name among the cases, also for its files: `1-200-nodes-kind-io1`.
    pub(crate) name: String,
}

/// Every combination of the axes' values as a case of `base`, or each value `alone`, and notes on those that are the same
/// as an earlier one, which are left out.
pub(crate) fn along(base: &Loaded, axes: &[Axis], alone: bool) -> Result<(Vec<Variant>, Vec<String>), Failure> {
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
    let (mut variants, mut notes): (Vec<Variant>, Vec<String>) = (Vec::new(), Vec::new());
    for set in if alone { one_at_a_time(axes) } else { grid(axes) } {
        let loaded = base.document.with(&settings_of(&set))?;
        let hash = loaded.document.hash();
        match variants.iter().find(|earlier| earlier.hash == hash) {
            Some(same) => {
                let (this, same) = (words(&set), words(&same.case.set));
                notes.push(format!("{this} is the same case as {same}, and is left out"));
            }
            None => {
                variants.push(Variant { case: Case { set, scenario: loaded.scenario }, hash, name: String::new() });
            }
        }
    }
    let digits = variants.len().saturating_sub(1).to_string().len();
    for (number, variant) in variants.iter_mut().enumerate() {
        variant.name = slug(&format!("{number:0digits$}-{}", short(&variant.case.set)));
    }
    Ok((variants, notes))
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

/// A text as a name for files and scenarios: lower-case letters, digits and single hyphens.
pub(crate) fn slug(text: &str) -> String {
    let plain = text.to_ascii_lowercase();
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let whole = words.join("-");
    whole[..whole.len().min(SLUG_MAX)].trim_end_matches('-').to_owned()
}

/// Simulates one case, with a progress bar.
pub(crate) fn simulate(case: &Case, settings: Settings, rule: Option<Precision>) -> Result<CaseResult, Failure> {
    let crew = Crew::new(settings.threads, settings.seed)?;
    let bar = progress::bar(u64::from(rule.map_or(settings.replications, |rule| rule.minimum)));
    let watch = Watch { done: &|| bar.inc(1), stopped: &|| false };
    let mut series = [Series::new(case)];
    match rule {
        Some(rule) => crew.until_precise(&mut series, rule, watch),
        None => crew.extend(&mut series.iter_mut().collect::<Vec<_>>(), settings.replications, watch),
    };
    bar.finish_and_clear();
    let [series] = series;
    Ok(series.finish())
}

/// The results of cases of `base`.
pub(crate) fn results(command: &str, base: &Loaded, settings: Settings, cases: Vec<CaseResult>) -> Results {
    let most = cases.iter().map(|case| case.replications.len() as u32).max();
    Results {
        command: command.to_owned(),
        scenario: base.scenario.name.clone(),
        description: base.scenario.description.clone(),
        seed: settings.seed,
        replications: most.unwrap_or(settings.replications),
        cases,
    }
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
