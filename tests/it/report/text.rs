use scaleup::experiment::results::Results;
use scaleup::model::record::{NodeStanding, Phase, Unready};

use super::charts::study;
use super::made_up::{Sketch, documented, results};

fn text(results: &Results, width: u16) -> String {
    scaleup::report::text::text(&study(results.clone()), width)
}

/// Compares with a file beside this one, or rewrites it if `UPDATE_GOLDEN` is set.
pub fn assert_golden(name: &str, actual: &str) {
    let path = format!("{}/tests/it/report/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).expect("the golden file can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(actual == expected, "{name} differs (UPDATE_GOLDEN=1 rewrites it); now:\n{actual}");
}

#[test]
fn a_sweep_answers_in_one_line_per_case_and_then_shows_tables() {
    assert_golden("sweep.txt", &text(&documented(), 100));
}

#[test]
fn a_run_without_flaps_and_limits_says_so() {
    let mut results = results("run", &[Sketch::documented(100)]);
    for replication in &mut results.cases[0].replications {
        replication.stages[2].flaps = 0;
    }
    assert_golden("run.txt", &text(&results, 100));
}

#[test]
fn a_workload_that_never_becomes_ready_is_the_answer() {
    let mut results = results("run", &[Sketch { replications: 30, ..Sketch::documented(300) }]);
    for replication in results.cases[0].replications.iter_mut().skip(4) {
        replication.stages[4].ready = None;
        replication.stages[4].first_ready = None;
        replication.waiting_for = vec![
            Unready::Pods { count: 297, daemonset: None, phase: Phase::Mounting },
            Unready::Nodes { count: 3, standing: NodeStanding::Requested },
        ];
    }
    assert_golden("never.txt", &text(&results, 100));
    for replication in &mut results.cases[0].replications {
        replication.stages[4].ready = None;
    }
    let text = text(&results, 100);
    let answer = text.lines().next().expect("a line");
    assert_eq!(answer, "300 nodes: workload never became ready in any of 30 scale-ups; out of support");
}

#[test]
fn few_scale_ups_are_not_called_percentages() {
    let answer = |replications| {
        let sketch = Sketch { replications, ..Sketch::documented(100) };
        text(&results("run", &[sketch]), 100).lines().nth(2).expect("a line").to_owned()
    };
    assert!(answer(1).contains("100 nodes: one scale-up"), "{}", answer(1));
    assert!(answer(5).contains(": all 5 scale-ups within 14m"), "{}", answer(5));
    assert!(answer(71).contains(": all 71 scale-ups within 1"), "{}", answer(71));
    assert!(answer(72).contains(": 95 % of scale-ups within 15m 05s ± "), "{}", answer(72));
}

#[test]
fn tables_keep_to_the_width_and_numbers_are_never_broken() {
    let sketches = ["1GB", "10GB"].map(|bandwidth| {
        let mut sketch = Sketch::documented(5_000);
        sketch.set.push(("registry.a-rather-long-registry-name.bandwidth".to_owned(), format!("\"{bandwidth}\"")));
        sketch
    });
    let text = text(&results("sweep", &sketches), 100);
    for row in text.lines().filter(|line| line.starts_with('|')) {
        assert!(row.chars().count() <= 100, "{row}");
    }
    assert!(text.starts_with("[1] 5,000 nodes, registry.a-rather-long-registry-name.bandwidth = \"1GB\": workload"));
    assert!(text.contains("| 3h 14m 33s ± 41.9s |") && text.contains("| [2] "), "{text}");
}
