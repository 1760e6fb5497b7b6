//! The documentation of tables: every file, its columns, their units and meanings, in Markdown.

use std::fmt::Write;

use super::markdown::escaped;
use super::{CellKind, Column, Table, Unit, csv};

/// A heading, what the table shows, and a row for each of its columns.
pub fn columns(table: &Table) -> String {
    let mut text =
        format!("### {}.csv\n\n{}.\n\n| column | unit | meaning |\n| --- | --- | --- |\n", table.name, table.title);
    for (_, column) in table.keyed() {
        let names: Vec<String> = csv::names(column).iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(text, "| {} | {} | {} |", names.join(", "), unit(column), escaped(&column.meaning));
    }
    text
}

fn unit(column: &Column) -> &'static str {
    match column.kind {
        CellKind::Text => "words",
        CellKind::Flag => "true or false",
        CellKind::Count => "number",
        CellKind::Record | CellKind::Rows | CellKind::Json => "",
        CellKind::Time { .. } => "seconds",
        CellKind::Number(unit) | CellKind::Estimate(unit) | CellKind::Interval(unit) | CellKind::Mean { unit, .. } => {
            match unit {
                Unit::Seconds | Unit::Later => "seconds",
                Unit::Usd => "US dollars",
                Unit::NodeHours => "node-hours",
                Unit::PerSecond => "per second",
                Unit::Share => "0 to 1",
                Unit::Count | Unit::Exact => "number",
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Summary;

    #[test]
    fn a_table_without_rows_is_documented() {
        let table = Table::of("costs", "Cost of all nodes", Vec::<Option<Summary>>::new())
            .text("stage", "until", "the stage", |_| "")
            .text("", "for people", "not in the file", |_| "")
            .mean("cost_usd", "US dollars", "paid for all nodes", Unit::Usd, Option::as_ref)
            .without_spread();
        let expected = "### costs.csv\n\nCost of all nodes.\n\n| column | unit | meaning |\n| --- | --- | --- |\n\
                        | `stage` | words | the stage |\n\
                        | `cost_mean_usd`, `cost_ci95_low_usd`, `cost_ci95_high_usd` | US dollars | paid for all nodes |\n";
        assert_eq!(columns(&table.table()), expected);
    }
}
