//! The page, and the reading of results folders.

use super::charts::study;
use super::made_up::{Sketch, documented, results};
use scaleup::experiment::results::Results;
use scaleup::experiment::{Precision, WorkerPool};
use scaleup::model::record::Unready;
use scaleup::report::folder::{self, Folder, FolderError, Owner};
use scaleup::report::study::Study;
use scaleup::report::{chart, exports, json, page, text};
use scaleup::scenario::{Setting, load};
use scaleup::time::Span;
use std::collections::BTreeSet;
use std::path::Path;

/// A results folder with these results, written as the commands do.
fn written(folder: &Path, results: &Results) {
    let settings = [Setting::new("--set", "cloud.vcpu_quota=1152")];
    let base = load(Path::new("ekf.toml"), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    let study = Results {
        program: "scaleup".to_owned(),
        version: "0.1.0".to_owned(),
        command_line: "scaleup run ekf --set 'a=<b>' --seed 1".to_owned(),
        scenario_hash: "0123456789abcdef".to_owned(),
        scenario_toml: base.document.to_toml(),
        ..results.clone()
    };
    let write = || -> Result<(), FolderError> {
        let mut draft = Owner::of(folder, "a test")?.draft(&study)?;
        study.cases.iter().cloned().try_for_each(|case| draft.add(case))?;
        Ok(draft.end()?.0.finish()?)
    };
    write().expect("it can be written");
}

fn read(results: &Results) -> (tempfile::TempDir, Folder) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    written(folder.path(), results);
    let read = folder::read(folder.path()).expect("it was just written");
    (folder, read)
}

fn run() -> Results {
    results("run", &[Sketch { replications: 30, ..Sketch::documented(30) }])
}

/// The values of an attribute, wherever it stands.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The page without its scripts and styles.
fn without_scripts(page: &str) -> String {
    let mut rest = page;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once("<script") {
        plain.push_str(before);
        rest = after.split_once("</script>").map_or("", |(_, after)| after);
    }
    plain + rest
}

#[test]
fn results_are_read_exactly_as_they_were() {
    let mut results = documented();
    results.cases[2].replications[7].stages[4].ready = None;
    results.cases[2].replications[7].waiting_for = vec![Unready::NotCreated { count: 3 }];
    results.cases[1].replications[3].node_hours[2] = Some(0.1 + 0.2);
    let (_folder, read) = read(&results);
    assert_eq!(text::text(&read.study, 100), text::text(&study(results.clone()), 100));
    let read = &read.study.results;
    assert_eq!(read.cases[2].replications, results.cases[2].replications);
    assert_eq!(read.cases[1].detail, results.cases[1].detail);
}

#[test]
fn many_cases_go_through_the_disk_and_give_the_same_files() {
    let precision = Precision { relative: 0.001, minimum: 2, maximum: 1_000 };
    let asked = Results { precision: Some(precision), deadline: Some(Span::from_secs(1_300)), ..documented() };
    let cases: Vec<_> = documented().cases.into_iter().cycle().take(chart::CASES_MAX + 10).collect();
    let results = Results { cases_asked: cases.len() as u32, cases, ..asked };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut draft = Owner::of(folder.path(), "a test").and_then(|owner| Ok(owner.draft(&results)?)).expect("a folder");
    results.cases.iter().cloned().try_for_each(|case| draft.add(case)).expect("it can be written");
    let (mut written, gathered) = draft.end().expect("it can be written");
    let mut study = gathered.study().expect("nothing is documented");
    // Of how many replications there are, memory does not depend: of any case without charts of its own it has a few.
    let more = |number: &usize| study.results.cases[*number].replications.len() > chart::THIN_MAX;
    assert_eq!((0..study.cases.len()).filter(more).collect::<Vec<_>>(), study.charted);
    assert!(results.cases.iter().all(|case| case.replications.len() > chart::THIN_MAX));
    let kept = |study: &Study| study.results.cases.iter().filter(|case| case.detail.is_some()).count();
    // The fastest and the slowest; the scenario as it stands is the fastest.
    assert_eq!((kept(&study), &*study.charted), (2, &[0, 11][..]));
    let workers = WorkerPool::new(Some(2), 1).expect("threads");
    written.export(&mut study, &[], &workers).and_then(|()| written.finish()).expect("it can be written");
    let in_memory = Study::of(results).expect("nothing is documented");
    assert_eq!(kept(&in_memory), chart::CASES_MAX + 10);
    for (name, bytes) in exports::csv_files(&in_memory, &[]) {
        let on_disk = std::fs::read(folder.path().join(&name)).expect("every file is written");
        assert!(on_disk == bytes, "{name} differs");
    }
    assert_eq!(text::text(&study, 100), text::text(&in_memory, 100));
    assert_eq!(json::document(&study), json::document(&in_memory));
    for (one, other) in chart::all(&study).iter().zip(chart::all(&in_memory)) {
        assert!(one.name == other.name && one.svg() == other.svg(), "{} differs", one.name);
    }
    let read = folder::read(folder.path()).expect("it was just written").study;
    assert_eq!((kept(&read), &read.cases), (2, &in_memory.cases));
}

#[test]
fn a_folder_gives_the_same_charts_as_the_run_did() {
    let results = documented();
    let (_folder, read) = read(&results);
    let (mine, theirs) = (chart::all(&read.study), chart::all(&Study::of(results).expect("nothing is documented")));
    let names = |charts: &[chart::Chart]| charts.iter().map(|chart| chart.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&mine), names(&theirs));
    assert_eq!(mine[0].svg(), theirs[0].svg());
}

#[test]
fn the_page_fetches_nothing_and_every_reference_leads_somewhere() {
    let (_folder, read) = read(&documented());
    let page = page::html(&[read]);
    for name in ["src", "href", "xlink:href", "action", "poster"] {
        for target in attributes(&page, name) {
            assert!(target.starts_with('#') || target.starts_with("data:"), "{name}=\"{target}\"");
        }
    }
    for fetch in ["url(http", "@import", "fetch(", "XMLHttpRequest", "import(", "<link rel=\"stylesheet\""] {
        assert!(!page.contains(fetch), "{fetch}");
    }
    let ids = attributes(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id is used twice");
    for target in attributes(&page, "href").iter().filter_map(|target| target.strip_prefix('#')) {
        assert!(unique.contains(target), "#{target} leads nowhere");
    }
    for target in attributes(&page, "aria-labelledby") {
        assert!(unique.contains(target), "{target} is no label");
    }
}

#[test]
fn every_chart_is_there_with_words_for_those_who_cannot_see_it() {
    let results = documented();
    let (_folder, read) = read(&results);
    let page = page::html(&[read]);
    let charts = chart::all(&Study::of(results).expect("nothing is documented"));
    assert_eq!(page.matches("<figure").count(), charts.len());
    assert_eq!(page.matches("<svg").count(), charts.len());
    for chart in &charts {
        assert!(page.contains(&format!("id=\"s1-{}\"", chart.name)), "{}", chart.name);
        assert!(!chart.alt().is_empty());
    }
    for svg in page.split("<svg").skip(1) {
        let head = svg.split('>').next().expect("a head");
        assert!(head.contains("role=\"img\"") && head.contains("aria-label=\""), "{head}");
    }
}

#[test]
fn without_scripts_nothing_is_missing() {
    let (_folder, read) = read(&documented());
    let plain = without_scripts(&page::html(&[read]));
    assert_eq!(plain.matches("<li class=\"verdict plain\">").count(), 3);
    for expected in [
        "Time from creating the workload until all of a stage are Ready to stay",
        "Overheads, the time from one stage to another",
        "Cost of all nodes",
        "Ask for 4,800 vCPUs (vcpu-quota binds with 300 nodes)",
        "<span class=\"what\">300 nodes: workload ready</span> <strong>22m",
        "most time goes to",
        "out of support",
        "download=\"times.csv\" href=\"data:",
        "0123456789abcdef",
        "scaleup run ekf --set &#39;a=&#60;b&#62;&#39; --seed 1",
        "cluster.target_nodes",
        "Data: curve.csv",
    ] {
        assert!(plain.contains(expected), "{expected} is missing");
    }
}

#[test]
fn words_of_a_scenario_cannot_become_elements() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>";
    let mut results = run();
    (results.scenario, results.description) = (evil.to_owned(), evil.to_owned());
    results.cases[0].stages[2].name = evil.to_owned();
    let (_folder, read) = read(&results);
    let page = page::html(&[read]);
    assert!(!page.contains("<img") && !page.contains("<script>alert"), "an element came through");
    let scripts = page.matches("<script").count();
    assert_eq!(scripts, page.matches("<figure").count() + 1);
}

#[test]
fn several_folders_are_compared() {
    let slow = results("run", &[Sketch { replications: 30, ..Sketch::documented(30) }]);
    let mut fast = Sketch { replications: 30, ..Sketch::documented(30) };
    fast.ready_s.iter_mut().for_each(|ready_s| *ready_s *= 0.8);
    let mut fast = results("run", &[fast]);
    fast.scenario = "fast".to_owned();
    let ((_a, slow), (_b, fast)) = (read(&slow), read(&fast));
    let both = [slow, fast];
    let page = page::html(&both);
    let told = "<span class=\"what\">fast against ekf, 30 nodes</span> <strong>2m 26s sooner</strong>";
    assert!(page.contains(told), "the difference is not told");
    assert!(page.contains("id=\"all-comparison\"") && page.contains("id=\"s2-time-to-ready\""));
    let markdown = page::markdown(&both);
    assert!(markdown.contains("\n\n- ✅ fast against ekf, 30 nodes: **2m 26s sooner** (± "), "{markdown}");
    assert!(markdown.contains("sooner in 30 of 30 scale-ups"), "{markdown}");
}

#[test]
fn the_markdown_is_short_and_says_how_to_make_it_again() {
    let (_folder, read) = read(&documented());
    let markdown = page::markdown(&[read]);
    assert!(markdown.lines().count() < 50, "{markdown}");
    assert!(
        markdown.starts_with("**ekf**: The documented scale-up\n\n- 100 nodes: workload ready: **14m"),
        "{markdown}"
    );
    for expected in [
        "| 300 nodes | 22m",
        "out of support |",
        "- Ask for 4,800 vCPUs (vcpu-quota binds with 300 nodes)",
        "\nWhy:\n\n- 100 nodes: most time goes to",
        "    extends = \"ekf.toml\"\n    cloud.vcpu_quota = 1152\n",
        "    scaleup run ekf --set 'a=<b>' --seed 1",
        "seed 1, scenario hash 0123456789abcdef",
    ] {
        assert!(markdown.contains(expected), "{expected} is missing in\n{markdown}");
    }
}

/// What is said of a folder after something was done to it.
fn complaint(change: impl Fn(&Path)) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    written(folder.path(), &run());
    change(folder.path());
    let error = folder::read(folder.path()).expect_err("something is wrong with it");
    error.to_string().replace(&folder.path().display().to_string(), "DIR")
}

#[test]
fn bad_folders_are_refused_with_a_remedy() {
    let again = "write the folder again with `scaleup run ekf --set 'a=<b>' --seed 1`";
    let remove =
        |name: &'static str| move |folder: &Path| std::fs::remove_file(folder.join(name)).expect("it was there");
    let put = |name: &'static str, text: &'static str| {
        move |folder: &Path| std::fs::write(folder.join(name), text).expect("it can be written")
    };
    let named = "name one that `scaleup run` or `scaleup sweep` wrote, such as output/ekf";
    assert_eq!(
        complaint(remove("results.json")),
        format!("DIR: this is no results folder, it has no results.json; {named}")
    );
    let cut = |folder: &Path| {
        let whole = std::fs::read_to_string(folder.join("results.json")).expect("it was written");
        std::fs::write(folder.join("results.json"), whole.trim_end().trim_end_matches("]}"))
            .expect("it can be written");
    };
    assert_eq!(
        complaint(cut),
        format!("DIR/results.json: its end is missing; the file was changed or is not whole: {again}")
    );
    let kept = |folder: &Path| {
        std::fs::create_dir(folder.join("cases")).expect("a folder");
        std::fs::rename(folder.join("results.json"), folder.join("cases/0123456789abcdef-0-1.json.gz"))
            .expect("it can be moved");
    };
    assert_eq!(
        complaint(kept),
        "DIR: the study in it is not finished, with 1 case kept; give the command that began it again, with --resume"
    );
    let newer = complaint(put("results.json", "{\"format_version\":9,\"cases\":[\n]}\n"));
    assert!(newer.contains("its format is version 9, and this program reads version 2"), "{newer}");
    let nowhere = folder::read(Path::new("no/such/folder")).expect_err("it is not there").to_string();
    assert_eq!(nowhere, format!("no/such/folder: there is no such folder; {named}"));
}

/// A study of another version may have a scenario that this one does not read.
#[test]
fn what_a_study_lacks_is_left_out_and_said() {
    let mut results = run();
    results.cases[0].detail = None;
    let folder = tempfile::tempdir().expect("a temporary folder");
    written(folder.path(), &results);
    let path = folder.path().join("results.json");
    let text = std::fs::read_to_string(&path).expect("it is there").replacen("[cluster]", "[klaster]", 1);
    std::fs::write(&path, text).expect("it can be written");
    let read = folder::read(folder.path()).expect("the rest is enough");
    assert_eq!(
        read.missing,
        ["this program reads the scenario of scaleup 0.1.0 in another way: no assumptions and limits"]
    );
    let page = page::html(&[read]);
    assert!(page.contains("no assumptions and limits."));
    assert!(page.contains("id=\"s1-distribution\"") && !page.contains("id=\"s1-timeline\""));
}

#[test]
fn a_deadline_colours_the_verdict() {
    let class = |deadline: u64| {
        let (_folder, read) = read(&Results { deadline: Some(Span::from_secs(deadline)), ..run() });
        let page = page::html(&[read]);
        ["good", "bad", "open"]
            .into_iter()
            .filter(|class| page.contains(&format!("verdict {class}\"")))
            .collect::<String>()
    };
    // Too few scale-ups tell that all are in time.
    assert_eq!([class(10_000), class(10)], ["open", "bad"]);
}

#[test]
fn many_cases_are_a_table_and_the_charts_of_a_few() {
    let sizes: Vec<Sketch> = (1..=18).map(|size| Sketch { replications: 5, ..Sketch::documented(10 * size) }).collect();
    let results = results("sweep", &sizes);
    let (_folder, read) = read(&Results { cases_asked: 18, ..results });
    let page = page::html(&[read]);
    assert_eq!(page.matches("<li class=\"verdict").count(), 2);
    assert!(
        page.contains("Fastest, the scenario as it stands: 10 nodes: workload ready")
            && page.contains("Slowest: 180 nodes: workload ready")
    );
    assert!(page.matches("<figure").count() <= 12, "{}", page.matches("<figure").count());
    assert!(page.matches("<tr><td>").count() >= 18);
}

/// The page of the default sweep, as the program makes it, can be mailed.
#[test]
fn the_page_of_the_default_sweep_is_no_larger_than_a_megabyte() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert!(crate::cli::scaleup(&["sweep"], folder.path()).status.success());
    let read = folder::read(&folder.path().join("output/ekf")).expect("it was just written");
    let page = page::html(&[read]);
    assert!(page.len() <= 1_000_000, "{} bytes", page.len());
}

#[test]
fn a_page_of_many_folders_leaves_out_what_they_hold_and_stays_below_a_megabyte() {
    let (_folder, one) = read(&documented());
    let page = page::html(&[one.clone(), one.clone()]);
    assert!(page.len() <= 1_000_000 && page.contains("To stay small, this page leaves out"), "{}", page.len());
    assert!(!page::html(&[read(&run()).1]).contains("To stay small"));
}

#[test]
fn a_page_says_near_its_top_what_would_help_or_how_to_find_it() {
    let (_folder, plain) = read(&run());
    let page = page::html(&[plain]);
    let (before, after) = page.split_once("What would help</h3>").expect("a heading");
    assert!(!before.contains("<table") && after.contains("scaleup explain ekf --seed 1 --out output/ekf-explained\n"));
    let (_folder, explained) = read(&super::explained::explained(true).results);
    let page = page::html(&[explained]);
    let (_, after) = page.split_once("What would help</h3>").expect("a heading");
    assert!(after.contains("No single change that was tried helps for sure.") && !after.contains("Not looked into"));
    assert!(after.contains("What the shared resources had to do"));
}

#[test]
fn an_interrupted_study_is_said_to_be_one() {
    let (_folder, read) = read(&Results { cases_asked: 2, ..run() });
    assert_eq!(read.missing, ["not all cases are done: the same command with --resume completes the study"]);
    assert!(page::html(&[read]).contains("--resume completes the study"));
}
