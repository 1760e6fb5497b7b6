//! Quantiles of times of which some never came.

use super::quantile::Sorted;

/// Times of which some never came: those are later than all others.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrivals {
    /// What never came is infinite here.
    sorted: Sorted,
    came: usize,
}

impl Arrivals {
    /// Of times; `None` of none.
    pub fn of(times: &[Option<f64>]) -> Option<Self> {
        let all: Vec<f64> = times.iter().map(|time| time.unwrap_or(f64::INFINITY)).collect();
        Some(Self { sorted: Sorted::of_any(&all)?, came: times.iter().flatten().count() })
    }

    /// The `p`-quantile as [`Sorted::quantile`] has it; `None` where that is never.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let all = self.sorted.values();
        let rank = (all.len() - 1) as f64 * p.clamp(0.0, 1.0);
        let last = self.came.checked_sub(1)? as f64;
        let share = if last > 0.0 { rank / last } else { rank };
        (rank <= last).then(|| Sorted::of(&all[..self.came]).map(|came| came.quantile(share)))?
    }

    /// An interval for it as [`Sorted::quantile_interval`] has it, an end absent where it is never; `None` where there
    /// are too few.
    pub fn quantile_interval(&self, p: f64, confidence: f64) -> Option<(Option<f64>, Option<f64>)> {
        let ends = self.sorted.quantile_interval(p, confidence)?;
        let unless_never = |end: f64| end.is_finite().then_some(end);
        Some((unless_never(ends.low), unless_never(ends.high)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_came_is_later_than_all_others() {
        let times: Vec<Option<f64>> = (0..100).map(|number| (number < 97).then_some(f64::from(number))).collect();
        let arrivals = Arrivals::of(&times).expect("there are some");
        // Ranks are (n - 1) p: 94.05 lies between the 94th and the 95th that came, 98.01 among those that never did.
        assert!((arrivals.quantile(0.95).expect("it came") - 94.05).abs() < 1e-9);
        assert_eq!(arrivals.quantile(0.99), None);
        let (low, high) = arrivals.quantile_interval(0.95, 0.95).expect("enough");
        assert!(low.is_some_and(|low| low < 94.0) && high.is_none(), "{low:?} {high:?}");
        let whole = Arrivals::of(&times[..72]).expect("there are some");
        assert!(whole.quantile_interval(0.95, 0.95).is_some_and(|(_, high)| high == Some(71.0)));
        assert_eq!(Arrivals::of(&times[..71]).expect("there are some").quantile_interval(0.95, 0.95), None);
    }

    #[test]
    fn where_nothing_came_nothing_is_known() {
        assert_eq!(Arrivals::of(&[]), None);
        assert_eq!(Arrivals::of(&[None, None]).expect("two").quantile(0.5), None);
        assert_eq!(Arrivals::of(&[Some(7.0)]).expect("one").quantile(0.5), Some(7.0));
    }
}
