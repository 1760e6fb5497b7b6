//! `scaleup report` as a person runs it.

use super::cli::scaleup;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

const SMALL: [&str; 4] = ["--set", "cluster.target_nodes=12", "--replications", "6"];

#[test]
fn a_run_can_be_reported_and_made_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = scaleup(&[&["run", "--deadline", "20m", "--out", "a"][..], &SMALL].concat(), folder.path());
    assert!(run.stderr.is_empty(), "{run:?}");
    let report = scaleup(&["report", "a"], folder.path());
    assert!(report.status.success(), "{report:?}");
    let answer = text(&run.stdout).lines().next().map(str::to_owned).expect("an answer");
    assert_eq!(text(&report.stdout), format!("{answer}\n\nPage: a/report.html\n"));
    let page = std::fs::read_to_string(folder.path().join("a/report.html")).expect("the page");
    for expected in ["deadline 20m 00s", "cluster.target_nodes", "EKF scaling document", "id=\"s1-timeline\""] {
        assert!(page.contains(expected), "{expected} is missing");
    }
    let again =
        "scaleup run scenarios/ekf.toml --set 'cluster.target_nodes=12' --deadline '20m 00s' --replications 6 --seed 1";
    assert!(page.contains(&again.replace('\'', "&#39;")), "the command is missing");
    let words: Vec<&str> = [
        "run",
        "scenarios/ekf.toml",
        "--set",
        "cluster.target_nodes=12",
        "--deadline",
        "20m 00s",
        "--replications",
        "6",
    ]
    .into_iter()
    .chain(["--seed", "1", "--out", "b"])
    .collect();
    scaleup(&words, folder.path());
    for name in ["stages.csv", "results.json"] {
        let bytes = |out: &str| std::fs::read(folder.path().join(out).join(name)).expect("it is there");
        assert!(bytes("a") == bytes("b"), "{name} differs");
    }
}

#[test]
fn a_comparison_and_a_sensitivity_have_their_charts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let compare = [&["compare", "--out", "c"][..], &SMALL, &["--versus", "--set", "disk.rok-etcd.kind=io1"]].concat();
    assert!(scaleup(&compare, folder.path()).status.success());
    assert!(folder.path().join("c/comparison.csv").is_file());
    let vary = ["--vary", "disk.rok-etcd.kind=io1", "--vary", "volume.shared.servers=1,4", "--one-at-a-time"];
    let sweep = scaleup(&[&["sweep", "--out", "d"][..], &SMALL, &vary].concat(), folder.path());
    assert!(sweep.status.success(), "{sweep:?}");
    for (out, chart) in [("c", "comparison"), ("d", "sensitivity")] {
        assert!(folder.path().join(format!("{out}/charts/{chart}.svg")).is_file(), "{out}");
        let report = scaleup(&["report", out], folder.path());
        assert!(report.status.success(), "{report:?}");
        let page = std::fs::read_to_string(folder.path().join(out).join("report.html")).expect("the page");
        assert!(page.contains(&format!("id=\"s1-{chart}\"")), "{chart}");
    }
    let both = scaleup(&["report", "c", "d", "--markdown"], folder.path());
    assert!(text(&both.stdout).starts_with("**Comparison**"), "{both:?}");
    assert!(!folder.path().join("report.html").exists(), "--markdown writes no file");
}

#[test]
fn a_bad_folder_is_an_error_and_writes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let report = scaleup(&["report", "."], folder.path());
    assert_eq!(report.status.code(), Some(1));
    let expected = "error: .: this is no results folder, it has no results.json; name one that `scaleup run` or `scaleup \
                    sweep` wrote, such as output/ekf\n";
    assert_eq!(text(&report.stderr), expected);
    assert!(std::fs::read_dir(folder.path()).expect("readable").next().is_none());
}

#[test]
fn documented_overheads_belong_to_the_documented_scenario_only() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let size = ["--replications", "1", "--set", "cluster.target_nodes=100", "--out"];
    scaleup(&[&["run"][..], &size, &["same"]].concat(), folder.path());
    scaleup(&[&["run", "--set", "disk.rok-etcd.kind=io1"][..], &size, &["other"]].concat(), folder.path());
    let asked = ["run", "--set", "disk.rok-etcd.kind=io1", "--targets", "scenarios/documented.toml"];
    scaleup(&[&asked[..], &size, &["asked"]].concat(), folder.path());
    let has = |out: &str| folder.path().join(out).join("documented.csv").is_file();
    assert_eq!([has("same"), has("other"), has("asked")], [true, false, true]);
}

#[test]
fn markdown_tells_one_study_or_how_two_differ() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    scaleup(&[&["run", "--out", "a"][..], &SMALL].concat(), folder.path());
    scaleup(&[&["run", "--out", "b", "--set", "cloud.boot=5m"][..], &SMALL].concat(), folder.path());
    let markdown = |words: &[&str]| text(&scaleup(&[&["report", "--markdown"], words].concat(), folder.path()).stdout);
    let one = markdown(&["a"]);
    assert!(one.starts_with("**ekf**: EKF on EKS, "), "{one}");
    let two = markdown(&["a", "b"]);
    assert!(two.starts_with("**Comparison**\n\n- ❌ b against a, 12 nodes: **"), "{two}");
    let first = two.lines().nth(2).unwrap_or_default();
    assert!(first.contains(" later** (± ") && first.ends_with("sooner in 0 of 6 scale-ups)"), "{first}");
    assert!(two.contains("    extends = \"ekf.toml\"\n") && two.contains("    cloud.boot = \"5m\"\n"), "{two}");
}
