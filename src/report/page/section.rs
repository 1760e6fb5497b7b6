//! Everything that the page says about one results folder.

use crate::report::folder::Folder;
use crate::report::origin;
use crate::report::table::Table;
use crate::report::table::people::People;
use crate::report::tables::{self, Of};
use crate::report::{chart, words};
use crate::scenario::{Entry, ProvenanceKind};

use super::Spare;
use super::downloads::{self, Download};
use super::figure::{self, Figure};
use super::relief::{self, Relieved};
use super::verdict::{self, Verdict};
use super::waited::Waited;

/// More rows than this are left out; they are in the files.
const ROWS_MAX: usize = 300;

/// A folder as the template needs it.
pub struct PageSection<'a> {
    /// Begins all its identifiers.
    pub id: String,
    /// Its name.
    pub name: &'a str,
    /// The folder.
    pub folder: &'a Folder,
    /// What came out, first of all.
    pub verdicts: Vec<Verdict>,
    /// Where the time goes.
    pub reasons: Vec<String>,
    /// What is to be done.
    pub remedies: Vec<String>,
    /// What would help; absent where that was not looked into.
    pub relief: Option<Relieved>,
    /// The command that would; absent where it cannot be told.
    pub would_explain: Option<String>,
    /// What it waited for; absent where that is not known.
    pub waited: Option<Waited>,
    /// The charts of all cases together.
    pub figures: Vec<Figure>,
    /// The charts of cases, below their names.
    pub cases: Vec<(&'a str, Vec<Figure>)>,
    /// The cases side by side.
    pub overview: People,
    /// The tables of times and costs.
    pub tables: Vec<People>,
    /// What limits do and what to do about them.
    pub limits: [People; 2],
    /// The data as files.
    pub downloads: Vec<Download>,
    /// Where the scenario differs from the default; absent if that is not known.
    pub changed: Option<People>,
    /// What is varied on top of it.
    pub varied: Vec<String>,
    /// The values by provenance, in words.
    pub provenance: String,
    /// Every value and where it comes from.
    pub assumptions: People,
    /// What it was made with.
    pub made_with: People,
}

impl<'a> PageSection<'a> {
    /// Of a folder, the `number`-th of the page, which leaves something out.
    pub fn of(folder: &'a Folder, name: &'a str, number: usize, spare: Spare) -> Self {
        let study = &folder.study;
        let document = folder.loaded.as_ref().map(|loaded| &loaded.document);
        let assumptions = document.map(origin::assumptions).unwrap_or_default();
        let id = format!("s{}", number + 1);
        let of = tables::of(&study.results, &study.cases);
        let names: Vec<String> = study.cases.iter().map(|case| case.name.clone()).collect();
        let shown = |table: fn(Of<'_>) -> Table| self::shown(&tables::together(&of, table), &names);
        let hit = tables::together(&of, tables::limits).or_say("No limit was hit in the simulation.");
        let (checked, checks): (Vec<String>, Vec<_>) = folder.checks().into_iter().unzip();
        let cases = study.charted.iter().filter(|_| spare < Spare::Charts).map(|place| (*place, &study.cases[*place]));
        let overview = tables::overview(study.cases.iter().map(|case| (name, case)).collect());
        let changed = document.and_then(|document| origin::differences(document).ok());
        Self {
            name,
            folder,
            verdicts: verdict::verdicts(study),
            reasons: verdict::reasons(study),
            remedies: verdict::remedies(folder),
            overview: self::shown(&overview, &[]),
            relief: Relieved::of(&of, &names),
            would_explain: relief::command(folder),
            waited: Waited::of(&of, &names),
            figures: figure::of(chart::together(study), &id),
            cases: cases.map(|(place, case)| (&*case.name, figure::of(chart::of_case(study, place), &id))).collect(),
            tables: vec![
                shown(tables::times),
                shown(tables::overheads),
                self::shown(&tables::documented(&study.documented), &names),
                shown(tables::flaps),
                shown(tables::outcomes),
                self::shown(&tables::all_costs(&of), &names),
            ],
            limits: [self::shown(&hit, &names), self::shown(&tables::headroom(&checked, &checks), &checked)],
            downloads: downloads::of(folder, spare < Spare::Downloads),
            changed: changed.map(|changed| self::shown(&tables::changed(&changed), &[])),
            varied: varied(folder),
            provenance: provenance(&assumptions),
            // Folded away, so that none is left out.
            assumptions: People::of(
                &tables::assumptions(if spare < Spare::Assumptions { &assumptions } else { &[] }),
                &[],
            ),
            made_with: self::shown(&tables::made_with(&study.results), &[]),
            id,
        }
    }
}

/// A table of which not all rows may be shown; `cases` are the names of the cases.
pub fn shown(table: &Table, cases: &[String]) -> People {
    People::of(table, cases).at_most(ROWS_MAX, "more rows are in the CSV files")
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
fn provenance(assumptions: &[Entry]) -> String {
    let counted = ProvenanceKind::ALL.iter().filter_map(|&kind| {
        let count = assumptions.iter().filter(|assumption| assumption.provenance.kind == kind).count();
        (count > 0).then(|| format!("{} {}", words::count(count as u64), kind.word()))
    });
    counted.collect::<Vec<_>>().join(", ")
}
