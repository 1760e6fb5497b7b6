//! Whole jobs: the default sweep, on one thread and on two. Run with `cargo bench --bench jobs`.

use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use scaleup::experiment::{Axis, Case, Settings, grid, run_cases};
use scaleup::scenario::{Setting, load};

/// Of each size.
const REPLICATIONS: u32 = 10;

fn default_sweep() -> Vec<Case> {
    let base = load(Path::new("scenarios/ekf.toml"), &[]).expect("the scenario that comes with the program");
    let case = |set: Vec<(String, String)>| {
        let settings: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("--vary", key, value)).collect();
        let loaded = base.document.with(&settings).expect("the values of the scenario's own sweep");
        Case { set, scenario: loaded.scenario }
    };
    let of_file = |from: &scaleup::scenario::Axis| Axis { key: from.key.clone(), values: from.values.clone() };
    let axes: Vec<Axis> = base.document.axes().iter().map(of_file).collect();
    grid(&axes).into_iter().map(case).collect()
}

fn sweep(criterion: &mut Criterion) {
    let is_test = !std::env::args().any(|argument| argument == "--bench");
    let replications = if is_test { 1 } else { REPLICATIONS };
    let cases = default_sweep();
    let mut group = criterion.benchmark_group("default sweep, per replication");
    group.throughput(Throughput::Elements(cases.len() as u64 * u64::from(replications)));
    for threads in [1, 2] {
        let settings = Settings { replications, seed: 1, threads: Some(threads) };
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter(|| run_cases(&cases, settings, &|| ()).expect("threads"));
        });
    }
}

fn settings() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(10)
}

criterion_group! { name = jobs; config = settings(); targets = sweep }
criterion_main!(jobs);
