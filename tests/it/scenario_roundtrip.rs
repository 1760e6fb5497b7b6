//! Properties of the scenario reader over random settings and broken files.

use crate::scenario_files::{fine, small};
use proptest::prelude::*;
use scaleup::scenario::{Loaded, Setting, load};
use std::fs;
use std::path::Path;

/// Prints a scenario, reads it again, and compares.
fn round_trip(loaded: &Loaded) {
    let text = loaded.document.to_toml();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("printed.toml");
    fs::write(&path, &text).expect("it can be written");
    let again = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    assert_eq!(again.scenario, loaded.scenario);
    assert_eq!(again.document.hash(), loaded.document.hash());
    assert_eq!(again.document.axes(), loaded.document.axes());
    assert_eq!(again.document.free(), loaded.document.free());
    let stated = |loaded: &Loaded| -> Vec<_> {
        let entries = loaded.document.entries().into_iter();
        entries.map(|entry| (entry.key, entry.value, entry.provenance.kind, entry.provenance.source)).collect()
    };
    for (again, before) in stated(&again).into_iter().zip(stated(loaded)) {
        assert_eq!(again, before);
    }
    assert_eq!(again.document.to_toml(), text);
}

#[test]
fn a_printed_scenario_is_the_same_scenario() {
    round_trip(&fine(small(&[])));
    round_trip(&fine(load(Path::new("ekf.toml"), &[])));
    round_trip(&fine(small(&[
        "daemonset.agent.readiness=none",
        "zone.us-east-1b=none",
        "description=\"quotes \\\" and \\\\ and é\"",
        "cloud.vcpu_quota=none",
        "provenance.\"cloud\"={fitted=\"x\"}",
        "free.\"cloud.boot\"={min=\"1.5s\",max=\"3m\",reason=\"why not\"}",
        "sweep.\"cloud.boot\"=[\"1s\",{uniform={low=\"1s\",high=\"2s\"}}]",
    ])));
}

/// Lengths of time and distributions of every kind, valid ones.
fn law() -> impl Strategy<Value = String> {
    let ms = 1_u64..100_000;
    prop_oneof![
        ms.clone().prop_map(|a| format!("\"{a}ms\"")),
        (ms.clone(), 0_u64..1000).prop_map(|(a, b)| format!("{{uniform={{low=\"{a}ms\",high=\"{}ms\"}}}}", a + b)),
        ms.clone().prop_map(|a| format!("{{exponential={{mean=\"{a}us\"}},max=\"1h\"}}")),
        (ms.clone(), 0_u64..1000).prop_map(|(a, b)| format!("{{lognormal={{p50=\"{a}ms\",p95=\"{}ms\"}}}}", a + b)),
        (ms.clone(), 1_u64..30).prop_map(|(a, b)| format!("{{gamma={{mean=\"{}ms\",sd=\"{}ms\"}}}}", a * 10, a * b)),
        (ms.clone(), 0.5..5.0).prop_map(|(a, b): (u64, f64)| format!("{{weibull={{scale=\"{a}ms\",shape={b:?}}}}}")),
        (ms.clone(), 0_u64..9).prop_map(|(a, b)| {
            format!("{{empirical={{p0=\"{a}ms\",p50=\"{}ms\",\"p99.5\"=\"{}ms\",p100=\"1h\"}}}}", a + b, a + 2 * b)
        }),
        proptest::collection::vec(ms, 1..6).prop_map(|all| format!("{{empirical={:?}}}", texts(&all))),
    ]
}

fn texts(all: &[u64]) -> Vec<String> {
    all.iter().map(|ms| format!("{ms}ms")).collect()
}

fn valid_setting() -> impl Strategy<Value = String> {
    let law_key = prop_oneof![
        Just("cloud.boot"),
        Just("cloud.launch"),
        Just("workload.start"),
        Just("daemonset.agent.start"),
        Just("kubelet.sandbox"),
    ];
    prop_oneof![
        (law_key, law()).prop_map(|(key, law)| format!("{key}={law}")),
        (10_u32..5000).prop_map(|n| format!("cluster.target_nodes={n}")),
        (1000_u64..10_000_000).prop_map(|n| format!("autoscaler.scan_interval={n}us")),
        (0_u64..1 << 40).prop_map(|n| format!("image.app.size={n}B")),
        (1_u64..1 << 40).prop_map(|n| format!("node.network={n}bit/s")),
        (1e-6..1e6).prop_map(|n: f64| format!("scheduler.pods_per_s={n:?}")),
        "[a-z0-9]{1,9}".prop_map(|name| format!("zone.{name}.capacity=7")),
        "[a-z0-9]{1,9}"
            .prop_map(|name| format!("daemonset.x{name}={{image=\"agent\",vcpus=0,memory=\"0B\",start=\"1s\"}}")),
        "\\PC{0,40}".prop_map(|text| format!("support.contact={:?}", format!("x{text}")).replace("\\u{", "(")),
        any::<bool>().prop_map(|flag| format!("autoscaler.balance_zones={flag}")),
    ]
}

/// Things that go wrong in files.
fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\"none\"".to_owned()),
        Just("none".to_owned()),
        Just("{}".to_owned()),
        Just("[]".to_owned()),
        Just("nan".to_owned()),
        Just("-1".to_owned()),
        Just("1e999".to_owned()),
        Just("99999999999999999999".to_owned()),
        Just("\"9999999999999999999999999s\"".to_owned()),
        Just("\"30500568904943w 1000000000ns\"".to_owned()),
        Just("\"99999999999999.9999PiB\"".to_owned()),
        Just("\u{feff}é\u{1f600}\t\"".to_owned()),
        Just("\n[daemonset.rok]\n".to_owned()),
        Just("\n[zone]\n".to_owned()),
        Just("{ empirical = { p0 = \"1s\", p100 = \"1s\" }, min = \"2s\" }".to_owned()),
        "[-a-z0-9=\\[\\]{}\".#\n ]{0,12}",
        law(),
    ]
}

/// Replaces part of a text by something else.
fn broken(text: &str, edits: &[(usize, usize, String)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (at, length, token) in edits {
        let start = at % characters.len().max(1);
        let end = (start + length).min(characters.len());
        characters.splice(start.min(end)..end, token.chars());
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_settings_are_accepted_and_printed_faithfully(texts in proptest::collection::vec(valid_setting(), 0..6)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        round_trip(&fine(small(&texts)));
    }

    #[test]
    fn no_setting_is_too_strange(
        texts in proptest::collection::vec(
            "\\PC{0,30}|[a-z.=]{0,30}|(cloud|zone|daemonset.agent|workload)(\\.[a-z]{1,9}){0,2}=\\PC{0,12}",
            0..4,
        ),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        if let Err(problems) = small(&texts) {
            prop_assert!(problems.count() > 0 && !problems.render(true).is_empty());
        }
    }

    #[test]
    fn keys_take_any_value_or_say_why_not(key in 0_usize..1000, value in token()) {
        let loaded = fine(load(Path::new("ekf.toml"), &[]));
        let entries = loaded.document.entries();
        let key = &entries[key % entries.len()].key;
        match loaded.document.with(&[Setting::of("--set", key, &value)]) {
            Ok(loaded) => round_trip(&loaded),
            Err(problems) => prop_assert!(problems.to_string().starts_with("error: "), "{}", problems),
        }
    }

    #[test]
    fn a_broken_file_is_read_or_refused(
        edits in proptest::collection::vec((any::<usize>(), 0_usize..40, token()), 1..5),
    ) {
        let text = broken(include_str!("../../scenarios/ekf.toml"), &edits);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("broken.toml");
        fs::write(&path, text).expect("it can be written");
        match load(&path, &[]) {
            Ok(loaded) => round_trip(&loaded),
            Err(problems) => prop_assert!(problems.render(false).starts_with("error: ")),
        }
    }
}
