//! The source tree keeps its own rules.

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

/// Lines of code below `src/<layer>`, with where they stand; comments left out.
fn code_of(layer: &str) -> Vec<(String, String)> {
    let folder = Path::new("src").join(layer);
    rust_files(&folder)
        .iter()
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
const LAYERS: [&[&str]; 7] = [
    &["cli"],
    &["report"],
    &["benchmark"],
    &["experiment"],
    &["scenario", "headroom"],
    &["model"],
    &["engine", "random", "stats"],
];

#[test]
fn a_layer_uses_only_what_stands_below_it() {
    for (place, layers) in LAYERS.iter().enumerate() {
        for layer in *layers {
            let above = LAYERS[..place].iter().copied().flatten();
            let beside = layers.iter().filter(|other| other != &layer);
            let forbidden: Vec<String> = above.chain(beside).map(|other| format!("crate::{other}")).collect();
            for (place, line) in code_of(layer) {
                let wrong = forbidden.iter().find(|path| line.contains(*path));
                assert!(wrong.is_none(), "{place}: {layer} must not use {wrong:?}: {line}");
            }
        }
    }
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
        assert!(text.lines().count() <= 450, "{} has more than 450 lines", path.display());
        for leftover in [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("FIX", "ME")] {
            assert!(!text.contains(leftover), "{}: {leftover}", path.display());
        }
    }
}
