//! Choosing the system with the smallest mean among several.
//!
//! Must not know: what is compared; the smallest mean wins, whatever it measures.

use super::moments::variance;

/// Which systems may still have the smallest mean, by the fully sequential procedure KN.
///
/// With probability `confidence` the one with the smallest mean survives, provided that it is smaller than
/// every other by
/// at least `delta`, the difference that matters. Common random numbers are welcome: they make it stop sooner.
///
/// Source: Kim and Nelson, *A fully sequential procedure for indifference-zone selection in simulation*, ACM TOMACS 11
/// (2001), with c = 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Per system: after how many replications it was dropped, or `None` while it survives.
    pub dropped_after: Vec<Option<usize>>,
}

impl Selection {
    /// Looks after `first` replications, which also tell the variances, and after each further one that every system
    /// has. `values` holds one slice per system, replication by replication.
    ///
    /// Looking again with more replications only continues: what was dropped stays dropped.
    ///
    /// # Panics
    /// If `first` is less than 2, or `delta` is not greater than zero: our own mistake.
    pub fn of<Values: AsRef<[f64]>>(values: &[Values], first: usize, delta: f64, confidence: f64) -> Self {
        assert!(first >= 2 && delta > 0.0, "no variance from {first} values, no choice within {delta}");
        let values: Vec<&[f64]> = values.iter().map(AsRef::as_ref).collect();
        let last = values.iter().map(|values| values.len()).min().unwrap_or(0);
        let mut selection = Self { dropped_after: vec![None; values.len()] };
        if values.len() < 2 || last < first {
            return selection;
        }
        let fences = Fences::new(&values, first, delta, confidence);
        let mut sums: Vec<f64> = values.iter().map(|values| values[..first].iter().sum()).collect();
        for count in first..=last {
            if count > first {
                sums.iter_mut().zip(&values).for_each(|(sum, values)| *sum += values[count - 1]);
            }
            selection.look(&sums, count, &fences);
        }
        selection
    }

    /// The systems that were not dropped.
    pub fn survivors(&self) -> Vec<usize> {
        (0..self.dropped_after.len()).filter(|&system| self.dropped_after[system].is_none()).collect()
    }

    /// Drops every survivor that lies too far above another one.
    fn look(&mut self, sums: &[f64], count: usize, fences: &Fences) {
        let survivors = self.survivors();
        for &system in &survivors {
            let beaten = |&other: &usize| {
                let above = (sums[system] - sums[other]) / count as f64;
                above > fences.distance(system, other, count)
            };
            if survivors.iter().any(beaten) {
                self.dropped_after[system] = Some(count);
            }
        }
    }
}

/// How far apart the means of two systems must be, after so many replications, for the larger one to be dropped.
struct Fences {
    delta: f64,
    /// h^2 S^2 of each pair.
    spread: Vec<Vec<f64>>,
}

impl Fences {
    fn new(values: &[&[f64]], first: usize, delta: f64, confidence: f64) -> Self {
        let freedom = (first - 1) as f64;
        let others = (values.len() - 1) as f64;
        let eta = 0.5 * (libm::pow(2.0 * (1.0 - confidence) / others, -2.0 / freedom) - 1.0);
        let spread_of = |a: &[f64], b: &[f64]| {
            let differences: Vec<f64> = a[..first].iter().zip(&b[..first]).map(|(a, b)| a - b).collect();
            2.0 * eta * freedom * variance(&differences).unwrap_or(0.0)
        };
        let spread = values.iter().map(|a| values.iter().map(|b| spread_of(a, b)).collect()).collect();
        Self { delta, spread }
    }

    /// W of the literature.
    fn distance(&self, a: usize, b: usize, count: usize) -> f64 {
        let count = count as f64;
        let spread = self.spread[a][b] / (self.delta * self.delta);
        (self.delta / (2.0 * count) * (spread - count)).max(0.0)
    }
}
