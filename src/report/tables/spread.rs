//! The spread of a prediction: parameters against chance.

use crate::experiment::Quantity;
use crate::report::table::{Table, Unit};
use crate::report::text::spread::Question;
use crate::report::words;
use crate::stats::Interval;

/// A row for every time that was predicted.
pub fn spread(quantities: &[Quantity]) -> Table {
    of_case(quantities, None)
}

fn of_case(quantities: &[Quantity], case: Option<usize>) -> Table {
    let name = |row: &Quantity| row.after.as_ref().map_or(row.stage.clone(), |from| words::overhead(from, &row.stage));
    let ends = |row: &Quantity| Some(Interval { low: row.means.0, high: row.means.1 });
    let rows = Table::of("spread", "What makes predictions differ", quantities.to_vec());
    let rows = if let Some(number) = case { rows.case(|_| number) } else { rows };
    rows.text("stage", "", "the stage until whose readiness it counts", |row| row.stage.clone())
        .maybe_text("after", "", "the stage from whose readiness it counts; null: the start", |row| row.after.clone())
        .text("", "time", "", name)
        .number("mean_s", "mean", "the mean over all sets", Unit::Seconds, |row| Some(row.mean))
        .interval("", "90 % of sets' means", "", Unit::Seconds, ends)
        .number("set_means_p05_s", "", "5 % of the sets' means lie below", Unit::Seconds, |row| Some(row.means.0))
        .number("set_means_p95_s", "", "95 % of the sets' means lie below", Unit::Seconds, |row| Some(row.means.1))
        .number("parameters_sd_s", "sd, parameters", "between sets", Unit::Seconds, |row| Some(row.parameters_sd))
        .number("chance_sd_s", "sd, chance", "between scale-ups of one set", Unit::Seconds, |row| Some(row.chance_sd))
        .number("parameters_share", "share of parameters", "of the whole variance", Unit::Share, |row| {
            row.parameters_share
        })
        .table()
}

/// What the JSON document of an ensemble says.
pub fn ensemble(asked: Question<'_>, quantities: &[Quantity]) -> Table {
    Table::of("ensemble", "A scale-up with every set of an ensemble", vec![asked])
        .rows_of("cases", "the size that was simulated", |asked| super::sizes_only(vec![asked.nodes]))
        .count("target_nodes", "", "the number of nodes asked for", |asked| asked.nodes)
        .json("calibrated_nodes", "the smallest and the largest cluster that the sets were fitted to", |asked| {
            vec![asked.calibrated_nodes.0, asked.calibrated_nodes.1].into()
        })
        .flag("extrapolated", "", "whether this one lies outside", Question::is_extrapolated)
        .count("sets", "", "sets of parameters", |asked| asked.sets as u64)
        .count("replications", "", "scale-ups of each set", |asked| asked.replications)
        .rows_of("spread", "each time, and what of its spread comes from the parameters", |_| spread(quantities))
        .table()
}

/// The same at several sizes.
pub fn ensembles(answers: &[(Question<'_>, Vec<Quantity>)]) -> Table {
    let nodes: Vec<u32> = answers.iter().map(|(asked, _)| asked.nodes).collect();
    Table::of("ensembles", "Scale-ups of several sizes with every set of an ensemble", vec![answers])
        .rows_of("cases", "the sizes that were simulated", |_| super::sizes_only(nodes.clone()))
        .rows_of("sizes", "each size, with the spread of its times", |answers| {
            joined(answers.iter().map(|(asked, quantities)| ensemble(*asked, quantities)))
        })
        .table()
}

/// The rows of [`spread`] at several sizes.
pub fn spreads(answers: &[(Question<'_>, Vec<Quantity>)]) -> Table {
    joined(answers.iter().enumerate().map(|(number, (_, quantities))| of_case(quantities, Some(number))))
}

fn joined(mut tables: impl Iterator<Item = Table>) -> Table {
    let mut whole = tables.next().expect("there is a size");
    tables.for_each(|table| whole.extend(table));
    whole
}
