//! The tables, one file each: rows, and columns with heading, unit and meaning.
//!
//! A statistic is added where it is computed (`report/summary.rs`, from `experiment/observe.rs`) and as a line in one
//! of these files; text, JSON, CSV, the page and their documentation follow.

mod assumptions;
mod cases;
#[cfg(feature = "cli")]
mod catalogue;
mod chances;
mod changed;
mod costs;
mod counts;
mod curve;
mod differences;
mod documented;
mod explained;
mod flaps;
mod headroom;
mod in_time;
mod keys;
mod later;
mod limits;
mod made_with;
mod matrix;
mod nodes;
mod outcomes;
mod overheads;
mod overview;
mod parameters;
mod path;
mod points;
mod predicted;
mod relief;
mod resources;
mod sensitivity;
mod sides;
#[cfg(feature = "cli")]
mod speeds;
mod spread;
mod stages;
mod study;
mod times;
mod waits;

pub use assumptions::assumptions;
pub use cases::cases;
#[cfg(feature = "cli")]
pub use catalogue::instance_types;
pub use chances::chances;
pub use changed::changed;
pub use costs::{all_costs, costs};
pub use counts::counts;
pub use curve::{bands, curve};
pub use differences::differences;
pub use documented::documented;
pub use explained::explained;
pub use flaps::flaps;
pub use headroom::{check, headroom};
pub use in_time::in_time;
pub use keys::{KeyTold, key, whole_scenario};
pub use later::later;
pub use limits::limits;
pub use made_with::made_with;
pub use matrix::{matrix, ranking};
pub use nodes::{daemonset_names, nodes};
pub use outcomes::outcomes;
pub use overheads::overheads;
pub use overview::overview;
pub use parameters::{calibration, ended, missed, parameters, predictions};
pub use path::{binds, followed, followed_stages, path, path_of};
pub use points::{by_size, fitted, held_out, met, points, size, sizes, validation};
pub use predicted::{Predicted, predicted, validations};
pub use relief::{changed_key, pairs_of_steps, relief, relief_curve, relief_of, relieved, steps_that_help};
pub use resources::{resource_courses, resources, resources_of, resources_used};
pub use sensitivity::sensitivity;
pub use sides::{sides, sides_by_stage, sides_called};
#[cfg(feature = "cli")]
pub use speeds::{Measurement, bench, speeds};
pub use spread::{ensemble, ensembles, spread, spreads};
pub use stages::stages;
pub use study::{list, shards, study};
pub use times::times;
pub use waits::waits;

use super::summary::CaseSummary;
use super::table::Table;
use crate::experiment::results::{CaseResult, Results};

/// A case that tables are made of.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// Its number in the study, from 0.
    pub number: usize,
    /// Its results.
    pub result: &'a CaseResult,
    /// Its statistics.
    pub summary: &'a CaseSummary,
}

/// The cases of a study.
pub fn of<'a>(results: &'a Results, cases: &'a [CaseSummary]) -> Vec<Of<'a>> {
    let all = results.cases.iter().zip(cases).enumerate();
    all.map(|(number, (result, summary))| Of { number, result, summary }).collect()
}

/// Cases of which a document says no more than their sizes.
fn sizes_only(nodes: Vec<u32>) -> Table {
    Table::of("cases", "The cases", nodes)
        .count("target_nodes", "", "the number of nodes asked for", |nodes| *nodes)
        .table()
}

/// One table of all cases.
///
/// # Panics
/// Without a case.
pub fn together(cases: &[Of<'_>], table: impl Fn(Of<'_>) -> Table) -> Table {
    let mut tables = cases.iter().map(|case| table(*case));
    let mut whole = tables.next().expect("a study has cases");
    tables.for_each(|table| whole.extend(table));
    whole
}
