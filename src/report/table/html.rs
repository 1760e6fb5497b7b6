//! A table as the page's template needs it.
//!
//! Must not know: HTML: the template escapes and draws.

use super::Table;
use super::people::People;
use crate::report::words;

/// More rows than this are left out; they are in the files.
const ROWS_MAX: usize = 300;

/// A table in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlTable {
    /// What it shows.
    pub caption: String,
    /// The names of its columns.
    pub header: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// How many columns at the beginning are words.
    pub words: usize,
    /// What else there is to say.
    pub note: String,
}

/// A table with all its rows, for one that is folded away.
pub fn all_rows(table: &Table) -> HtmlTable {
    let People { header, rows, words, notes, .. } = People::of(table, &[]);
    HtmlTable { caption: table.title.clone(), header, rows, words, note: notes.join(" ") }
}

/// A table of at most 300 rows; `cases` are the names of the cases.
pub fn html(table: &Table, cases: &[String]) -> HtmlTable {
    let People { header, mut rows, words, mut notes, .. } = People::of(table, cases);
    let left_out = rows.len().saturating_sub(ROWS_MAX);
    if left_out > 0 {
        rows.truncate(ROWS_MAX);
        notes.insert(0, format!("{} more rows are in the CSV files.", words::count(left_out as u64)));
    }
    HtmlTable { caption: table.title.clone(), header, rows, words, note: notes.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_too_many_are_left_out_and_counted() {
        let table = Table::of("nodes", "Nodes", (0..1_500_u64).collect()).count("node", "node", "", |n| *n).table();
        let shown = html(&table.note("So."), &[]);
        assert_eq!((shown.rows.len(), shown.words), (300, 0));
        assert_eq!(shown.note, "1,200 more rows are in the CSV files. So.");
    }
}
