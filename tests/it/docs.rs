//! The documentation is what the program says, shows what it prints, and its links lead somewhere.
//!
//! `UPDATE_GOLDEN=1 cargo test --test it -- docs documented what_if report` fills in what is printed and writes the
//! reference.

use crate::cli::{folder, scaleup};
use crate::source::rust_files;
use scaleup::cli::{FAILED, INTERRUPTED, NOT_MET, NOT_RESOLVED, WRONG_USAGE};
use scaleup::scenario::explain;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub const SWEEP: &str = "scaleup sweep";
pub const WHAT_IFS: &str = "scaleup compare ekf scenarios/what-if-*.toml";
pub const GATES: &str = "scaleup compare gate-none gate-bootstrap gate-continuous";
pub const DRY_RUN: &str = "scaleup run gate-none, under \"Limits hit\"";
const VALIDATE: &str = "scaleup validate";
/// A tenth of what a planner would ask for: the tests take long enough.
const EXPLAINED: &str = "scaleup explain ekf --vary cluster.target_nodes=100,200,300 --replications 10";
pub const MEASURED: &str = "scaleup validate scenarios/measured";
const HELD_OUT: &str = "output/calibration/held-out.txt";
const PREDICTIONS: &str = "output/calibration/predictions.txt";

/// Begins a block of what a command prints or a file holds; "first 3 lines of " can stand before it.
const BEGIN: &str = "output of: ";
const END: &str = "<!-- end of output -->";

/// Tests that fill in blocks of the same page take turns.
static WRITING: Mutex<()> = Mutex::new(());

/// Every page below a folder, in order.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let mut pages: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// Every page of the documentation, the README first.
pub fn pages() -> Vec<PathBuf> {
    let mut pages = vec!["README.md".into(), "CONTRIBUTING.md".into(), "CHANGELOG.md".into()];
    pages.extend(below(Path::new("docs")));
    pages
}

fn read(page: &Path) -> String {
    fs::read_to_string(page).unwrap_or_default()
}

/// The first line in which two texts differ.
pub fn difference(kept: &str, now: &str) -> String {
    let lines = kept.lines().zip(now.lines()).enumerate().find(|(_, (kept, now))| kept != now);
    lines.map_or("one is longer".to_owned(), |(at, (kept, now))| format!("line {}\n-{kept}\n+{now}", at + 1))
}

/// Compares a page with what it should be, or writes it.
pub fn keep(page: &Path, now: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() && read(page) != now {
        fs::write(page, now).expect("it can be written");
    }
    let kept = read(page);
    let difference = difference(&kept, now);
    assert!(kept == now, "{} differs (UPDATE_GOLDEN=1 rewrites it): {difference}", page.display());
}

/// What the comment that begins a block says: how many lines there are, and of what.
fn beginning(line: &str) -> Option<(usize, &str)> {
    let comment = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    let (first, source) = comment.split_once(BEGIN)?;
    let lines = first.strip_prefix("first ").and_then(|rest| rest.strip_suffix(" lines of "));
    Some((lines.map_or(usize::MAX, |lines| lines.parse().expect("a number of lines")), source))
}

/// A page with its blocks of `source` filled in, and how many there are.
fn filled(page: &str, source: &str, text: &str) -> (String, usize) {
    let (mut now, mut blocks) = (Vec::new(), 0);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        now.push(line);
        if let Some((count, _)) = beginning(line).filter(|(_, of)| *of == source) {
            blocks += 1;
            now.extend(["", "```text"]);
            now.extend(text.trim_end().lines().take(count));
            now.extend(["```", "", END]);
            assert!(lines.any(|line| line == END), "a block of {source} has no end");
        }
    }
    (now.join("\n") + "\n", blocks)
}

/// The pages that show the output of `source` show this.
pub fn shows(source: &str, text: &str) {
    let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut shown = 0;
    for page in pages() {
        let (now, blocks) = filled(&read(&page), source, text);
        if blocks > 0 {
            keep(&page, &now);
        }
        shown += blocks;
    }
    assert!(shown > 0, "no page shows {source}");
}

#[test]
fn every_block_of_output_has_a_known_source() {
    let known = [SWEEP, WHAT_IFS, GATES, DRY_RUN, VALIDATE, MEASURED, HELD_OUT, PREDICTIONS, EXPLAINED];
    for page in pages() {
        let text = read(&page);
        let sources: Vec<&str> = text.lines().filter_map(beginning).map(|(_, source)| source).collect();
        assert!(sources.iter().all(|source| known.contains(source)), "{}: {sources:?}", page.display());
        let ends = text.lines().filter(|line| *line == END).count();
        assert_eq!(ends, sources.len(), "{}: each block has one end", page.display());
    }
}

/// `calibrate` runs for minutes, as do many sets of values: their answers are kept in files.
#[test]
fn the_documented_case_is_shown_as_it_is() {
    shows(HELD_OUT, &read(Path::new(HELD_OUT)));
    shows(PREDICTIONS, &read(Path::new(PREDICTIONS)));
    let validated = scaleup(&["validate"], folder().path());
    shows(VALIDATE, std::str::from_utf8(&validated.stdout).expect("text"));
}

#[test]
fn the_documented_cases_path_is_shown_as_it_is() {
    let arguments: Vec<&str> = EXPLAINED.split(' ').skip(1).collect();
    let explained = scaleup(&arguments, folder().path());
    shows(EXPLAINED, std::str::from_utf8(&explained.stdout).expect("text"));
}

/// What a reader can jump to in a page: its headings, as they stand in addresses.
fn anchors(page: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| -> String {
        let kept = heading.trim_start_matches('#').trim().to_lowercase();
        kept.replace(' ', "-").chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
    };
    headings.map(anchor).collect()
}

/// Where a page links to, without what stands in code.
fn links(page: &str) -> Vec<String> {
    let mut fenced = false;
    let mut prose = String::new();
    for line in page.lines() {
        let fence = line.starts_with("```");
        fenced ^= fence;
        if !fenced && !fence {
            prose += line;
            prose.push('\n');
        }
    }
    let prose: String = prose.split('`').step_by(2).collect();
    prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to.to_owned()).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut linked = Vec::new();
    for page in pages() {
        for link in links(&read(&page)).iter().filter(|link| !link.starts_with("https://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.with_file_name("").join(path) };
            assert!(target.exists(), "{}: {link}", page.display());
            let found = anchor.is_empty() || anchors(&read(&target)).iter().any(|known| known == anchor);
            assert!(found, "{}: there is no heading for {link}", page.display());
            linked.push(target.canonicalize().expect("it is there"));
        }
    }
    for page in below(Path::new("docs")) {
        let there = page.canonicalize().expect("it is there");
        assert!(linked.contains(&there), "no page links to {}", page.display());
    }
}

#[test]
fn the_readme_is_short() {
    assert!(read(Path::new("README.md")).lines().count() <= 200);
}

#[test]
fn pages_name_no_place_of_the_machine_that_made_them() {
    for page in pages() {
        for place in ["/home/", "/root/", "/tmp/", "/work/", "/Users/"] {
            assert!(!read(&page).contains(place), "{}: {place}", page.display());
        }
    }
}

#[test]
fn the_reference_of_commands_is_their_help() {
    let folder = folder();
    let help = |arguments: &[&str]| {
        let printed = String::from_utf8(scaleup(arguments, folder.path()).stdout).expect("text");
        let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
        lines.join("\n")
    };
    let all = help(&["--help"]);
    let (_, commands) = all.split_once("\nCommands:\n").expect("a list of commands");
    let names = commands.lines().take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let mut page = format!(
        "# Commands\n\nWhat `scaleup help` and `scaleup COMMAND --help` print. The answers' exit codes are listed in \
         [exit codes](exit-codes.md), what can be relied on in [stability](stability.md).\n\n```text\n{all}\n```\n"
    );
    for name in names {
        let help = help(&[name, "--help"]);
        write!(page, "\n## scaleup {name}\n\n```text\n{help}\n```\n").expect("a text takes it");
    }
    keep(Path::new("docs/reference/commands.md"), &page);
}

/// A section for a table of keys, then those of the tables in it.
fn keys_below(key: &str, page: &mut String) {
    let table = explain(key).expect("it is listed");
    let named = table.shape.starts_with("named tables");
    let prefix = if named { format!("{key}.NAME.") } else { format!("{key}.") };
    let all: Vec<_> = table
        .below
        .iter()
        .map(|(name, _)| explain(&format!("{}{name}", prefix.trim_start_matches('.'))).expect("it is listed"))
        .collect();
    let (tables, values): (Vec<_>, Vec<_>) = all.into_iter().partition(|key| !key.below.is_empty());
    if !key.is_empty() && !values.is_empty() {
        let name = prefix.trim_end_matches('.');
        write!(page, "\n## {name}\n\n{}\n\n| key | write | default | meaning |\n", table.meaning).expect("it fits");
        page.push_str("| --- | --- | --- | --- |\n");
    }
    for value in values.iter().filter(|_| !key.is_empty()) {
        let name = value.key.rsplit('.').next().expect("a name");
        let default = value.default.as_ref().map_or_else(
            || if value.required { "must be set".to_owned() } else { "left out".to_owned() },
            |default| format!("`{}` ({})", default.toml, default.source),
        );
        let cells = [value.shape.as_str(), &default, &value.meaning].map(|cell| cell.replace('|', "\\|"));
        writeln!(page, "| `{name}` | {} |", cells.join(" | ")).expect("a text takes it");
    }
    for table in tables {
        keys_below(&table.key, page);
    }
}

#[test]
fn the_reference_of_keys_is_what_explain_key_says() {
    let mut page = "# Keys of a scenario\n\nEvery key, from the program itself: `scaleup explain-key KEY` prints the \
        same with examples and the value of a scenario.\n`NAME` stands for any name. A `distribution of lengths` can \
        be written in eight ways, which `scaleup explain-key cloud.boot` lists.\n\n## The file itself\n\n\
        | key | meaning |\n| --- | --- |\n"
        .to_owned();
    for key in ["extends", "name", "description", "provenance", "sweep", "free", "target"] {
        writeln!(page, "| `{key}` | {} |", explain(key).expect("a key").meaning).expect("a text takes it");
    }
    keys_below("", &mut page);
    page.push_str(
        "\n## target.NAME\n\nThe same keys stand in a file of targets.\n\n| key | meaning |\n| --- | --- |\n",
    );
    for (name, meaning) in explain("target").expect("a key").below {
        writeln!(page, "| `{name}` | {} |", meaning.replace('|', "\\|")).expect("a text takes it");
    }
    keep(Path::new("docs/reference/keys.md"), &page);
}

#[test]
fn the_reference_of_exit_codes_has_the_constants_values() {
    let codes = [
        (0, "", "Done."),
        (FAILED, "FAILED", "A file could not be read or written, or the system refused."),
        (WRONG_USAGE, "WRONG_USAGE", "The command line or the scenario is wrong; nothing was simulated."),
        (
            NOT_MET,
            "NOT_MET",
            "A stated expectation is not met: a deadline missed, a documented point of `validate` \
            not met, no values that fit all targets of `calibrate`, a limit found by `check --strict`; or a workload \
            that never became ready.",
        ),
        (
            NOT_RESOLVED,
            "NOT_RESOLVED",
            "The precision asked for was not reached, a deadline is not decided, or shards of a study are missing.",
        ),
        (INTERRUPTED, "INTERRUPTED", "Interrupted by Ctrl-C, SIGTERM or SIGHUP; what was finished is kept."),
    ];
    let mut page = "# Exit codes\n\nThey do not depend on whether somebody reads the output to its end. The library \
        has them as constants.\n\n| code | constant | meaning |\n| ---: | --- | --- |\n"
        .to_owned();
    for (code, name, meaning) in codes {
        let constant = if name.is_empty() { String::new() } else { format!("`scaleup::cli::{name}`") };
        writeln!(page, "| {code} | {constant} | {meaning} |").expect("a text takes it");
    }
    keep(Path::new("docs/reference/exit-codes.md"), &page);
}

/// The layers in the picture of the architecture, from top to bottom.
fn drawn() -> Vec<Vec<String>> {
    let page = read(Path::new("docs/concepts/architecture.md"));
    let picture = page.split("```text\n").nth(1).expect("a picture").split("```").next().expect("it ends");
    let names = |line: &str| line.split("  ").next().unwrap_or_default().split(" | ").map(str::to_owned).collect();
    picture.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).map(names).collect()
}

#[test]
fn the_picture_of_the_architecture_has_the_layers_of_the_source() {
    let layers = drawn();
    let lib = read(Path::new("src/lib.rs"));
    let mut modules: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).chain(["main"]).collect();
    let mut shown: Vec<&str> = layers.iter().flatten().map(String::as_str).collect();
    modules.sort_unstable();
    shown.sort_unstable();
    assert_eq!(shown, modules);
    for (place, layer) in layers.iter().enumerate().skip(1) {
        for (name, above) in layer.iter().flat_map(|name| layers[..place].iter().flatten().map(move |a| (name, a))) {
            let uses = format!("crate::{above}::");
            let folder = Path::new("src").join(name);
            let files = if folder.is_dir() { rust_files(&folder) } else { vec![folder.with_extension("rs")] };
            for file in files {
                let text = read(&file);
                let mut code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                assert!(!code.any(|line| line.contains(&uses)), "{}: {uses}", file.display());
            }
        }
    }
}

/// Lines of comments in the Rust files of some folders, with where they stand.
fn comments(folders: &[&str]) -> Vec<(String, String)> {
    let files = folders.iter().flat_map(|folder| rust_files(Path::new(folder)));
    files
        .flat_map(|path| {
            let comments: Vec<_> = read(&path)
                .lines()
                .enumerate()
                .filter(|(_, line)| line.trim_start().starts_with("//"))
                .map(|(number, line)| (format!("{}:{}", path.display(), number + 1), line.to_owned()))
                .collect();
            comments
        })
        .collect()
}

/// rustfmt looks at code alone.
#[test]
fn comments_keep_to_the_width_of_lines() {
    let rules = read(Path::new("rustfmt.toml"));
    let width = rules.lines().find_map(|line| line.strip_prefix("max_width = ")).expect("a width");
    let width: usize = width.parse().expect("a number");
    for (place, line) in comments(&["src", "tests", "benches", "examples", "fuzz/fuzz_targets"]) {
        assert!(line.chars().count() <= width, "{place}: more than {width} characters: {line}");
    }
}

#[test]
fn comments_name_pages_that_are_there() {
    for (place, line) in comments(&["src", "tests", "benches", "examples"]) {
        for page in line.split('`').filter(|code| code.starts_with("docs/") && !code.contains(' ')) {
            assert!(Path::new(page).exists(), "{place}: {page}");
        }
    }
}

#[test]
fn clippy_is_asked_to_excuse_no_word_that_is_not_there() {
    let rules = read(Path::new("clippy.toml"));
    let words = rules.lines().find_map(|line| line.strip_prefix("doc-valid-idents = [")).expect("a list");
    let comments = comments(&["src", "tests", "benches", "examples"]);
    for word in words.split('"').skip(1).step_by(2).filter(|word| *word != "..") {
        assert!(comments.iter().any(|(_, line)| line.contains(word)), "no comment has the word {word}");
    }
}
