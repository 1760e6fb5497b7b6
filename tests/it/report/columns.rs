//! `docs/reference/files.md` is what the tables say of themselves, and files are what it says.

use super::made_up::{STAGES, Sketch, results};
use scaleup::experiment::results::Results;
use scaleup::report::study::Study;
use scaleup::report::{described, exports};
use std::process::Command;

const DOCUMENTATION: &str = "docs/reference/files.md";
const HEAD: &str = "# Files and columns of a results folder

What each CSV file holds, made from the tables themselves (`UPDATE_GOLDEN=1 cargo test --test it columns` writes it
anew). All but `assumptions.csv` and `comparison.csv` begin with `scenario`, `case` (its number from 0; `cases.csv` says
what it is), `target_nodes`, and a column for each other key that a sweep varies, with the base value where a case leaves
it alone. [The results folder](results-folder.md) says which command writes which file.

";

/// The CSV files of a study.
fn files(results: Results) -> Vec<(String, Vec<u8>)> {
    exports::csv_files(&Study::of(results).expect("nothing is documented"), &[])
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
    for (name, bytes) in files(results("run", &[with_scale_down()])) {
        assert!(exports::is_name(&name), "{name} would not be taken away");
        let section = documentation.split(&format!("### {name}\n")).nth(1).unwrap_or_else(|| panic!("{name}"));
        let section = section.split("\n### ").next().unwrap_or_default();
        let columns = written(&bytes);
        assert_eq!(columns[..3], ["scenario", "case", "target_nodes"], "{name}");
        for column in &columns[3..] {
            let of_daemonset = ["baseline_ready_s", "rok_ready_s", "rok_csi_ready_s"].contains(&column.as_str());
            let column = if of_daemonset { "DAEMONSET_ready_s" } else { column };
            assert!(section.contains(&format!("`{column}`")), "{name}: {column}");
            assert!(!column.contains(['.', '-']), "{name}: {column}");
        }
    }
}

#[test]
fn columns_of_seconds_and_dollars_say_so() {
    for (name, bytes) in files(results("run", &[with_scale_down()])) {
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
text = open(sys.argv[1], newline='', encoding='utf-8')
print(json.dumps(list(csv.reader(text, strict=True))))";
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files(results("run", &[with_scale_down()])) {
        let path = folder.path().join(&name);
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
