//! One replication of the ekf scenario, by number of nodes. Run with `cargo bench --bench replication`.

use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{Setting, load};

/// The cloud's API limits and the autoscaler's, for clusters far beyond the documented ones.
const LARGE: [&str; 6] = [
    "cloud.launch_calls_per_s=200",
    "cloud.launch_calls_burst=500",
    "cloud.launch_instances_per_s=2000",
    "cloud.launch_instances_burst=10000",
    "cloud.launch_batch=500",
    "autoscaler.max_nodes_per_scale_up=100000",
];

fn plan(nodes: u32) -> Plan {
    let size = format!("cluster.target_nodes={nodes}");
    let large = if nodes > 300 { &LARGE[..] } else { &[] };
    let settings: Vec<Setting> =
        large.iter().copied().chain([size.as_str()]).map(|text| Setting::new("--set", text)).collect();
    let loaded = load(Path::new("scenarios/ekf.toml"), &settings).expect("the scenario that comes with the program");
    Plan::new(&loaded.scenario)
}

fn replication(criterion: &mut Criterion) {
    // `cargo test --benches` runs each benchmark once and does not pass `--bench`.
    let is_test = !std::env::args().any(|argument| argument == "--bench");
    let sizes = if is_test { &[100][..] } else { &[100, 300, 1_000, 5_000] };
    let mut group = criterion.benchmark_group("replication");
    for &nodes in sizes {
        let plan = plan(nodes);
        for (name, record_waits) in [("ekf", false), ("ekf with waits", true)] {
            group.bench_function(BenchmarkId::new(name, nodes), |bencher| {
                let (mut simulator, mut number) = (Simulator::new(), 0);
                bencher.iter(|| {
                    number += 1;
                    simulator.run(&plan, 1, number, record_waits)
                });
            });
        }
    }
}

fn settings() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(10)
}

criterion_group! { name = replications; config = settings(); targets = replication }
criterion_main!(replications);
