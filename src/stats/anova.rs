//! One-way analysis of variance with random effects: how much of a spread is between groups, how much within.

use super::moments::{mean, variance};

/// A variance split in two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// The variance between the groups' true means.
    pub between: f64,
    /// The variance within a group.
    pub within: f64,
}

impl Split {
    /// Splits the variance of several groups of values; `None` of fewer than two groups with two values.
    ///
    /// An estimate below zero of the variance between groups counts as zero. Source: Searle, Casella and `McCulloch`,
    /// *Variance Components*, 3.6 (groups of different sizes).
    pub fn of(groups: &[Vec<f64>]) -> Option<Self> {
        let groups: Vec<&Vec<f64>> = groups.iter().filter(|group| group.len() >= 2).collect();
        if groups.len() < 2 {
            return None;
        }
        let count = groups.iter().map(|group| group.len() as f64).sum::<f64>();
        let grand = groups.iter().map(|group| group.iter().sum::<f64>()).sum::<f64>() / count;
        let (mut around_means, mut of_means, mut squares) = (0.0, 0.0, 0.0);
        for group in &groups {
            let size = group.len() as f64;
            let off = mean(group)? - grand;
            around_means += variance(group)? * (size - 1.0);
            of_means += size * off * off;
            squares += size * size;
        }
        let freedom = groups.len() as f64 - 1.0;
        let within = around_means / (count - groups.len() as f64);
        let size = (count - squares / count) / freedom;
        Some(Self { between: ((of_means / freedom - within) / size).max(0.0), within })
    }

    /// The share of the whole variance that is between groups; `None` where nothing varies.
    pub fn share_between(&self) -> Option<f64> {
        let whole = self.between + self.within;
        (whole > 0.0).then(|| self.between / whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_by_hand() {
        // Means 2 and 6 around 4, variance 1 in each: the mean square between is 24, so (24 - 1) / 3 is between.
        let split = Split::of(&[vec![1.0, 2.0, 3.0], vec![5.0, 6.0, 7.0]]).unwrap();
        assert!((split.within - 1.0).abs() < 1e-12 && (split.between - 23.0 / 3.0).abs() < 1e-12, "{split:?}");
    }

    #[test]
    fn a_split_of_groups_of_different_sizes_by_hand() {
        // Means 2, 6 and 10 around 7: the mean squares are 88 / 2 between and 8 / 5 within. A group counts for
        // (8 - 24 / 8) / 2 = 2.5 values, so (44 - 1.6) / 2.5 is between.
        let split = Split::of(&[vec![1.0, 3.0], vec![5.0, 7.0], vec![9.0, 11.0, 9.0, 11.0]]).unwrap();
        assert!((split.within - 1.6).abs() < 1e-12 && (split.between - 16.96).abs() < 1e-12, "{split:?}");
        assert!((split.share_between().unwrap() - 16.96 / 18.56).abs() < 1e-12, "{split:?}");
    }

    #[test]
    fn what_never_varies_has_no_share() {
        assert_eq!(Split::of(&[vec![2.0, 2.0], vec![2.0, 2.0]]).unwrap().share_between(), None);
    }

    #[test]
    fn equal_groups_have_nothing_between_them() {
        let split = Split::of(&[vec![1.0, 3.0], vec![1.0, 3.0], vec![1.0, 3.0]]).unwrap();
        assert_eq!(split, Split { between: 0.0, within: 2.0 });
        assert_eq!(split.share_between(), Some(0.0));
        assert_eq!(Split::of(&[vec![1.0, 3.0], vec![2.0]]), None);
    }
}
