//! The what-if scenarios that come with the program, and what their page says of them.

use crate::cli::{folder, scaleup};
use crate::docs;
use crate::model_cases::{ready_at, run, scenario};

use scaleup::experiment::results::{CaseResult, Results};

use scaleup::report::study::Study;
use scaleup::report::{folder, text};
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
fn the_table_of_what_ifs_is_what_the_command_beside_it_prints() {
    let mut arguments = vec!["compare".to_owned(), "ekf".to_owned()];
    let root = std::env::current_dir().expect("a folder");
    arguments.extend(files().iter().map(|file| root.join(file).display().to_string()));
    arguments.extend(["--out".to_owned(), "out".to_owned()]);
    let folder = folder();
    let output = scaleup(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), folder.path());
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    let (answer, _) = text.split_once("\nFiles: ").expect("the answer comes first");
    docs::shows(docs::WHAT_IFS, answer);
    let page = std::fs::read_to_string("docs/guides/what-if.md").expect("a page");
    the_ten_answers_are_those_of_the_same_scale_ups(&page, answer, &folder.path().join("out"));
}

#[test]
fn the_page_says_what_a_gate_costs_and_what_starts_too_early_without_one() {
    let folder = folder();
    let printed = |arguments: &[&str]| {
        let output = scaleup(arguments, folder.path());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    let compared = printed(&["compare", "gate-none", "gate-bootstrap", "gate-continuous", "--out", "compared"]);
    let (answer, _) = compared.split_once("\nWhere it comes from").expect("the answer comes first");
    docs::shows(docs::GATES, answer);
    let run = printed(&["run", "gate-none", "--out", "run"]);
    let (_, limits) = run.split_once("\nLimits hit:\n").expect("a dry run counts");
    let (early, _) = limits.split_once('\n').expect("a line");
    docs::shows(docs::DRY_RUN, &format!("{early}\n"));
    // Behind a gate none starts too early, so there is nothing to count.
    assert!(printed(&["run", "gate-bootstrap", "--replications", "5", "--out", "none"]).contains("No limit was hit."));
}

/// Below the table each question has a command for itself and an answer in a sentence.
fn the_ten_answers_are_those_of_the_same_scale_ups(page: &str, table: &str, folder: &Path) {
    let folder = folder::read(folder).expect("a results folder");
    // Long names are told above the table, each with the letter that stands for it.
    let row = |name: &str| {
        let letter = table.lines().find_map(|line| line.strip_suffix(&format!(": {name}"))).unwrap_or(name);
        table.lines().find(|line| line.starts_with(&format!("| {letter} "))).expect("a row").to_owned()
    };
    let mut answered = Vec::new();
    for (name, answer) in answers(page) {
        let set = [("scenario".to_owned(), format!("{name:?}"))];
        let place = folder.study.results.cases.iter().position(|case| case.set == set).expect("a case");
        let cases = [0, place].map(|place| folder.study.results.cases[place].clone());
        let printed = pair(cases.to_vec());
        let (sentence, _) = printed.split_once('\n').expect("lines");
        let difference = match sentence.split_once("the workload ready ") {
            Some((_, difference)) => difference.replace(" than ekf (95 %: ", " ("),
            None if sentence.starts_with("no difference resolved") => "no difference is resolved".to_owned(),
            None => "at the same instant".to_owned(),
        };
        assert!(answer.contains(&difference), "{name}: {answer}\nthe page should say: {difference}");
        let known = format!(" {} ", words(&[printed.as_str(), &row("ekf"), &row(&name)].join(" ")).join(" "));
        for figure in figures(&answer) {
            assert!(known.contains(&format!(" {figure} ")), "{name}: {figure} is not in:\n{known}");
        }
        answered.push(name);
    }
    answered.sort();
    let names: Vec<String> =
        files().iter().map(|path| path.file_stem().expect("a name").display().to_string()).collect();
    assert_eq!(answered, names, "the page answers each question once");
}

/// What `scaleup compare` prints of these scenarios.
fn pair(cases: Vec<CaseResult>) -> String {
    let study = Results { command: "compare".to_owned(), seed: 1, cases, ..Results::default() };
    text::text(&Study::of(study).expect("nothing is documented"), text::PLAIN_WIDTH)
}

/// Each what-if that has a command of its own, and the paragraph after it.
fn answers(page: &str) -> Vec<(String, String)> {
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let paragraphs: Vec<String> = page.split("\n\n").map(joined).collect();
    let named = |pair: &[String]| {
        let name = pair[0].strip_prefix("scaleup compare ekf what-if-").filter(|name| !name.contains(' '))?;
        Some((format!("what-if-{name}"), pair[1].clone()))
    };
    paragraphs.windows(2).filter_map(named).collect()
}

/// The words of a text without what surrounds them; numbers without their signs.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().map(|word| word.trim_matches(|c: char| "|(),;:.+-".contains(c))).collect()
}

/// What stands in figures, with its unit where that is part of it: `6m 48s`, `134.3`.
fn figures(text: &str) -> Vec<String> {
    let is_figure = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let words = words(text);
    words
        .chunk_by(|a, b| is_figure(a) && is_figure(b))
        .filter(|run| is_figure(&run[0]))
        .map(|run| run.join(" "))
        .collect()
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
        let stages = document["cases"][0]["stages"].as_array().expect("stages");
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
