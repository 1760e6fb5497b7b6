//! What a calibration found: the fit, where each search ended, and what was predicted for sizes it had not seen.

use crate::experiment::implausible::NoFit;
use crate::experiment::places::place_of;
use crate::experiment::plausible::Plausible;
use crate::experiment::validate::Judged;
use crate::scenario::Free;

/// A fitted value nearer than this share of its range is at its end.
const AT_END: f64 = 0.01;
/// Ends whose objective is above the best one by no more than this share, or this much, are as good.
const AS_GOOD: f64 = 0.05;
/// Values of ends that are as good and differ by more than this share of the range are left open.
const APART: f64 = 0.1;
/// What a calibration found.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// The free parameters.
    pub free: Vec<Free>,
    /// Their values in the scenario, where it has one.
    pub start: Vec<Option<f64>>,
    /// The fitted values.
    pub fitted: Vec<f64>,
    /// The misfit of the fitted values, by the last look at them.
    pub misfit: f64,
    /// Where the search ended, by where it began.
    pub ended: Vec<Ended>,
    /// Every point of the targets, simulated with the fitted values and other random numbers.
    pub points: Vec<Judged>,
    /// The same points with the scenario's own values; none where it lacks one.
    pub before: Vec<Judged>,
    /// The sets of values that the targets do not rule out.
    pub plausible: Plausible,
    /// How far off the model itself was taken to be, as a share of what it predicts.
    pub discrepancy: f64,
    /// What tells that no values fit all targets.
    pub no_fit: Option<NoFit>,
    /// Sets of values that were tried, roughly or with all replications.
    pub evaluations: usize,
}

/// Where a search begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// All parameters at the least values of their ranges.
    Least,
    /// All in the middle, in logarithms where a range begins above zero.
    Middle,
    /// All at the greatest values.
    Greatest,
}

impl Start {
    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Least => "least",
            Self::Middle => "middle",
            Self::Greatest => "greatest",
        }
    }
}

/// Where a search ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Where it began.
    pub start: Start,
    /// What it made small, the misfit from narrower demands and the pull to the middles: by the last look, which has
    /// more replications.
    pub objective: f64,
    /// The misfit.
    pub misfit: f64,
    /// The values of the free parameters.
    pub values: Vec<f64>,
}

/// What was predicted for a size that the fit did not see.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// The size.
    pub nodes: u32,
    /// The misfit of the fit to the other sizes.
    pub misfit: f64,
    /// The points of this size, as predicted.
    pub points: Vec<Judged>,
    /// For each point what a straight line through the other sizes' documented middles says, in seconds.
    pub straight_line: Vec<Option<f64>>,
}

impl Calibration {
    /// The parameters that were fitted to an end of their range, and whether it is the greatest value: what fits best
    /// may lie beyond.
    pub fn at_ends(&self) -> Vec<(usize, bool)> {
        let places = self.free.iter().zip(&self.fitted).map(|(free, &value)| place_of(free, value)).enumerate();
        places.filter(|(_, x)| !(AT_END..=1.0 - AT_END).contains(x)).map(|(axis, x)| (axis, x > 0.5)).collect()
    }

    /// The ends of the search that are as good as the best one.
    pub fn as_good(&self) -> impl Iterator<Item = &Ended> {
        let best = self.ended.iter().map(|ended| ended.objective).fold(f64::INFINITY, f64::min);
        self.ended.iter().filter(move |ended| ended.objective <= (best * (1.0 + AS_GOOD)).max(best + AS_GOOD))
    }

    /// The parameters whose values differ between ends that are as good.
    pub fn left_open(&self) -> Vec<usize> {
        let spread = |axis: &usize| {
            let places = self.as_good().map(|ended| place_of(&self.free[*axis], ended.values[*axis]));
            let (low, high) = places.fold((1.0_f64, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
            high - low > APART
        };
        (0..self.free.len()).filter(spread).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::FreeUnit;

    /// Two parameters from 1 to 100, and ends of the search with these objectives and values.
    fn found(fitted: [f64; 2], ends: [(f64, [f64; 2]); 3]) -> Calibration {
        let free = |key: &str| {
            let (unit, reason) = (FreeUnit::Number, String::new());
            Free { key: key.to_owned(), unit, min: 1.0, max: 100.0, reason }
        };
        let starts = [Start::Least, Start::Middle, Start::Greatest];
        let ended = starts.into_iter().zip(ends).map(|(start, (objective, values))| {
            let values = values.into();
            Ended { start, objective, misfit: objective, values }
        });
        let plausible =
            Plausible { level: 0.0, found: 0, sets: vec![], ranges: vec![], verdicts: vec![], correlations: vec![] };
        Calibration {
            free: vec![free("a"), free("b")],
            start: vec![None; 2],
            fitted: fitted.into(),
            misfit: 0.0,
            ended: ended.collect(),
            points: vec![],
            before: vec![],
            plausible,
            discrepancy: 0.05,
            no_fit: None,
            evaluations: 0,
        }
    }

    #[test]
    fn a_fit_at_an_end_of_its_range_is_known_with_the_end() {
        let ends = [(1.0, [2.0, 2.0]); 3];
        // In logarithms, a hundredth of the range from 1 to 100 is 4.7 % of a value.
        assert_eq!(found([1.04, 95.6], ends).at_ends(), [(0, false), (1, true)]);
        assert_eq!(found([1.06, 95.0], ends).at_ends(), []);
    }

    #[test]
    fn ends_that_are_as_good_and_differ_leave_a_parameter_open() {
        // The third end is 6 % worse than the best one, so what it says does not count.
        let ends = [(10.0, [2.0, 10.0]), (10.4, [2.0, 20.0]), (10.6, [90.0, 10.0])];
        let found = found([2.0, 10.0], ends);
        assert_eq!(found.as_good().map(|ended| ended.start).collect::<Vec<_>>(), [Start::Least, Start::Middle]);
        // From 10 to 20 are 15 % of the range in logarithms.
        assert_eq!(found.left_open(), [1]);
    }

    #[test]
    fn near_zero_ends_within_a_twentieth_are_as_good() {
        let ends = [(0.0, [2.0, 10.0]), (0.04, [2.0, 11.0]), (0.06, [2.0, 10.0])];
        let found = found([2.0, 10.0], ends);
        assert_eq!(found.as_good().count(), 2);
        assert_eq!(found.left_open(), Vec::<usize>::new(), "10 and 11 are 2 % of the range apart");
    }

    #[test]
    fn starts_are_written_as_words() {
        assert_eq!([Start::Least, Start::Middle, Start::Greatest].map(Start::word), ["least", "middle", "greatest"]);
    }
}
