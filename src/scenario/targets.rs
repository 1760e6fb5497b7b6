//! Targets: what is documented about the times of a scale-up, for validation and calibration.

use super::built_in::BuiltIn;
use super::document::load_section;
use super::file::Nouns;
use super::problem::Problems;
use super::write;
use crate::model::params::field::section;
use crate::model::params::{Complaint, Named, Nodes, OneOrMore, complain};
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The targets that come with the program: file name and text.
pub const TARGETS_BUILT_IN: BuiltIn = BuiltIn(&[("documented.toml", include_str!("../../scenarios/documented.toml"))]);

const NOUNS: Nouns = Nouns { missing: "there are no targets", remedy: "name a file of targets", is_scenario: false };

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

impl Targets {
    /// Every target once for each size that it holds for; for [`Demand::Grows`], once for all its sizes together.
    pub fn points(&self) -> Vec<Target> {
        let points = self.list.iter().flat_map(|target| match target.demand {
            Demand::Grows => vec![target.clone()],
            _ => target.nodes.iter().map(|&size| target.at(vec![size])).collect(),
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
        let one = self.points().into_iter().filter(|point| point.nodes == [size] && point.demand != Demand::Grows);
        Self { description: self.description.clone(), list: one.collect() }
    }

    /// The targets without what they say about one size.
    #[must_use]
    pub fn without(&self, size: u32) -> Self {
        let rest = |target: &Target| {
            let nodes: Vec<u32> = target.nodes.iter().copied().filter(|&nodes| nodes != size).collect();
            let least = if target.demand == Demand::Grows { 2 } else { 1 };
            (nodes.len() >= least).then(|| target.at(nodes))
        };
        Self { description: self.description.clone(), list: self.list.iter().filter_map(rest).collect() }
    }
}

impl Target {
    /// The target at some of its sizes.
    fn at(&self, nodes: Vec<u32>) -> Self {
        Self { nodes, ..self.clone() }
    }
}

section! {
    /// A file of targets.
    pub struct File {
        /// What they are about.
        description: String = "\"\"" from "no description",
        /// Each with a name of its own.
        target: Named<Keys>,
    }
}

section! {
    /// A target: `about` and `tolerance`, or `at_least` and `at_most` or one of them, or `grows`.
    pub struct Keys {
        /// The documented words.
        statement: String,
        /// Where they stand.
        source: String,
        /// How they were turned into numbers.
        reading: String,
        /// The stage from whose readiness the time counts.
        from: String,
        /// The stage until whose readiness it counts.
        to: String,
        /// The size of the cluster for which it holds, or several from small to large.
        nodes: OneOrMore<Nodes>,
        /// The middle of the range that the time lies in.
        about: Option<Span>,
        /// How far from the middle it may lie.
        tolerance: Option<Span>,
        /// The least time.
        at_least: Option<Span>,
        /// The longest time.
        at_most: Option<Span>,
        /// Whether the time is longer at each larger size.
        grows: Option<bool>,
    }
}

const WAYS: &str = "write `about` and `tolerance`, or `at_least` and `at_most` or one of them, or `grows = true`";

impl Keys {
    /// What the keys demand, or what is wrong with them; exactly one way of saying it.
    fn demand(&self) -> Result<Demand, &'static str> {
        let seconds = |span: Option<Span>| span.map(Span::as_secs_f64);
        let (about, tolerance) = (seconds(self.about), seconds(self.tolerance));
        let (at_least, at_most) = (seconds(self.at_least), seconds(self.at_most));
        let range = at_least.is_some() || at_most.is_some();
        match (about, tolerance, range, self.grows) {
            (Some(seconds), Some(tolerance), false, None) => Ok(Demand::About { seconds, tolerance }),
            (Some(_), None, false, None) | (None, Some(_), false, None) => {
                Err("`about` and `tolerance` belong together")
            }
            (None, None, true, None) => Ok(Demand::Range { at_least, at_most }),
            (None, None, false, Some(_)) => Ok(Demand::Grows),
            _ => Err("a target demands one thing"),
        }
    }

    fn check(&self, key: &str, found: &mut Vec<Complaint>) {
        let nodes = &self.nodes.0;
        if let Err(what) = self.demand() {
            complain(found, key, what, WAYS);
        }
        if self.grows == Some(false) {
            complain(found, format!("{key}.grows"), "this demands nothing", WAYS);
        }
        if self.from == self.to {
            complain(found, format!("{key}.to"), "`from` and `to` are the same stage", "name two stages");
        }
        if self.tolerance.is_some_and(Span::is_zero) {
            complain(found, format!("{key}.tolerance"), "it must be above zero", "write such as \"1m\"");
        }
        if let (Some(least), Some(most)) = (self.at_least, self.at_most)
            && least >= most
        {
            complain(found, format!("{key}.at_most"), "it must be above `at_least`", "write a longer time");
        }
        let few = if self.grows == Some(true) { "growth needs two sizes" } else { "there is no size" };
        if nodes.is_empty() || (self.grows == Some(true) && nodes.len() < 2) {
            complain(found, format!("{key}.nodes"), few, "write such as [100, 200, 300]");
        }
        if !nodes.is_sorted_by(|one, next| one < next) {
            let remedy = "write each size once, from small to large";
            complain(found, format!("{key}.nodes"), "sizes out of order", remedy);
        }
    }

    fn target(&self, name: &str) -> Option<Target> {
        let Self { statement, source, reading, from, to, nodes, .. } = self.clone();
        let nodes = nodes.0.into_iter().map(|size| size.0).collect();
        Some(Target { name: name.to_owned(), statement, source, reading, from, to, nodes, demand: self.demand().ok()? })
    }
}

/// Reads a file of targets, or one that comes with the program.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_targets(asked: &Path) -> Result<Targets, Problems> {
    let file = load_section(asked, TARGETS_BUILT_IN, NOUNS, |file: &File| {
        let mut found = Vec::new();
        if file.target.is_empty() {
            complain(&mut found, "target", "there is no target", "write tables [target.NAME]");
        }
        for (name, keys) in file.target.iter() {
            keys.check(&format!("target.{}", write::key(name)), &mut found);
        }
        found
    })?;
    let list = file.target.iter().filter_map(|(name, keys)| keys.target(name)).collect();
    Ok(Targets { description: file.description, list })
}
