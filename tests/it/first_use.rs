//! What a planner tries first: answers that were wrong once.

use crate::cli::{folder, scaleup};
use scaleup::scenario::{Loaded, Problems, load};
use std::path::Path;
use std::process::Output;

fn file(folder: &Path, text: &str) -> std::path::PathBuf {
    let path = folder.join("mine.toml");
    std::fs::write(&path, text).expect("it can be written");
    path
}

fn loaded(text: &str) -> Result<Loaded, Problems> {
    let folder = folder();
    load(&file(folder.path(), text), &[])
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// The file with what is suggested pasted below the lines that are marked.
fn pasted(text: &str) -> String {
    let problems = loaded(text).expect_err("something is missing");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for problem in problems.iter().collect::<Vec<_>>().into_iter().rev() {
        let add = problem.remedy.strip_prefix("add").unwrap_or_else(|| panic!("{problem:?}"));
        lines.insert(problem.line, add.trim_start().to_owned());
    }
    lines.join("\n")
}

#[test]
fn what_is_suggested_for_missing_keys_can_be_pasted_and_is_of_the_right_size() {
    let text = "extends = \"eks\"\nname = \"mine\"\n[registry.quay]\nhost = \"quay.io\"\n[image.agent]\nregistry = \"quay\"\n\
                [daemonset.agent]\nimage = \"agent\"\n[disk.members]\n[etcd.members]\n[daemonset.agent.join]\n[daemonset.agent.readiness]\n";
    let text = pasted(text);
    let scenario = loaded(&text).unwrap_or_else(|problems| panic!("{problems}\n{text}")).scenario;
    let (_, quay) = scenario.registry.find("quay").expect("it is there");
    assert!(quay.request.mean() < 2.0, "a manifest takes no ten seconds");
    let (_, agent) = scenario.daemonset.find("agent").expect("it is there");
    assert!(agent.vcpus <= 0.25 && agent.memory.0 <= 1 << 28 && agent.start.mean() <= 10.0, "{agent:?}");
    let (_, members) = scenario.etcd.find("members").expect("it is there");
    assert!(members.request.mean() < 0.1, "{members:?}");
}

#[test]
fn an_images_address_in_the_place_of_its_name_gets_a_name_that_can_stand_there() {
    let text = "extends = \"eks\"\nname = \"mine\"\n[daemonset.cilium]\nimage = \"quay.io/cilium/cilium:v1.15\"\nvcpus = 0.1\n\
                memory = \"512MiB\"\nstart = \"12s\"\n";
    let problems = loaded(text).expect_err("there is no such image");
    let remedy = problems.iter().next().expect("a problem").remedy.to_owned();
    assert!(remedy.ends_with("or write \"cilium\" and add a table [image.cilium]"), "{remedy}");
    let image = "\n[image.cilium]\nregistry = \"ecr\"\nrepository = \"cilium/cilium:v1.15\"\nsize = \"220MB\"\n";
    let text = text.replace("\"quay.io/cilium/cilium:v1.15\"", "\"cilium\"") + image;
    assert!(loaded(&text).is_ok());
}

#[test]
fn a_cluster_that_extends_plain_eks_has_no_support_tiers_and_strict_lets_it_pass() {
    let folder = folder();
    let check = ["check", "eks", "--nodes", "300", "--strict"];
    let output = scaleup(&check, folder.path());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let answer = out(&output);
    assert!(answer.starts_with("Yes: 300 nodes come up\n7 replicas on each node; vCPUs run out first\n"), "{answer}");
    assert!(!answer.contains("support"), "{answer}");
}

#[test]
fn naming_an_instance_type_changes_what_is_needed() {
    let folder = folder();
    let check = ["check", "eks", "--nodes", "150", "--set", "node.instance_type=m5.2xlarge"];
    let answer = out(&scaleup(&check, folder.path()));
    assert!(answer.contains("needs 1,200 vCPUs"), "{answer}");
}

#[test]
fn what_a_limit_costs_is_not_denied_where_two_limits_stop_the_same() {
    let folder = folder();
    let text = "extends = \"eks\"\nname = \"mine\"\ncluster.target_nodes = 30\ncloud.vcpu_quota = 320\n\
                zone.us-east-1a.subnet = \"/25\"\nzone.us-east-1b = \"none\"\nzone.us-east-1c = \"none\"\nrun.horizon = \"1h\"\n";
    file(folder.path(), text);
    let output = scaleup(&["run", "mine.toml", "--replications", "2"], folder.path());
    assert_eq!(output.status.code(), Some(3), "it is never ready");
    let said = out(&output);
    assert!(said.contains("Without it, workload never becomes ready either: something else stops it too"), "{said}");
    assert!(!said.contains("It costs everything: without it, workload never"), "{said}");
    assert!(err(&output).contains("20 of 30 nodes came up"), "{}", err(&output));
    let check = out(&scaleup(&["check", "mine.toml"], folder.path()));
    assert!(check.starts_with("No: 20 of 30 nodes come up, "), "{check}");
}

#[test]
fn fitted_values_of_an_add_on_are_named() {
    let folder = folder();
    file(folder.path(), "extends = [\"eks\", \"addons/rok\"]\nname = \"mine\"\n");
    let said = err(&scaleup(&["check", "mine.toml"], folder.path()));
    let note = "note: addons/rok has values that were fitted to the case it is from: daemonset.rok.join.workers, ";
    assert!(said.contains(note), "{said}");
}

#[test]
fn two_add_ons_that_replace_the_same_are_named() {
    let problems = loaded("extends = [\"eks\", \"addons/aws-node\", \"addons/cilium\"]\nname = \"mine\"\n");
    let problems = problems.expect_err("both set up the network");
    let problem = problems.iter().next().expect("a problem").problem.to_owned();
    assert!(problem.contains("aws-node") && problem.contains("cilium") && problem.contains(" both set "), "{problem}");
}

#[test]
fn an_add_on_describes_itself_and_not_what_extends_it() {
    let mine = loaded("extends = [\"eks\", \"addons/cilium\"]\nname = \"mine\"\n").expect("it is fine").scenario;
    assert!(mine.description.starts_with("Plain EKS"), "{}", mine.description);
}

/// 4,000 pods at 20 a second: that no quota was hit is not the answer.
#[test]
fn the_controllers_rate_is_named_as_what_would_help_many_small_pods() {
    let page = std::fs::read_to_string("docs/start/worked-examples.md").expect("the page is there");
    let (_, rest) = page.split_once("```toml\n").expect("a scenario");
    let folder = folder();
    let path = file(folder.path(), rest.split_once("```").expect("its end").0);
    let output = scaleup(&["explain", path.to_str().expect("a path"), "--replications", "4", "--json"], folder.path());
    assert!(output.status.success(), "{}", err(&output));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let goal = answer["cases"][0]["stages"].as_array().and_then(|stages| stages.last()).expect("the workload");
    let relief = goal["relief"].as_array().expect("what helps");
    let rate = relief.iter().find(|relief| relief["key"] == "control_plane.controller_qps").expect("it is among them");
    assert_eq!((rate["from"].as_str(), rate["to"].as_str()), (Some("20.0"), Some("40.0")));
    assert!(rate["gain_s"]["ci95_low"].as_f64() > Some(20.0), "{rate}");
}
