//! Broken and strange scenarios: whatever is written in a file, the program reads it or says why not, and what it
//! reads it can simulate, without a panic, without end, and in little memory.
//!
//! `FUZZ_CASES=100000 cargo test --release --test it scenario_fuzz` looks longer.

use proptest::prelude::*;
use scaleup::experiment::observe;
use scaleup::headroom::headroom;
use scaleup::model::{Plan, Simulator};
use scaleup::report::check;
use scaleup::scenario::{BUILT_IN, Loaded, Setting, load};
use std::fs;

/// Events of a short run.
const EVENTS: u32 = 20_000;
/// Larger clusters are accepted and not simulated here: they take more memory than a test should.
const PODS_SIMULATED: u64 = 20_000;

fn cases() -> u32 {
    std::env::var("FUZZ_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(150)
}

/// What may stand where something else stood.
fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-+]?[0-9]{1,12}",
        "[0-9]{1,3}(ns|us|ms|s|m|h|d)".prop_map(|text| format!("\"{text}\"")),
        prop_oneof![
            Just("0"),
            Just("1"),
            Just("\"0s\""),
            Just("\"1ns\""),
            Just("\"365d\""),
            Just("\"1h\""),
            Just("nan"),
            Just("inf"),
            Just("-0.0"),
            Just("1e-300"),
            Just("1e15"),
            Just("1e999"),
            Just("10000000"),
            Just("\"none\""),
            Just("\"0B\""),
            Just("\"999PiB\""),
            Just("\"1B/s\""),
            Just("true"),
            Just("false"),
            Just("{}"),
            Just("[]"),
            Just("\"fill\""),
            Just("[\"rok\"]"),
            Just("\"rok\""),
            Just("\"\""),
            Just("1979-05-27"),
            Just("="),
            Just("\n"),
            Just("[daemonset.rok]"),
            Just("{ constant = \"0s\" }"),
            Just("{ exponential = { mean = \"1ns\" } }"),
            Just("{ exponential = { mean = \"365d\" } }"),
            Just("{ weibull = { scale = \"1h\", shape = 0.01 } }"),
            Just("{ lognormal = { p50 = \"1ns\", p95 = \"365d\" } }"),
            Just("\u{feff}"),
            Just("\u{1f600}"),
        ]
        .prop_map(str::to_owned),
        "\\PC{0,8}",
    ]
}

#[derive(Clone, Debug)]
enum Edit {
    /// The value of a line becomes another.
    Value(usize, String),
    /// A line goes.
    Drop(usize),
    /// A line comes once more, somewhere else.
    Move(usize, usize),
    /// A stretch of characters becomes a token.
    Splice(usize, usize, String),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        6 => (any::<usize>(), token()).prop_map(|(at, token)| Edit::Value(at, token)),
        1 => any::<usize>().prop_map(Edit::Drop),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Edit::Move(from, to)),
        1 => (any::<usize>(), 0_usize..12, token()).prop_map(|(at, length, token)| Edit::Splice(at, length, token)),
    ]
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for edit in edits {
        let count = lines.len().max(1);
        match edit {
            Edit::Value(at, token) => {
                let values: Vec<usize> = (0..lines.len()).filter(|&line| lines[line].contains(" = ")).collect();
                if let Some(&line) = values.get(at % values.len().max(1)) {
                    let key = lines[line].split(" = ").next().unwrap_or_default().to_owned();
                    lines[line] = format!("{key} = {token}");
                }
            }
            Edit::Drop(at) => drop(lines.splice(at % count..(at % count + 1).min(lines.len()), [])),
            Edit::Move(from, to) => {
                let line = lines.get(from % count).cloned().unwrap_or_default();
                lines.insert(to % count, line);
            }
            Edit::Splice(at, length, token) => {
                let mut characters: Vec<char> = lines.join("\n").chars().collect();
                let start = at % characters.len().max(1);
                let end = (start + length).min(characters.len());
                characters.splice(start.min(end)..end, token.chars());
                lines = characters.iter().collect::<String>().lines().map(str::to_owned).collect();
            }
        }
    }
    lines.join("\n")
}

/// Plans, checks and simulates what was accepted, as far as a few events go.
fn lives(loaded: &Loaded, replication: u64) {
    let budget = Setting::of("--set", "run.max_events", &EVENTS.to_string());
    let loaded = loaded.document.with(&[budget]).unwrap_or_else(|problems| panic!("{problems}"));
    let plan = Plan::new(&loaded.scenario);
    let limits = headroom(&plan);
    assert!(!check::text(&plan, &limits).is_empty());
    let sets = loaded.scenario.daemonset.len() as u64;
    let nodes = u64::from(plan.nodes().max(loaded.scenario.cluster.initial_nodes));
    let replicas = nodes * u64::from(scaleup::model::params::fit::replicas_per_node(&loaded.scenario)).min(1000);
    if nodes * (sets + 1) + replicas > PODS_SIMULATED {
        return;
    }
    let record = Simulator::new().run(&plan, 1, replication, true);
    assert!(record.end.events <= u64::from(EVENTS));
    let numbers = observe(&record, loaded.scenario.run.curve_step, 0);
    assert!(numbers.curves.iter().all(|curve| curve.len() <= 100_002), "a curve is too long");
}

fn read_and_live(text: &[u8], replication: u64) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("strange.toml");
    fs::write(&path, text).expect("it can be written");
    match load(&path, &[]) {
        Ok(loaded) => lives(&loaded, replication),
        Err(problems) => prop_assert!(problems.render(false).starts_with("error: "), "{}", problems),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_edited_scenario_is_refused_or_lives(
        which in 0..BUILT_IN.0.len(),
        edits in proptest::collection::vec(edit(), 1..6),
        replication in 0..1000_u64,
    ) {
        // The documented scenario more often than those that change a few of its keys.
        let (_, text) = BUILT_IN.0[if replication % 2 == 0 { 0 } else { which }];
        read_and_live(edited(text, &edits).as_bytes(), replication)?;
    }

    #[test]
    fn a_file_with_wrong_bytes_is_refused_or_lives(
        which in 0..BUILT_IN.0.len(),
        bytes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..8),
    ) {
        let mut text = BUILT_IN.0[which].1.as_bytes().to_vec();
        for (at, byte) in bytes {
            let place = at % text.len();
            text[place] = byte;
        }
        read_and_live(&text, 0)?;
    }

    #[test]
    fn a_key_with_another_value_is_refused_or_lives(
        values in proptest::collection::vec((any::<usize>(), token()), 1..4),
        replication in 0..1000_u64,
    ) {
        let loaded = load(std::path::Path::new("ekf.toml"), &[]).expect("it comes with the program");
        let entries = loaded.document.entries();
        let settings: Vec<Setting> =
            values.iter().map(|(at, value)| Setting::of("--set", &entries[at % entries.len()].key, value)).collect();
        if let Ok(loaded) = loaded.document.with(&settings) {
            lives(&loaded, replication);
        }
    }
}
