//! How much of a prediction's spread is uncertainty about the parameters, and how much is chance.

use crate::experiment::results::CaseResult;
use crate::experiment::run::{Case, Settings, ThreadsError, run_cases};
use crate::experiment::validate::overhead;
use crate::model::record::Stage;
use crate::stats::{Sorted, Split, mean};
use crate::time::Time;

/// One time, over all sets of parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The stage whose readiness it is, or until which it counts.
    pub stage: String,
    /// The stage from whose readiness it counts; `None`: from the start.
    pub after: Option<String>,
    /// The mean in seconds over all sets.
    pub mean: f64,
    /// Between how many seconds 90 % of the sets' means lie.
    pub means: (f64, f64),
    /// The standard deviation between the true means of the sets: uncertainty about the parameters.
    pub parameters_sd: f64,
    /// The standard deviation between scale-ups with the same parameters: chance.
    pub chance_sd: f64,
    /// The share of the whole variance that comes from the parameters; absent where nothing varies.
    pub parameters_share: Option<f64>,
}

/// Simulates each set of parameters with random numbers of its own: the split takes the sets as independent.
///
/// # Errors
/// When threads cannot be started.
pub fn run_sets(
    sets: &[Case],
    settings: Settings,
    progress: &(dyn Fn() + Sync),
) -> Result<Vec<CaseResult>, ThreadsError> {
    let mut results = Vec::with_capacity(sets.len());
    for (number, set) in (0_u64..).zip(sets) {
        let settings = Settings { seed: settings.seed.wrapping_add(number), ..settings };
        results.extend(run_cases(std::slice::from_ref(set), settings, progress)?);
    }
    Ok(results)
}

/// The spread of each stage's readiness, and of the overheads.
pub fn spread(sets: &[CaseResult]) -> Vec<Quantity> {
    let Some(first) = sets.first() else { return Vec::new() };
    let stages = (0..first.stages.len()).map(|stage| (None, stage));
    let asked = stages.chain(first.overheads().into_iter().map(|(from, to)| (Some(from), to)));
    asked.filter_map(|(from, to)| quantity(sets, &first.stages, from, to)).collect()
}

fn quantity(sets: &[CaseResult], stages: &[Stage], from: Option<usize>, to: usize) -> Option<Quantity> {
    let of = |case: &CaseResult| -> Vec<f64> {
        let times = case.replications.iter().filter_map(|replication| match from {
            Some(from) => overhead(replication, from, to),
            None => replication.stages.get(to)?.ready.map(Time::as_secs_f64),
        });
        times.collect()
    };
    let groups: Vec<Vec<f64>> = sets.iter().map(of).collect();
    let means: Vec<f64> = groups.iter().filter_map(|group| mean(group)).collect();
    let (split, sorted) = (Split::of(&groups)?, Sorted::of(&means)?);
    Some(Quantity {
        stage: stages[to].name.clone(),
        after: from.map(|from| stages[from].name.clone()),
        mean: mean(&means)?,
        means: (sorted.quantile(0.05), sorted.quantile(0.95)),
        parameters_sd: split.between.sqrt(),
        chance_sd: split.within.sqrt(),
        parameters_share: split.share_between(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::search::tests::document;

    const SETTINGS: Settings = Settings { replications: 3, seed: 5, threads: Some(1) };

    fn case() -> Case {
        let loaded = document(&[]).with(&[]).unwrap_or_else(|problems| panic!("{problems}"));
        Case::new(vec![], &loaded).in_numbers()
    }

    #[test]
    fn each_set_has_random_numbers_of_its_own_beginning_with_the_seed() {
        let sets = run_sets(&[case(), case(), case()], SETTINGS, &|| ()).expect("one thread");
        assert_eq!(sets.len(), 3);
        for (seed, set) in (SETTINGS.seed..).zip(&sets) {
            let alone = run_cases(&[case()], Settings { seed, ..SETTINGS }, &|| ()).expect("one thread");
            assert_eq!(set.replications, alone[0].replications, "{seed}");
        }
        assert_ne!(sets[0].replications, sets[1].replications);
    }

    #[test]
    fn the_spread_within_sets_is_chance_and_between_them_the_parameters() {
        let simulated = &run_cases(&[case()], SETTINGS, &|| ()).expect("one thread")[0];
        // Five sets with means of 10 to 50 s; 1 s less and more by chance. Each later stage takes as long again.
        let sets: Vec<CaseResult> = [10.0, 20.0, 30.0, 40.0, 50.0]
            .map(|mean| {
                let mut set = simulated.clone();
                for (replication, chance) in set.replications.iter_mut().zip([-1.0, 0.0, 1.0]) {
                    for (stage, number) in replication.stages.iter_mut().zip(1..) {
                        stage.ready = Some(Time::from_secs_f64((mean + chance) * f64::from(number)));
                    }
                }
                set
            })
            .into();
        let quantities = spread(&sets);
        let of = |after: Option<&str>, stage: usize| {
            let name = &simulated.stages[stage].name;
            let meant = |one: &&Quantity| one.after.as_deref() == after && one.stage == *name;
            quantities.iter().find(meant).unwrap_or_else(|| panic!("{after:?} {name}: {quantities:?}"))
        };
        // The variance of the means, 250, has a third of a scale-up's.
        let between: f64 = 250.0 - 1.0 / 3.0;
        let (from, to) = simulated.overheads()[0];
        let times = (to - from) as f64;
        for (quantity, times) in [(of(None, 0), 1.0), (of(Some(&simulated.stages[from].name), to), times)] {
            let near = |value: f64, expected: f64| (value - expected * times).abs() < 1e-6;
            assert!(near(quantity.mean, 30.0) && near(quantity.chance_sd, 1.0), "{quantity:?}");
            assert!(near(quantity.means.0, 12.0) && near(quantity.means.1, 48.0), "{quantity:?}");
            assert!(near(quantity.parameters_sd, between.sqrt()), "{quantity:?}");
            let share = quantity.parameters_share.expect("it varies");
            assert!((share - between / (between + 1.0)).abs() < 1e-9, "{quantity:?}");
        }
        assert_eq!(spread(&[]), []);
    }
}
