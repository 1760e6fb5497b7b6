//! Everything that the page says about one results folder.
//!
//! Must not know: other folders.

use crate::report::folder::Folder;
use crate::report::origin::{self, Assumption};
use crate::report::{chart, table, text, words};

use crate::report::table::html::{all_rows, html};
use crate::report::tables::{self, Of};

use super::figure::{self, Figure};
use super::tables::{self as page_tables, Table};

/// More differences than this are folded away.
const SHORT: usize = 15;

/// A folder as the template needs it.
pub struct Section {
    /// Begins all its identifiers.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the scenario describes.
    pub description: String,
    /// The answer, one line for each case.
    pub answers: Vec<String>,
    /// The charts of all cases together.
    pub figures: Vec<Figure>,
    /// The charts of each case, below its name.
    pub cases: Vec<(String, Vec<Figure>)>,
    /// The tables of times and costs.
    pub tables: Vec<Table>,
    /// What limits do and what to do about them.
    pub limits: Vec<Table>,
    /// Why there is no table of limits.
    pub no_limit: bool,
    /// The support of each size.
    pub support: Vec<String>,
    /// Where the scenario differs from the default; absent if that is not known.
    pub changed: Option<Table>,
    /// Whether that is too long to be shown at once.
    pub much_changed: bool,
    /// What is varied on top of it.
    pub varied: Vec<String>,
    /// The values by provenance, in words.
    pub provenance: String,
    /// Every value and where it comes from.
    pub assumptions: Option<Table>,
    /// The command that makes it again.
    pub command: Option<String>,
    /// What it was made with.
    pub origin: Table,
    /// What is not in the folder.
    pub missing: Vec<String>,
}

impl Section {
    /// Of a folder, the `number`-th of the page.
    pub fn of(folder: &Folder, name: &str, number: usize, _several: bool) -> Self {
        let study = &folder.study;
        let document = folder.loaded.as_ref().map(|loaded| &loaded.document);
        let assumptions = document.map(origin::assumptions).unwrap_or_default();
        let changed = document.and_then(|document| origin::differences(document).ok());
        let id = format!("s{}", number + 1);
        let of = tables::of(&study.results, &study.cases);
        let names: Vec<String> = study.cases.iter().map(|case| case.name.clone()).collect();
        let prices: Vec<f64> = study.cases.iter().map(|case| case.price_per_hour).collect();
        let shown = |table: fn(Of<'_>) -> table::Table| html(&tables::together(&of, table), &names);
        let mut shown_tables = vec![shown(tables::times), shown(tables::overheads)];
        shown_tables.push(html(&tables::documented(&study.documented), &names));
        shown_tables.extend([shown(tables::flaps), shown(tables::outcomes)]);
        shown_tables.push(html(&tables::together(&of, |case| tables::costs(case, &prices)), &names));
        shown_tables.retain(|table| !table.rows.is_empty());
        let (hit, checks) = (shown(tables::limits), page_tables::checks(&folder.checks()));
        let no_limit = hit.rows.is_empty();
        let limits = [hit, checks].into_iter().filter(|table| !table.rows.is_empty() || !table.note.is_empty());
        let shown = study.cases.len().min(chart::CASES_MAX);
        let cases = (0..shown).map(|case| {
            let figures = figure::of(chart::of_case(study, case), &id);
            (study.cases[case].name.clone(), figures)
        });
        Self {
            name: name.to_owned(),
            description: study.results.description.clone(),
            answers: text::answers(&study.results),
            figures: figure::of(chart::together(study), &id),
            cases: cases.collect(),
            tables: shown_tables,
            limits: limits.collect(),
            no_limit,
            support: support(folder),
            much_changed: changed.as_ref().is_some_and(|changed| changed.len() > SHORT),
            changed: changed.map(|changed| page_tables::changed(&changed)),
            varied: varied(folder),
            provenance: provenance(&assumptions),
            assumptions: (!assumptions.is_empty()).then(|| all_rows(&tables::assumptions(&assumptions))),
            command: Some(study.results.command_line.clone()),
            origin: page_tables::origin(&study.results),
            missing: folder.missing.clone(),
            id,
        }
    }
}

fn support(folder: &Folder) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for case in folder.study.cases.iter().filter(|case| !case.support.is_empty()) {
        if !told.contains(&case.support) {
            told.push(case.support.clone());
        }
    }
    told
}

/// `cluster.target_nodes = 100, 200, 300`.
fn varied(folder: &Folder) -> Vec<String> {
    let mut keys: Vec<(&str, Vec<&str>)> = Vec::new();
    for (key, value) in folder.study.results.cases.iter().flat_map(|case| &case.set) {
        match keys.iter_mut().find(|(known, _)| known == key) {
            Some((_, values)) if values.contains(&value.as_str()) => {}
            Some((_, values)) => values.push(value),
            None => keys.push((key, vec![value])),
        }
    }
    keys.into_iter().map(|(key, values)| format!("{key} = {}", values.join(", "))).collect()
}

/// `12 documented, 80 upstream, 3 measured, 20 fitted, 40 assumed`.
fn provenance(assumptions: &[Assumption]) -> String {
    let kinds = crate::scenario::ProvenanceKind::ALL.into_iter().map(crate::scenario::ProvenanceKind::word);
    let counted = kinds.filter_map(|kind| {
        let count = assumptions.iter().filter(|assumption| assumption.provenance == kind).count();
        (count > 0).then(|| format!("{} {kind}", words::count(count as u64)))
    });
    counted.collect::<Vec<_>>().join(", ")
}
