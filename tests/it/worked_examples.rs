//! The scenarios of the page of worked examples give the answers that it states.

use scaleup::headroom::{ComeUp, Headroom, LimitVerdict, come_up, headroom};
use scaleup::model::record::Record;
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::load;

/// The page's scenarios, in its order.
fn examples() -> Vec<String> {
    let page = std::fs::read_to_string("docs/start/worked-examples.md").expect("the page is there");
    page.split("```toml\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

fn plan(text: &str) -> Plan {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("example.toml");
    std::fs::write(&file, text).expect("it can be written");
    Plan::new(&load(&file, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario)
}

fn find<'h>(limits: &'h [Headroom], key: &str) -> &'h Headroom {
    limits.iter().find(|limit| limit.key == key).unwrap_or_else(|| panic!("{key} is not in {limits:?}"))
}

#[test]
fn they_are_at_most_twelve_lines() {
    assert_eq!(examples().len(), 2);
    assert!(examples().iter().all(|text| text.lines().count() <= 12));
}

#[test]
fn services_behind_the_gpu_operator_fill_138_nodes_and_start_after_the_plugin() {
    let plan = plan(&examples()[0]);
    // 7.91 vCPUs, of which seven DaemonSets request 0.55, hold 29 replicas of a quarter; 4,000 / 29.
    assert_eq!((plan.nodes(), come_up(&plan)), (138, ComeUp { nodes: 138, with_addresses: 138 }));
    let limits = headroom(&plan);
    assert!(limits.iter().all(|limit| limit.verdict != LimitVerdict::Binds), "{limits:?}");
    assert_eq!(find(&limits, "cloud.vcpu_quota").need, 138 * 8);
    let pulls = find(&limits, "registry.docker-hub.plan");
    assert_eq!((pulls.need, pulls.verdict), (135, LimitVerdict::NotStated));
    let record: Record = Simulator::new().run(&plan.recording_replicas(), 1, 0, false);
    assert!(record.end.ready, "{:?}", record.end);
    let plugin =
        record.stages.iter().position(|stage| stage.name == "nvidia-device-plugin").expect("it is a stage") - 1;
    let new = record.nodes.iter().filter(|node| node.requested.is_some());
    let first_plugin = new.filter_map(|node| node.daemonsets[plugin]).min().expect("it became Ready");
    // The initial nodes' 3 x 29 replicas wait for nothing.
    let before = record.replicas.iter().filter(|replica| replica.running.is_some_and(|at| at < first_plugin)).count();
    assert_eq!(before, 3 * 29);
}

#[test]
fn a_quota_lets_125_nodes_come_up_and_a_subnet_serves_18_of_them_as_the_simulation_says() {
    let plan = plan(&examples()[1]);
    assert_eq!((plan.nodes(), come_up(&plan)), (300, ComeUp { nodes: 125, with_addresses: 18 }));
    let limits = headroom(&plan);
    assert_eq!(find(&limits, "zone.us-east-1a.subnet").node, Some(19));
    assert_eq!(find(&limits, "cloud.vcpu_quota").node, Some(126));
    assert_eq!(find(&limits, "cloud.vcpu_quota").remedy.as_deref(), Some("ask for 4,800 vCPUs"));
    let record = Simulator::new().run(&plan, 1, 0, false);
    assert_eq!(record.held.ready_nodes, 125);
    assert_eq!(record.limits[0].kind, "vcpu-quota");
    let served = record.transitions.iter().filter(|change| change.stage.0 == 1 && change.ready).count();
    // Seven replicas on each, and what is left when no node gets a whole interface more serves some on others.
    assert!((18 * 7..20 * 7).contains(&served), "{served} replicas");
}
