//! Everything that `--json` prints is valid by `scaleup schema --output`.

use jsonschema::Validator;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn printed(arguments: &[&str], folder: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
    let output = command.args(arguments).current_dir(folder).output().expect("the program starts");
    assert!(matches!(output.status.code(), Some(0 | 3 | 4)), "{arguments:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

#[test]
fn every_command_prints_what_the_schema_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::copy("tests/it/fixtures/small.toml", folder.path().join("small.toml")).expect("it can be copied");
    let pulls = Path::new("scenarios/measured/pulls-0.9-gb.toml");
    std::fs::create_dir(folder.path().join("measured")).expect("it can be made");
    std::fs::copy(pulls, folder.path().join("measured/pulls.toml")).expect("it can be copied");
    let ensemble = std::fs::canonicalize("output/calibration/ensemble.toml").expect("it is kept");
    let ensemble = ensemble.to_str().expect("a text");
    let schema = printed(&["schema", "--output"], folder.path());
    let validator = Validator::new(&schema).expect("a schema");
    let few = ["--replications", "3", "--json"];
    let size = ["--set", "cluster.target_nodes=6"];
    let commands: [&[&str]; 21] = [
        &["run", "ekf"],
        &["run", "small.toml", "--deadline", "5m"],
        &["run", "ekf", "--set", "cloud.vcpu_quota=80", "--set", "run.horizon=2h"],
        &["run", "ekf-cycle"],
        &["run", "ekf", "--precision", "50%", "--max-replications", "30"],
        &["run", "ekf", "--ensemble", ensemble],
        &["run", "ekf", "--ensemble", ensemble, "--nodes", "4,5"],
        &["sweep", "ekf", "--vary", "disk.rok-etcd.kind=gp2,io1"],
        &["sweep", "ekf", "--list", "--vary", "disk.rok-etcd.kind=gp2,io1"],
        &["compare", "ekf", "what-if-io1"],
        &["compare", "ekf", "what-if-io1", "--precision", "50%", "--max-replications", "30"],
        &["explain", "ekf"],
        &["check", "ekf"],
        &["validate", "ekf"],
        &["validate", "measured"],
        &["calibrate", "ekf", "--evaluations", "6"],
        &["calibrate", "ekf", "--evaluations", "6", "--hold-out", "100"],
        &["bench", "small.toml", "--seconds", "0.2"],
        &["show", "small.toml"],
        &["explain-key", "cloud.boot"],
        &["explain-key", "boot"],
    ];
    for command in commands {
        let sized =
            if ["ekf", "ekf-cycle"].contains(&command[1]) && command[0] != "calibrate" { &size[..] } else { &[] };
        let options = match command[0] {
            "check" | "bench" | "show" | "explain-key" => &few[2..],
            _ => &few[..],
        };
        let document = printed(&[command, sized, options].concat(), folder.path());
        let problems: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(problems.is_empty(), "{command:?}: {}", problems.join("\n"));
        assert_eq!(document["command"], command[0]);
    }
    // It is strict: what it does not know it refuses.
    let mut document = printed(&[&["run", "small.toml"][..], &few].concat(), folder.path());
    document["cases"][0]["stages"][0]["surprise"] = 1.into();
    assert!(!validator.is_valid(&document));
}
