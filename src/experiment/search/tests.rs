use super::*;
use crate::scenario::{Demand, Measure, Target, load};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Work for tests: few replications on one thread.
pub(in crate::experiment) const EFFORT: Effort =
    Effort { settings: Settings { replications: 8, seed: 1, threads: Some(1) }, evaluations: 40, discrepancy: 0.05 };
pub(in crate::experiment) const WATCH: Progress<'static> = Progress { done: &|| (), stopped: &|| false };
/// The nodes take as much longer as the autoscaler decides later, and the workload after them as a sandbox takes.
pub(in crate::experiment) const DECISION: &str = "autoscaler.decision";
pub(in crate::experiment) const SANDBOX: &str = "kubelet.sandbox";

/// The small scenario, where these keys may be from 0 to 100 s.
pub(in crate::experiment) fn document(free: &[&str]) -> Document {
    let entry = |key: &&str| format!("free.\"{key}\"={{ min = \"0s\", max = \"100s\", reason = \"unknown\" }}");
    let settings: Vec<Setting> = free.iter().map(entry).map(|entry| Setting::new("test", entry)).collect();
    let loaded = load(Path::new("tests/it/fixtures/small.toml"), &settings);
    loaded.unwrap_or_else(|problems| panic!("{problems}")).document
}

/// A target for a stage after another, at four nodes.
pub(in crate::experiment) fn point((from, to): (Option<&str>, &str), demand: Demand) -> Target {
    let [name, row, statement, source, reading] = [const { String::new() }; 5];
    let measure = Measure::Stages { from: from.map(str::to_owned), to: to.to_owned() };
    Target { name, row, statement, source, reading, measure, nodes: vec![4], demand }
}

pub(in crate::experiment) fn targets(list: Vec<Target>) -> Targets {
    Targets { description: String::new(), list }
}

/// About what the nodes take with a decision after so many seconds, with the search's own random numbers.
pub(in crate::experiment) fn nodes_with_decision(after: f64, tolerance: f64) -> Targets {
    let (document, any) = (document(&[DECISION]), Demand::Range { at_least: None, at_most: Some(1.0) });
    let any = targets(vec![point((None, "nodes"), any)]);
    let mut search = search(&document, &any, WATCH);
    let seconds = search.evaluate(&[after / 100.0]).expect("it runs").means().expect("ready")[0];
    targets(vec![point((None, "nodes"), Demand::About { seconds, tolerance })])
}

pub(in crate::experiment) fn search<'a>(
    document: &'a Document,
    targets: &'a Targets,
    progress: Progress<'a>,
) -> Search<'a> {
    Search::new(document, targets, EFFORT, progress).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_a_search_makes_small_has_a_margin_and_a_pull_to_the_middle() {
    let demand = Demand::About { seconds: 300.0, tolerance: 60.0 };
    let point = Target { nodes: vec![10, 20], ..point((None, ""), demand) };
    let of = |means: [f64; 2]| objective(&[Judged::of_means(&point, &mut means.into_iter())]);
    // Half a tolerance from the middle.
    assert!((of([330.0, 300.0]) - 0.25 * 0.25).abs() < 1e-12);
    // The second size is 6 s beyond what a fit aims at.
    assert!((of([330.0, 354.0]) - (0.25 * 0.25 + 0.01)).abs() < 1e-12);
    assert!((of([f64::INFINITY, 300.0]) / (HOPELESS * (1.0 + PULL)) - 1.0).abs() < 1e-12);
}

#[test]
fn a_set_that_is_off_by_hundreds_of_tolerances_is_not_yet_hopeless() {
    let demand = Demand::About { seconds: 300.0, tolerance: 1.0 };
    let far = |mean: f64| Tried::with_means(&[0.5], &[point((None, ""), demand)], &[mean]);
    assert!(far(700.0).objective < far(800.0).objective, "the search still sees where it is better");
    assert!(far(800.0).objective < far(f64::INFINITY).objective);
}

#[test]
fn a_rough_set_has_a_quarter_of_the_replications_but_two_if_there_are_as_many() {
    let (document, targets) = (document(&[DECISION]), nodes_with_decision(50.0, 5.0));
    let mut search = search(&document, &targets, WATCH);
    for (all, few) in [(100, 25), (12, 3), (5, 2), (2, 2), (1, 1)] {
        search.effort.settings.replications = all;
        assert_eq!(search.few(), few, "of {all}");
    }
}

#[test]
fn sets_are_simulated_roughly_wholly_or_as_often_as_a_look_asks() {
    let (document, targets) = (document(&[DECISION]), nodes_with_decision(50.0, 5.0));
    let done = AtomicU32::new(0);
    let count = || {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let mut search = search(&document, &targets, Progress { done: &count, stopped: &|| false });
    let all = EFFORT.settings.replications;
    search.roughly(&[0.2]).expect("it runs");
    assert_eq!(done.swap(0, Ordering::Relaxed), search.few());
    search.evaluate(&[0.2]).expect("it runs");
    assert_eq!(done.swap(0, Ordering::Relaxed), all, "a rough set is not known wholly");
    search.evaluate(&[0.2]).expect("it is known");
    assert_eq!(done.swap(0, Ordering::Relaxed), 0);
    search.look(&[0.2], 3).expect("it runs");
    assert_eq!(done.swap(0, Ordering::Relaxed), 3 * all, "what is known is looked at again");
    search.fresh(&[], &targets).expect("it runs");
    assert_eq!(done.swap(0, Ordering::Relaxed), FRESH_REPLICATIONS.max(all));
    search.effort.settings.replications = FRESH_REPLICATIONS + 1;
    search.fresh(&[], &targets).expect("it runs");
    assert_eq!(done.into_inner(), FRESH_REPLICATIONS + 1);
}

#[test]
fn looks_and_fresh_random_numbers_are_neither_those_of_the_search_nor_of_another_seed() {
    let (document, targets) = (document(&[DECISION]), nodes_with_decision(50.0, 5.0));
    let mut search = search(&document, &targets, WATCH);
    let mut seeds = Vec::new();
    for seed in [1, 1_000] {
        search.effort.settings.seed = seed;
        let unseen = [FRESH, LOOK].map(|more| search.unseen(more, 7));
        assert!(unseen.iter().all(|how| (how.replications, how.threads) == (7, Some(1))), "{unseen:?}");
        seeds.extend([seed, unseen[0].seed, unseen[1].seed]);
    }
    seeds.sort_unstable();
    seeds.dedup();
    assert_eq!(seeds.len(), 6, "{seeds:?}");
}

#[test]
fn a_search_that_is_stopped_counts_all_sets_and_tells_the_best_one() {
    let (document, targets) = (document(&[DECISION]), nodes_with_decision(50.0, 5.0));
    let mut search = search(&document, &targets, WATCH);
    for place in [0.9, 0.6, 0.1] {
        search.evaluate(&[place]).expect("it runs");
    }
    for place in [0.8, 0.2] {
        search.roughly(&[place]).expect("it runs");
    }
    let known = search.tried[1].clone();
    assert!(known.misfit < known.objective, "they can be told apart: {known:?}");
    let CalibrationError::Interrupted { tried, best: Some((misfit, set)) } = search.interrupted() else { panic!() };
    assert_eq!(tried, 5);
    assert_eq!((misfit, set), (known.misfit, set_of(&document, &[60.0])));
}

#[test]
fn a_key_without_a_value_is_named_though_others_have_one() {
    let lacking = "daemonset.agent.start.lognormal.p50";
    let (document, targets) = (document(&[DECISION, lacking, SANDBOX]), nodes_with_decision(50.0, 5.0));
    let error = Search::new(&document, &targets, EFFORT, WATCH).err().expect("it is refused");
    assert!(matches!(&error, CalibrationError::NoSuchValue(key) if key == lacking), "{error}");
}

/// The means of all sets that were tried.
fn all_means(search: &Search<'_>) -> Vec<f64> {
    search.tried.iter().flat_map(|tried| tried.means().expect("ready")).collect()
}

#[test]
fn a_second_look_at_one_set_moves_the_means_of_all() {
    let (document, targets) = (document(&[DECISION]), nodes_with_decision(50.0, 5.0));
    let mut search = search(&document, &targets, WATCH);
    for place in [0.3, 0.5, 0.7] {
        search.evaluate(&[place]).expect("it runs");
    }
    let before = all_means(&search);
    // A look that says 100 s more than the search: all sets are off now, and ruled out.
    let points = targets.points();
    let looked = Tried::with_means(&[0.5], &points, &[before[1] + 100.0]);
    assert!(!search.tried[1].is_ruled_out() && search.tried[1].meets_all());
    search.settle(&looked).expect("it is known");
    search.evaluate(&[0.4]).expect("it runs");
    for (after, expected) in all_means(&search).iter().zip([before[0], before[1], before[2], before[0] + 10.0]) {
        assert!((after - expected - 100.0).abs() < 0.1, "{after} {expected}");
    }
    for tried in &search.tried {
        assert!(tried.is_ruled_out() && !tried.meets_all() && tried.objective > 100.0, "{tried:?}");
        assert_eq!(tried.objective.to_bits(), objective(&tried.judged).to_bits());
    }
}

#[test]
fn blocks_have_random_numbers_of_their_own_until_a_look_tells_their_levels() {
    let (document, all) = (document(&[DECISION]), nodes_with_decision(50.0, 40.0));
    let (mut search, mut unsettled) = (search(&document, &all, WATCH), search(&document, &all, WATCH));
    let mean = |search: &mut Search<'_>, block: usize, place: f64| {
        search.evaluate_in(block, &[place]).expect("it runs").means().expect("ready")[0]
    };
    let at_half = [0, 1, 2].map(|block| mean(&mut search, block, 0.5));
    let far = |one: f64, other: f64| (one - other).abs() > 1e-6;
    assert!(far(at_half[0], at_half[1]) && far(at_half[0], at_half[2]) && far(at_half[1], at_half[2]), "{at_half:?}");
    assert_eq!([0, 1, 2].map(|block| mean(&mut search, block, 0.5).to_bits()), at_half.map(f64::to_bits));
    assert_eq!(search.tried.len(), 3, "known sets are not simulated again");
    let looked = search.look(&[0.5], 4).expect("it runs");
    let level = looked.means().expect("ready")[0];
    search.settle(&looked).expect("it runs");
    for block in [0, 1, 2] {
        assert!(!far(mean(&mut search, block, 0.5), level), "block {block}");
        // What is tried later moves as much.
        let raw = mean(&mut unsettled, block, 0.7);
        assert!(!far(mean(&mut search, block, 0.7), raw + level - at_half[block]), "block {block}");
    }
}

#[test]
fn the_least_size_alone_may_tell_that_a_place_misses_a_target() {
    let (document, mut both) = (document(&[DECISION]), nodes_with_decision(50.0, 10.0));
    let any = Demand::Range { at_least: None, at_most: Some(1e4) };
    both.list.insert(0, Target { nodes: vec![8], ..point((None, "nodes"), any) });
    let done = AtomicU32::new(0);
    let count = || {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let mut search = search(&document, &both, Progress { done: &count, stopped: &|| false });
    let all = EFFORT.settings.replications;
    let ask = |search: &mut Search<'_>, place: f64| {
        let told = search.meets_all_at(&[place]).expect("it runs");
        let simulated = done.swap(0, Ordering::Relaxed);
        assert_eq!(search.evaluate(&[place]).expect("it runs").meets_all(), told, "at {place}");
        done.store(0, Ordering::Relaxed);
        (told, simulated / all)
    };
    assert_eq!(ask(&mut search, 0.2), (false, 1));
    assert_eq!(ask(&mut search, 0.2), (false, 0), "it is known");
    assert_eq!(ask(&mut search, 0.5), (true, 3));
    assert_eq!((search.tried.len(), search.count()), (2, 3), "what one size told is counted, too");
    // A look tells that the greater size takes 20 s less than in the search, and the least 30 s more.
    let means = search.tried[1].means().expect("ready");
    let looked = Tried::with_means(&[0.5], &both.points(), &[means[0] - 20.0, means[1] + 30.0]);
    search.settle(&looked).expect("it is known");
    assert_eq!(ask(&mut search, 0.21), (true, 3));
    assert_eq!(ask(&mut search, 0.51), (false, 1));
    // Where it is the greater size that misses, both are simulated.
    both.list[0].demand = Demand::Range { at_least: None, at_most: Some(1.0) };
    let mut search = Search::new(&document, &both, EFFORT, WATCH).expect("as before");
    assert!(!search.meets_all_at(&[0.5]).expect("it runs"));
    assert_eq!((search.tried.len(), search.count()), (1, 1));
    // Nothing is asked of the least size alone.
    both.list[1] = Target { nodes: vec![4, 8], ..point((None, "nodes"), Demand::Grows) };
    let mut search = Search::new(&document, &both, EFFORT, WATCH).expect("as before");
    assert!(!search.meets_all_at(&[0.5]).expect("it runs"));
    assert_eq!((search.tried.len(), search.count()), (1, 1));
}
