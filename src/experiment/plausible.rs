//! Which sets of values the targets do not rule out, and so which parameters they pin down.
//!
//! First each parameter is pushed towards the ends of its range, as far as the others can make up for it (a profile).
//! Then a walk wanders among the sets that meet every target; its steps are differences of two sets that it has seen
//! (ter Braak, *A Markov chain Monte Carlo version of the genetic algorithm differential evolution*, Statistics and
//! Computing 16, 2006), so that they follow long and narrow regions.

use crate::experiment::calibrate::CalibrationError;
use crate::experiment::evolution::{Reach, descend, reflect};
use crate::experiment::places::place_of;
use crate::experiment::search::{MAKE_UP, Search, Tried, WALK};
use crate::random::Stream;
use crate::stats::rank_correlation;

/// Sets of an ensemble, at most.
const SETS_MAX: usize = 40;
/// A parameter that keeps within this share of its range is identified.
const NARROW: f64 = 0.25;
/// A range reaches an end that is nearer than this.
const AT_END: f64 = 0.05;
/// Weaker correlations are not told.
const STRONG: f64 = 0.5;
/// Fewer sets say nothing about parameters.
const SETS_MIN: usize = 8;

/// The sets of values that the targets do not rule out.
#[derive(Clone, Debug)]
pub struct Plausible {
    /// The greatest misfit of a plausible set; zero: every target is met.
    pub level: f64,
    /// How many such sets were found.
    pub found: usize,
    /// Some of them that lie far apart, the fit first.
    pub sets: Vec<Vec<f64>>,
    /// For each parameter its least and its greatest value in any of them.
    pub ranges: Vec<(f64, f64)>,
    /// For each parameter what the targets say about it.
    pub verdicts: Vec<Identifiability>,
    /// Pairs of parameters whose values go together, the strongest first, with their rank correlation.
    pub correlations: Vec<(usize, usize, f64)>,
}

/// How well targets pin a parameter down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifiability {
    /// To a small part of its range.
    Identified,
    /// From both sides.
    Bounded,
    /// From below only.
    BoundedBelow,
    /// From above only.
    BoundedAbove,
    /// Not at all: its whole range is plausible.
    NotIdentified,
    /// Too few plausible sets were found to tell.
    TooFewSets,
}

/// Which sets are plausible: those that meet every target, or, where none that was tried does, those that no target
/// rules out.
#[derive(Clone, Copy)]
struct Rule {
    all_are_met: bool,
}

impl Rule {
    fn allows(self, tried: &Tried) -> bool {
        if self.all_are_met { tried.meets_all() } else { !tried.is_ruled_out() }
    }

    fn allows_place(self, search: &mut Search<'_>, place: &[f64]) -> Result<bool, CalibrationError> {
        if self.all_are_met { search.meets_all_at(place) } else { Ok(self.allows(search.evaluate(place)?)) }
    }
}

/// Looks for plausible sets with about this many evaluations: a third for the profiles, two thirds for the walk, whose
/// steps are often over after one size.
pub(super) fn explore(
    search: &mut Search<'_>,
    best: &Tried,
    evaluations: usize,
) -> Result<Plausible, CalibrationError> {
    let rule = Rule { all_are_met: search.tried.iter().any(Tried::meets_all) };
    let axes = best.place.len();
    for (axis, end) in (0..axes).flat_map(|axis| [(axis, 0.0), (axis, 1.0)]) {
        push(search, (axis, end), rule, evaluations / (6 * axes))?;
    }
    let begin = search.lowest(|tried| rule.allows(tried)).unwrap_or(best).place.clone();
    walk(search, begin, rule, evaluations / 3 * 2)?;
    Ok(summary(search, best, rule))
}

/// Moves one parameter towards an end of its range, from the plausible set that is nearest to that end.
fn push(
    search: &mut Search<'_>,
    (axis, end): (usize, f64),
    rule: Rule,
    evaluations: usize,
) -> Result<(), CalibrationError> {
    let remaining = |tried: &&Tried| (tried.place[axis] - end).abs();
    let plausible = search.tried.iter().filter(|tried| rule.allows(tried));
    let Some(nearest) = plausible.min_by(|a, b| remaining(a).total_cmp(&remaining(b))) else { return Ok(()) };
    let mut here = nearest.place.clone();
    let mut stride = end - here[axis];
    let last = search.tried.len() + evaluations;
    while stride.abs() > AT_END && search.tried.len() < last {
        let mut next = here.clone();
        next[axis] += stride;
        if let Some(found) = make_up(search, next, axis, rule, last)? {
            here = found;
            stride = end - here[axis];
        } else {
            stride *= 0.5;
        }
    }
    Ok(())
}

/// Why a descent ends before its time.
enum Stop {
    Plausible(Vec<f64>),
    Failed(CalibrationError),
}

/// A plausible place with this value of one parameter, near `start` in the others.
fn make_up(
    search: &mut Search<'_>,
    start: Vec<f64>,
    axis: usize,
    rule: Rule,
    last: usize,
) -> Result<Option<Vec<f64>>, CalibrationError> {
    if rule.allows(search.evaluate(&start)?) {
        return Ok(Some(start));
    }
    let others: Vec<f64> = start.iter().enumerate().filter(|(at, _)| *at != axis).map(|(_, x)| *x).collect();
    let evaluations = last.saturating_sub(search.tried.len()).min(4 * others.len() + 4);
    if others.is_empty() || evaluations <= others.len() {
        return Ok(None);
    }
    let mut draws = search.stream(MAKE_UP);
    let ended = descend(&others, Reach::NEAR, evaluations, &mut draws, &mut |others| {
        let mut place = others.to_vec();
        place.insert(axis, start[axis]);
        match search.evaluate(&place) {
            Ok(tried) if rule.allows(tried) => Err(Stop::Plausible(place)),
            Ok(tried) => Ok(tried.objective),
            Err(error) => Err(Stop::Failed(error)),
        }
    });
    match ended {
        Ok(_) => Ok(None),
        Err(Stop::Plausible(place)) => Ok(Some(place)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Wanders among the plausible sets for a number of steps, from `here`.
fn walk(search: &mut Search<'_>, mut here: Vec<f64>, rule: Rule, steps: usize) -> Result<(), CalibrationError> {
    let mut draws = search.stream(WALK);
    for _ in 0..steps {
        let seen: Vec<&Tried> = search.tried.iter().filter(|tried| rule.allows(tried)).collect();
        let next = step(&here, &seen, &mut draws);
        if rule.allows_place(search, &next)? {
            here = next;
        }
    }
    Ok(())
}

fn summary(search: &Search<'_>, best: &Tried, rule: Rule) -> Plausible {
    let mut all: Vec<&Tried> = search.tried.iter().filter(|tried| rule.allows(tried)).collect();
    if all.is_empty() {
        all.push(best);
    }
    let level = all.iter().map(|tried| tried.misfit).fold(0.0, f64::max);
    let sets: Vec<Vec<f64>> = far_apart(best, &all).iter().map(|tried| tried.values.clone()).collect();
    let free = search.free();
    let ranges: Vec<(f64, f64)> = (0..free.len())
        .map(|axis| {
            let values = all.iter().map(|tried| tried.values[axis]);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
        })
        .collect();
    let enough = all.len() >= SETS_MIN;
    let verdict = |(free, &(low, high))| {
        if enough { verdict(place_of(free, low), place_of(free, high)) } else { Identifiability::TooFewSets }
    };
    let verdicts = free.iter().zip(&ranges).map(verdict).collect();
    Plausible { level, found: all.len(), correlations: correlations(&sets), sets, ranges, verdicts }
}

/// The next place to look at.
fn step(here: &[f64], seen: &[&Tried], draws: &mut Stream) -> Vec<f64> {
    let enough = seen.len() > 2 * here.len();
    let (one, other) = (draws.below(seen.len().max(1) as u64) as usize, draws.below(seen.len().max(1) as u64) as usize);
    // Now and then a whole difference, to cross from one end of the region to the other.
    let usual = 2.38 / (2.0 * here.len() as f64).sqrt();
    let stride = if draws.uniform() < 0.1 { 1.0 } else { usual * (0.5 + draws.uniform()) };
    let jitter = if enough { 0.05 } else { 0.2 };
    let axis = |(axis, x): (usize, &f64)| {
        let along = if enough { stride * (seen[one].place[axis] - seen[other].place[axis]) } else { 0.0 };
        reflect(x + along + jitter * (draws.uniform() - 0.5))
    };
    here.iter().enumerate().map(axis).collect()
}

/// The fit, and one after the other the set that is farthest from all before it.
fn far_apart<'t>(best: &'t Tried, all: &[&'t Tried]) -> Vec<&'t Tried> {
    let mut chosen = vec![best];
    let squared = |a: &Tried, b: &Tried| a.place.iter().zip(&b.place).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    let mut nearest: Vec<f64> = all.iter().map(|tried| squared(tried, best)).collect();
    while chosen.len() < SETS_MAX {
        let farthest = (0..all.len()).max_by(|&a, &b| nearest[a].total_cmp(&nearest[b]));
        let Some(farthest) = farthest.filter(|&index| nearest[index] > 0.0) else { break };
        chosen.push(all[farthest]);
        for (distance, tried) in nearest.iter_mut().zip(all) {
            *distance = distance.min(squared(tried, all[farthest]));
        }
    }
    chosen
}

fn verdict(low: f64, high: f64) -> Identifiability {
    match (low > AT_END, high < 1.0 - AT_END) {
        _ if high - low <= NARROW => Identifiability::Identified,
        (true, true) => Identifiability::Bounded,
        (true, false) => Identifiability::BoundedBelow,
        (false, true) => Identifiability::BoundedAbove,
        (false, false) => Identifiability::NotIdentified,
    }
}

fn correlations(sets: &[Vec<f64>]) -> Vec<(usize, usize, f64)> {
    let axes = sets.first().map_or(0, Vec::len);
    if sets.len() < SETS_MIN {
        return Vec::new();
    }
    let column = |axis: usize| -> Vec<f64> { sets.iter().map(|set| set[axis]).collect() };
    let mut pairs = Vec::new();
    for left in 0..axes {
        for right in left + 1..axes {
            let correlation = rank_correlation(&column(left), &column(right));
            pairs.extend(correlation.filter(|r| r.abs() >= STRONG).map(|r| (left, right, r)));
        }
    }
    pairs.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Entity, Purpose, Streams};

    mod profile;

    fn tried(place: &[f64], misfit: f64, implausibility: f64) -> Tried {
        Tried::made_up(place, misfit, implausibility)
    }

    fn step_from(seen: &[Tried]) -> Vec<Vec<f64>> {
        let mut draws = Streams::new(1, 0).stream(Entity { kind: 1, id: 1 }, Purpose(1));
        let seen: Vec<&Tried> = seen.iter().collect();
        (0..2_000).map(|_| step(&[0.5, 0.5], &seen, &mut draws)).collect()
    }

    #[test]
    fn a_parameter_is_identified_bounded_or_open() {
        use Identifiability::{Bounded, BoundedAbove, BoundedBelow, Identified, NotIdentified};
        for ((low, high), told) in [
            ((0.0, 0.25), Identified),
            ((0.7, 0.9), Identified),
            ((0.1, 0.9), Bounded),
            ((0.1, 0.96), BoundedBelow),
            ((0.04, 0.9), BoundedAbove),
            ((0.0, 1.0), NotIdentified),
        ] {
            assert_eq!(verdict(low, high), told, "{low} to {high}");
        }
    }

    #[test]
    fn sets_far_apart_come_first_and_none_twice() {
        let all: Vec<Tried> = [0.5, 0.6, 1.0, 0.0, 0.5].map(|x| tried(&[x], 0.0, 0.0)).into();
        let all: Vec<&Tried> = all.iter().collect();
        let places: Vec<f64> = far_apart(all[0], &all).iter().map(|tried| tried.place[0]).collect();
        // Both ends are half the range away; of equal ones the last.
        assert_eq!(places, [0.5, 0.0, 1.0, 0.6]);
        let many: Vec<Tried> = (0..100).map(|x| tried(&[f64::from(x)], 0.0, 0.0)).collect();
        assert_eq!(far_apart(&many[0], &many.iter().collect::<Vec<_>>()).len(), SETS_MAX);
    }

    #[test]
    fn parameters_that_go_together_are_told_the_strongest_first() {
        let set = |x: f64| vec![x, -x, x + 3.0 * (5.0 * x).sin(), 4.0 * (x * 2.0).sin()];
        let sets: Vec<Vec<f64>> = (0..8).map(|x| set(f64::from(x))).collect();
        let told = correlations(&sets);
        assert_eq!((told[0].0, told[0].1, told[0].2), (0, 1, -1.0));
        assert!(told.windows(2).all(|pair| pair[0].2.abs() >= pair[1].2.abs()), "{told:?}");
        assert!(told.iter().all(|(_, _, r)| r.abs() >= 0.5), "{told:?}");
        assert_eq!(correlations(&sets[..7]), [], "seven sets are too few");
        // Squared differences of 36 and of 50 from 0 to 7 make correlations of 1 - 6 * 36 / 504 and 1 - 6 * 50 / 504.
        let ranks = |other: [f64; 8]| -> Vec<Vec<f64>> { (0..8).map(|at| vec![at as f64, other[at]]).collect() };
        let (more, less) = ([3.0, 1.0, 2.0, 0.0, 7.0, 5.0, 6.0, 4.0], [5.0, 1.0, 2.0, 3.0, 4.0, 0.0, 6.0, 7.0]);
        assert_eq!(correlations(&ranks(more)).len(), 1);
        assert_eq!(correlations(&ranks(less)).len(), 0);
        assert_eq!(correlations(&[]), []);
    }

    #[test]
    fn steps_follow_the_differences_of_what_was_seen() {
        // Along the diagonal only, but for the jitter of 5 %.
        let seen: Vec<Tried> = (0..5).map(|x| f64::from(x) / 5.0).map(|x| tried(&[x, x], 0.0, 0.0)).collect();
        let steps = step_from(&seen);
        let mean = steps.iter().map(|place| place[0]).sum::<f64>() / steps.len() as f64;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        let far = steps.iter().filter(|place| (place[0] - 0.5).abs() > 0.2).count();
        assert!(far > 500, "{far}");
        assert!(steps.iter().all(|place| (place[0] - place[1]).abs() <= 0.05), "{steps:?}");
        // Four sets of two parameters tell no direction yet: 20 % to each side.
        assert!(step_from(&seen[..4]).iter().flatten().all(|x| (0.4..=0.6).contains(x)));
    }

    #[test]
    fn without_a_set_that_meets_all_those_are_plausible_that_none_rules_out() {
        let (met, near, out) = (tried(&[0.0], 0.0, 9.0), tried(&[0.0], 0.1, 3.0), tried(&[0.0], 0.1, 3.1));
        let allowed = |all_are_met: bool| [&met, &near, &out].map(|tried| Rule { all_are_met }.allows(tried));
        assert_eq!(allowed(true), [true, false, false]);
        assert_eq!(allowed(false), [false, true, false]);
    }
}
