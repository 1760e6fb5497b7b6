//! Every distribution against the mathematics: quantile against cdf, moments against integrals and samples.

use super::{Distribution, DistributionError, Entity, Purpose, Stream, Streams};
use crate::time::Span;

fn stream(id: u64) -> Stream {
    Streams::new(7, 0).stream(Entity { kind: 1, id }, Purpose(1))
}

fn cut(law: &Distribution, low: f64, high: f64) -> Distribution {
    law.clone().truncated(Some(low), Some(high)).expect("the range holds values")
}

/// Distributions without atoms, with a name each.
fn continuous() -> Vec<(&'static str, Distribution)> {
    let plain = plain();
    let mut all = Vec::new();
    for (name, law) in plain {
        let (low, middle, high) = (law.quantile(0.02), law.quantile(0.6), law.quantile(0.97));
        all.push((name, cut(&law, low, high)));
        all.push((name, law.clone().truncated(Some(middle), None).expect("the range holds values")));
        all.push((name, law.clone().truncated(None, Some(middle)).expect("the range holds values")));
        all.push((name, cut(&law, law.quantile(0.999), law.quantile(0.999_9)).scaled(0.25)));
        all.push((name, law.scaled(3.0)));
        all.push((name, law));
    }
    all
}

fn plain() -> Vec<(&'static str, Distribution)> {
    let points = [(0.0, 1.0), (0.25, 1.5), (0.5, 4.0), (0.9, 6.0), (1.0, 20.0)];
    [
        ("uniform", Distribution::uniform(-3.0, 12.0)),
        ("exponential", Distribution::exponential(40.0)),
        ("lognormal", Distribution::lognormal(75.0, 110.0)),
        ("wide lognormal", Distribution::lognormal(2.0, 30.0)),
        ("gamma below 1", Distribution::gamma(10.0, 16.0)),
        ("gamma", Distribution::gamma(10.0, 6.0)),
        ("narrow gamma", Distribution::gamma(300.0, 6.0)),
        ("weibull below 1", Distribution::weibull(50.0, 0.7)),
        ("weibull", Distribution::weibull(50.0, 3.0)),
        ("triangular", Distribution::triangular(-10.0, 15.0, 60.0)),
        ("right triangle", Distribution::triangular(10.0, 10.0, 60.0)),
        ("left triangle", Distribution::triangular(10.0, 60.0, 60.0)),
        ("empirical", Distribution::empirical(&points)),
        ("samples", Distribution::samples(&[3.0, 9.0, 4.5, 4.0, 7.25])),
    ]
    .map(|(name, law)| (name, law.expect(name)))
    .into()
}

#[test]
fn the_cdf_undoes_the_quantile() {
    for (name, law) in continuous() {
        for p in [1e-9, 1e-4, 0.01, 0.2, 0.424, 0.5, 0.61, 0.8, 0.926, 0.99, 0.999_9, 1.0 - 1e-9] {
            let (x, back) = (law.quantile(p), law.cdf(law.quantile(p)));
            // The value itself is rounded, or from a table, which moves the probability by about x / sd times as much.
            let rounding = 2e-14 * (1.0 + x.abs() / law.sd());
            assert!((back - p).abs() < rounding + 1e-12 * p, "{name} at {p}: {back}, {law:?}");
        }
    }
}

#[test]
fn the_quantile_never_falls_and_stays_in_the_support() {
    for (name, law) in continuous() {
        let mut before = law.min_value();
        for step in 1..20_000 {
            let value = law.quantile(f64::from(step) / 20_000.0);
            assert!(before <= value && value <= law.max_value(), "{name} at step {step}: {before}, {value}");
            before = value;
        }
    }
}

#[test]
#[expect(clippy::float_cmp, reason = "the ends are claimed to be exact")]
fn the_ends_of_the_quantile_are_those_of_the_support() {
    for (name, law) in continuous() {
        assert_eq!([-1.0, 0.0].map(|p| law.quantile(p)), [law.min_value(); 2], "{name}, {law:?}");
        assert_eq!([1.0, 2.0].map(|p| law.quantile(p)), [law.max_value(); 2], "{name}, {law:?}");
    }
}

#[test]
fn the_smallest_probabilities_keep_all_their_digits() -> Result<(), DistributionError> {
    for p in [1e-9, 1e-18, 1e-100] {
        // The quantile is -ln(1 - p) = p + p^2 / 2 + ..., and for the Weibull distribution its square root.
        let (exponential, weibull) = (Distribution::exponential(1.0)?, Distribution::weibull(1.0, 2.0)?);
        let expected = p + 0.5 * p * p;
        assert!((exponential.quantile(p) / expected - 1.0).abs() < 1e-14, "{p}: {}", exponential.quantile(p));
        assert!((weibull.quantile(p) / expected.sqrt() - 1.0).abs() < 1e-13, "{p}: {}", weibull.quantile(p));
    }
    Ok(())
}

/// The integral of `of(quantile(p))` for p over (0, 1), by the double exponential rule, which does not mind
/// infinite ends (Takahasi and Mori, 1974).
fn integral(law: &Distribution, of: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 1.0 / 128.0;
    let mut sum = 0.0;
    for i in -512..=512 {
        let t = f64::from(i) * STEP;
        let u = std::f64::consts::FRAC_PI_2 * libm::sinh(t);
        let p = 1.0 / (1.0 + libm::exp(-2.0 * u));
        if p <= 0.0 || p >= 1.0 {
            continue;
        }
        let slope = std::f64::consts::PI * libm::cosh(t) * p / (1.0 + libm::exp(2.0 * u));
        sum += STEP * slope * of(law.quantile(p));
    }
    sum
}

#[test]
fn mean_and_variance_are_integrals_of_the_quantile() {
    for (name, law) in continuous() {
        // The rule suffers from corners, and where tails are long, from the values beyond the largest p.
        let cornered = ["empirical", "samples", "triangular"].contains(&name);
        let (near, nearly) = if cornered { (1e-4, 1e-3) } else { (1e-9, 1e-6) };
        let (mean, by_rule) = (law.mean(), integral(&law, |x| x));
        assert!((mean - by_rule).abs() < near * (mean.abs() + law.sd()), "{name}: {mean} {by_rule} {law:?}");
        let (variance, by_rule) = (law.variance(), integral(&law, |x| (x - mean) * (x - mean)));
        let rounding = 1e-13 * mean * mean;
        assert!((variance - by_rule).abs() < nearly * variance + rounding, "{name}: {variance} {by_rule} {law:?}");
    }
}

#[test]
fn parameters_mean_what_they_say() -> Result<(), DistributionError> {
    let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-12 * y.abs(), "{x} {y}");
    let lognormal = Distribution::lognormal(75.0, 110.0)?;
    near(lognormal.quantile(0.5), 75.0);
    near(lognormal.quantile(0.95), 110.0);
    let gamma = Distribution::gamma(10.0, 6.0)?;
    near(gamma.mean(), 10.0);
    near(gamma.sd(), 6.0);
    near(Distribution::weibull(50.0, 3.0)?.quantile(1.0 - libm::exp(-1.0)), 50.0);
    near(Distribution::exponential(40.0)?.sd(), 40.0);
    Ok(())
}

#[test]
fn sample_means_lie_within_their_99_percent_intervals() {
    const DRAWS: u32 = 20_000;
    for (id, (name, law)) in continuous().into_iter().enumerate() {
        let mut stream = stream(id as u64);
        let mean = (0..DRAWS).map(|_| law.sample(&mut stream)).sum::<f64>() / f64::from(DRAWS);
        let z = (mean - law.mean()) / (law.sd() / f64::from(DRAWS).sqrt());
        assert!(z.abs() < 2.576, "{name}: z = {z}, {law:?}");
    }
}

#[test]
fn scaling_scales_every_draw() {
    for (name, law) in continuous() {
        let slow = law.scaled(4.0);
        let (mut one, mut other) = (stream(1), stream(1));
        for _ in 0..100 {
            let (x, y) = (law.sample(&mut one), slow.sample(&mut other));
            assert!((y - 4.0 * x).abs() <= 1e-14 * y.abs(), "{name}: {x} {y}");
        }
        assert_eq!(law.scaled(1.0), law);
        assert_eq!(law.scaled(0.0), Distribution::constant(0.0).expect("valid"));
    }
}

#[test]
fn truncating_twice_is_truncating_once() {
    for (name, law) in plain() {
        let [a, b, c, d] = [0.1, 0.2, 0.7, 0.8].map(|p| law.quantile(p));
        let (once, twice) = (cut(&law, b, c), cut(&cut(&cut(&law, a, c), b, d), a, d));
        assert!((once.mean() - twice.mean()).abs() < 1e-12 * once.mean().abs(), "{name}");
        assert!((once.quantile(0.3) - twice.quantile(0.3)).abs() < 1e-12 * once.sd().max(once.mean().abs()), "{name}");
    }
}

#[test]
fn a_range_that_cuts_nothing_changes_nothing() -> Result<(), DistributionError> {
    let law = Distribution::lognormal(75.0, 110.0)?;
    assert_eq!(law.clone().truncated(Some(0.0), None)?, law);
    assert_eq!(law.clone().truncated(None, None)?, law);
    assert_eq!(Distribution::constant(5.0)?.truncated(Some(5.0), Some(5.0))?, Distribution::constant(5.0)?);
    Ok(())
}

#[test]
fn a_range_without_values_leaves_nothing() -> Result<(), DistributionError> {
    let table = Distribution::empirical(&[(0.0, 1.0), (0.5, 2.0), (1.0, 4.0)])?;
    let cases = [
        (Distribution::uniform(0.0, 10.0)?, 5.0, 5.0),
        (Distribution::uniform(0.0, 10.0)?, 11.0, 12.0),
        (table.clone(), 3.0, 3.0),
        (table.clone(), 5.0, 6.0),
        (table, -1.0, 0.0),
        (Distribution::constant(5.0)?, 6.0, 7.0),
        (Distribution::lognormal(75.0, 110.0)?, 80.0, 80.0),
        (Distribution::lognormal(75.0, 110.0)?, 1e6, 1e7),
    ];
    for (law, low, high) in cases {
        let left = law.clone().truncated(Some(low), Some(high));
        assert!(matches!(left, Err(DistributionError::NothingLeft { .. })), "{law:?}: {left:?}");
    }
    Ok(())
}

#[test]
fn a_lognormal_reaches_ten_thousand_times_its_median_and_no_further() {
    assert!(Distribution::lognormal(5.0, 50_000.0).is_ok());
    assert!(matches!(Distribution::lognormal(5.0, 50_001.0), Err(DistributionError::OutOfRange { .. })));
}

#[test]
fn laws_without_room_are_constants() -> Result<(), DistributionError> {
    let five = Distribution::constant(5.0)?;
    for law in [
        Distribution::uniform(5.0, 5.0)?,
        Distribution::lognormal(5.0, 5.0)?,
        Distribution::triangular(5.0, 5.0, 5.0)?,
        Distribution::samples(&[5.0])?,
    ] {
        assert_eq!(law, five);
    }
    assert_eq!(five.sample_span(&mut stream(1)), Span::from_secs(5));
    assert_eq!([4.999, 5.0, 5.001].map(|x| five.cdf(x).to_string()), ["0", "1", "1"]);
    assert_eq!(five.scaled(3.0), Distribution::constant(15.0)?);
    Ok(())
}

#[test]
fn a_value_that_repeats_in_a_table_is_likely() -> Result<(), DistributionError> {
    let law = Distribution::empirical(&[(0.0, 1.0), (0.2, 3.0), (0.7, 3.0), (1.0, 9.0)])?;
    let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-15, "{x} {y}");
    near(law.cdf(2.999_999_999), 0.199_999_999_9);
    near(law.cdf(3.0), 0.7);
    // From 3 on there are 0.5 at 3 itself and 0.3 above; up to 3 there are 0.2 below and 0.5 at it.
    near(law.clone().truncated(Some(3.0), None)?.cdf(3.0), 0.625);
    near(law.truncated(None, Some(3.0))?.mean(), (0.2 * 2.0 + 0.5 * 3.0) / 0.7);
    Ok(())
}

#[test]
fn streams_and_distributions_work_with_the_crates_of_others() -> Result<(), DistributionError> {
    let law = Distribution::lognormal(75.0, 110.0)?;
    let theirs: Vec<f64> = rand_distr::Distribution::sample_iter(&law, stream(1)).take(20).collect();
    let mut ours = stream(1);
    assert!(theirs.iter().all(|theirs| theirs.to_bits() == law.sample(&mut ours).to_bits()));
    let beta = rand_distr::Beta::new(2.0, 3.0).expect("valid");
    assert!((0.0..=1.0).contains(&rand_distr::Distribution::sample(&beta, &mut ours)));
    Ok(())
}
