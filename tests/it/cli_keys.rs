//! The commands that tell of scenarios and of the program itself: `init`, `show`, `explain-key`, `schema`,
//! `completions`, `man`.

use super::cli::{bytes_below, folder, scaleup};
use scaleup::model::params::Replicas;
use scaleup::scenario::{Loaded, SetIn, load, schema};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

fn stdout(arguments: &[&str], folder: &Path) -> String {
    let output = scaleup(arguments, folder);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn fine(path: &Path) -> Loaded {
    load(path, &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A folder with the small scenario in it.
fn with_small() -> tempfile::TempDir {
    let folder = folder();
    fs::copy("tests/it/fixtures/small.toml", folder.path().join("small.toml")).expect("it can be copied");
    folder
}

#[test]
fn init_writes_a_scenario_that_checks_and_runs() {
    let folder = folder();
    let said = stdout(&["init", "mine/my cluster.toml"], folder.path());
    let file = "mine/my cluster.toml";
    let word = format!("'{file}'");
    assert_eq!(said, format!("Wrote {file}. Change it, then: scaleup check {word} and scaleup run {word}\n"));
    assert_eq!(fine(&folder.path().join(file)).scenario.name, "my-cluster");
    assert!(
        stdout(&["check", file], folder.path())
            .starts_with("Yes: 100 nodes come up\n7 replicas on each node; vCPUs run out first\n")
    );
    let size = ["--set", "cluster.target_nodes=5", "--replications", "2"];
    let answer = stdout(&[&["run", file][..], &size].concat(), folder.path());
    assert!(answer.starts_with("5 nodes: workload ready after "), "{answer}");
    assert!(folder.path().join("output/my-cluster/results.json").is_file());
}

#[test]
fn init_never_overwrites() {
    let folder = folder();
    assert_eq!(
        stdout(&["init"], folder.path()),
        "Wrote scenario.toml. Change it, then: scaleup check scenario.toml and scaleup run scenario.toml\n"
    );
    fs::write(folder.path().join("scenario.toml"), "# mine\n").expect("it can be changed");
    let output = scaleup(&["init"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).expect("text"),
        "error: scenario.toml is there already and is left as it is; name another file\n"
    );
    assert_eq!(fs::read_to_string(folder.path().join("scenario.toml")).expect("it is there"), "# mine\n");
}

#[test]
fn every_line_that_init_offers_can_be_taken() {
    let folder = folder();
    let asked = ["--nodes", "150", "--instance-type", "m5.2xlarge", "--replicas", "4000", "--image-size", "2GB"];
    stdout(
        &[&["init", "mine.toml", "--addon", "cilium", "--addon", "gpu-operator"][..], &asked].concat(),
        folder.path(),
    );
    let path = folder.path().join("mine.toml");
    let text = fs::read_to_string(&path).expect("it was written");
    assert!(text.lines().count() <= 25, "{text}");
    let scenario = fine(&path).scenario;
    assert_eq!((scenario.cluster.target_nodes, scenario.node.vcpus.get()), (150, 8));
    assert_eq!(scenario.workload.replicas, Replicas::Count(4000));
    let (_, image) = scenario.image.find("app").expect("the replicas' image");
    assert_eq!((image.size.0, image.unpacked.map(|size| size.0)), (2_000_000_000, Some(5_000_000_000)));
    assert!(scenario.daemonset.find("aws-node").is_none() && scenario.daemonset.find("cilium").is_some());
    let offered = |line: &&str| line.starts_with("# ") && line.contains(" = ");
    assert_eq!(text.lines().filter(offered).count(), 6, "{text}");
    let taken = text.lines().map(|line| if offered(&line) { &line[2..] } else { line });
    fs::write(&path, taken.collect::<Vec<_>>().join("\n")).expect("it can be changed");
    let scenario = fine(&path).scenario;
    assert_eq!((scenario.cloud.vcpu_quota, scenario.cloud.vcpus_in_use), (Some(4800), 200));
    // A /22 has 1,024 addresses, of which the cloud keeps five.
    assert_eq!(scenario.zone.at(0).1.addresses_at_start(), Some(1024 - 5 - 200));
}

#[test]
fn init_says_what_is_wrong_before_it_writes() {
    let folder = folder();
    for (wrong, said) in [
        (["--addon", "psyllium"], "there is no add-on psyllium; name one of addons/aws-node, addons/ceph, "),
        (["--instance-type", "m5.2xlarg"], "did you mean `m5.2xlarge`"),
        (["--image-size", "2"], "--image-size 2: write an amount of data, such as 2GB"),
    ] {
        let output = scaleup(&[&["init"][..], &wrong].concat(), folder.path());
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).expect("text");
        assert!(error.contains(said), "{error}");
        assert!(!folder.path().join("scenario.toml").exists());
    }
}

#[test]
fn what_is_another_cases_is_said() {
    let folder = folder();
    fs::write(folder.path().join("mine.toml"), "extends = \"ekf\"\nname = \"mine\"\n").expect("it can be written");
    let said = |arguments: &[&str]| String::from_utf8(scaleup(arguments, folder.path()).stderr).expect("text");
    for command in ["check", "show"] {
        let said = said(&[command, "mine.toml"]);
        assert!(said.contains(" values of ekf, another case, hold here; fitted to it: "), "{said}");
        assert!(said.contains("workload.start"), "{said}");
    }
    assert!(!said(&["check", "mine.toml", "--set", "workload.start=3s"]).contains("workload.start"));
    stdout(&["init", "plain.toml"], folder.path());
    for of_its_own in ["plain.toml", "ekf", "plain-eks"] {
        assert_eq!(said(&["check", of_its_own]), "", "{of_its_own}");
    }
}

#[test]
fn nodes_is_short_for_the_commonest_key() {
    let folder = with_small();
    let check = |options: &[&str]| stdout(&[&["check", "small.toml", "--json"][..], options].concat(), folder.path());
    assert_eq!(check(&["--nodes", "7"]), check(&["--set", "cluster.target_nodes=7"]));
    assert!(check(&["--nodes", "7"]) != check(&[]));
}

#[test]
fn what_is_shown_is_the_same_scenario_with_its_sources() {
    let folder = folder();
    let shown = stdout(&["show", "plain-eks", "--set", "cloud.boot.lognormal.p50=20s"], folder.path());
    fs::write(folder.path().join("shown.toml"), &shown).expect("it can be written");
    let again = fine(&folder.path().join("shown.toml"));
    let settings = [scaleup::scenario::Setting::new("--set", "cloud.boot.lognormal.p50=20s")];
    let before = load(Path::new("plain-eks"), &settings).expect("a scenario");
    assert_eq!(again.scenario, before.scenario);
    assert_eq!(again.document.hash(), before.document.hash());
    for line in [
        "boot = { lognormal = { p50 = \"20s\", p95 = \"49s\" } } # --set",
        "vcpus = 16 # node.instance_type m5d.4xlarge (built in), line 2",
        "early_abort = true # default",
        "\"cloud.boot\" = { assumed = \"set on the command line\" }",
        "\"workload.replicas\" = { assumed = \"a service of ordinary size: seven replicas fill a node\" }",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line} is not in\n{shown}");
    }
    let values = shown.lines().take_while(|line| *line != "[provenance]").filter(|line| line.contains(" = "));
    let entries = before.document.entries();
    let said = entries.iter().filter(|entry| !matches!(entry.set, SetIn::Absent)).count();
    assert_eq!(values.clone().count(), said, "{shown}");
    assert!(values.clone().all(|line| line.contains(" # ")), "{shown}");
}

#[test]
fn a_key_is_explained_with_its_unit_default_and_source() {
    let folder = with_small();
    let explain = |key: &str| stdout(&["explain-key", key, "small.toml"], folder.path());
    assert_eq!(
        explain("daemonset.agent.readiness.period"),
        "daemonset.agent.readiness.period
  Between two probes.

  Write       length of time, such as \"90s\"
  Such as     period = \"10s\"
  Default     \"10s\", from: Kubernetes, SetDefaults_Probe
  In small    \"5s\" (small.toml, line 73)
  Source      assumed: set in small.toml
"
    );
    assert_eq!(
        explain("zone.us-east-1a.capacity"),
        "zone.us-east-1a.capacity
  Instances that the cloud can still launch here. Leave out: no limit.

  Write       whole number from 0 to 10000000, or \"none\"
  Such as     capacity = 1
  Default     left out
  In small    left out
"
    );
    assert_eq!(
        explain("kubelet.pull_qps"),
        "kubelet.pull_qps
  Image pulls per second that the kubelet lets through. One beyond fails, and its back-off begins.

  Write       number from 1e-6 to 1e15
  Such as     pull_qps = 1
  Default     5.0, from: kubelet, registryPullQPS
  In small    5.0 (default)
  Source      upstream: kubelet, registryPullQPS
"
    );
    assert_eq!(
        explain("daemonset.other.join.workers"),
        "daemonset.other.join.workers
  Joins that the operator works on at the same time.

  Write       whole number from 1 to 10000000
  Such as     workers = 1
  Default     none: a scenario must say it, or extend one that does
  In small    not there
"
    );
    assert_eq!(
        stdout(&["explain-key", "daemonset.rok.join.workers"], folder.path()).lines().next_back(),
        Some("  Source      fitted: the documented overheads, and flaps that grow; tried by hand, 2 to 6")
    );
}

#[test]
fn the_beginning_of_a_key_lists_the_keys_below_it() {
    let folder = with_small();
    let explain = |key: &str| stdout(&["explain-key", key, "small.toml"], folder.path());
    assert_eq!(
        explain("zone"),
        "zone
  An availability zone with one subnet, and with `cloud.node_groups = \"per-zone\"` one node group.

  Write       named tables, each with these keys
  Such as     [zone.NAME]
  There is    zone.us-east-1a
  There is    zone.us-east-1b
  Keys below it:
    node_group      Whether nodes are launched here. `false`: the zone is only one that the cloud names where another has no capacity.
    capacity        Instances that the cloud can still launch here. Leave out: no limit.
    capacity_of     The instance type that lacks capacity here: for other types there is no limit. Leave out: every type.
    capacity_later  Capacity that the cloud adds to `capacity` later, all at once. Leave out: none.
    capacity_per_s  Instances per second that trickle back to `capacity`, from the Deployment's creation on. Leave out: none.
    free_addresses  Free addresses in the subnet at the start, those of the initial nodes already taken. Leave out: no limit.
    subnet          The size of its subnet, in place of `free_addresses`: \"/22\", or as a whole \"10.0.4.0/22\". The cloud keeps five addresses for itself. Leave out: no limit.
    in_use          Addresses of `subnet` that are in use at the start, those of the initial nodes included.
"
    );
    assert_eq!(
        explain("cluster."),
        "cluster
  How many nodes there are and how many are asked for.

  Write       table
  Keys below it:
    initial_nodes  Nodes that exist and are ready at the start, with every DaemonSet running.
    target_nodes   Nodes the cluster shall have at the end when `workload.replicas = \"fill\"`; the most it may have otherwise.
"
    );
    let all = explain("");
    assert!(
        all.starts_with("The keys of a scenario\n") && all.contains("\n    daemonset      The DaemonSets"),
        "{all}"
    );
}

#[test]
fn every_key_of_the_documented_scenario_is_explained() {
    let folder = folder();
    for entry in fine(Path::new("ekf")).document.entries().iter().step_by(23) {
        let text = stdout(&["explain-key", &entry.key], folder.path());
        assert!(
            text.starts_with(&format!("{}\n", entry.key))
                && (text.contains("  In ekf      ") || text.contains("Keys below it")),
            "{text}"
        );
    }
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest_one() {
    let folder = folder();
    for (key, said) in [
        ("daemonset.rok.join.worker", "error: [daemonset.rok.join] has no key `worker`; did you mean `workers`?\n"),
        ("clutser", "error: the top level has no key `clutser`; did you mean `cluster`?\n"),
        ("cluster.target_nodes.x", "error: `cluster.target_nodes` is a value, not a table; leave `.x` out\n"),
    ] {
        let output = scaleup(&["explain-key", key], folder.path());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{key}");
        assert_eq!(String::from_utf8(output.stderr).expect("text"), said);
    }
}

#[test]
fn the_schema_is_one_json_document() {
    let printed: Value =
        serde_json::from_str(&stdout(&["schema"], &folder().path().to_owned().join(".."))).expect("JSON");
    assert_eq!(printed, schema());
    assert_eq!(printed["$schema"], "http://json-schema.org/draft-07/schema#");
    let help = stdout(&["schema", "--help"], Path::new("."));
    assert!(help.contains("#:schema ./scaleup.schema.json"), "{help}");
}

/// Every command, as the help lists them.
fn commands() -> Vec<String> {
    let help = stdout(&["--help"], Path::new("."));
    let names = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    names
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn completions_know_every_command() {
    let names = commands();
    assert!(names.contains(&"run".to_owned()) && names.contains(&"explain-key".to_owned()), "{names:?}");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&["completions", shell], Path::new("."));
        assert!(script.contains("SCALEUP_COMPLETE") && script.contains("scaleup"), "{script}");
        let mut asked = Command::new(env!("CARGO_BIN_EXE_scaleup"));
        asked.args(["--", "scaleup", ""]).env("SCALEUP_COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", "1");
        let offered =
            String::from_utf8(asked.env("_CLAP_IFS", "\n").output().expect("it starts").stdout).expect("text");
        let words: Vec<&str> = offered.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
        for name in &names {
            assert!(words.contains(&name.as_str()), "{shell} does not know {name}: {offered}");
        }
    }
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let folder = folder();
    assert_eq!(stdout(&["man", "--out", "pages"], folder.path()), "");
    let pages = bytes_below(&folder.path().join("pages"));
    let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    let described = commands().into_iter().filter(|name| name != "help");
    let mut expected: Vec<String> = described.map(|name| format!("scaleup-{name}.1")).collect();
    expected.push("scaleup.1".to_owned());
    expected.sort();
    assert_eq!(names, expected);
    for (name, page) in &pages {
        let command = name.trim_end_matches(".1").strip_prefix("scaleup-");
        let arguments: Vec<&str> = ["man"].into_iter().chain(command).collect();
        assert_eq!(String::from_utf8_lossy(page), stdout(&arguments, folder.path()), "{name}");
        let title = format!(".TH {} 1  \"scaleup {}\" ", name.trim_end_matches(".1"), env!("CARGO_PKG_VERSION"));
        assert!(String::from_utf8_lossy(page).contains(&title), "{name} has another title");
    }
}

#[test]
fn a_remark_has_no_default() {
    let text = stdout(&["explain-key", "extends"], Path::new("."));
    assert_eq!(
        text.lines().skip(3).collect::<Vec<_>>(),
        ["  Write       text", "  Such as     extends = \"ekf.toml\""]
    );
}

#[test]
fn a_distribution_of_several_lines_is_found_where_it_begins() {
    let folder = with_small();
    let text = "extends = \"small.toml\"\nname = \"lines\"\n\n[cloud.boot.lognormal]\np50 = \"40s\"\np95 = \"70s\"\n";
    fs::write(folder.path().join("lines.toml"), text).expect("it can be written");
    let said = stdout(&["explain-key", "cloud.boot", "lines.toml"], folder.path());
    let value = "  In lines    { lognormal = { p50 = \"40s\", p95 = \"70s\" } } (lines.toml, line 4)\n";
    assert!(said.contains(value), "{said}");
}
