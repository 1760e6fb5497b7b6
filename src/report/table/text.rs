//! A table in a terminal, which is also Markdown.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width, presets};

use super::Table;
use super::people::People;

/// Title, table and notes, `width` columns wide; what the table says of itself if it has no row for people.
pub fn text(table: &Table, cases: &[String], width: u16) -> String {
    let mut people = People::of(table, cases);
    if people.rows.is_empty() {
        return if people.if_empty.is_empty() { String::new() } else { format!("{}\n", people.if_empty) };
    }
    if people.several {
        // Each case is named once.
        for row in (1..people.rows.len()).rev() {
            if people.rows[row][0] == people.rows[row - 1][0] {
                people.rows[row][0].clear();
            }
        }
    }
    let mut grid = comfy_table::Table::new();
    grid.load_style(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    grid.set_header(people.header).add_rows(people.rows);
    let words = if people.several { 2 } else { 1 };
    for (place, column) in grid.column_iter_mut().enumerate() {
        if place < words {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(8)));
        } else {
            // Numbers stand right, and none of their words is wrapped.
            column.set_cell_alignment(CellAlignment::Right);
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let notes: String = people.notes.iter().flat_map(|note| ["\n", note, "\n"]).collect();
    format!("{}:\n\n{}\n{notes}", people.title, grid.trim_fmt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_named_once_and_numbers_stand_right() {
        let rows = vec![(0, "nodes", 7_u64), (0, "csi", 1_200), (1, "nodes", 8)];
        let table = Table::of("sizes", "Sizes", rows)
            .case(|row| row.0)
            .text("stage", "stage", "", |row| row.1)
            .count("n", "how many", "", |row| row.2)
            .table()
            .note("That is all.");
        let cases = ["small".to_owned(), "large".to_owned()];
        let expected = "Sizes:\n\n\
                        | case   | stage  | how many |\n\
                        |--------|--------|----------|\n\
                        | small  | nodes  |        7 |\n\
                        |        | csi    |    1,200 |\n\
                        | large  | nodes  |        8 |\n\
                        \nThat is all.\n";
        assert_eq!(text(&table, &cases, 80), expected);
    }

    #[test]
    fn a_table_without_rows_says_so_or_nothing() {
        let empty = || Table::of("sizes", "Sizes", Vec::<u64>::new()).count("n", "n", "", |n| *n).table();
        assert_eq!(text(&empty(), &[], 80), "");
        assert_eq!(text(&empty().or_say("Nothing."), &[], 80), "Nothing.\n");
    }
}
