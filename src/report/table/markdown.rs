//! A short table in Markdown, for a change request.

use std::fmt::Write;

use super::Table;
use super::people::People;

/// The first `rows_max` rows; `cases` are the names of the cases. Nothing of a table without rows.
pub fn markdown(table: &Table, cases: &[String], rows_max: usize) -> String {
    let People { header, rows, words, notes, .. } = People::of(table, cases).at_most(rows_max, "more are left out");
    let mut text = String::new();
    if rows.is_empty() {
        return text;
    }
    let line =
        |cells: &[String]| format!("| {} |\n", cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" | "));
    let rule: Vec<&str> = (0..header.len()).map(|place| if place < words { "---" } else { "---:" }).collect();
    text.push_str(&line(&header));
    let _ = writeln!(text, "| {} |", rule.join(" | "));
    text.extend(rows.iter().map(|row| line(row)));
    for note in &notes {
        let _ = writeln!(text, "\n{}", escaped(note));
    }
    text
}

/// A text that Markdown shows as it is, on one line.
pub fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '*' | '_' | '`' | '[' | ']' | '<' | '\\' | '#' | '|') {
            plain.push('\\');
        }
        plain.push(if letter == '\n' { ' ' } else { letter });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_escaped_and_rows_cut() {
        let table = Table::of("keys", "Keys", vec![("a_b|c\nd", 1_u64), ("e", 2), ("f", 3)])
            .text("key", "key", "", |row| row.0)
            .count("n", "n", "", |row| row.1)
            .table();
        let expected = "| key | n |\n| --- | ---: |\n| a\\_b\\|c d | 1 |\n| e | 2 |\n\n1 more are left out.\n";
        assert_eq!(markdown(&table, &[], 2), expected);
    }
}
