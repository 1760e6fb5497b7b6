//! Replications, and the interval in which theory must lie.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use scaleup::time::Span;
use statrs::distribution::{ContinuousCDF, StudentsT};

const SEED: u64 = 1;

/// The random numbers of one replication.
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// At least 0, below 1.
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Exponentially distributed.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.uniform())
    }

    /// An exponentially distributed time with its mean in seconds.
    pub fn gap(&mut self, mean_s: f64) -> Span {
        Span::from_secs_f64(self.exponential(mean_s))
    }
}

/// A mean over replications with its 99 % interval.
#[derive(Clone, Copy, Debug)]
pub struct Interval {
    mean: f64,
    half_width: f64,
}

impl Interval {
    fn new(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
        let t = StudentsT::new(0.0, 1.0, n - 1.0).expect("there are several replications").inverse_cdf(0.995);
        Self { mean, half_width: t * (variance / n).sqrt() }
    }

    /// The theory lies inside, and the interval reaches no further than `precision`, a fraction of the theory, to
    /// either side.
    #[track_caller]
    pub fn assert_confirms(self, theory: f64, precision: f64, what: &str) {
        let Self { mean, half_width } = self;
        assert!((mean - theory).abs() <= half_width, "{what}: {mean} +- {half_width} simulated, {theory} in theory");
        assert!(half_width <= precision * theory, "{what}: {mean} +- {half_width} is too vague to test anything");
    }

    /// Every replication gave the theory, but for rounding.
    #[track_caller]
    pub fn assert_confirms_exactly(self, theory: f64, what: &str) {
        let Self { mean, half_width } = self;
        assert!((mean - theory).abs() + half_width < 1e-6 * theory, "{what}: {mean} +- {half_width}, not {theory}");
    }
}

/// Simulates independent replications, and gives an interval for each of the quantities that `simulate` returns.
pub fn replicate<const K: usize>(replications: u64, mut simulate: impl FnMut(Random) -> [f64; K]) -> [Interval; K] {
    let mut values = [const { Vec::new() }; K];
    for replication in 0..replications {
        let random = Random(Xoshiro256PlusPlus::seed_from_u64(SEED << 32 | replication));
        for (column, value) in values.iter_mut().zip(simulate(random)) {
            column.push(value);
        }
    }
    values.map(|column| Interval::new(&column))
}

/// A mean that is filled value by value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    pub fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    /// Adds to what the mean is the share of.
    pub fn add_share(&mut self, counts: bool) {
        self.add(f64::from(u8::from(counts)));
    }

    pub fn get(self) -> f64 {
        self.sum / self.count as f64
    }
}
