//! Choosing the system with the smallest mean among several.

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
        if last < first {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The differences 10 and 12 have variance 2, and with confidence 0.95 eta is 99 / 2: so h^2 S^2 is 198, and with
    /// delta 3 the fence stands at 3 (22 - n) / (2 n): at 15, 9.5, 6.75 and 5.1 after 2, 3, 4 and 5 replications.
    const DIFFERENCES: [f64; 5] = [10.0, 12.0, 4.0, 0.9, 0.0];

    fn after(replications: usize) -> Vec<Option<usize>> {
        let larger: Vec<f64> = DIFFERENCES[..replications].iter().map(|difference| 100.0 + difference).collect();
        Selection::of(&[vec![100.0; 5], larger], 2, 3.0, 0.95).dropped_after
    }

    #[test]
    fn a_system_is_dropped_as_soon_as_it_is_beyond_the_fence() {
        // The means differ by 11, 8.67 and 6.725, each below its fence, and then by 5.38.
        assert_eq!(after(4), [None, None]);
        assert_eq!(after(5), [None, Some(5)]);
    }

    #[test]
    fn the_first_look_needs_all_the_replications_that_tell_the_variances() {
        let (best, worse) = ([1.0, 2.0, 1.5], [101.0, 102.5, 101.0]);
        assert_eq!(Selection::of(&[worse, best], 3, 5.0, 0.95).dropped_after, [Some(3), None]);
        assert_eq!(Selection::of(&[&worse[..2], &best[..2]], 3, 5.0, 0.95).dropped_after, [None, None]);
    }

    #[test]
    fn one_system_alone_survives_and_none_is_no_mistake() {
        assert_eq!(Selection::of(&[[1.0, 2.0, 3.0]], 2, 5.0, 0.95).survivors(), [0]);
        assert!(Selection::of::<Vec<f64>>(&[], 2, 5.0, 0.95).survivors().is_empty());
    }
}
