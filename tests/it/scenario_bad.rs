//! Scenario files that are refused, with the whole message of each.
//!
//! `tests/scenarios-bad/NAME.toml` is refused with the text of `NAME.txt`. A first line `#! --set KEY=VALUE` is a
//! setting of the command line. To write the texts anew: `UPDATE_GOLDEN=1 cargo test --test it scenario_bad`.

use scaleup::scenario::{BuiltIn, Setting, load, load_with};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "tests/scenarios-bad";
/// So that the messages stay the same when a scenario is added to the program.
const LIBRARY: BuiltIn = BuiltIn(&[("ekf.toml", "")]);

fn settings(text: &str) -> Vec<Setting> {
    let settings = text.lines().map_while(|line| line.strip_prefix("#! --set "));
    settings.map(|setting| Setting::new("--set", setting)).collect()
}

#[test]
fn every_bad_scenario_is_refused_with_its_message() {
    let rewrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut files: Vec<PathBuf> = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(!files.is_empty(), "there are bad scenarios");
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let shown = match load_with(LIBRARY, &path, &settings(&text)) {
            Ok(_) => panic!("{} is accepted", path.display()),
            Err(problems) => problems.render(false),
        };
        let expected = path.with_extension("txt");
        if rewrite {
            fs::write(&expected, &shown).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        assert!(shown == expected, "{} is answered with\n{shown}\ninstead of\n{expected}", path.display());
    }
}

fn refused(path: &Path) -> String {
    load(path, &[]).expect_err("it is no scenario").render(false)
}

#[test]
fn what_is_no_scenario_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert_eq!(refused(Path::new("no-such.toml")).lines().next(), Some("error: there is no scenario no-such.toml"));
    assert!(refused(Path::new("tests")).starts_with("error: cannot read tests: it is a directory\n"));
    fs::write(path("binary.toml"), b"name = \"a\"\n# \xff\xfe\n").unwrap();
    let binary = refused(&path("binary.toml"));
    assert!(binary.starts_with("error: this is not UTF-8 text\n") && binary.contains("binary.toml:2:3\n"), "{binary}");
    fs::write(path("large.toml"), vec![b'#'; (1 << 20) + 1]).unwrap();
    assert!(refused(&path("large.toml")).contains("it is larger than 1 MiB, so it cannot be a scenario"));
    assert!(refused(&path("nul\0.toml")).starts_with("error: cannot read "));
}

#[test]
fn a_chain_that_is_too_long_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for step in 0..40 {
        let text = format!("extends = \"{}.toml\"\n", step + 1);
        fs::write(folder.path().join(format!("{step}.toml")), text).unwrap();
    }
    let problems = refused(&folder.path().join("0.toml"));
    assert!(problems.starts_with("error: more than 32 scenarios extend one another\n"), "{problems}");
}

#[test]
fn however_many_problems_there_are_the_answer_is_short() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.toml");
    let keys: Vec<String> = (0..9000).map(|key| format!("key-{key} = {key}")).collect();
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/small.toml");
    fs::write(&path, format!("extends = {small:?}\n{}\n", keys.join("\n"))).unwrap();
    let problems = load(&path, &[]).unwrap_err();
    assert_eq!(problems.count(), 9000);
    assert!(problems.render(false).ends_with("\n... and 8950 more problems\n"));
}
