//! Targets: what is documented or was measured of a scale-up, for validation and calibration.

use super::measure::Measure;
use serde::{Deserialize, Serialize};

/// A file of targets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Targets {
    /// What they are about.
    pub description: String,
    /// The targets, in the order of the file.
    pub list: Vec<Target>,
}

/// What is documented or was measured, of one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Its name in the file.
    pub name: String,
    /// The row of a table of measurements that it is; empty if of none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub row: String,
    /// The documented words.
    pub statement: String,
    /// Where they stand.
    pub source: String,
    /// How they were turned into numbers.
    pub reading: String,
    /// What is measured.
    #[serde(flatten)]
    pub measure: Measure,
    /// The sizes of the cluster for which it holds, from small to large.
    pub nodes: Vec<u32>,
    /// What is demanded.
    pub demand: Demand,
}

/// What a target demands of the mean over many scale-ups; in seconds, or in nodes or replicas.
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
    /// Longer, or more, at each larger size.
    Grows,
    /// Within a factor of what was measured, or within a distance, whichever is wider.
    Measured {
        /// What was measured.
        value: f64,
        /// The factor to both sides.
        factor: f64,
        /// The distance to both sides.
        margin: f64,
    },
}

impl Demand {
    /// The numbers between which it lies: about, less and more the tolerance, or at least and at most.
    pub fn ends(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::About { seconds, tolerance } => (Some(seconds - tolerance), Some(seconds + tolerance)),
            Self::Range { at_least, at_most } => (at_least, at_most),
            Self::Grows => (None, None),
            Self::Measured { value, factor, margin } => {
                (Some((value / factor).min(value - margin)), Some((value * factor).max(value + margin)))
            }
        }
    }

    /// What was measured, or is documented as about this much.
    pub const fn middle(self) -> Option<f64> {
        match self {
            Self::About { seconds: value, .. } | Self::Measured { value, .. } => Some(value),
            Self::Range { .. } | Self::Grows => None,
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

    /// What is measured beyond what the stages did, each once.
    pub fn measures(&self) -> Vec<Measure> {
        let mut measures: Vec<Measure> = Vec::new();
        for Target { measure, .. } in &self.list {
            if measure.is_extra() && !measures.contains(measure) {
                measures.push(measure.clone());
            }
        }
        measures
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
    /// The target at these sizes.
    pub(super) fn at(&self, nodes: Vec<u32>) -> Self {
        Self { nodes, ..self.clone() }
    }
}
