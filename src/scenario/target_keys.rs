//! Targets as they are written: a file of them, or tables `[target.NAME]` of a scenario about itself.

use super::built_in::BuiltIn;
use super::document::load_section;
use super::file::Nouns;
use super::measure::{Each, Measure};
use super::problem::Problems;
use super::targets::{Demand, Target, Targets};
use super::write;
use crate::model::params::field::section;
use crate::model::params::{Complaint, Named, Nodes, OneOrMore, Share, complain};
use crate::time::Span;
use std::path::Path;

/// The targets that come with the program: file name and text.
pub const TARGETS_BUILT_IN: BuiltIn = BuiltIn(&[("documented.toml", include_str!("../../scenarios/documented.toml"))]);

/// How messages speak of targets.
pub(super) const NOUNS: Nouns =
    Nouns { missing: "there are no targets", remedy: "name a file of targets", is_scenario: false };

section! {
    /// A file of targets, or the targets of a scenario's file.
    pub struct TargetsFile {
        /// What they are about; a scenario's are about what it describes.
        description: String = "\"\"" from "no description",
        /// Each with a name of its own.
        target: Named<Keys>,
    }
}

section! {
    /// A target: what is measured, and one demand: `measured`, or `count`, or `about` and `tolerance`, or `at_least`
    /// and `at_most` or one of them, or `grows`. What is demanded holds for the mean of many scale-ups.
    pub struct Keys {
        /// The row of a table of measurements that it is, or with several instants `at` one row for each.
        row: Option<OneOrMore<String>>,
        /// The documented words.
        statement: String,
        /// Where they stand.
        source: String,
        /// How they were turned into numbers.
        reading: String,
        /// Of what the milestones `from` and `to` are: each `"node"` that was not there at the start (requested,
        /// launched, running, booted, registered, ready, or a stage's name), each `"replica"` (created, scheduled,
        /// pulling, pulled, running, ready: from `pulling` to `pulled` its main image), or each `"decision"` of the
        /// autoscaler to ask for nodes (begun, made). Leave out: they are stages of the whole cluster.
        each: Option<Each>,
        /// From when the time counts: a stage's readiness, or a milestone. Leave out: the Deployment's creation.
        from: Option<String>,
        /// Whether the time counts, for all of them, from the first that reached `from`.
        from_first: Option<bool>,
        /// Until when it counts: a stage's readiness, or a milestone.
        to: String,
        /// Whether flaps are counted, in place of a time: how often pods of the stage `to` that had been Ready became
        /// NotReady.
        flaps: Option<bool>,
        /// Which of the times of all of them, in order: 0.5 is the median, 1 the longest.
        quantile: Option<Share>,
        /// After the Deployment's creation, the instant at which those are counted that have reached `to`, or several.
        at: Option<OneOrMore<Span>>,
        /// The size of the cluster for which it holds, or several from small to large. A scenario's own targets may
        /// leave it out: they hold for its size.
        nodes: Option<OneOrMore<Nodes>>,
        /// The time that was measured: met within `factor` or `margin` of it, whichever is wider.
        measured: Option<Span>,
        /// How many were counted at each instant: met within `factor` or `count_margin`, whichever is wider.
        count: Option<OneOrMore<u32>>,
        /// How many times what was measured, or what part of it, is near enough.
        factor: f64 = "1.3" from "assumed: two measurements of the same differ by that much",
        /// How much more or less than what was measured is near enough.
        margin: Span = "\"1500ms\"" from "assumed: events of Kubernetes tell whole seconds",
        /// How many more or fewer than were counted are near enough.
        count_margin: u32 = "0" from "counts are exact unless said",
        /// The middle of the range that the time lies in.
        about: Option<Span>,
        /// How far from the middle it may lie.
        tolerance: Option<Span>,
        /// The least time.
        at_least: Option<Span>,
        /// The longest time.
        at_most: Option<Span>,
        /// Whether it is longer, or how often it was more, at each larger size.
        grows: Option<bool>,
    }
}

const WAYS: &str = "write `measured`, or `about` and `tolerance`, or `at_least` and `at_most` or one of them, \
                    or `grows = true`, or `count` with `at` or `flaps`";

impl Keys {
    /// The sizes that are written; none where they are left out.
    fn sizes(&self) -> Vec<u32> {
        self.nodes.iter().flat_map(|nodes| &nodes.0).map(|size| size.0).collect()
    }

    /// What the keys demand, for each instant `at`, or what is wrong with them; exactly one way of saying it.
    fn demands(&self) -> Result<Vec<Demand>, &'static str> {
        let seconds = |span: Option<Span>| span.map(Span::as_secs_f64);
        let (about, tolerance) = (seconds(self.about), seconds(self.tolerance));
        let (at_least, at_most) = (seconds(self.at_least), seconds(self.at_most));
        let range = at_least.is_some() || at_most.is_some();
        let factor = self.factor.max(1.0);
        match (about, tolerance, range, self.grows, seconds(self.measured), &self.count) {
            (Some(seconds), Some(tolerance), false, None, None, None) => Ok(vec![Demand::About { seconds, tolerance }]),
            (Some(_), None, false, None, None, None) | (None, Some(_), false, None, None, None) => {
                Err("`about` and `tolerance` belong together")
            }
            (None, None, true, None, None, None) => Ok(vec![Demand::Range { at_least, at_most }]),
            (None, None, false, Some(_), None, None) => Ok(vec![Demand::Grows]),
            (None, None, false, None, Some(value), None) => {
                Ok(vec![Demand::Measured { value, factor, margin: self.margin.as_secs_f64() }])
            }
            (None, None, false, None, None, Some(counts)) => {
                let margin = f64::from(self.count_margin);
                let demand = |&count: &u32| Demand::Measured { value: f64::from(count), factor, margin };
                Ok(counts.0.iter().map(demand).collect())
            }
            _ => Err("a target demands one thing"),
        }
    }

    /// What the keys measure, for each instant `at`.
    fn measures(&self) -> Vec<Measure> {
        let (from, to) = (self.from.clone(), self.to.clone());
        if self.flaps == Some(true) {
            return vec![Measure::Flaps { stage: to }];
        }
        match (self.each, &self.at) {
            (None, _) => vec![Measure::Stages { from, to }],
            (Some(each), Some(at)) => at.0.iter().map(|&at| Measure::Count { each, to: to.clone(), at }).collect(),
            (Some(each), None) => {
                let (from_first, quantile) = (self.from_first == Some(true), self.quantile.map_or(1.0, |part| part.0));
                vec![Measure::Quantile { each, from, from_first, to, quantile }]
            }
        }
    }

    /// Of the keys that only some kinds of measure have, each with whether it is written.
    fn special(&self) -> [(&'static str, bool); 6] {
        [
            ("each", self.each.is_some()),
            ("from", self.from.is_some()),
            ("from_first", self.from_first.is_some()),
            ("quantile", self.quantile.is_some()),
            ("at", self.at.is_some()),
            ("count", self.count.is_some()),
        ]
    }

    /// Keys that do not belong to what is measured, or are missing there.
    fn check_measure(&self, key: &str, found: &mut Vec<Complaint>) {
        let (of, others): (&str, &[&str]) = match (self.each, &self.at) {
            _ if self.flaps.is_some() => {
                ("does not go with `flaps`", &["each", "from", "from_first", "quantile", "at"])
            }
            (None, _) => ("needs `each`", &["from_first", "quantile", "at", "count"]),
            (Some(_), Some(_)) => ("does not go with `at`", &["from", "from_first", "quantile"]),
            (Some(_), None) => ("needs `at`", &["count"]),
        };
        let remedy = match (self.each, &self.at) {
            _ if self.flaps.is_some() => "take it out: flaps are those of all pods of the stage `to`, at any time",
            (None, _) => "add each = \"node\" or \"replica\", or take it out",
            (Some(_), Some(_)) => "take one of them out: a count is of those that have reached `to` at an instant",
            (Some(_), None) => "add such as at = \"2m\", or write `measured` and `quantile`",
        };
        for (name, _) in self.special().iter().filter(|(name, written)| *written && others.contains(name)) {
            complain(found, format!("{key}.{name}"), format!("it {of}"), remedy);
        }
        if self.each.is_some() && self.at.is_none() && self.quantile.is_none() {
            let remedy = "add quantile = 0.5 for the median, 1 for the longest, or with `at` count those at an instant";
            complain(found, format!("{key}.each"), "it needs `quantile`", remedy);
        }
        if self.from_first == Some(true) && self.from.is_none() {
            complain(found, format!("{key}.from_first"), "it needs `from`", "add the milestone from which it counts");
        }
        let Some(each) = self.each else { return };
        for (name, word) in [("from", self.from.as_ref()), ("to", Some(&self.to))] {
            if let Some(word) = word.filter(|word| !each.may_have(word)) {
                let what = format!("a {} has no milestone `{}`", each.word(), word.escape_debug());
                complain(found, format!("{key}.{name}"), what, format!("use one of {}", each.milestones().join(", ")));
            }
        }
    }

    /// That flaps are held against a number of them.
    fn check_flaps(&self, key: &str, found: &mut Vec<Complaint>) {
        if self.flaps == Some(false) {
            complain(found, format!("{key}.flaps"), "this says nothing", "write `flaps = true`, or take it out");
        }
        let is_number = |demand: &Demand| *demand == Demand::Grows || self.count.is_some();
        if self.flaps == Some(true) && !self.demands().is_ok_and(|demands| demands.iter().all(is_number)) {
            complain(found, format!("{key}.flaps"), "they are no time", "demand `grows = true`, or `count`");
        }
        if self.flaps.is_some() && self.count.as_ref().is_some_and(|count| count.0.len() != 1) {
            complain(found, format!("{key}.count"), "one number is meant", "write one");
        }
    }

    /// That there are as many counts and rows as instants.
    fn check_lengths(&self, key: &str, found: &mut Vec<Complaint>) {
        let Some(at) = self.at.as_ref().filter(|_| self.each.is_some()) else {
            if self.row.as_ref().is_some_and(|row| row.0.len() != 1) {
                complain(found, format!("{key}.row"), "one row is meant", "write one text");
            }
            return;
        };
        let instants = at.0.len();
        if instants == 0 {
            complain(found, format!("{key}.at"), "there is no instant", "write such as [\"1m\", \"2m\"]");
        }
        let lengths = [
            ("count", self.count.as_ref().map(|list| list.0.len())),
            ("row", self.row.as_ref().map(|list| list.0.len())),
        ];
        for (name, length) in lengths {
            if length.is_some_and(|length| length != instants) {
                let what = format!("{} for {instants} instants of `at`", length.unwrap_or_default());
                complain(found, format!("{key}.{name}"), what, "write one for each");
            }
        }
    }

    fn check(&self, key: &str, found: &mut Vec<Complaint>) {
        if let Err(what) = self.demands() {
            complain(found, key, what, WAYS);
        }
        self.check_measure(key, found);
        self.check_flaps(key, found);
        self.check_lengths(key, found);
        if self.grows == Some(false) {
            complain(found, format!("{key}.grows"), "this demands nothing", WAYS);
        }
        if self.each.is_none() && self.from.as_ref() == Some(&self.to) {
            complain(found, format!("{key}.to"), "`from` and `to` are the same stage", "name two stages");
        }
        if self.tolerance.is_some_and(Span::is_zero) {
            complain(found, format!("{key}.tolerance"), "it must be above zero", "write such as \"1m\"");
        }
        if self.factor < 1.0 {
            complain(
                found,
                format!("{key}.factor"),
                "it must be at least 1",
                "write such as 1.3: from 1/1.3 to 1.3 times",
            );
        }
        if let (Some(least), Some(most)) = (self.at_least, self.at_most)
            && least >= most
        {
            complain(found, format!("{key}.at_most"), "it must be above `at_least`", "write a longer time");
        }
        self.check_sizes(key, found);
    }

    fn check_sizes(&self, key: &str, found: &mut Vec<Complaint>) {
        let sizes = self.sizes();
        let few = if self.grows == Some(true) { "growth needs two sizes" } else { "there is no size" };
        let least = if self.grows == Some(true) { 2 } else { usize::from(self.nodes.is_some()) };
        if sizes.len() < least {
            complain(found, format!("{key}.nodes"), few, "write such as [100, 200, 300]");
        }
        if !sizes.is_sorted_by(|one, next| one < next) {
            let remedy = "write each size once, from small to large";
            complain(found, format!("{key}.nodes"), "sizes out of order", remedy);
        }
    }

    /// The targets of these keys: one for each instant `at`, otherwise one.
    fn targets(&self, name: &str) -> Vec<Target> {
        let rows = self.row.as_ref().map_or(&[][..], |rows| &rows.0);
        let (measures, demands) = (self.measures(), self.demands().unwrap_or_default());
        let several = measures.len() > 1;
        let target = |(place, (measure, demand)): (usize, (Measure, Demand))| Target {
            name: match &measure {
                Measure::Count { at, .. } if several => format!("{name} at {at}"),
                _ => name.to_owned(),
            },
            row: rows.get(place).cloned().unwrap_or_default(),
            statement: self.statement.clone(),
            source: self.source.clone(),
            reading: self.reading.clone(),
            measure,
            nodes: self.sizes(),
            demand,
        };
        measures.into_iter().zip(demands).enumerate().map(target).collect()
    }
}

/// What must hold between the keys of each target.
pub(super) fn check(targets: &Named<Keys>) -> Vec<Complaint> {
    let mut found = Vec::new();
    if targets.is_empty() {
        complain(&mut found, "target", "there is no target", "write tables [target.NAME]");
    }
    for (name, keys) in targets.iter() {
        keys.check(&format!("target.{}", write::key(name)), &mut found);
    }
    found
}

/// The targets of keys that were checked; those that name no size have none.
pub(super) fn targets(keys: &Named<Keys>) -> Vec<Target> {
    keys.iter().flat_map(|(name, keys)| keys.targets(name)).collect()
}

/// Reads a file of targets, or one that comes with the program.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_targets(asked: &Path) -> Result<Targets, Problems> {
    let file = load_section(asked, TARGETS_BUILT_IN, NOUNS, |file: &TargetsFile| {
        let mut found = check(&file.target);
        for (name, _) in file.target.iter().filter(|(_, keys)| keys.nodes.is_none()) {
            let remedy = "write the size of the cluster for which it holds: nodes = 100, or several";
            complain(&mut found, format!("target.{}.nodes", write::key(name)), "there is no size", remedy);
        }
        found
    })?;
    Ok(Targets { description: file.description, list: targets(&file.target) })
}
