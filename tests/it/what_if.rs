//! The what-if scenarios that come with the program, and what the README says of them.

use crate::cli::{folder, scaleup};
use crate::model_cases::{ready_at, run, scenario};
use scaleup::scenario::{BUILT_IN, load};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The what-if files, in the order of a shell.
fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("scenarios").expect("the folder is there").flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("what-if-")))
        .collect();
    files.sort();
    files
}

#[test]
fn each_what_if_asks_a_question_in_a_few_lines() {
    assert!(files().len() >= 8);
    for path in files() {
        let (name, text) = (path.display(), std::fs::read_to_string(&path).expect("readable"));
        let (question, rest) = text.split_once('\n').expect("lines");
        assert!(question.starts_with("# ") && question.contains('?'), "{name}: {question}");
        assert!(rest.starts_with("extends = \"ekf.toml\"\n"), "{name}");
        assert!(text.lines().count() <= 12, "{name} is not small");
        let loaded = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(Some(loaded.scenario.name.as_str()), path.file_stem().and_then(|stem| stem.to_str()));
        assert!(!loaded.scenario.description.is_empty(), "{name}");
        let built_in = BUILT_IN.find(path.file_name().expect("a name").as_ref());
        assert!(built_in.is_some_and(|(_, known)| known == text), "{name} does not come with the program");
        let base = load(Path::new("scenarios/ekf.toml"), &[]).expect("fine");
        assert_ne!(loaded.document.hash(), base.document.hash(), "{name} changes nothing");
    }
}

#[test]
fn the_table_in_the_readme_is_what_the_command_beside_it_prints() {
    let readme = std::fs::read_to_string("README.md").expect("a README");
    let command =
        readme.lines().find_map(|line| line.trim().strip_prefix("scaleup compare ekf scenarios/what-if-*.toml"));
    let options = command.expect("the README shows the command").split_whitespace();
    let mut arguments = vec!["compare".to_owned(), "ekf".to_owned()];
    let root = std::env::current_dir().expect("a folder");
    arguments.extend(files().iter().map(|file| root.join(file).display().to_string()));
    arguments.extend(options.map(str::to_owned));
    let folder = folder();
    let output = scaleup(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), folder.path());
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    let (answer, _) = text.split_once("\nFiles: ").expect("the answer comes first");
    assert!(readme.contains(answer.trim_end()), "the README shows another answer than:\n{answer}");
}

#[test]
fn daemonsets_and_distributions_are_set_from_the_command_line() {
    let folder = folder();
    let stages = |set: &[&str]| -> Result<Vec<String>, String> {
        let mut arguments = vec!["run", "--json", "--replications", "2", "--set", "cluster.target_nodes=5"];
        for set in set {
            arguments.extend(["--set", set]);
        }
        let output = scaleup(&arguments, folder.path());
        if !output.status.success() {
            return Err(String::from_utf8(output.stderr).expect("text"));
        }
        let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        let stages = document["stages"].as_array().expect("stages");
        Ok(stages.iter().map(|stage| stage["stage"].as_str().expect("a name").to_owned()).collect())
    };
    let agent =
        "daemonset.agent={ image = 'baseline', vcpus = 0.1, memory = '64MiB', start = '2s', requires = ['rok'] }";
    assert_eq!(stages(&[agent]).unwrap(), ["nodes", "baseline", "rok", "rok-csi", "agent", "workload"]);
    assert_eq!(stages(&["daemonset.baseline=none"]).unwrap(), ["nodes", "rok", "rok-csi", "workload"]);
    assert_eq!(stages(&["daemonset.baseline="]).unwrap(), ["nodes", "rok", "rok-csi", "workload"]);
    let refused = stages(&["daemonset.rok-csi=none"]).unwrap_err();
    assert!(refused.contains("volume.shared.driver") && refused.contains("rok-csi"), "{refused}");
    let unknown = stages(&["daemonset.rokk=none"]).unwrap_err();
    assert!(unknown.contains("there is no daemonset.rokk to take out"), "{unknown}");
    let slow = run(&[
        "cluster.target_nodes=5",
        "cloud.boot={ uniform = { low = '30m', high = '31m' } }",
        "autoscaler.max_node_provision_time=2h",
    ]);
    assert!(ready_at(&slow, "nodes").as_secs_f64() > 1800.0);
}

#[test]
fn what_extends_a_what_if_has_its_changes_too() {
    let folder = folder();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, "extends = \"what-if-io1.toml\"\nname = \"mine\"\n\n[volume.shared]\nservers = 3\n")
        .expect("writable");
    let mine = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario;
    let by_settings = scenario(&["disk.rok-etcd.kind=io1", "volume.shared.servers=3"]);
    assert_eq!((mine.disk, mine.volume), (by_settings.disk, by_settings.volume));
}
