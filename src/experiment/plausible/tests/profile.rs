use super::*;
use crate::experiment::search::tests::{
    DECISION, SANDBOX, WATCH, document, nodes_with_decision, point, search, targets,
};
use crate::scenario::{Demand, Document, Targets};

const MET: Rule = Rule { all_are_met: true };

/// Targets that a decision from 23 to 77 s meets.
fn from_23_to_77() -> Targets {
    nodes_with_decision(50.0, 27.0)
}

/// The least and the greatest place of plausible sets along an axis.
fn ends(search: &Search<'_>, axis: usize) -> (f64, f64) {
    let plausible = search.tried.iter().filter(|tried| MET.allows(tried)).map(|tried| tried.place[axis]);
    plausible.fold((1.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x)))
}

/// Near an end: strides are halved until they are shorter than what counts as one, and that before the last missed it.
fn is_near(found: f64, end: f64) -> bool {
    (found - end).abs() <= 2.0 * AT_END
}

#[test]
fn a_parameter_is_pushed_as_far_as_targets_are_met_and_no_further() {
    let (document, all) = (document(&[DECISION]), from_23_to_77());
    for (end, (low, high)) in [(0.0, (0.23, 0.5)), (1.0, (0.5, 0.77))] {
        let mut search = search(&document, &all, WATCH);
        search.evaluate(&[0.5]).expect("it runs");
        // Nearer to the ends, but not plausible: nothing begins there.
        for place in [0.05, 0.95] {
            search.evaluate(&[place]).expect("it runs");
        }
        push(&mut search, (0, end), MET, 30).expect("it runs");
        let found = ends(&search, 0);
        assert!(is_near(found.0, low) && is_near(found.1, high), "{found:?} towards {end}");
        assert!(search.tried.len() < 33, "it ends when strides are short: {}", search.tried.len());
    }
}

#[test]
fn a_push_tries_no_more_sets_than_it_may() {
    let (document, all) = (document(&[DECISION]), from_23_to_77());
    let mut search = search(&document, &all, WATCH);
    search.evaluate(&[0.31]).expect("it runs");
    push(&mut search, (0, 1.0), MET, 2).expect("it runs");
    assert_eq!(search.tried.len(), 3);
    let mut nothing = Search::new(&document, &all, search.effort, WATCH).expect("as before");
    nothing.evaluate(&[0.9]).expect("it runs");
    push(&mut nothing, (0, 1.0), MET, 30).expect("it runs");
    assert_eq!(nothing.tried.len(), 1, "nothing is plausible, so there is nowhere to begin");
}

/// Two parameters, of which the second, from 95 s on, has targets of its own.
fn two() -> (Document, Targets) {
    let document = document(&[DECISION, SANDBOX]);
    let mut all = from_23_to_77();
    let (any, measure) = (Demand::Range { at_least: None, at_most: Some(1.0) }, (Some("nodes"), "workload"));
    let asked = targets(vec![point(measure, any)]);
    let mut search = search(&document, &asked, WATCH);
    let seconds = search.evaluate(&[0.5, 0.95]).expect("it runs").means().expect("ready")[0];
    all.list.push(point(measure, Demand::Range { at_least: Some(seconds), at_most: None }));
    (document, all)
}

#[test]
fn a_push_keeps_the_other_parameters_where_they_are() {
    let (document, all) = two();
    let mut search = search(&document, &all, WATCH);
    assert!(search.evaluate(&[0.5, 0.97]).expect("it runs").meets_all());
    assert!(!search.evaluate(&[0.5, 0.5]).expect("it runs").meets_all());
    push(&mut search, (0, 1.0), MET, 40).expect("it runs");
    let pushed: Vec<&Tried> = search.tried[2..].iter().filter(|tried| tried.meets_all()).collect();
    assert!(pushed.iter().any(|tried| tried.place[0] > 0.6), "{pushed:?}");
}

#[test]
fn what_is_explored_reaches_both_ends_of_what_is_plausible() {
    let (document, all) = (document(&[DECISION]), from_23_to_77());
    let mut search = search(&document, &all, WATCH);
    let best = search.evaluate(&[0.5]).expect("it runs").clone();
    // A sixth is for each end.
    let found = explore(&mut search, &best, 48).expect("it runs");
    let (low, high) = found.ranges[0];
    assert!(is_near(low / 100.0, 0.23) && is_near(high / 100.0, 0.77), "{low} {high}");
    assert_eq!((found.level, found.verdicts), (0.0, vec![Identifiability::Bounded]));
    for end in [0.0, 1.0] {
        assert!(search.tried.iter().any(|tried| tried.place == [end]), "the whole way is tried first: {end}");
    }
    assert!(search.tried.len() <= 49, "{}", search.tried.len());
}

#[test]
fn where_nothing_is_plausible_the_fit_stands_alone() {
    let (document, all) = (document(&[DECISION]), from_23_to_77());
    let mut search = search(&document, &all, WATCH);
    let best = search.evaluate(&[0.9]).expect("it runs").clone();
    let found = summary(&search, &best, MET);
    assert_eq!((found.found, found.level), (1, best.misfit));
    assert_eq!((&found.sets[..], &found.ranges[..]), (&[vec![90.0]][..], &[(90.0, 90.0)][..]));
    assert_eq!(found.verdicts, [Identifiability::TooFewSets]);
}
