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
    let labels = if people.several { 2 } else { 1 };
    let blocks: Vec<String> =
        blocks(&widths(&people), labels, width).iter().map(|places| block(&people, places, labels, width)).collect();
    let notes: String = people.notes.iter().flat_map(|note| ["\n", note, "\n"]).collect();
    format!("{}:\n\n{}\n{notes}", people.title, blocks.join("\n\n"))
}

/// How wide a table is that nothing in it is wrapped or put elsewhere.
pub fn natural_width(table: &Table) -> usize {
    wide(&widths(&People::of(table, &[])))
}

/// The columns of each block: all, or where they do not fit as many as do, each time after the columns of labels.
fn blocks(widths: &[usize], labels: usize, width: u16) -> Vec<Vec<usize>> {
    let (labels, width) = (labels.min(widths.len()), usize::from(width));
    let all = |places: &[usize]| wide(&places.iter().map(|&place| widths[place]).collect::<Vec<_>>());
    let begin: Vec<usize> = (0..labels).collect();
    let mut blocks = vec![begin.clone()];
    for place in labels..widths.len() {
        let last = blocks.last_mut().expect("there is one");
        if last.len() > labels && all(&[&last[..], &[place]].concat()) > width {
            blocks.push([&begin[..], &[place]].concat());
        } else {
            last.push(place);
        }
    }
    blocks
}

/// The columns that a row of cells takes, with what stands between them.
fn wide(widths: &[usize]) -> usize {
    widths.iter().map(|width| width + BETWEEN).sum::<usize>() + 1
}

/// A bar and two blanks.
const BETWEEN: usize = 3;

fn widths(people: &People) -> Vec<usize> {
    let widest = |place: usize| {
        let cells = people.rows.iter().map(|row| &row[place]).chain([&people.header[place]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    (0..people.header.len()).map(widest).collect()
}

/// The table of some columns.
fn block(people: &People, places: &[usize], labels: usize, width: u16) -> String {
    let of = |row: &Vec<String>| places.iter().map(|&place| row[place].clone()).collect::<Vec<_>>();
    let mut grid = comfy_table::Table::new();
    grid.load_style(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    grid.set_header(of(&people.header)).add_rows(people.rows.iter().map(of));
    let widths = widths(people);
    // A column of words that is wider than the page is wrapped.
    let room = usize::from(width).saturating_sub(labels * (8 + BETWEEN) + 1 + BETWEEN);
    for (column, &place) in grid.column_iter_mut().zip(places) {
        if place < labels {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(8)));
        } else {
            // Numbers stand right, and none of their words is wrapped.
            column.set_cell_alignment(CellAlignment::Right);
            if widths[place] <= room {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
    grid.trim_fmt()
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
    fn columns_that_do_not_fit_follow_below_with_their_labels() {
        let rows = vec![("a stage with a name", 1_u64), ("csi", 2)];
        let column = |table: crate::report::table::Builder<(&'static str, u64)>, heading: &str| {
            table.count("n", heading, "", |row| row.1)
        };
        let table = Table::of("sizes", "Sizes", rows).text("stage", "stage", "", |row| row.0);
        let table = ["how many there are", "how many were", "how many will be"].into_iter().fold(table, column).table();
        assert_eq!(natural_width(&table), 79);
        let shown = text(&table, &[], 60);
        let expected = "Sizes:\n\n\
            | stage               | how many there are | how many were |\n\
            |---------------------|--------------------|---------------|\n\
            | a stage with a name |                  1 |             1 |\n\
            | csi                 |                  2 |             2 |\n\n\
            | stage               | how many will be |\n\
            |---------------------|------------------|\n\
            | a stage with a name |                1 |\n\
            | csi                 |                2 |\n";
        assert_eq!(shown, expected);
        for width in [24, 30, 40] {
            assert!(text(&table, &[], width).lines().all(|line| line.chars().count() <= usize::from(width)), "{width}");
        }
    }

    #[test]
    fn a_table_without_rows_says_so_or_nothing() {
        let empty = || Table::of("sizes", "Sizes", Vec::<u64>::new()).count("n", "n", "", |n| *n).table();
        assert_eq!(text(&empty(), &[], 80), "");
        assert_eq!(text(&empty().or_say("Nothing."), &[], 80), "Nothing.\n");
    }
}
