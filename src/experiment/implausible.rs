//! History matching: which sets of values the targets rule out, where the model itself may be off too.
//!
//! A set is ruled out by a target where what was simulated lies further off than three standard deviations of all that
//! may part the two: how the target was written down, how far off the model may be (the discrepancy), and chance. Three
//! hold for nearly any distribution with one peak (Pukelsheim, *The three sigma rule*, The American Statistician 48,
//! 1994). Where every set that was tried is ruled out, no values fit all targets. Source: Vernon, Goldstein and Bower,
//! *Galaxy formation: a Bayesian uncertainty analysis*, Bayesian Analysis 5, 2010.

use crate::experiment::validate::{Judged, half_band};
use crate::scenario::Target;

/// The implausibility above which a set is ruled out.
pub const RULED_OUT: f64 = 3.0;

/// How far one target is from what was simulated with a set of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Miss {
    /// The distance in standard deviations.
    pub(super) implausibility: f64,
    /// By how much what is demanded is missed, in seconds or in nodes or replicas; zero if it is met.
    pub(super) off: f64,
}

/// No set that was tried fits all targets.
#[derive(Clone, Debug, PartialEq)]
pub struct NoFit {
    /// Whether each of the targets is ruled out by every set. Otherwise some set fits each one, but none all of them,
    /// and the targets are those that the nearest set misses.
    pub alone: bool,
    /// The targets that are missed.
    pub missed: Vec<Missed>,
}

/// A target that is missed.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    /// The target.
    pub point: Target,
    /// Its least implausibility over all sets that were tried, or that of the nearest set.
    pub implausibility: f64,
    /// By how much it is missed at least, or by the nearest set: in seconds, or in nodes or replicas.
    pub off: f64,
}

impl Judged {
    /// The distance from the target in standard deviations, where the model may be off by `discrepancy`, a share of
    /// what it predicts.
    pub(super) fn miss(&self, discrepancy: f64) -> Miss {
        let off = self.off();
        if !off.is_finite() {
            return Miss { implausibility: f64::INFINITY, off };
        }
        // Anywhere within the tolerance is as likely.
        let (distance, written) = match (self.point.demand.middle(), self.simulated.first().and_then(|one| one.mean)) {
            (Some(middle), Some(mean)) => ((mean - middle).abs(), squared(half_band(self.point.demand)) / 3.0),
            _ => (off, 0.0),
        };
        if distance == 0.0 {
            return Miss { implausibility: 0.0, off };
        }
        let sizes = self.simulated.iter().map(|one| {
            let chance = one.standard_error.unwrap_or_default();
            squared(chance) + squared(discrepancy * one.mean.unwrap_or_default())
        });
        Miss { implausibility: distance / (written + sizes.sum::<f64>()).sqrt(), off }
    }
}

fn squared(x: f64) -> f64 {
    x * x
}

/// The greatest implausibility of a set of values: its targets rule it out together.
pub(super) fn worst(misses: &[Miss]) -> f64 {
    misses.iter().map(|miss| miss.implausibility).fold(0.0, f64::max)
}

/// Whether every set was ruled out, and by which targets; `sets` holds for each set what it misses of each point.
pub(super) fn no_fit(points: &[Target], sets: &[&[Miss]]) -> Option<NoFit> {
    let nearest = sets.iter().min_by(|a, b| worst(a).total_cmp(&worst(b)))?;
    if worst(nearest) <= RULED_OUT {
        return None;
    }
    let missed = |least: &dyn Fn(usize) -> Miss| -> Vec<Missed> {
        let all = points.iter().enumerate().map(|(at, point)| {
            let Miss { implausibility, off } = least(at);
            Missed { point: point.clone(), implausibility, off }
        });
        all.filter(|missed| missed.implausibility > RULED_OUT).collect()
    };
    let over_all = |at: usize| {
        let each = sets.iter().map(|set| set[at]);
        let none = Miss { implausibility: f64::INFINITY, off: f64::INFINITY };
        each.fold(none, |least, miss| Miss {
            implausibility: least.implausibility.min(miss.implausibility),
            off: least.off.min(miss.off),
        })
    };
    let by_all = missed(&over_all);
    let alone = !by_all.is_empty();
    Some(NoFit { alone, missed: if alone { by_all } else { missed(&|at| nearest[at]) } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::validate::Simulated;
    use crate::scenario::{Demand, Measure};

    fn point(name: &str, demand: Demand) -> Target {
        let [row, statement, source, reading] = [const { String::new() }; 4];
        let measure = Measure::Stages { from: None, to: "workload".to_owned() };
        Target { name: name.to_owned(), row, statement, source, reading, measure, nodes: vec![10], demand }
    }

    fn simulated(mean: f64, standard_error: f64) -> Simulated {
        let interval = None;
        Simulated { mean: Some(mean), interval, standard_error: Some(standard_error), alone: None, never: 0 }
    }

    fn miss(demand: Demand, means: &[f64], discrepancy: f64) -> Miss {
        let simulated = means.iter().map(|&mean| simulated(mean, 4.0)).collect();
        Judged { point: point("a", demand), simulated }.miss(discrepancy)
    }

    fn assert_near(miss: Miss, implausibility: f64, off: f64) {
        let apart = (miss.implausibility - implausibility).abs().max((miss.off - off).abs());
        assert!(apart < 1e-9, "{miss:?}, not {implausibility} and {off}");
    }

    #[test]
    fn about_counts_from_the_middle_with_its_tolerance_as_even() {
        // 60 s to both sides, evenly: a variance of 1,200 s^2. Chance has 16.
        let about = Demand::About { seconds: 420.0, tolerance: 60.0 };
        assert_near(miss(about, &[300.0], 0.0), 120.0 / 1216.0_f64.sqrt(), 60.0);
        assert_near(miss(about, &[450.0], 0.0), 30.0 / 1216.0_f64.sqrt(), 0.0);
        // A tenth of 300 s has a variance of 900.
        assert_near(miss(about, &[300.0], 0.1), 120.0 / 2116.0_f64.sqrt(), 60.0);
    }

    #[test]
    fn a_range_counts_from_its_ends() {
        let range = Demand::Range { at_least: Some(120.0), at_most: Some(600.0) };
        assert_near(miss(range, &[600.0], 0.0), 0.0, 0.0);
        assert_near(miss(range, &[612.0], 0.0), 3.0, 12.0);
        assert_near(miss(range, &[100.0], 0.03), 4.0, 20.0);
        let exact = Judged { point: point("a", range), simulated: vec![simulated(601.0, 0.0)] };
        assert!(exact.miss(0.0).implausibility.is_infinite(), "nothing excuses it");
    }

    #[test]
    fn growth_counts_the_chance_of_both_sizes() {
        assert_near(miss(Demand::Grows, &[100.0, 101.0], 0.0), 0.0, 0.0);
        // A lack of growth counts a hundredth of a minute more.
        assert_near(miss(Demand::Grows, &[100.0, 80.0], 0.0), 20.6 / 32.0_f64.sqrt(), 20.6);
    }

    #[test]
    fn what_was_measured_counts_in_the_upper_half_of_its_band() {
        // From 200 to 450 around 300: the half is 150.
        let measured = Demand::Measured { value: 300.0, factor: 1.5, margin: 0.0 };
        assert_near(miss(measured, &[600.0], 0.0), 300.0 / 7516.0_f64.sqrt(), 150.0);
    }

    #[test]
    fn what_never_became_ready_is_ruled_out() {
        let range = Demand::Range { at_least: None, at_most: Some(600.0) };
        let never = Simulated { never: 1, ..simulated(5.0, 1.0) };
        let judged = Judged { point: point("a", range), simulated: vec![never] };
        assert!(judged.miss(1.0).implausibility.is_infinite());
    }

    fn sets(of: &[[(f64, f64); 2]]) -> Option<NoFit> {
        let points = ["a", "b"].map(|name| point(name, Demand::Grows));
        let one = |set: &[(f64, f64); 2]| set.map(|(implausibility, off)| Miss { implausibility, off });
        let sets: Vec<[Miss; 2]> = of.iter().map(one).collect();
        no_fit(&points, &sets.iter().map(|set| &set[..]).collect::<Vec<_>>())
    }

    /// Whether no set meets them, and each target with its implausibility and how far it is off.
    fn told(found: Option<NoFit>) -> String {
        let each = |missed: &Missed| format!(" {} {} {}", missed.point.name, missed.implausibility, missed.off);
        found.map_or("fits".to_owned(), |found| {
            format!("{}{}", found.alone, found.missed.iter().map(each).collect::<String>())
        })
    }

    #[test]
    fn one_set_within_three_is_a_fit() {
        assert_eq!(told(sets(&[[(9.0, 1.0), (9.0, 1.0)], [(3.0, 1.0), (2.9, 1.0)]])), "fits");
        assert_eq!(told(sets(&[])), "fits", "nothing was tried");
    }

    #[test]
    fn a_target_that_no_set_meets_is_named_with_its_least_distance() {
        let found = sets(&[[(3.5, 20.0), (0.0, 0.0)], [(4.0, 10.0), (8.0, 50.0)]]);
        assert_eq!(told(found), "true a 3.5 10");
    }

    #[test]
    fn targets_that_exclude_each_other_are_told_by_the_nearest_set() {
        let found = sets(&[[(3.5, 20.0), (1.0, 0.0)], [(0.0, 0.0), (8.0, 50.0)]]);
        assert_eq!(told(found), "false a 3.5 20");
    }
}
