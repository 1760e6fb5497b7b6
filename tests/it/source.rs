//! The source tree keeps its own rules.

use crate::uses;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Lines of code of `src/<layer>`, with where they stand; comments left out.
fn code_of(layer: &str) -> Vec<(String, String)> {
    rust_files(Path::new("src"))
        .iter()
        .filter(|path| uses::module_of(path).first().is_some_and(|first| first == layer))
        .flat_map(|path| {
            let text = std::fs::read_to_string(path).expect("UTF-8");
            let name = path.display().to_string();
            let code = |(number, line): (usize, &str)| (format!("{name}:{}", number + 1), line.trim().to_owned());
            text.lines().enumerate().map(code).collect::<Vec<_>>()
        })
        .filter(|(_, line)| !line.starts_with("//"))
        .collect()
}

/// From top to bottom; a layer may use those below it.
const LAYERS: [&[&str]; 8] = [
    &["cli"],
    &["report"],
    &["benchmark"],
    &["experiment"],
    &["scenario", "headroom"],
    &["model"],
    &["engine", "random", "stats"],
    &["time"],
];

#[test]
fn a_layer_uses_only_what_stands_below_it() {
    let depth = |layer: &str| LAYERS.iter().position(|layers| layers.contains(&layer));
    for path in rust_files(Path::new("src")) {
        let module = uses::module_of(&path);
        let Some(layer) = module.first() else { continue };
        let own = depth(layer).unwrap_or_else(|| panic!("{}: a layer without a place", path.display()));
        for used in uses::of(&path) {
            let Some(other) = used.first().filter(|other| *other != layer) else { continue };
            let below = depth(other).is_some_and(|depth| depth > own);
            assert!(below, "{}: {layer} must not use crate::{}", path.display(), used.join("::"));
        }
    }
}

/// The parameters count as one module. What uses each other in a circle has to be read as a whole.
#[test]
fn no_modules_of_the_model_use_each_other_in_a_circle() {
    let files = rust_files(Path::new("src/model"));
    let name = |module: &[String]| match module.get(1) {
        Some(room) if room == "params" => "params".to_owned(),
        _ => module.join("::"),
    };
    let known: BTreeSet<String> = files.iter().map(|path| uses::module_of(path).join("::")).collect();
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // A `mod.rs` is only the list of what is in a room.
    for path in files
        .iter()
        .filter(|path| path.components().any(|part| part.as_os_str() == "params") || !path.ends_with("mod.rs"))
    {
        let module = uses::module_of(path);
        let used = edges.entry(name(&module)).or_default();
        for path in uses::of(path) {
            let longest =
                (1..=path.len()).rev().map(|length| &path[..length]).find(|part| known.contains(&part.join("::")));
            used.extend(longest.map(name).filter(|other| *other != name(&module)));
        }
    }
    assert!(edges.values().map(BTreeSet::len).sum::<usize>() > 100, "too few to be all: {edges:?}");
    for (module, used) in edges.iter().filter(|(module, _)| module.starts_with("model::state")) {
        let above = |other: &&String| !other.starts_with("model::state::") && *other != "params";
        assert_eq!(
            used.iter().find(above),
            None,
            "{module}: state stands below what happens to it, and is used file by file"
        );
    }
    // Again and again, what uses nothing that is left goes; what stays uses itself.
    loop {
        let left: BTreeSet<String> = edges.keys().cloned().collect();
        let before = edges.len();
        edges.retain(|_, used| used.iter().any(|other| left.contains(other)));
        if edges.len() == before {
            break;
        }
    }
    assert!(edges.is_empty(), "in circles, or above them: {:?}", edges.keys());
}

#[test]
fn the_simulated_world_knows_no_clock_no_hash_order_and_no_files() {
    for layer in ["engine", "random", "model", "experiment"] {
        for (place, line) in code_of(layer) {
            for forbidden in ["SystemTime", "Instant::now", "HashMap", "HashSet", "std::fs", "std::env", "thread_rng"] {
                assert!(!line.contains(forbidden), "{place}: {forbidden}: {line}");
            }
        }
    }
}

#[test]
fn only_the_benchmark_reads_a_clock() {
    for layer in LAYERS.iter().copied().flatten().filter(|layer| **layer != "benchmark") {
        for (place, line) in code_of(layer) {
            for forbidden in ["SystemTime", "Instant"] {
                assert!(!line.contains(forbidden), "{place}: {forbidden}: {line}");
            }
        }
    }
}

#[test]
fn only_the_command_line_prints() {
    for layer in LAYERS[1..].iter().copied().flatten() {
        for (place, line) in code_of(layer) {
            for forbidden in ["println!", "eprintln!", "print!(", "io::stdout", "io::stderr", "dbg!"] {
                assert!(!line.contains(forbidden), "{place}: {line}");
            }
        }
    }
}

#[test]
fn each_file_says_what_it_is_for() {
    let tests_only = |path: &Path| path.iter().any(|part| part == "tests" || part == "tests.rs");
    for path in rust_files(Path::new("src")).into_iter().filter(|path| !tests_only(path)) {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        assert!(text.starts_with("//! "), "{}: it does not open with what it is for", path.display());
    }
}

#[test]
fn nothing_is_left_for_later_and_no_file_is_a_drawer() {
    for path in
        [rust_files(Path::new("src")), rust_files(Path::new("tests")), rust_files(Path::new("benches"))].concat()
    {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        assert!(text.lines().count() <= 400, "{} has more than 400 lines", path.display());
        for leftover in [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("FIX", "ME")] {
            assert!(!text.contains(leftover), "{}: {leftover}", path.display());
        }
    }
}

/// Types that more than one file sees; what tests make up is their own.
#[test]
fn a_type_has_one_name_and_a_name_one_type() {
    let mut places: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    let tests_only = |path: &Path| path.iter().any(|part| part == "tests" || part == "tests.rs");
    for path in rust_files(Path::new("src")).into_iter().filter(|path| !tests_only(path)) {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        for line in text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")) {
            let is_seen = line.trim_start().starts_with("pub");
            let line = line.trim_start().trim_start_matches("pub");
            let line = line.split_once(") ").filter(|_| line.starts_with('(')).map_or(line, |(_, rest)| rest);
            let kinds = ["struct ", "enum ", "trait ", "type "];
            let Some(rest) = kinds.iter().find_map(|kind| line.trim_start().strip_prefix(kind)) else { continue };
            let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric()).collect();
            // A trait's own, such as `type Event`.
            if !name.is_empty() && (is_seen || !["Event", "Error", "Output", "Value"].contains(&name.as_str())) {
                places.entry(name).or_default().push((path.display().to_string(), is_seen));
            }
        }
    }
    assert!(places.len() > 300, "types are found: {}", places.len());
    places.retain(|_, at| at.len() > 1 && at.iter().any(|(_, is_seen)| *is_seen));
    assert!(places.is_empty(), "two types, one name: {places:#?}");
}
