//! How often memory is asked for, and how much is kept.

use crate::simulated::simulate;
use allocation_counter::measure;
use scaleup::engine::{EventKey, Limits, Model, Scheduler, run};
use scaleup::experiment::observe;
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{Setting, load};
use scaleup::time::Span;
use std::path::Path;

/// Entities that work after random times, and have the time-out of their last work cancelled.
struct Workers {
    random: u64,
    time_outs: Vec<Option<EventKey>>,
}

const WORKERS: u32 = 1_000;

impl Workers {
    /// Up to two seconds, by the middle square of a Weyl sequence.
    fn pause(&mut self) -> Span {
        self.random = self.random.wrapping_add(0xB5AD_4ECE_DA1C_E2A9);
        let mixed = self.random.wrapping_mul(self.random) ^ (self.random >> 31);
        Span::from_nanos((mixed >> 20) % 2_000_000_000)
    }

    fn work(&mut self, worker: u32, sim: &mut Scheduler<(u32, bool)>) {
        if let Some(key) = self.time_outs[worker as usize].take() {
            sim.cancel(key);
        }
        let time_out = sim.schedule_cancellable_after(Span::from_secs(10), (worker, false));
        self.time_outs[worker as usize] = Some(time_out);
        let pause = self.pause();
        sim.schedule_after(pause, (worker, true));
    }
}

impl Model for Workers {
    type Event = (u32, bool);

    fn handle(&mut self, (worker, works): (u32, bool), sim: &mut Scheduler<(u32, bool)>) {
        assert!(works, "everybody works within 10 s");
        self.work(worker, sim);
    }
}

#[test]
fn the_kernel_asks_for_no_memory_once_it_is_warm() {
    let mut workers = Workers { random: 1, time_outs: vec![None; WORKERS as usize] };
    let mut sim = Scheduler::new();
    (0..WORKERS).for_each(|worker| workers.work(worker, &mut sim));
    let mut events = |number| run(&mut workers, &mut sim, Limits { max_events: number, ..Limits::default() }).events;
    events(2_000_000);
    let asked = measure(|| assert_eq!(events(200_000), 200_000));
    assert_eq!(asked.count_total, 0, "{asked:?}");
}

fn plan(settings: &[&str]) -> Plan {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    let loaded = load(Path::new("scenarios/ekf.toml"), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    Plan::new(&loaded.scenario)
}

/// Events of a replication, and how often it asks for memory, with a simulator that has done such replications before.
fn events_and_requests(settings: &[&str]) -> (u64, u64) {
    let (plan, mut simulator) = (plan(settings), Simulator::new());
    simulator.run(&plan, 1, 1, false);
    let mut events = 0;
    let asked = measure(|| events = simulator.run(&plan, 1, 2, false).end.events);
    (events, asked.count_total)
}

#[test]
fn a_transaction_asks_for_no_memory() {
    let few = events_and_requests(&["cluster.target_nodes=50", "daemonset.rok.join.transactions=10"]);
    let many = events_and_requests(&["cluster.target_nodes=50", "daemonset.rok.join.transactions=400"]);
    assert!(many.0 > few.0 + 18_000, "{few:?} {many:?}");
    assert!(many.1 < few.1 + 50, "{few:?} {many:?}");
}

#[test]
fn a_node_asks_for_memory_a_few_times_and_not_at_each_of_its_events() {
    let small = events_and_requests(&["cluster.target_nodes=100"]);
    let large = events_and_requests(&["cluster.target_nodes=300"]);
    let (events, requests) = ((large.0 - small.0) / 200, (large.1.saturating_sub(small.1)) as f64 / 200.0);
    assert!(events > 150 && requests < 9.0, "{events} events and {requests} requests per node");
}

#[test]
fn what_is_kept_of_a_replication_does_not_grow_with_the_nodes() {
    let kept = |nodes: &str| {
        // The text of a limit is kept once, if it was hit.
        let record = simulate("scenarios/ekf.toml", &[nodes, "kubelet.csi_timeout=1h"]).record;
        let mut numbers = None;
        // One point for each hour: the curves of both sizes are as long.
        let asked = measure(|| numbers = Some(observe(&record, Span::from_secs(3_600), 0)));
        assert!(numbers.is_some());
        asked.bytes_current
    };
    let (small, large) = (kept("cluster.target_nodes=20"), kept("cluster.target_nodes=200"));
    assert!(small > 0 && small == large, "{small} and {large} bytes");
}
