//! Many cases on one screen: when the goal was ready, for two keys; and what each key does by itself, sorted.

use crate::experiment::results::Results;
use crate::report::comparison::stage_in_words;
use crate::report::sensitivity::Effect;
use crate::report::summary::CaseSummary;
use crate::report::table::{Cell, CellKind, Table, Unit};
use crate::report::words::{TARGET_NODES, duration};

/// Values of the first and of the second key that are shown.
const ROWS_MAX: usize = 20;
const COLUMNS_MAX: usize = 10;

/// A key that differs between cases, and its values in the order of the cases.
struct Varied {
    key: String,
    values: Vec<String>,
}

fn value<'a>(case: &'a CaseSummary, key: &str) -> &'a str {
    case.set.iter().find(|(other, _)| other == key).map_or("", |(_, value)| value.as_str())
}

/// The keys that differ between cases.
fn varied(cases: &[CaseSummary]) -> Vec<Varied> {
    let mut keys: Vec<Varied> = Vec::new();
    for (key, _) in cases.iter().flat_map(|case| &case.set) {
        if keys.iter().any(|known| known.key == *key) {
            continue;
        }
        let mut values: Vec<String> = Vec::new();
        for case in cases {
            if !values.iter().any(|known| known == value(case, key)) {
                values.push(value(case, key).to_owned());
            }
        }
        keys.push(Varied { key: key.clone(), values });
    }
    keys.retain(|key| key.values.len() > 1);
    keys
}

/// At most so many values: the first, the last, and those at equal steps between.
fn some(values: &[String], most: usize) -> Vec<String> {
    if values.len() <= most {
        return values.to_vec();
    }
    (0..most).map(|place| values[place * (values.len() - 1) / (most - 1)].clone()).collect()
}

fn mean(case: &CaseSummary) -> Option<f64> {
    Some(case.goal()?.ready.as_ref()?.mean)
}

/// A row for every value of the first key, a column for every value of the second; other keys are as in the best case.
pub fn matrix(results: &Results, cases: &[CaseSummary]) -> Table {
    let keys = varied(cases);
    let best = cases.iter().min_by(|a, b| {
        let or_never = |case: &CaseSummary| mean(case).unwrap_or(f64::INFINITY);
        or_never(a).total_cmp(&or_never(b))
    });
    let goal = results.cases.first().and_then(|case| Some(case.stages.get(case.goal()?)?.name.clone()));
    let goal = goal.unwrap_or_else(|| "workload".to_owned());
    let [first, others @ ..] = &keys[..] else { return Table::of("matrix", "", Vec::<u64>::new()).table() };
    let (second, fixed) = others.split_first().map_or((None, &[][..]), |(second, fixed)| (Some(second), fixed));
    let fixed: Vec<(&str, &str)> =
        fixed.iter().filter_map(|key| Some((key.key.as_str(), value(best?, &key.key)))).collect();
    let find = |row: &str, column: Option<&str>| {
        cases.iter().find(|case| {
            value(case, &first.key) == row
                && second.is_none_or(|key| column.is_none_or(|column| value(case, &key.key) == column))
                && fixed.iter().all(|(key, fixed)| value(case, key) == *fixed)
        })
    };
    let time = |case: Option<&CaseSummary>| match case {
        Some(case) => Cell::Text(mean(case).map_or_else(|| "never".to_owned(), duration)),
        None => Cell::Absent,
    };
    let rows = some(&first.values, ROWS_MAX);
    let columns = second.map_or_else(Vec::new, |second| some(&second.values, COLUMNS_MAX));
    let by = second.map_or_else(String::new, |second| format!(" (down) and {} (across)", heading(&second.key)));
    let title = format!("Mean time until {} is ready, by {}{by}", stage_in_words(&goal), heading(&first.key));
    let left_out = rows.len() < first.values.len() || second.is_some_and(|key| columns.len() < key.values.len());
    let table = Table::of("matrix", title, rows).text("", &heading(&first.key), "", |row| plain(row).to_owned());
    let table = if second.is_none() {
        table.cells("", goal.as_str(), "", CellKind::Text, |row| time(find(row, None)))
    } else {
        columns.iter().fold(table, |table, column| {
            table.cells("", plain(column), "", CellKind::Count, |row| time(find(row, Some(column))))
        })
    };
    let as_in_best = fixed.iter().map(|(key, value)| format!("{key} = {}", plain(value))).collect::<Vec<_>>();
    let as_in_best =
        if as_in_best.is_empty() { String::new() } else { format!("As in the best case: {}.", as_in_best.join(", ")) };
    let some = if left_out { "Some of the values are shown; all are in times.csv.".to_owned() } else { String::new() };
    table.table().note(as_in_best).note(some)
}

fn heading(key: &str) -> String {
    if key == TARGET_NODES { "nodes".to_owned() } else { key.to_owned() }
}

/// A distribution without its marks: `lognormal p50 40s p95 60s`.
fn brief(value: &str) -> String {
    let words = value.split(|c: char| c.is_whitespace() || "{}=,\"".contains(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn plain(value: &str) -> &str {
    value.trim_matches('"')
}

/// A row for every change, what helps most first; the value without it stands beside it.
pub fn ranking(results: &Results, effects: &[Effect]) -> Table {
    let mut sorted = effects.to_vec();
    sorted.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let from = |key: &str| {
        let base = results.varied.iter().find(|(varied, _)| varied == key);
        base.map_or_else(|| "-".to_owned(), |(_, value)| brief(value))
    };
    Table::of("ranking", "What each change does by itself, against the scenario without any", sorted)
        .text("", "key", "", |row| row.key.clone())
        .text("", "from", "", |row| from(&row.key))
        .text("", "to", "", |row| brief(&row.value))
        .estimate("", "later by, ± 95 %", "", Unit::Later, |row| Some((row.seconds, row.interval)))
        .table()
        .note(
            "Below zero is sooner; what reaches over zero with its interval is open. The same random numbers with and \
             without the change.",
        )
}
