//! What charts find and say: two keys, many cases, what is never ready, limits, and stages out of order.

use super::charts::{names, never_one, study, texts, two_axes};
use super::made_up::{Sketch, results};
use scaleup::report::chart;
use scaleup::report::study::Study;
use scaleup::time::Span;

/// The words of a chart's title, notes and marks, one after the other.
fn says(study: &Study, name: &str) -> String {
    let chart = chart::all(study).into_iter().find(|chart| chart.name == name).expect("the chart is there");
    texts(&chart.svg()).into_iter().map(|text| text.content).collect::<Vec<_>>().join(" ")
}

#[test]
fn two_axes_have_a_heat_map_and_a_line_for_each_value() {
    let study = study(results("sweep", &two_axes()));
    let (map, lines) = (says(&study, "heat-map"), says(&study, "time-to-ready"));
    assert!(map.starts_with("Workload ready after 12m"), "{map}");
    for name in ["servers 1", "servers 2", "servers 4"] {
        assert!(map.contains(name) && lines.contains(name), "{name} is not in {map} and {lines}");
    }
    let fields = chart::together(&study).remove(0).picture.hints.len();
    assert_eq!(fields, 9);
}

#[test]
fn of_many_cases_the_fastest_the_slowest_and_the_unchanged_have_charts_of_their_own() {
    let mut results = results("sweep", &two_axes());
    results.varied = vec![
        ("cluster.target_nodes".to_owned(), "200".to_owned()),
        ("volume.shared.servers".to_owned(), "1".to_owned()),
    ];
    let study = study(results);
    // 100 nodes with 4 servers, 200 with 1, 300 with 1.
    assert_eq!(study.charted, [2, 3, 6]);
    let drawn = names(&chart::all(&study));
    assert_eq!(drawn.iter().filter(|name| name.starts_with("timeline")).count(), 3, "{drawn:?}");
    let bands: Vec<bool> = study.bands.iter().map(|bands| !bands.is_empty()).collect();
    assert_eq!(bands, [false, false, true, true, false, false, true, false, false]);
}

#[test]
fn a_case_that_is_never_ready_has_a_chart_that_says_so() {
    let told = says(&study(never_one()), "time-to-ready");
    assert!(told.starts_with("Workload is never ready: 125 of 300 nodes came up"), "{told}");
    assert!(told.contains("121 of 300"), "{told}");
}

#[test]
fn limits_are_marked_where_they_were_hit() {
    let study = study(results("run", &[Sketch::documented(300)]));
    for name in ["readiness", "timeline"] {
        let told = says(&study, name);
        assert!(told.contains("vcpu-quota 2m 10s"), "{name}: {told}");
    }
}

#[test]
fn a_bar_ends_when_the_goal_is_ready_also_if_another_stage_is_later() {
    let stages = ["nodes", "cilium", "device-plugin", "workload"].map(str::to_owned).to_vec();
    let sketch = Sketch { stages, ready_s: vec![200.0, 190.0, 620.0, 540.0], ..Sketch::documented(300) };
    let told = says(&study(results("run", &[sketch])), "overheads");
    assert!(told.contains("Ready after workload, which does not wait for it: device-plugin"), "{told}");
    let chart = chart::together(&study(results("run", &[Sketch::documented(300)])));
    assert!(chart.iter().any(|chart| chart.name == "overheads" && chart.alt().contains("workload")));
}

#[test]
fn a_replica_that_runs_before_its_storage_is_ready_for_good_is_drawn() {
    let mut results = results("run", &[Sketch::documented(30)]);
    for node in results.cases[0].detail.iter_mut().flat_map(|detail| &mut detail.nodes) {
        node.daemonsets[1] = node.workload.map(|ready| ready + Span::from_secs(100));
    }
    let charts = chart::all(&study(results));
    let svg = charts.iter().find(|chart| chart.name == "timeline").expect("it is there").svg();
    assert!(svg.contains("<g data-group=\"workload\">\n<polygon"), "the workload is hidden");
}

#[test]
fn pods_of_nodes_that_are_removed_do_not_flap() {
    let mut results = results("run", &[Sketch::documented(30)]);
    let first = results.cases[0].detail.iter().flat_map(|detail| &detail.counts[2]).find(|count| count.not_ready > 0);
    results.cases[0].replications[0].scale_down = first.map(|count| count.at);
    assert!(names(&chart::all(&study(results))).iter().all(|name| !name.starts_with("flaps")));
}
