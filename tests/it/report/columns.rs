//! `docs/reference/files.md` is what the tables say of themselves, and files are what it says.

use super::charts::{marks, one_at_a_time, study};
use super::made_up::{STAGES, Sketch, documented, results};
use scaleup::experiment::results::{CaseResult, Results};
use scaleup::report::study::Study;
use scaleup::report::{described, exports};
use scaleup::scenario::load;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const DOCUMENTATION: &str = "docs/reference/files.md";
const HEAD: &str = "# Files and columns of a results folder

What each CSV file holds, made from the tables themselves (`UPDATE_GOLDEN=1 cargo test --test it columns` writes it
anew). All but `assumptions.csv` and `comparison.csv` begin with `scenario`, `case` (its number from 0; `cases.csv` says
what it is), `target_nodes`, and a column for each other key that a sweep varies, with the base value where a case leaves
it alone. [The results folder](results-folder.md) says which command writes which file.

";

/// The CSV files of studies that have every file between them: a run, a comparison, a sweep of one key at a time, and
/// one with documented overheads.
fn files() -> Vec<(String, Vec<u8>)> {
    let assumptions = load(Path::new("ekf"), &[]).expect("a scenario").document.entries();
    let (compared, varied) = (["gp2", "io1"].map(side).to_vec(), one_at_a_time());
    let studies = [results("run", &[with_scale_down()]), results("sweep", &varied)].map(study);
    let compared = study(Results { cases: compared, ..results("compare", &[Sketch::documented(20)]) });
    let documented = Study { documented: marks(), ..study(documented()) };
    let mut studies: Vec<Study> = studies.into_iter().chain([compared, documented]).collect();
    for case in studies.iter_mut().flat_map(|study| &mut study.results.cases) {
        case.replications.truncate(2);
    }
    studies.iter().flat_map(|study| exports::csv_files(study, &assumptions)).collect()
}

/// A case of a comparison.
fn side(name: &str) -> CaseResult {
    let set = vec![("scenario".to_owned(), format!("{name:?}"))];
    CaseResult { scenario: name.to_owned(), set, ..Sketch::documented(20).case() }
}

/// The columns of a file.
fn written(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    text.lines().next().expect("a header").split(',').map(str::to_owned).collect()
}

/// Results that shrink at the end, so that every column is there.
fn with_scale_down() -> Sketch {
    let sketch = Sketch::documented(20);
    let stages = STAGES.iter().chain(&["scale-down"]).map(|name| (*name).to_owned()).collect();
    Sketch { stages, ready_s: [&sketch.ready_s[..], &[2_000.0]].concat(), ..sketch }
}

#[test]
fn the_documentation_is_what_the_tables_say() {
    let now = format!("{HEAD}{}", described::files());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(DOCUMENTATION, &now).expect("it can be written");
    }
    let kept = std::fs::read_to_string(DOCUMENTATION).unwrap_or_default();
    assert!(kept == now, "{DOCUMENTATION} differs (UPDATE_GOLDEN=1 rewrites it)");
}

#[test]
fn every_file_and_column_is_documented() {
    let documentation = described::files();
    for (name, bytes) in files() {
        assert!(exports::is_name(&name), "{name} would not be taken away");
        let section = documentation.split(&format!("### {name}\n")).nth(1).unwrap_or_else(|| panic!("{name}"));
        let section = section.split("\n### ").next().unwrap_or_default();
        let columns = written(&bytes);
        let of_cases = !["comparison.csv", "assumptions.csv"].contains(&name.as_str());
        let begin = if of_cases { 3 } else { 0 };
        assert_eq!(columns[..begin], ["scenario", "case", "target_nodes"][..begin], "{name}");
        let axes = ["daemonset_rok_join_workers", "disk_a_rather_long_name_of_a_disk_kind", "cloud_boot_lognormal_p50"];
        for column in columns[begin..].iter().filter(|column| !axes.contains(&column.as_str())) {
            let of_daemonset = ["baseline_ready_s", "rok_ready_s", "rok_csi_ready_s"].contains(&column.as_str());
            let column = if of_daemonset { "DAEMONSET_ready_s" } else { column };
            assert!(section.contains(&format!("`{column}`")), "{name}: {column}");
            assert!(!column.contains(['.', '-']), "{name}: {column}");
        }
    }
}

#[test]
fn every_file_that_is_documented_is_written() {
    let documentation = described::files();
    let documented: BTreeSet<&str> = documentation.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let files = files();
    let mut written: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    // `validate DIR` writes these, see `measured`; `explain` those, see `critical_path`.
    let of_others = ["predicted.csv", "path.csv", "relief.csv", "resources.csv"];
    written.extend(documented.iter().filter(|name| of_others.contains(name)));
    assert_eq!(written, documented);
    for name in documented.into_iter().filter(|name| !of_others.contains(name)) {
        let lines = |(_, bytes): &(String, Vec<u8>)| String::from_utf8_lossy(bytes).lines().count();
        assert!(files.iter().filter(|(file, _)| file == name).any(|file| lines(file) > 1), "{name} is always empty");
    }
}

#[test]
fn columns_of_seconds_and_dollars_say_so() {
    for (name, bytes) in files() {
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
    const SCRIPT: &str = "import csv, json, sys
read = lambda path: list(csv.reader(open(path, newline='', encoding='utf-8'), strict=True))
print(json.dumps([read(path) for path in sys.argv[1:]]))";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = files();
    let paths = (0..files.len()).map(|place| folder.path().join(place.to_string()));
    for (path, (_, bytes)) in paths.clone().zip(&files) {
        std::fs::write(&path, bytes).expect("it can be written");
    }
    let Ok(output) = Command::new("python3").args(["-c", SCRIPT]).args(paths).output() else {
        eprintln!("skipped: there is no python3");
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let theirs: Vec<Vec<Vec<String>>> = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(theirs.len(), files.len());
    for (theirs, (name, bytes)) in theirs.iter().zip(&files) {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        let ours: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.expect("as many fields as the header").iter().map(str::to_owned).collect())
            .collect();
        assert!(*theirs == ours, "{name} is read differently");
    }
}
