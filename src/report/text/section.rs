//! A table in a terminal that only people see, which is also Markdown.
//!
//! Must not know: which table it is.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

/// In place of a value that is unknown.
pub(super) const UNKNOWN: &str = "-";

/// A title, and a table that is also Markdown; `rows` begin with the case, which is shown once, and only if several.
pub(in crate::report) fn section(title: &str, header: &[&str], rows: Vec<Vec<String>>, width: u16) -> String {
    let several = rows.first().is_some_and(|first| rows.iter().any(|row| row[0] != first[0]));
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let mut above = String::new();
    let names = if several { vec!["case"] } else { vec![] };
    table.set_header(names.into_iter().chain(header.iter().copied()).map(Cell::new));
    for mut row in rows {
        let case = row.remove(0);
        if several {
            row.insert(0, if case == above { String::new() } else { case.clone() });
        }
        above = case;
        table.add_row(row);
    }
    let texts = if several { 2 } else { 1 };
    keep_numbers_whole(&mut table, texts);
    format!("{title}\n\n{}\n", table.trim_fmt())
}

/// Right-aligns the columns after the first `texts`, and wraps none of their words.
fn keep_numbers_whole(table: &mut Table, texts: usize) {
    for column in table.column_iter_mut().skip(texts) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    for column in table.column_iter_mut().take(texts) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(8)));
    }
}
