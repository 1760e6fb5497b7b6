use std::fs;
use std::path::Path;

use scaleup::experiment::holders::Part;
use scaleup::experiment::results::Results;
use scaleup::model::record::Cause;
use scaleup::report::chart::{self, Chart, font};
use scaleup::report::documented::Documented;
use scaleup::report::study::{GoalDifference, Study};
use scaleup::scenario::load_targets;
use scaleup::time::Span;

use super::explained::explained;
use super::made_up::{Sketch, documented, results};

/// A line of text in an SVG file: its rectangle in units of the file, and what it says.
pub struct Written {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    pub content: String,
}

/// The value of an attribute of an element.
fn attribute<'a>(element: &'a str, name: &str) -> &'a str {
    let begin = element.find(&format!(" {name}=\"")).expect("the attribute") + name.len() + 3;
    element[begin..].split('"').next().expect("a value")
}

fn number(element: &str, name: &str) -> f64 {
    attribute(element, name).parse().expect("a number")
}

/// Every text of an SVG file, measured with the font that the file asks for.
pub fn texts(svg: &str) -> Vec<Written> {
    svg.split("<text").skip(1).map(written).collect()
}

fn written(rest: &str) -> Written {
    let (element, after) = rest.split_once('>').expect("the element ends");
    let content = after.split("</text>").next().expect("text").trim().to_owned();
    let plain = content.replace("&quot;", "\"").replace("&apos;", "'").replace("&lt;", "<").replace("&amp;", "&");
    let (x, size) = (number(element, "x"), number(element, "font-size"));
    let width = font::width(&plain, size);
    let left = match attribute(element, "text-anchor") {
        "start" => x,
        "middle" => x - 0.5 * width,
        _ => x - width,
    };
    let base_line = number(element, "y");
    Written { left, right: left + width, top: base_line - 0.73 * size, bottom: base_line + 0.2 * size, content: plain }
}

/// No text is clipped, and none covers another.
fn assert_legible(what: &str, chart: &Chart) {
    let svg = chart.svg();
    let view = attribute(&svg[..svg.find('>').expect("a head")], "viewBox").to_owned();
    let size: Vec<f64> = view.split(' ').map(|number| number.parse().expect("a number")).collect();
    let texts = texts(&svg);
    for (place, text) in texts.iter().enumerate() {
        let (name, content) = (&chart.name, &text.content);
        let inside = text.left >= 0.0 && text.right <= size[2] && text.top >= 0.0 && text.bottom <= size[3];
        assert!(inside, "{what}: {name} clips {content:?}");
        for other in &texts[..place] {
            let apart = text.left >= other.right
                || other.left >= text.right
                || text.top >= other.bottom
                || other.top >= text.bottom;
            assert!(apart, "{what}: {name} writes {content:?} over {:?}", other.content);
        }
    }
}

fn varied(key: &str, values: &[&str], nodes: u32) -> Vec<Sketch> {
    let cases = values.iter().enumerate().map(|(number, value)| {
        let mut sketch = Sketch::documented(nodes);
        sketch.set = vec![(key.to_owned(), (*value).to_owned())];
        sketch.ready_s.iter_mut().for_each(|ready_s| *ready_s *= 1.0 - 0.07 * number as f64);
        sketch
    });
    cases.collect()
}

fn scaled(nodes: u32, factor: f64) -> Sketch {
    let mut sketch = Sketch::documented(nodes);
    sketch.ready_s.iter_mut().for_each(|ready_s| *ready_s *= factor);
    sketch
}

fn with_many_long_names() -> Sketch {
    let names = ["nodes", "cilium", "node-local-dns-cache-of-the-cluster", "gpu-operator-driver-container", "rok"];
    let more = ["rok-csi", "ceph-osd", "a-daemonset-with-a-name-of-sixty-three-letters-which-is-the-limit", "workload"];
    let stages: Vec<String> = names.into_iter().chain(more).map(str::to_owned).collect();
    let ready_s = (0..stages.len()).map(|stage| 300.0 + 6.0 * (stage * stage) as f64).collect();
    Sketch { stages, ready_s, ..Sketch::documented(300) }
}

/// Results of many shapes, each with a name.
pub fn gallery() -> Vec<(&'static str, Study)> {
    let studies = plain_gallery().into_iter().map(|(name, results)| (name, study(results)));
    studies.chain(special_gallery()).collect()
}

/// The same with critical paths of two replications: of seven resources, each for longer in larger cases.
fn with_paths(mut results: Results) -> Results {
    let held = [
        ("machine", Cause::Boot),
        ("volume-server", Cause::Service),
        ("volume-server", Cause::Queue),
        ("rok-operator", Cause::Service),
        ("mount-retry", Cause::Backoff),
        ("container-start of a-daemonset-with-a-name-of-sixty-three-letters-which-is", Cause::Service),
        ("autoscaler", Cause::Poll),
    ];
    for case in &mut results.cases {
        let size = u64::from(case.target_nodes);
        let part = |(number, (resource, cause)): (usize, (&str, Cause))| {
            let length = Span::from_secs(9 + size * number as u64 / 5);
            Part { resource: resource.to_owned(), cause, length }
        };
        let path: Vec<Part> = held.into_iter().enumerate().map(part).collect();
        for replication in case.replications.iter_mut().take(2) {
            replication.paths = vec![path.clone(); replication.stages.len()];
        }
    }
    results
}

#[test]
fn what_holds_the_path_is_stacked_and_the_rest_is_one_part() {
    let charts = chart::together(&study(with_paths(documented())));
    let waited = charts.iter().find(|chart| chart.name == "waited").expect("paths are known");
    let alt = waited.alt();
    assert!(
        alt.starts_with("What workload of ekf waits for; 100 nodes: the next look of autoscaler 2m 09s, "),
        "{alt}"
    );
    // The two shortest of seven: 9 s and 29 s.
    assert!(alt.contains("everything else 38.0s; 200 nodes"), "{alt}");
    let svg = waited.svg();
    let written: Vec<String> = texts(&svg).into_iter().map(|text| text.content).collect();
    assert!(
        written.iter().any(|text| text == "300 nodes: waited most for the next look of autoscaler,"),
        "{written:?}"
    );
}

/// Studies with more than results: documented overheads, a deadline, differences.
fn special_gallery() -> Vec<(&'static str, Study)> {
    let with_deadline = |seconds: u64, sketches: &[Sketch]| {
        let deadline = Some(Span::from_secs(seconds));
        study(Results { deadline, ..results("sweep", sketches) })
    };
    let row = |label: &str, mean_s: f64, half: f64| GoalDifference {
        label: label.to_owned(),
        mean_s,
        low_s: Some(mean_s - half),
        high_s: Some(mean_s + half),
        paired: true,
        sooner: Some((91, 100)),
        needed: (half > mean_s.abs()).then_some(400),
    };
    let differences = vec![
        row("io1 against ekf", -130.0, 12.0),
        row("disk.rok-etcd.kind=io1 volume.shared.servers=2 against the-scenario-of-a-long-name", -300.0, 40.0),
        row("plain-eks against ekf", 4.0, 9.0),
        row("one-worker against ekf", 900.0, 80.0),
    ];
    let single = Study { differences: vec![row("b against a", 0.004, 0.001)], ..study(documented()) };
    let alone = results("sweep", &one_at_a_time());
    vec![
        ("documented-marks", Study { documented: marks(), ..study(documented()) }),
        (
            "late-marks",
            Study { documented: marks(), ..study(results("sweep", &[100, 200, 300].map(|nodes| scaled(nodes, 0.3)))) },
        ),
        ("waited", study(with_paths(documented()))),
        ("explained", explained(true)),
        ("explained-without-capacity", explained(false)),
        ("waited-one", study(with_paths(results("run", &[Sketch::documented(300)])))),
        ("deadline", with_deadline(1_000, &[100, 200, 300].map(Sketch::documented))),
        ("deadline-two-axes", with_deadline(1_000, &two_axes())),
        ("deadline-one", with_deadline(1_330, &[Sketch::documented(300)])),
        ("deadline-far", with_deadline(7_200, &[Sketch::documented(300)])),
        ("comparison", Study { differences, ..study(documented()) }),
        ("comparison-tiny", single),
        ("one-at-a-time", study(alone)),
        (
            "one-effect",
            study(results("sweep", &[bare(300), varied("disk.rok-etcd.kind", &["\"io1\"", "x"], 300).remove(1)])),
        ),
    ]
}

fn bare(nodes: u32) -> Sketch {
    Sketch { set: vec![], ..Sketch::documented(nodes) }
}

/// Sizes and a key, each with each.
pub fn two_axes() -> Vec<Sketch> {
    let cases = [100, 200, 300].into_iter().flat_map(|nodes| {
        varied("volume.shared.servers", &["1", "2", "4"], nodes).into_iter().map(move |mut sketch| {
            sketch.set.insert(0, ("cluster.target_nodes".to_owned(), nodes.to_string()));
            sketch
        })
    });
    cases.collect()
}

/// A single case that is never ready.
pub fn never_one() -> Results {
    let mut results = results("run", &[Sketch::documented(300)]);
    for replication in &mut results.cases[0].replications {
        for (stage, times) in replication.stages.iter_mut().enumerate() {
            times.ready = None;
            replication.curves[stage].iter_mut().for_each(|count| *count = (*count).min(125 - stage as u32));
        }
        replication.nodes_up = 125;
    }
    results
}

/// A study that changes one key at a time.
pub fn one_at_a_time() -> Vec<Sketch> {
    let keys = ["daemonset.rok.join.workers", "disk.a-rather-long-name-of-a-disk.kind", "cloud.boot.lognormal.p50"];
    let mut sketches = vec![bare(300)];
    for (number, key) in keys.into_iter().enumerate() {
        for (value, factor) in [("\"30s\"", 0.9), ("\"a-very-long-value-of-a-key\"", 1.0 + 0.1 * number as f64)] {
            let ready_s = Sketch::documented(300).ready_s.iter().map(|ready_s| ready_s * factor).collect();
            sketches.push(Sketch { ready_s, set: vec![(key.to_owned(), value.to_owned())], ..bare(300) });
        }
    }
    sketches
}

/// What is documented about the made-up sizes.
pub fn marks() -> Vec<Documented> {
    let targets = load_targets(Path::new("scenarios/documented.toml")).expect("the shipped targets are fine");
    let results = Results { targets: Some(targets), ..documented() };
    scaleup::report::documented::documented(&results).expect("the stages are there")
}

pub fn study(results: Results) -> Study {
    Study::of(results).expect("nothing is documented")
}

pub fn names(charts: &[Chart]) -> Vec<String> {
    charts.iter().map(|chart| chart.name.clone()).collect()
}

fn plain_gallery() -> Vec<(&'static str, Results)> {
    let sizes = [4, 10, 25, 50, 100, 150, 200, 250, 300, 400, 500, 1_000];
    let wide = [10, 100, 1_000, 5_000];
    let mut never = documented();
    for (number, case) in never.cases.iter_mut().enumerate() {
        for replication in case.replications.iter_mut().skip(100 - 50 * number) {
            replication.stages[4].ready = None;
        }
    }
    let mut desired = results("run", &[Sketch::documented(300)]);
    desired.cases[0].stages[4].desired = 9_000;
    let mut grid = varied("registry.docker-hub.bandwidth", &["\"1GB\"", "\"10GB\""], 200);
    grid.extend(varied("daemonset.rok.join.workers", &["1", "64"], 300));
    vec![
        ("documented", documented()),
        ("one-case", results("run", &[Sketch::documented(300)])),
        ("few-nodes", results("run", &[Sketch { replications: 20, ..Sketch::documented(10) }])),
        ("twelve-cases", results("sweep", &sizes.map(Sketch::documented))),
        ("wide-range", results("sweep", &wide.map(Sketch::documented))),
        (
            "few-replications",
            results("sweep", &[100, 300].map(|nodes| Sketch { replications: 2, ..Sketch::documented(nodes) })),
        ),
        (
            "one-replication",
            results("sweep", &[100, 300].map(|nodes| Sketch { replications: 1, ..Sketch::documented(nodes) })),
        ),
        ("workers", results("sweep", &varied("daemonset.rok.join.workers", &["1", "2", "4", "8"], 300))),
        ("volumes", results("sweep", &varied("etcd.volume", &["\"gp2\"", "\"gp3\"", "\"io1\""], 300))),
        ("grid", results("sweep", &grid)),
        ("long-names", results("run", &[with_many_long_names()])),
        (
            "long-names-sweep",
            results("sweep", &[with_many_long_names(), Sketch { nodes: 200, ..with_many_long_names() }]),
        ),
        ("tiny", results("run", &[scaled(1, 0.000_02)])),
        ("huge", results("run", &[scaled(100_000, 0.5)])),
        ("hours", results("sweep", &[scaled(100, 30.0), scaled(300, 40.0)])),
        ("never", never),
        ("shares", desired),
        ("two-axes", results("sweep", &two_axes())),
        ("never-one", never_one()),
    ]
}

#[test]
fn no_text_is_clipped_or_covers_another() {
    for (name, results) in gallery() {
        for chart in chart::all(&results) {
            assert_legible(name, &chart);
        }
    }
}

#[test]
fn a_sweep_of_sizes_has_its_charts_and_four_for_each_case() {
    let drawn = names(&chart::all(&study(documented())));
    let sizes = ["100-nodes", "200-nodes", "300-nodes"];
    let of_case = ["readiness", "distribution", "timeline", "flaps"];
    let cases = sizes.iter().flat_map(|size| of_case.map(|name| format!("{name}-{size}")));
    let together = ["time-to-ready", "overheads", "deadline", "cost"].map(str::to_owned);
    assert_eq!(drawn, together.into_iter().chain(cases).collect::<Vec<_>>());
}

#[test]
fn the_chart_of_sizes_says_what_it_shows() {
    let chart = chart::together(&study(documented())).remove(0);
    let contents: Vec<String> = texts(&chart.svg()).into_iter().map(|text| text.content).collect();
    for expected in ["Cluster size (nodes)", "100", "300", "rok-csi", "workload", "5m"] {
        assert!(contents.iter().any(|content| content == expected), "{expected} is not among {contents:?}");
    }
    assert!(contents[0].starts_with("Workload ready: 14m"), "{contents:?}");
    assert!(chart.alt().contains("300 nodes: workload ready after 22m"), "{}", chart.alt());
    assert!(chart.svg().contains(&format!("<title>{}</title>", chart.alt())));
}

#[test]
fn charts_are_the_same_bytes_every_time() {
    assert_eq!(chart::together(&study(documented())).remove(0), chart::together(&study(documented())).remove(0));
    let drawn = |charts: Vec<Chart>| charts.iter().map(|chart| (chart.svg(), chart.png())).collect::<Vec<_>>();
    let study = study(results("run", &[Sketch::documented(300)]));
    assert!(drawn(chart::all(&study)) == drawn(chart::all(&study)));
}

#[test]
fn a_picture_is_twice_as_large_as_its_drawing() {
    let chart = chart::together(&study(documented())).remove(0);
    let png = chart.png();
    let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(2 * attribute(&chart.svg(), "width").parse::<u32>().expect("a number"), size(16));
    assert_eq!(2 * attribute(&chart.svg(), "height").parse::<u32>().expect("a number"), size(20));
}

#[test]
fn pods_that_never_flap_have_no_chart() {
    let mut results = results("run", &[Sketch::documented(30)]);
    results.cases[0].detail.iter_mut().flat_map(|detail| &mut detail.counts[2]).for_each(|count| count.not_ready = 0);
    assert!(names(&chart::all(&study(results))).iter().all(|name| !name.starts_with("flaps")));
}

#[test]
#[ignore = "writes pictures to be looked at into target/gallery"]
fn gallery_of_charts() {
    for (name, results) in gallery() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery").join(name);
        fs::create_dir_all(&folder).expect("the folder can be made");
        for chart in chart::all(&results) {
            fs::write(folder.join(format!("{}.svg", chart.name)), chart.svg()).expect("it can be written");
            fs::write(folder.join(format!("{}.png", chart.name)), chart.png()).expect("it can be written");
        }
    }
}

/// `docs/reference/charts.md` lists every chart, with what it says of some made-up study.
#[test]
fn the_reference_of_charts_is_what_they_say() {
    let mut seen: Vec<String> = Vec::new();
    let mut page = "# Charts\n\nA results folder has these charts in `charts/`, as SVG and, at twice the size, as \
        PNG. Charts of one case have its name behind theirs.\nA chart without anything to show is left out. \
        The examples are made-up results.\n\n| chart | data | for example |\n| --- | --- | --- |\n"
        .to_owned();
    for (_, study) in gallery() {
        let suffix = chart::suffix(&study, 0);
        let of_case = chart::of_case(&study, 0).into_iter();
        let of_case = of_case.map(|chart| (chart.name.trim_end_matches(&suffix).to_owned(), chart));
        let together = chart::together(&study).into_iter().map(|chart| (chart.name.clone(), chart));
        for (name, chart) in together.chain(of_case) {
            if !seen.contains(&name) {
                let data = chart.data.replace(", ", "`, `");
                page.extend(["| `", &name, "` | `", &data, "` | ", chart.alt(), " |\n"]);
                seen.push(name);
            }
        }
    }
    assert_eq!(seen.len(), 16, "{seen:?}");
    crate::docs::keep(Path::new("docs/reference/charts.md"), &page);
}
