//! One replication of the ekf scenario, by number of nodes, in processor time. Run with `cargo bench --bench
//! replication`.

use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{Setting, load};

#[path = "engine/cpu_time.rs"]
mod cpu_time;
use cpu_time::CpuTime;

/// The limits of the cloud's API and of the autoscaler, and a horizon, for clusters far beyond the documented ones.
const LARGE: [&str; 8] = [
    "cloud.launch_calls_per_s=200",
    "cloud.launch_calls_burst=500",
    "cloud.launch_instances_per_s=2000",
    "cloud.launch_instances_burst=10000",
    "cloud.launch_batch=500",
    "autoscaler.max_nodes_per_scale_up=100000",
    "run.horizon=1000h",
    "run.curve_step=1m",
];

fn plan(nodes: u32) -> Plan {
    let size = format!("cluster.target_nodes={nodes}");
    let large = if nodes > 300 { &LARGE[..] } else { &[] };
    let settings: Vec<Setting> =
        large.iter().copied().chain([size.as_str()]).map(|text| Setting::new("--set", text)).collect();
    let loaded = load(Path::new("scenarios/ekf.toml"), &settings).expect("the scenario that comes with the program");
    Plan::new(&loaded.scenario)
}

fn replication(criterion: &mut Criterion<CpuTime>) {
    // `cargo test --benches` runs each benchmark once and does not pass `--bench`.
    let is_test = !std::env::args().any(|argument| argument == "--bench");
    let sizes = if is_test { &[100][..] } else { &[100, 300, 1_000, 5_000, 100_000] };
    let mut group = criterion.benchmark_group("replication");
    for &nodes in sizes {
        let plan = plan(nodes);
        group.throughput(Throughput::Elements(u64::from(nodes)));
        for (name, record_waits) in [("ekf", false), ("ekf with waits", true)] {
            group.bench_function(BenchmarkId::new(name, nodes), |bencher| {
                let (mut simulator, mut number) = (Simulator::new(), 0);
                bencher.iter(|| {
                    number += 1;
                    let record = simulator.run(&plan, 1, number, record_waits);
                    assert!(record.end.ready, "{:?}", record.end);
                    record
                });
            });
        }
    }
}

fn settings() -> Criterion<CpuTime> {
    Criterion::default()
        .with_measurement(CpuTime)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(10)
}

criterion_group! { name = replications; config = settings(); targets = replication }
criterion_main!(replications);
