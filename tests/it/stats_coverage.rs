//! Do intervals hold what they promise? Each is computed 2,000 times from fresh numbers of a known law.

use scaleup::random::{Distribution, Entity, Purpose, Stream, Streams};
use scaleup::stats::{
    Interval, PairedDifference, Selection, Sorted, mean, mean_interval, relative_precision, sd, wilson,
};

const EXPERIMENTS: u64 = 2_000;

/// The share of experiments that succeed; each gets a stream of its own.
fn share(purpose: u16, experiment: impl Fn(&mut Stream) -> bool) -> f64 {
    let succeeded = (0..EXPERIMENTS).filter(|&number| {
        let entity = Entity { kind: 1, id: 0 };
        experiment(&mut Streams::new(2026, number).stream(entity, Purpose(purpose)))
    });
    succeeded.count() as f64 / EXPERIMENTS as f64
}

fn draw(law: &Distribution, n: usize, stream: &mut Stream) -> Vec<f64> {
    (0..n).map(|_| law.sample(stream)).collect()
}

/// Like the time of a boot: skewed, with a standard deviation of a quarter of the mean.
fn boot() -> Distribution {
    Distribution::lognormal(75.0, 110.0).expect("valid")
}

#[test]
fn intervals_for_the_mean_cover_it_in_95_of_100_cases() {
    let bell = Distribution::weibull(300.0, 20.0).expect("valid");
    for (purpose, law, n) in [(1, &bell, 5), (2, &bell, 30), (3, &boot(), 30), (4, &boot(), 100)] {
        let covered =
            share(purpose, |stream| mean_interval(&draw(law, n, stream), 0.95).expect("values").contains(law.mean()));
        assert!((0.935..=0.965).contains(&covered), "{n} of {law:?}: {covered}");
    }
}

#[test]
fn stopping_at_a_precision_keeps_the_coverage() {
    const FIRST: usize = 30;
    const ROUND: usize = 10;
    for (purpose, law, precision) in
        [(5, boot(), 0.05), (6, boot(), 0.02), (7, Distribution::exponential(40.0).expect("valid"), 0.1)]
    {
        let covered = share(purpose, |stream| {
            let mut values = draw(&law, FIRST, stream);
            loop {
                let (mean, interval) = (mean(&values).expect("values"), mean_interval(&values, 0.95).expect("values"));
                if relative_precision(mean, interval.half_width()).is_some_and(|reached| reached <= precision) {
                    return (mean - law.mean()).abs() <= precision * law.mean() && interval.contains(law.mean());
                }
                values.extend(draw(&law, ROUND, stream));
            }
        });
        assert!((0.925..=0.965).contains(&covered), "{precision} of {law:?}: {covered}");
    }
}

#[test]
fn intervals_for_quantiles_cover_them_also_with_the_fewest_values() {
    for (purpose, p, n) in [(10, 0.5, 6), (11, 0.9, 36), (12, 0.95, 72), (13, 0.99, 368), (14, 0.95, 400)] {
        let truth = boot().quantile(p);
        let covered = share(purpose, |stream| {
            let values = Sorted::of(&draw(&boot(), n, stream)).expect("values");
            values.quantile_interval(p, 0.95).expect("enough values").contains(truth)
        });
        assert!((0.94..=0.99).contains(&covered), "p{p} of {n}: {covered}");
    }
}

#[test]
fn intervals_for_probabilities_cover_them_on_average() {
    let probabilities: [f64; 5] = [0.02, 0.1, 0.3, 0.5, 0.93];
    let covered = probabilities.map(|p| {
        share(20, |stream| {
            let successes = (0..60).filter(|_| stream.uniform() < p).count() as u64;
            wilson(successes, 60, 0.95).contains(p)
        })
    });
    assert!(covered.iter().all(|covered| (0.91..=0.99).contains(covered)), "{covered:?}");
    let average = mean(&covered).expect("values");
    assert!((0.94..=0.965).contains(&average), "{average}");
}

#[test]
fn pure_noise_is_called_a_difference_in_5_of_100_cases() {
    let resolved = share(30, |stream| {
        let (a, b) = (draw(&boot(), 40, stream), draw(&boot(), 40, stream));
        PairedDifference::of(&a, &b, 0.95).expect("pairs").resolved
    });
    assert!((0.035..=0.065).contains(&resolved), "{resolved}");
}

#[test]
fn common_random_numbers_find_a_difference_that_independent_ones_do_not() {
    let (a, b) = (boot(), Distribution::lognormal(74.0, 108.5).expect("valid"));
    let mut streams =
        [40, 40, 41].map(|purpose| Streams::new(1, 0).stream(Entity { kind: 1, id: 0 }, Purpose(purpose)));
    let values = draw(&a, 100, &mut streams[0]);
    let paired = PairedDifference::of(&values, &draw(&b, 100, &mut streams[1]), 0.95).expect("pairs");
    let independent = PairedDifference::of(&values, &draw(&b, 100, &mut streams[2]), 0.95).expect("pairs");
    assert!(paired.resolved && !independent.resolved, "{paired:?} {independent:?}");
    assert!(paired.interval.expect("an interval").contains(b.mean() - a.mean()), "{paired:?}");
    assert!(paired.variance_ratio.expect("it varies") > 1_000.0, "{paired:?}");
    assert!((0.7..1.4).contains(&independent.variance_ratio.expect("it varies")), "{independent:?}");
    assert!((paired.probability_b_smaller - 1.0).abs() < 1e-9);
    assert!(paired.replications_to_resolve < independent.replications_to_resolve, "{paired:?} {independent:?}");
}

#[test]
fn the_smallest_of_several_survives_in_95_of_100_cases() {
    // The hardest case: every other system is larger by just the difference that matters.
    let bell = Distribution::weibull(300.0, 20.0).expect("valid");
    let right = share(50, |stream| {
        let mut systems: Vec<Vec<f64>> = (0..4).map(|_| draw(&bell, 400, stream)).collect();
        systems[1..].iter_mut().flatten().for_each(|value| *value += 6.0);
        let selection = Selection::of(&systems, 20, 6.0, 0.95);
        assert!(!selection.survivors().is_empty());
        selection.dropped_after[0].is_none()
    });
    assert!((0.95..=1.0).contains(&right), "{right}");
}

#[test]
fn clear_losers_are_dropped_at_the_first_look_and_twins_never() {
    let mut stream = Streams::new(3, 0).stream(Entity { kind: 1, id: 0 }, Purpose(60));
    let best = draw(&boot(), 50, &mut stream);
    let worse: Vec<f64> = best.iter().map(|value| 2.0 * value).collect();
    let selection = Selection::of(&[worse.clone(), best.clone(), best.clone()], 20, 5.0, 0.95);
    assert_eq!(selection.survivors(), [1, 2]);
    assert!(selection.dropped_after[0].expect("dropped") <= 30, "{selection:?}");
    let sooner = Selection::of(&[worse[..40].to_vec(), best[..40].to_vec(), best[..40].to_vec()], 20, 5.0, 0.95);
    assert_eq!(sooner, selection, "looking again with more replications only continues");
    assert_eq!(Selection::of(&[best], 20, 5.0, 0.95).survivors(), [0]);
}

#[test]
fn the_standard_deviation_is_that_of_the_law() {
    let mut stream = Streams::new(4, 0).stream(Entity { kind: 1, id: 0 }, Purpose(70));
    let values = draw(&boot(), 100_000, &mut stream);
    assert!((sd(&values).expect("values") / boot().sd() - 1.0).abs() < 0.02);
    let Interval { low, high } = mean_interval(&values, 0.95).expect("values");
    assert!(low < boot().mean() && boot().mean() < high);
}
