use scaleup::experiment::results::Results;
use scaleup::report::exports;
use scaleup::report::study::Study;

use super::made_up::{Sketch, documented, results};

fn files(results: &Results) -> Vec<(String, Vec<u8>)> {
    exports::csv_files(&Study::of(results.clone()).expect("nothing is documented"), &[])
}

/// The bytes of one file.
fn file(name: &str, results: &Results) -> Vec<u8> {
    let files = files(results);
    files.into_iter().find(|(file, _)| *file == format!("{name}.csv")).expect("it is there").1
}

/// The header and the rows of a CSV file.
fn parsed(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(bytes);
    let fields = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = fields(reader.headers().expect("a header"));
    let rows = reader.records().map(|record| fields(&record.expect("as many fields as the header"))).collect();
    (header, rows)
}

#[test]
fn stages_has_a_row_for_every_case_replication_and_stage() {
    let (header, rows) = parsed(&file("stages", &documented()));
    let names = "scenario,case,target_nodes,replication,stage,desired,ready_s,first_ready_s,flaps,not_ready_peak";
    assert_eq!(header.join(","), names);
    assert_eq!(rows.len(), 3 * 100 * 5);
    assert_eq!(rows[0][..6], ["ekf", "0", "100", "0", "nodes", "100"]);
    assert_eq!(rows[1499][1..6], ["2", "300", "99", "workload", "300"]);
}

#[test]
fn what_never_happened_is_empty() {
    let mut results = results("run", &[Sketch::documented(10)]);
    results.cases[0].replications[0].stages[4].ready = None;
    let (_, rows) = parsed(&file("stages", &results));
    assert_eq!(rows[4][4], "workload");
    assert_eq!(rows[4][6], "");
}

#[test]
fn other_axes_have_columns_of_their_own() {
    let sketches = ["gp2", "io1"].map(|volume| {
        let mut sketch = Sketch::documented(10);
        sketch.set.push(("etcd.volume".to_owned(), format!("\"{volume}\"")));
        sketch
    });
    let (header, rows) = parsed(&file("stages", &results("sweep", &sketches)));
    assert_eq!(header[..5], ["scenario", "case", "target_nodes", "etcd_volume", "replication"]);
    assert_eq!((rows[0][3].as_str(), rows[999][3].as_str()), ("gp2", "io1"));
}

#[test]
fn curve_has_the_same_points_for_every_stage_of_a_case() {
    let results = documented();
    let (header, rows) = parsed(&file("curve", &results));
    assert_eq!(
        header.join(","),
        "scenario,case,target_nodes,stage,time_s,desired,ready_mean,ready_p5,ready_p50,ready_p95"
    );
    for case in ["0", "1", "2"] {
        let times = |stage: &str| -> Vec<&str> {
            let of_stage = rows.iter().filter(|row| row[1] == case && row[3] == stage);
            of_stage.map(|row| row[4].as_str()).collect()
        };
        assert_eq!(times("nodes"), times("workload"));
        assert!(times("nodes").len() > 250);
    }
    let last = rows.last().expect("rows");
    assert_eq!(last[5..], ["300", "300", "300", "300", "300"]);
}

#[test]
fn nodes_has_every_node_of_every_case() {
    let (header, rows) = parsed(&file("nodes", &documented()));
    let names = "scenario,case,target_nodes,node,initial,zone,requested_s,launched_s,running_s,booted_s,registered_s,ready_s,\
                 baseline_ready_s,rok_ready_s,rok_csi_ready_s,workload_ready_s,failed_s,removal_s,drained_s,terminated_s";
    assert_eq!(header.join(","), names);
    assert_eq!(rows.len(), 600);
    assert_eq!(rows[2][3..8], ["2", "true", "2", "", ""]);
    assert_eq!(rows[3][4], "false");
    assert!(rows[3][6].parse::<f64>().expect("a number") > 0.0);
}

#[test]
fn waits_name_subjects_resources_and_blockers() {
    let (header, rows) = parsed(&file("waits", &results("run", &[Sketch::documented(10)])));
    assert_eq!(header.join(","), "scenario,case,target_nodes,subject,cause,resource,blocker,from_s,to_s");
    assert_eq!(rows[0][3..], ["node/3", "poll", "autoscaler", "", "0.000000", "10.000250"]);
    assert_eq!(rows[1][3..7], ["daemonset/2/node/3", "queue", "etcd, \"gp2\"", "node/7"]);
    assert_eq!(rows[2][3..7], ["replica/5", "dependency", "autoscaler", "daemonset/2/node/3"]);
}

#[test]
fn all_files_are_there_in_one_dialect() {
    let files = files(&documented());
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "times.csv",
        "overheads.csv",
        "flaps.csv",
        "outcomes.csv",
        "deadline.csv",
        "costs.csv",
        "path.csv",
        "limits.csv",
        "stages.csv",
        "curve.csv",
        "nodes.csv",
        "counts.csv",
        "waits.csv",
        "cases.csv",
    ];
    assert_eq!(names, expected);
    for (name, bytes) in files {
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(
            text.starts_with("scenario,case,target_nodes,") && text.ends_with('\n') && !text.contains('\r'),
            "{name}"
        );
    }
}
