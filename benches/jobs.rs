//! Whole jobs, as long as they take: the default sweep on one thread and on two, and a comparison that is precise to
//! 1 %.
//!
//! Run with `cargo bench --bench jobs`. The sweep's figures are for each replication.

use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use scaleup::experiment::{Case, Comparison, Precision, Progress, Series, Settings, WorkerPool, grid, run_cases};
use scaleup::scenario::{Setting, load};

/// Of each size.
const REPLICATIONS: u32 = 20;
/// Of each side of the comparison, at most.
const REPLICATIONS_MAX: u32 = 10_000;

/// `cargo test --benches` runs each benchmark once and does not pass `--bench`.
fn is_test() -> bool {
    !std::env::args().any(|argument| argument == "--bench")
}

fn default_sweep() -> Vec<Case> {
    let base = load(Path::new("scenarios/ekf.toml"), &[]).expect("the scenario that comes with the program");
    let case = |set: Vec<(String, String)>| {
        let settings: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("--vary", key, value)).collect();
        let loaded = base.document.with(&settings).expect("the values of the scenario's own sweep");
        Case::new(set, &loaded)
    };
    grid(base.document.axes()).into_iter().map(case).collect()
}

fn sweep(criterion: &mut Criterion) {
    let replications = if is_test() { 1 } else { REPLICATIONS };
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

/// The scenario, and the same with one key changed.
fn sides(nodes: u32) -> [Case; 2] {
    let size = format!("cluster.target_nodes={nodes}");
    ["disk.rok-etcd.kind=gp2", "disk.rok-etcd.kind=io1"].map(|kind| {
        let settings = [size.as_str(), kind].map(|text| Setting::new("--set", text));
        let loaded =
            load(Path::new("scenarios/ekf.toml"), &settings).expect("the scenario that comes with the program");
        Case::new(vec![("disk.rok-etcd.kind".to_owned(), kind.to_owned())], &loaded)
    })
}

fn compare(criterion: &mut Criterion) {
    let rule = Precision {
        relative: if is_test() { 1.0 } else { 0.01 },
        minimum: 1,
        maximum: if is_test() { 1 } else { REPLICATIONS_MAX },
    };
    let sides = sides(if is_test() { 10 } else { 300 });
    let names = ["gp2".to_owned(), "io1".to_owned()];
    let watch = Progress { done: &|| (), stopped: &|| false };
    criterion.bench_function("compare at 1 %", |bencher| {
        bencher.iter(|| {
            let workers = WorkerPool::new(None, 1).expect("threads");
            let mut series: Vec<Series<'_>> = sides.iter().map(Series::new).collect();
            for look in rule.looks() {
                workers.extend(&mut series.iter_mut().collect::<Vec<_>>(), look, watch);
                let sides: Vec<_> = series.iter().map(|series| (series.stages(), series.replications())).collect();
                if Comparison::shortfall_of(&names, &sides, rule).is_none() {
                    break;
                }
            }
            Comparison::of(names.to_vec(), series.into_iter().map(Series::finish).collect())
        });
    });
}

fn settings() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(10)
}

criterion_group! { name = jobs; config = settings(); targets = sweep, compare }
criterion_main!(jobs);
