//! Whatever goes wrong, nothing is lost or counted twice, and after scale-down everything is returned.

use crate::model_checks::pulled_bytes_are_conserved;
use proptest::prelude::*;
use scaleup::model::params::Scenario;
use scaleup::model::record::Record;
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{Setting, load};
use std::path::Path;

const INITIAL: u32 = 3;

/// One key's setting, or none.
fn maybe(text: impl Strategy<Value = String>) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(text)
}

fn faults() -> impl Strategy<Value = Vec<Option<String>>> {
    let at = 0_u32..120;
    (
        maybe((0..40_u32).prop_map(|p| format!("fault.a={{ kind = \"never-registers\", probability = 0.{p:02} }}"))),
        maybe((0..60_u32).prop_map(|p| format!("fault.b={{ kind = \"boot-failure\", probability = 0.{p:02} }}"))),
        maybe((at.clone(), 0..6_usize, 1..90_u32).prop_map(|(at, zone, lasts)| {
            let (zone, unreachable) = (["a", "b", "c"][zone / 2], zone % 2 == 1);
            format!("fault.c={{ kind = \"zone-outage\", target = \"us-east-1{zone}\", at = \"{at}m\", lasts = \"{lasts}m\", unreachable = {unreachable} }}")
        })),
        maybe((at.clone(), 1..30_u32).prop_map(|(at, lasts)| {
            format!("fault.d={{ kind = \"operator-restart\", target = \"rok\", at = \"{at}m\", lasts = \"{lasts}m\" }}")
        })),
        maybe((at.clone(), 1..30_u32).prop_map(|(at, lasts)| {
            format!("fault.e={{ kind = \"etcd-stall\", target = \"rok-etcd\", at = \"{at}m\", lasts = \"{lasts}m\" }}")
        })),
        maybe((at, 1..30_u32).prop_map(|(at, lasts)| {
            format!("fault.f={{ kind = \"slow-registry\", target = \"gcr\", at = \"{at}m\", lasts = \"{lasts}m\" }}")
        })),
    )
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

fn limits() -> impl Strategy<Value = Vec<Option<String>>> {
    (
        maybe((3..40_u32).prop_map(|nodes| format!("cloud.vcpu_quota={}", nodes * 16))),
        maybe((0..20_u32).prop_map(|capacity| format!("zone.us-east-1a.capacity={capacity}"))),
        maybe((0..20_u32).prop_map(|nodes| format!("zone.us-east-1b.free_addresses={}", nodes * 60 + 17))),
        maybe(Just("cloud.node_groups=one".to_owned())),
        maybe(Just("autoscaler.early_abort=false".to_owned())),
        maybe((5..30_u32).prop_map(|pulls| format!("registry.docker-hub.pulls_per_window={pulls}"))),
        maybe(Just("cloud.scale_in_protection=false".to_owned())),
        maybe((1..10_u32).prop_map(|drains| format!("autoscaler.max_drain_parallelism={drains}"))),
        maybe((1..20_u32).prop_map(|minutes| format!("daemonset.rok.drain.unpin=\"{minutes}m\""))),
        maybe(Just("daemonset.rok.drain=none".to_owned())),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i, j)| {
            let drained = if j.is_some() { None } else { i };
            vec![a, b, c, d, e, f, g, h, drained, j]
        })
}

/// Mounts that are given up, attachments that fail, members that coalesce changes, pods that lapse together.
fn storage() -> impl Strategy<Value = Vec<Option<String>>> {
    (
        maybe((4..60_u32).prop_map(|seconds| format!("kubelet.csi_timeout=\"{seconds}s\""))),
        maybe(Just("volume.shared.on_cancel=finish".to_owned())),
        maybe((0..5_u32).prop_map(|seconds| format!("volume.shared.attach.attach=\"{seconds}s\""))),
        maybe(Just("daemonset.rok.join.changes=every".to_owned())),
        maybe(Just("daemonset.rok-csi.readiness.checks_required=true".to_owned())),
        maybe(Just("workload.readiness.checks_required=true".to_owned())),
    )
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

fn upstream() -> impl Strategy<Value = Vec<Option<String>>> {
    (
        maybe((1..20_u32).prop_map(|seconds| format!("control_plane.node_sync=\"{seconds}s\""))),
        maybe(Just("control_plane.cloud_controller=true".to_owned())),
        maybe(Just("autoscaler.max_pod_eviction_time=\"2m\"".to_owned())),
        maybe(Just("cni.prefix_delegation=true".to_owned())),
        maybe((1..10_u32).prop_map(|calls| format!("cni.calls_per_s=0.{calls}"))),
        maybe(Just("cni.calls_burst=1".to_owned())),
        maybe((2..40_u32).prop_map(|addresses| format!("node.interface_addresses={addresses}"))),
    )
        .prop_map(|(a, b, c, d, e, f, g)| vec![a, b, c, d, e, f, g])
}

/// What pulls meet besides a registry's budget.
fn pulls() -> impl Strategy<Value = Vec<Option<String>>> {
    (
        maybe((1..40_u32).prop_map(|rate| format!("cloud.nat_bandwidth=\"{}MB/s\"", rate * 50))),
        maybe((1..4_u32).prop_map(|burst| format!("kubelet.pull_burst={burst}"))),
        maybe((1..200_u32).prop_map(|layers| format!("image.kale.layers={layers}"))),
    )
        .prop_map(|(a, b, c)| vec![a, b, c])
}

fn settings() -> impl Strategy<Value = Vec<String>> {
    let sizes = (INITIAL..30, 1..60_u32, proptest::bool::ANY);
    let all = (sizes, faults(), limits(), storage(), upstream(), pulls());
    all.prop_map(|((nodes, run_time, shrinks), faults, limits, storage, upstream, pulls)| {
        let run_time =
            if shrinks { format!("workload.run_time=\"{run_time}m\"") } else { "workload.run_time=none".to_owned() };
        let common = [format!("cluster.target_nodes={nodes}"), run_time, "run.horizon=\"30h\"".to_owned()];
        let common = common.into_iter().chain(["zone.us-east-1a.capacity_later=none".to_owned()]);
        common.chain([faults, limits, storage, upstream, pulls].into_iter().flatten().flatten()).collect()
    })
}

/// The addresses of an initial node, whose three pods with a network of their own leave a warm interface or block free.
fn initial_addresses(scenario: &Scenario) -> u32 {
    let each = scenario.node.interface_addresses.get();
    if scenario.cni.prefix_delegation {
        // A block for the pods and a warm one, on as many interfaces as have room for two.
        return if each > 2 { 1 + 32 } else { 2 + 32 };
    }
    // 3 pods, and as many addresses free as an interface has beside its own.
    let interfaces = (3 + each - 1).div_ceil(each - 1);
    interfaces.min(scenario.node.interfaces.get()) * each
}

/// The nodes that hold an instance at the end.
fn with_instance(record: &Record) -> usize {
    let counted = |node: &&scaleup::model::record::NodeRecord| node.terminated.is_none();
    record.nodes.iter().filter(counted).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_or_counted_twice(settings in settings(), seed in 0_u64..1_000) {
        let set: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", text.as_str())).collect();
        let loaded = load(Path::new("ekf"), &set).unwrap_or_else(|problems| panic!("{problems}"));
        let record = Simulator::new().run(&Plan::new(&loaded.scenario), seed, 0, true);
        let held = &record.held;
        let instances: u32 = held.instances.iter().sum();
        prop_assert_eq!(held.vcpus, u64::from(instances) * 16);
        // What is in use and what is free make up what there was.
        let scenario = &loaded.scenario;
        let initial_addresses = initial_addresses(scenario);
        for (place, (_, zone)) in scenario.zone.iter().enumerate() {
            let initial = u32::from(place < INITIAL as usize);
            if let Some(capacity) = zone.capacity {
                prop_assert_eq!(held.capacity[place].unwrap() + held.instances[place], capacity + initial);
            }
            if let Some(free) = zone.free_addresses {
                let all = free + initial * initial_addresses;
                prop_assert_eq!(held.free_addresses[place].unwrap() + held.addresses[place], all, "{:?}", settings);
            }
        }
        prop_assert!(instances as usize <= with_instance(&record));
        // A pull's place in the window is used once, and nothing is pulled without one.
        for ((name, registry), pulls) in scenario.registry.iter().zip(&held.pulls) {
            prop_assert!(pulls.granted >= pulls.arrived + pulls.abandoned, "{name} {pulls:?}");
            if record.end.ready {
                prop_assert_eq!(pulls.granted, pulls.arrived + pulls.abandoned, "{} {:?}", name, pulls);
            }
            if let Some(limit) = registry.pull_limit() {
                prop_assert!(pulls.window_peak <= u64::from(limit), "{name} {pulls:?}");
            } else {
                prop_assert_eq!((pulls.window_peak, pulls.refused), (0, 0), "{}", name);
            }
        }
        pulled_bytes_are_conserved(scenario, &record);
        for stage in 0..record.stages.len() as u16 {
            let mut up = std::collections::BTreeSet::new();
            for t in record.transitions.iter().filter(|t| t.stage.0 == stage) {
                let changed = if t.ready { up.insert(t.subject) } else { up.remove(&t.subject) };
                prop_assert!(changed, "{} {:?}", record.stages[usize::from(stage)].name, t);
            }
        }
        let target = scenario.cluster.target_nodes;
        if record.end.ready && record.scale_down.is_none() {
            prop_assert_eq!((held.ready_nodes, held.upcoming_nodes), (target, 0));
            prop_assert_eq!((record.members, held.daemonset_pods, held.replica_pods), (target, 7 * target, target));
        }
        if record.end.ready {
            prop_assert_eq!((held.transfers, held.joins, held.mounts), (0, 0, 0), "{:?}", settings);
            prop_assert_eq!(held.ready_nodes, record.members);
        }
        if record.end.ready && record.scale_down.is_some() {
            // A zone's outage can take nodes that were to stay, and nothing asks for others then.
            let stays = held.ready_nodes;
            let all_stay = !settings.iter().any(|setting| setting.contains("zone-outage"));
            prop_assert!(stays == INITIAL || stays < INITIAL && !all_stay);
            prop_assert_eq!((held.vcpus, held.upcoming_nodes), (u64::from(stays) * 16, 0));
            prop_assert_eq!((record.members, held.daemonset_pods, held.replica_pods), (stays, 7 * stays, 0));
        }
        if !record.end.ready {
            prop_assert!(!record.end.waiting_for.is_empty(), "{:?}", record.end);
        }
    }
}
