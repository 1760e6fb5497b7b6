//! The table of files and columns in `output/README.md` is what the program writes.

use super::made_up::{STAGES, Sketch, documented, results};
use scaleup::report::files;
use scaleup::report::origin::assumptions;
use scaleup::report::table::csv::csv;
use scaleup::report::tables;
use scaleup::scenario::{load, load_targets};
use std::path::Path;
use std::process::Command;

fn readme() -> String {
    std::fs::read_to_string("output/README.md").expect("it is there")
}

/// The columns that the README names for a file.
fn told(readme: &str, file: &str) -> Vec<String> {
    let (_, section) =
        readme.split_once(&format!("### `{file}`\n")).unwrap_or_else(|| panic!("{file} is not described"));
    let rows = section.lines().skip(3).take_while(|line| line.starts_with("| "));
    let names = rows.filter_map(|row| Some(row.split('`').nth(1)?.to_owned()));
    names.filter(|name| name != "column").collect()
}

/// The columns of a file, with one name for those of `DaemonSet`s, and without those of the case.
fn written(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let header = text.lines().next().expect("a header").split(',');
    let mut names: Vec<String> = Vec::new();
    for name in header.filter(|name| !["case", "target_nodes"].contains(name)) {
        let of_daemonset = ["baseline_ready_s", "rok_ready_s", "rok_csi_ready_s"].contains(&name);
        let name = if of_daemonset { "<daemonset>_ready_s" } else { name };
        if names.last().is_none_or(|last| last != name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Results that shrink at the end, so that every column is there.
fn with_scale_down() -> Sketch {
    let sketch = Sketch::documented(20);
    let stages = STAGES.iter().chain(&["scale-down"]).map(|name| (*name).to_owned()).collect();
    Sketch { stages, ready_s: [&sketch.ready_s[..], &[2_000.0]].concat(), ..sketch }
}

#[test]
fn every_file_and_column_is_described_and_nothing_else() {
    let readme = readme();
    let mut files = files::all(&results("run", &[with_scale_down()]));
    files.retain(|(name, _)| name.ends_with(".csv"));
    let targets = load_targets(Path::new("scenarios/documented.toml")).expect("the shipped targets are fine");
    let study = scaleup::experiment::results::Results { targets: Some(targets), ..documented() };
    let points = scaleup::report::documented::documented(&study).expect("the stages are there");
    files.push((files::DOCUMENTED, files::documented(&documented(), &points)));
    let base = load(Path::new("scenarios/ekf.toml"), &[]).expect("the shipped scenario is fine");
    files.push((files::ASSUMPTIONS, csv(&tables::assumptions(&assumptions(&base.document)), &[])));
    let alone = [Sketch { set: vec![], ..Sketch::documented(20) }, Sketch::documented(20)];
    files.push(("sensitivity.csv", files::sensitivity(&results("sweep", &alone)).expect("one key at a time")));
    for (name, bytes) in &files {
        assert_eq!(told(&readme, name), written(bytes), "{name}");
        assert!(readme.contains(&format!("\n| `{name}` | ")), "{name} is not in the table of files");
    }
    let described = readme.matches("\n### `").count();
    assert_eq!(described, files.len() + 1, "all but comparison.csv, which has a test of its own");
}

#[test]
fn columns_of_seconds_and_dollars_say_so() {
    for (name, bytes) in files::all(&results("run", &[with_scale_down()])) {
        for column in written(&bytes).iter().filter(|_| name.ends_with(".csv")) {
            let time = ["time", "within", "ready_at", "from_", "to_"].iter().any(|word| column.starts_with(word));
            assert!(!time || column.ends_with("_s"), "{name}: {column}");
        }
    }
}

/// A reader that is not ours: Python's, which is strict about quotes and the number of fields.
#[test]
#[expect(clippy::print_stderr, reason = "a skipped check is told")]
fn python_reads_the_same_fields() {
    const SCRIPT: &str = "import csv, json, sys\nprint(json.dumps(list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))))";
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files::all(&results("run", &[with_scale_down()])) {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).expect("it can be written");
        if !name.ends_with(".csv") {
            continue;
        }
        let Ok(output) = Command::new("python3").args(["-c", SCRIPT]).arg(&path).output() else {
            eprintln!("skipped: there is no python3");
            return;
        };
        assert!(output.status.success(), "{name}: {output:?}");
        let theirs: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        let ours: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.expect("as many fields as the header").iter().map(str::to_owned).collect())
            .collect();
        assert!(theirs == ours, "{name} is read differently");
    }
}
