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

/// The text for a page of `width` columns; the first lines are the answers, one for each size.
///
/// # Panics
/// Without a size.
pub fn text(answers: &[(Question<'_>, Vec<Quantity>)], width: u16) -> String {
    let mut text = String::new();
    for (asked, spread) in answers {
        line(&mut text, &answer(*asked, spread));
    }
    line(&mut text, "");
    let sizes: Vec<String> = answers.iter().map(|(asked, _)| size(*asked)).collect();
    let table = if sizes.len() == 1 { tables::spread(&answers[0].1) } else { tables::spreads(answers) };
    text.push_str(&table::text::text(&table, &sizes, width));
    let asked = answers[0].0;
    let sets = words::plural(asked.sets as u64, "plausible set");
    let each = words::plural(u64::from(asked.replications), "scale-up");
    line(&mut text, &format!("\n{}: {sets} of parameters, {each} of each.", asked.scenario));
    if asked.sets < FEW {
        line(&mut text, &format!("With fewer than {FEW} sets this split is rough."));
    }
    let outside = answers.iter().filter(|(asked, _)| asked.is_extrapolated());
    let outside: Vec<String> = outside.map(|(asked, _)| size(*asked)).collect();
    if !outside.is_empty() {
        let (low, high) = asked.calibrated_nodes;
        let lie = outside.join(", ");
        let range = format!("The sets were fitted to clusters of {low} to {high} nodes: {lie} lie outside.");
        line(&mut text, &format!("{range} The mechanisms are extrapolated, and the true spread is wider than this."));
    }
    text
}

fn size(asked: Question<'_>) -> String {
    words::plural(u64::from(asked.nodes), "node")
}

fn answer(asked: Question<'_>, spread: &[Quantity]) -> String {
    let goal = spread.iter().rfind(|quantity| quantity.after.is_none());
    let answer = goal.map_or("nothing became ready often enough to tell".to_owned(), |goal| {
        let (low, high) = (duration(goal.means.0), duration(goal.means.1));
        let share = goal.parameters_share.map_or("an unknown part".to_owned(), percent);
        let (stage, mean) = (&goal.stage, duration(goal.mean));
        format!("{stage} ready after {mean}, {low} to {high} by what the parameters may be; they are {share} of the variance")
    });
    format!("{}: {answer}", size(asked))
}
