//! Targets: what is documented about the times of a scale-up, for validation and calibration.
//!
//! Must not know: how a target is judged, and what was simulated.

use super::built_in::BuiltIn;
use super::file::{self, Nouns};
use super::problem::{Found, Problem, Problems};
use super::source::{Place, Sources};
use super::suggest::did_you_mean;
use super::tree::{Entry, Table, kind};
use super::value;
use crate::model::params::{Datum, Shape};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The targets that come with the program: file name and text.
pub const TARGETS_BUILT_IN: BuiltIn = BuiltIn(&[("documented.toml", include_str!("../../scenarios/documented.toml"))]);

const KEYS: [&str; 11] =
    ["statement", "source", "reading", "from", "to", "nodes", "about", "tolerance", "at_least", "at_most", "grows"];
const NODES_MAX: u64 = 1_000_000;
const NOUNS: Nouns = Nouns { missing: "there are no targets", remedy: "name a file of targets" };

/// A file of targets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Targets {
    /// What they are about.
    pub description: String,
    /// The targets, in the order of the file.
    pub list: Vec<Target>,
}

/// What is documented about the time between the readiness of two stages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Its name in the file.
    pub name: String,
    /// The documented words.
    pub statement: String,
    /// Where they stand.
    pub source: String,
    /// How they were turned into numbers.
    pub reading: String,
    /// The stage from whose readiness the time counts.
    pub from: String,
    /// The stage until whose readiness it counts.
    pub to: String,
    /// The sizes of the cluster for which it holds, from small to large.
    pub nodes: Vec<u32>,
    /// What is demanded.
    pub demand: Demand,
}

/// What a target demands of the mean of an overhead; in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// Within `tolerance` of `seconds`.
    About {
        /// The middle.
        seconds: f64,
        /// The distance allowed to both sides.
        tolerance: f64,
    },
    /// Between two ends, of which one may be missing.
    Range {
        /// The lower end.
        at_least: Option<f64>,
        /// The upper end.
        at_most: Option<f64>,
    },
    /// Longer at each larger size.
    Grows,
}

impl Demand {
    /// The seconds between which it lies: about, less and more the tolerance, or at least and at most.
    pub fn ends(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::About { seconds, tolerance } => (Some(seconds - tolerance), Some(seconds + tolerance)),
            Self::Range { at_least, at_most } => (at_least, at_most),
            Self::Grows => (None, None),
        }
    }
}

/// A target at one size of the cluster; for [`Demand::Grows`], at all its sizes together.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The target's name.
    pub target: String,
    /// The stage from whose readiness the time counts.
    pub from: String,
    /// The stage until whose readiness it counts.
    pub to: String,
    /// One size, or several from small to large for [`Demand::Grows`].
    pub nodes: Vec<u32>,
    /// What is demanded.
    pub demand: Demand,
}

impl Targets {
    /// Every target at every size that it holds for.
    pub fn points(&self) -> Vec<Point> {
        let point = |target: &Target, nodes: Vec<u32>| Point {
            target: target.name.clone(),
            from: target.from.clone(),
            to: target.to.clone(),
            nodes,
            demand: target.demand,
        };
        let points = self.list.iter().flat_map(|target| match target.demand {
            Demand::Grows => vec![point(target, target.nodes.clone())],
            _ => target.nodes.iter().map(|&size| point(target, vec![size])).collect(),
        });
        points.collect()
    }

    /// Every size that a target speaks of, from small to large.
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes: Vec<u32> = self.list.iter().flat_map(|target| target.nodes.iter().copied()).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    /// What the targets say about one size, growth apart.
    #[must_use]
    pub fn only(&self, size: u32) -> Self {
        let one = |target: &Target| {
            let holds = target.nodes.contains(&size) && target.demand != Demand::Grows;
            holds.then(|| Target { nodes: vec![size], ..target.clone() })
        };
        Self { description: self.description.clone(), list: self.list.iter().filter_map(one).collect() }
    }

    /// The targets without what they say about one size.
    #[must_use]
    pub fn without(&self, size: u32) -> Self {
        let rest = |target: &Target| {
            let nodes: Vec<u32> = target.nodes.iter().copied().filter(|&nodes| nodes != size).collect();
            let least = if target.demand == Demand::Grows { 2 } else { 1 };
            (nodes.len() >= least).then(|| Target { nodes, ..target.clone() })
        };
        Self { description: self.description.clone(), list: self.list.iter().filter_map(rest).collect() }
    }
}

/// Reads a file of targets, or one that comes with the program.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_targets(asked: &Path) -> Result<Targets, Problems> {
    let mut sources = Sources::default();
    let mut found = Found::default();
    let table = file::read_one(asked, TARGETS_BUILT_IN, NOUNS, &mut sources, &mut found);
    let targets = table.and_then(|table| targets(&table, &sources, &mut found));
    match targets {
        Some(targets) if found.is_empty() => Ok(targets),
        _ => Err(Problems::new(sources, found)),
    }
}

fn targets(table: &Table, sources: &Sources, found: &mut Found) -> Option<Targets> {
    unknown_keys(table, &["description", "target"], "a file of targets", found);
    let description = text(table, "description", found).unwrap_or_default();
    let start = sources.start()?;
    let Some(named) = table.get("target").and_then(|entry| entry.node.as_table()).filter(|table| !table.is_empty())
    else {
        found.add(Problem::at(start, "there is no target").remedy("write tables [target.NAME]"));
        return None;
    };
    let list = named.iter().filter_map(|(name, entry)| target(name, entry, found)).collect();
    Some(Targets { description, list })
}

fn unknown_keys(table: &Table, known: &[&str], what: &str, found: &mut Found) {
    for (key, entry) in table.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
        let remedy =
            did_you_mean(key, known.iter().copied()).unwrap_or_else(|| format!("it knows {}", known.join(", ")));
        found.add(Problem::at(entry.key, format!("{what} has no key `{}`", value::short(key))).remedy(remedy));
    }
}

fn target(name: &str, entry: &Entry, found: &mut Found) -> Option<Target> {
    let Some(table) = entry.node.as_table() else {
        let what = format!("{} where a table is meant", kind(&entry.node.value));
        found.add(Problem::at(entry.node.place, what).remedy("write a table [target.NAME]"));
        return None;
    };
    unknown_keys(table, &KEYS, "a target", found);
    let missing: Vec<&str> = KEYS[..6].iter().copied().filter(|key| table.get(*key).is_none()).collect();
    if !missing.is_empty() {
        let missing: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
        let what = format!("[target.{}] lacks {}", value::short(name), missing.join(", "));
        found.add(Problem::at(entry.key, what).remedy("write every one of them"));
    }
    let demand = demand(table, entry.key, found);
    let nodes = nodes(table, demand == Some(Demand::Grows), found);
    let [statement, source, reading, from, to] =
        ["statement", "source", "reading", "from", "to"].map(|key| text(table, key, found));
    if let (Some(from), Some(to), Some(place)) = (&from, &to, table.get("to"))
        && from == to
    {
        found.add(Problem::at(place.node.place, "`from` and `to` are the same stage").remedy("name two stages"));
    }
    Some(Target {
        name: name.to_owned(),
        statement: statement?,
        source: source?,
        reading: reading?,
        from: from?,
        to: to?,
        nodes: nodes?,
        demand: demand?,
    })
}

/// What the keys of a target demand; exactly one way of saying it.
fn demand(table: &Table, place: Place, found: &mut Found) -> Option<Demand> {
    const WAYS: &str = "write `about` and `tolerance`, or `at_least` and `at_most` or one of them, or `grows = true`";
    let there = |key: &str| table.get(key).is_some();
    let about = there("about") || there("tolerance");
    let range = there("at_least") || there("at_most");
    if u32::from(about) + u32::from(range) + u32::from(there("grows")) != 1 {
        found.add(Problem::at(place, "a target demands one thing").remedy(WAYS));
        return None;
    }
    if about {
        let (Some(middle), Some(tolerance)) = (table.get("about"), table.get("tolerance")) else {
            found.add(Problem::at(place, "`about` and `tolerance` belong together").remedy(WAYS));
            return None;
        };
        let (seconds, within) = (seconds(middle, found)?, seconds(tolerance, found)?);
        if within <= 0.0 {
            let what = "a tolerance must be above zero";
            found.add(Problem::at(tolerance.node.place, what).remedy("write such as \"1m\""));
        }
        return Some(Demand::About { seconds, tolerance: within });
    }
    if range {
        let end = |key: &str, found: &mut Found| match table.get(key) {
            Some(entry) => seconds(entry, found).map(Some),
            None => Some(None),
        };
        let (at_least, at_most) = (end("at_least", found)?, end("at_most", found)?);
        if let (Some(least), Some(most), Some(entry)) = (at_least, at_most, table.get("at_most"))
            && least >= most
        {
            let what = "`at_most` must be above `at_least`";
            found.add(Problem::at(entry.node.place, what).remedy("write a longer time"));
        }
        return Some(Demand::Range { at_least, at_most });
    }
    let grows = table.get("grows")?;
    if let Datum::Flag(false) = value::read(Shape::Flag, &grows.node, found)? {
        found.add(Problem::at(grows.node.place, "this demands nothing").remedy(WAYS));
    }
    Some(Demand::Grows)
}

/// One size, or a list of them from small to large.
fn nodes(table: &Table, grows: bool, found: &mut Found) -> Option<Vec<u32>> {
    let entry = table.get("nodes")?;
    let items = match &entry.node.value {
        super::tree::Value::List(list) => list.iter().collect(),
        _ => vec![&entry.node],
    };
    let mut nodes = Vec::new();
    for item in items {
        if let Datum::Integer(size) = value::read(Shape::Integer { min: 1, max: NODES_MAX }, item, found)? {
            nodes.push(size as u32);
        }
    }
    let place = entry.node.place;
    if nodes.is_empty() || (grows && nodes.len() < 2) {
        let what = if grows { "growth needs two sizes" } else { "there is no size" };
        found.add(Problem::at(place, what).remedy("write such as [100, 200, 300]"));
    }
    if nodes.windows(2).any(|pair| pair[0] >= pair[1]) {
        found.add(Problem::at(place, "sizes out of order").remedy("write each size once, from small to large"));
    }
    Some(nodes)
}

fn text(table: &Table, key: &str, found: &mut Found) -> Option<String> {
    match value::read(Shape::Text, &table.get(key)?.node, found)? {
        Datum::Text(text) => Some(text),
        _ => None,
    }
}

fn seconds(entry: &Entry, found: &mut Found) -> Option<f64> {
    match value::read(Shape::Duration, &entry.node, found)? {
        Datum::Duration(span) => Some(span.as_secs_f64()),
        _ => None,
    }
}
