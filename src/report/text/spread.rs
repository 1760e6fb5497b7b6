//! The spread of a prediction: parameters against chance.

use super::line;
use crate::experiment::Quantity;
use crate::report::words::{self, duration, percent};
use crate::report::{table, tables};

/// With fewer sets the variance between them is hardly known.
const FEW: usize = 10;

/// What was asked of an ensemble.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// The nodes of the cluster.
    pub nodes: u32,
    /// The smallest and the largest cluster that the sets were fitted to.
    pub calibrated_nodes: (u32, u32),
    /// Sets of parameters.
    pub sets: usize,
    /// Scale-ups of each.
    pub replications: u32,
    /// Where the random numbers start.
    pub seed: u64,
}

impl Question<'_> {
    /// Whether the sets were not fitted to clusters of this size.
    pub const fn is_extrapolated(&self) -> bool {
        self.nodes < self.calibrated_nodes.0 || self.nodes > self.calibrated_nodes.1
    }
}

/// The text for a page of `width` columns; the first line is the answer.
pub fn text(asked: Question<'_>, spread: &[Quantity], width: u16) -> String {
    let Question { scenario, nodes, sets, replications, .. } = asked;
    let mut text = String::new();
    let size = words::plural(u64::from(nodes), "node");
    let goal = spread.iter().rfind(|quantity| quantity.after.is_none());
    let answer = goal.map_or("nothing became ready often enough to tell".to_owned(), |goal| {
        let (low, high) = (duration(goal.means.0), duration(goal.means.1));
        let share = goal.parameters_share.map_or("an unknown part".to_owned(), percent);
        let (stage, mean) = (&goal.stage, duration(goal.mean));
        format!("{stage} ready after {mean}, {low} to {high} by what the parameters may be; they are {share} of the variance")
    });
    line(&mut text, &format!("{size}: {answer}"));
    line(&mut text, "");
    text.push_str(&table::text::text(&tables::spread(spread), &[], width));
    let count = sets;
    let (sets, each) =
        (words::plural(sets as u64, "plausible set"), words::plural(u64::from(replications), "scale-up"));
    line(&mut text, &format!("\n{scenario}: {sets} of parameters, {each} of each."));
    if count < FEW {
        line(&mut text, &format!("With fewer than {FEW} sets this split is rough."));
    }
    if asked.is_extrapolated() {
        let (low, high) = asked.calibrated_nodes;
        let range = format!("The sets were fitted to clusters of {low} to {high} nodes: {size} lie outside.");
        line(&mut text, &format!("{range} The mechanisms are extrapolated, and the true spread is wider than this."));
    }
    text
}
