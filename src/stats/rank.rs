//! Correlation of ranks.

/// Spearman's rank correlation of pairs, ties at their middle rank; `None` where one side does not vary.
///
/// # Panics
/// In debug builds, when the sides differ in length: our own mistake.
pub fn rank_correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    debug_assert_eq!(left.len(), right.len());
    let (left, right) = (ranks(left), ranks(right));
    let middle = 0.5 * (left.len() as f64 + 1.0);
    let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum::<f64>();
    let scale = (sum(&left, &left) * sum(&right, &right)).sqrt();
    (scale > 0.0).then(|| sum(&left, &right) / scale)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count() as f64;
        let equal = values.iter().filter(|other| other.total_cmp(value).is_eq()).count() as f64;
        below + 0.5 * (equal + 1.0)
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_order_counts() {
        let close = |left: &[f64], right: &[f64], to: f64| {
            assert!((rank_correlation(left, right).unwrap() - to).abs() < 1e-12);
        };
        close(&[1.0, 2.0, 3.0, 50.0], &[1.0, 4.0, 9.0, 10.0], 1.0);
        close(&[1.0, 2.0, 3.0], &[9.0, 8.0, -7.0], -1.0);
        close(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 4.0, 3.0], 0.8);
        assert_eq!(rank_correlation(&[1.0, 2.0], &[3.0, 3.0]), None);
    }
}
