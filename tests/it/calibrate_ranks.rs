//! Simulation-based calibration: values are drawn from their ranges, targets are simulated with them, and a calibration
//! must find the truth to be as any of its plausible sets: its rank among them is uniform.
//!
//! Source: Talts, Betancourt, Simpson, Vehtari and Gelman, *Validating Bayesian inference algorithms with
//! simulation-based calibration*, arXiv 1804.06788. Within a tolerance a target takes all values as equally likely, so
//! the sets that meet it are what is known afterwards.

use super::calibrate::{small, target, targets};
use scaleup::experiment::{Effort, Progress, Settings, calibrate, judge, run_cases, set_of, target_cases};
use scaleup::random::{Entity, Purpose, Stream, Streams};
use scaleup::scenario::{Document, Setting, Targets};
use std::fs;

/// The image's size and the boot's median, evenly in logarithms.
const FREE: [(&str, f64, f64); 2] = [("image.app.size", 400e6, 8e9), ("cloud.boot.lognormal.p50", 20.0, 120.0)];
/// Overheads whose sum with chance decides: in seconds, allowed to both sides.
const TOLERANCE: f64 = 6.0;
const SETTINGS: Settings = Settings { replications: 8, seed: 1, threads: Some(1) };
/// Enough scale-ups that their chance is small beside the tolerance, as that of a fit's looks is.
const TRUTH: Settings = Settings { replications: 200, seed: 1 << 32, threads: Some(1) };
const TRUTHS: u32 = 100;
const BINS: usize = 10;
/// The 99 % quantile of chi-square with nine degrees of freedom.
const LIMIT: f64 = 21.67;

fn document() -> Document {
    let entry = |(key, low, high): (&str, f64, f64)| {
        let text = |value: f64| if key.ends_with("size") { format!("{value}B") } else { format!("{value}s") };
        format!("free.\"{key}\"={{ min = \"{}\", max = \"{}\", reason = \"unknown\" }}", text(low), text(high))
    };
    let settings = FREE.map(entry);
    small(&[&settings[0], &settings[1]]).document
}

/// Random numbers for one truth alone: what chance does to one fit must not be what it does to all.
fn seeded(settings: Settings, number: u32) -> Settings {
    Settings { seed: settings.seed + (u64::from(number) << 16), ..settings }
}

/// What the overheads are with these values, written down with an error that is even within the tolerance.
fn made_with(document: &Document, values: &[f64], number: u32, draws: &mut Stream) -> Targets {
    let ask = |about: [f64; 2]| {
        let demand = |at: usize| format!("about = \"{:.3}s\"\ntolerance = \"{TOLERANCE}s\"", about[at]);
        let boot = target("boot", 10, &demand(0)).replace("from = \"nodes\"\nto = \"workload\"", "to = \"nodes\"");
        targets(&(boot + &target("pull", 10, &demand(1)))).expect("they are right")
    };
    let some = ask([60.0, 60.0]);
    let set = set_of(document, values);
    let set: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("test", key, value)).collect();
    let cases = target_cases(document, &some, &set).unwrap_or_else(|problems| panic!("{problems}"));
    let judged = judge(&some, &run_cases(&cases, seeded(TRUTH, number), &|| {}).expect("threads"))
        .expect("its stages are there");
    ask([0, 1].map(|at| judged[at].simulated[0].mean.expect("ready") + TOLERANCE * (2.0 * draws.uniform() - 1.0)))
}

/// For each parameter how many of the truths have a rank in each tenth.
fn counts(document: &Document) -> [[u32; BINS]; 2] {
    let watch = Progress { done: &|| {}, stopped: &|| false };
    let mut counts = [[0; BINS]; 2];
    for number in 0..TRUTHS {
        let mut draws = Streams::new(u64::from(number), 0).stream(Entity { kind: 0x5bc, id: 0 }, Purpose(1));
        let truth = FREE.map(|(_, low, high)| low * libm::pow(high / low, draws.uniform()));
        let targets = made_with(document, &truth, number, &mut draws);
        let effort = Effort { settings: seeded(SETTINGS, number), evaluations: 300, discrepancy: 0.05 };
        let found = calibrate(document, &targets, effort, watch).unwrap_or_else(|error| panic!("{error}"));
        let sets = &found.plausible.sets;
        for axis in 0..2 {
            let below = sets.iter().filter(|set| set[axis] < truth[axis]).count() as f64;
            // Between two sets it may be anywhere.
            let rank = (below + draws.uniform()) / (sets.len() + 1) as f64;
            counts[axis][(rank * BINS as f64) as usize] += 1;
        }
    }
    counts
}

fn chi_square(counts: &[u32; BINS]) -> f64 {
    let expected = f64::from(TRUTHS) / BINS as f64;
    let off = |&count: &u32| f64::from(count) - expected;
    counts.iter().map(|count| off(count) * off(count) / expected).sum()
}

/// The counts stand in docs/concepts/statistics.md.
#[test]
fn the_truth_is_as_any_plausible_set() {
    let counts = counts(&document());
    let told = fs::read_to_string("docs/concepts/statistics.md").expect("it is there");
    let mut missing = String::new();
    for (counts, (key, ..)) in counts.iter().zip(FREE) {
        let chi_square = chi_square(counts);
        assert!(chi_square < LIMIT, "{key}: {counts:?} has chi-square {chi_square:.1}");
        let row = counts.map(|count| count.to_string()).join(" | ");
        let row = format!("| `{key}` | {row} | {chi_square:.1} |\n");
        if !told.contains(&row) {
            missing += &row;
        }
    }
    assert!(missing.is_empty(), "docs/concepts/statistics.md has no row:\n{missing}");
}

/// Ranks that pile up in the middle, at an end, or at both are told from uniform ones.
#[test]
fn counts_that_are_not_uniform_are_noticed() {
    assert!(chi_square(&[10; BINS]) < 1e-9);
    assert!((chi_square(&[8, 12, 10, 10, 10, 10, 10, 10, 10, 10]) - 0.8).abs() < 1e-9, "4 / 10 twice");
    for skewed in
        [[2, 4, 8, 14, 22, 22, 14, 8, 4, 2], [1, 3, 5, 7, 9, 11, 13, 15, 17, 19], [22, 14, 8, 4, 2, 2, 4, 8, 14, 22]]
    {
        assert!(chi_square(&skewed) > LIMIT, "{skewed:?}");
    }
}
