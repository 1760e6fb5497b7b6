//! Docker Hub's pull limits.

use super::simulated::simulate;

#[test]
fn pull_101_of_an_anonymous_account_is_refused_until_the_window_frees_a_slot() {
    let run = simulate("ekf", &["cluster.target_nodes=110", "registry.docker-hub.plan=anonymous"]);
    let hit = run.limit("registry-pulls");
    assert_eq!(
        hit.message,
        "image \"docker.io/istio/proxyv2:1.9.6\": rpc error: code = Unknown desc = Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit"
    );
    assert_eq!(run.record.held.pulls.iter().map(|pulls| pulls.window_peak).max(), Some(100));
    let ready = run.ready_min("workload").expect("the next window lets them through");
    assert!((360.0..375.0).contains(&ready), "{ready}");
}

#[test]
fn an_account_doubles_the_pulls_and_a_paid_one_or_more_addresses_lift_the_limit() {
    let refused = |settings: &[&str]| {
        let run = simulate("ekf", &[&["cluster.target_nodes=110"], settings].concat());
        run.record.limits.iter().any(|hit| hit.kind == "registry-pulls")
    };
    assert!(refused(&["registry.docker-hub.plan=anonymous"]));
    assert!(refused(&["registry.docker-hub.plan=paid", "registry.docker-hub.pulls_per_window=50"]));
    assert!(!refused(&["registry.docker-hub.plan=authenticated"]));
    assert!(!refused(&["registry.docker-hub.plan=paid"]));
    assert!(!refused(&["registry.docker-hub.plan=anonymous", "cloud.egress=nat-gateway-per-zone"]));
    assert!(!refused(&["registry.docker-hub.plan=anonymous", "cloud.egress=address-per-node"]));
}
