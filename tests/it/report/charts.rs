use std::fs;
use std::path::Path;

use scaleup::experiment::results::Results;
use scaleup::report::chart::{self, Chart, font};

use super::made_up::{Sketch, documented, results};

/// A line of text in an SVG file: its rectangle in units of the file, and what it says.
struct Written {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    content: String,
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
fn texts(svg: &str) -> Vec<Written> {
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
    let base_line = number(element, "y") + 0.76 * size;
    Written { left, right: left + width, top: base_line - 0.73 * size, bottom: base_line + 0.2 * size, content: plain }
}

/// No text is clipped, and none covers another.
fn assert_legible(what: &str, chart: &Chart) {
    let view = attribute(&chart.svg[..chart.svg.find('>').expect("a head")], "viewBox").to_owned();
    let size: Vec<f64> = view.split(' ').map(|number| number.parse().expect("a number")).collect();
    let texts = texts(&chart.svg);
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
fn gallery() -> Vec<(&'static str, Results)> {
    let sizes = [4, 10, 25, 50, 100, 150, 200, 250, 300, 400, 500, 1_000];
    let wide = [10, 100, 1_000, 5_000];
    let mut never = documented();
    for (number, case) in never.cases.iter_mut().enumerate() {
        for replication in case.replications.iter_mut().skip(100 - 50 * number) {
            replication.stages[4].ready = None;
        }
    }
    let mut desired = results("run", &[Sketch::documented(300)]);
    desired.cases[0].desired[4] = 9_000;
    let mut grid = varied("registry.docker-hub.bandwidth", &["\"1GB\"", "\"10GB\""], 200);
    grid.extend(varied("daemonset.rok.join.workers", &["1", "64"], 300));
    vec![
        ("documented", documented()),
        ("one-case", results("run", &[Sketch::documented(300)])),
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
fn a_sweep_of_sizes_has_its_chart_and_two_for_each_case() {
    let charts = chart::all(&documented());
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    let sizes = ["100-nodes", "200-nodes", "300-nodes"];
    let cases = sizes.iter().flat_map(|size| [format!("readiness-{size}"), format!("flaps-{size}")]);
    assert_eq!(names, ["time-to-ready".to_owned()].into_iter().chain(cases).collect::<Vec<_>>());
}

#[test]
fn the_chart_of_sizes_says_what_it_shows() {
    let chart = chart::time_to_ready(&documented());
    let contents: Vec<String> = texts(&chart.svg).into_iter().map(|text| text.content).collect();
    for expected in ["Time to ready against cluster size", "Cluster size (nodes)", "100", "300", "rok-csi", "workload"]
    {
        assert!(contents.iter().any(|content| content == expected), "{expected} is not among {contents:?}");
    }
    assert!(contents.iter().any(|content| content.starts_with("Minutes from creating")), "{contents:?}");
    assert!(chart.alt.contains("300 nodes: workload ready after 22m"), "{}", chart.alt);
    assert!(chart.svg.contains(&format!("<title>{}</title>", chart.alt)));
}

#[test]
fn charts_are_the_same_bytes_every_time() {
    assert_eq!(chart::time_to_ready(&documented()), chart::time_to_ready(&documented()));
    let results = results("run", &[Sketch::documented(300)]);
    assert_eq!(chart::readiness(&results, &results.cases[0]), chart::readiness(&results, &results.cases[0]));
}

#[test]
fn a_picture_is_twice_as_large_as_its_drawing() {
    let chart = chart::time_to_ready(&documented());
    let size = |at: usize| u32::from_be_bytes(chart.png[at..at + 4].try_into().expect("four bytes"));
    assert_eq!(chart.png[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(2 * attribute(&chart.svg, "width").parse::<u32>().expect("a number"), size(16));
    assert_eq!(2 * attribute(&chart.svg, "height").parse::<u32>().expect("a number"), size(20));
}

#[test]
fn pods_that_never_flap_have_no_chart() {
    let mut results = results("run", &[Sketch::documented(30)]);
    results.cases[0].record.transitions.retain(|change| change.ready);
    assert_eq!(chart::flapping(&results, &results.cases[0]), None);
    assert_eq!(chart::all(&results).len(), 2);
}

#[test]
#[ignore = "writes pictures to be looked at into target/gallery"]
fn gallery_of_charts() {
    for (name, results) in gallery() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery").join(name);
        fs::create_dir_all(&folder).expect("the folder can be made");
        for chart in chart::all(&results) {
            fs::write(folder.join(format!("{}.svg", chart.name)), &chart.svg).expect("it can be written");
            fs::write(folder.join(format!("{}.png", chart.name)), &chart.png).expect("it can be written");
        }
    }
}
