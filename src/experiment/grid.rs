//! The axes of a sweep, and every combination of their values.

use crate::experiment::range;
use crate::scenario::Axis;

/// The most cases of one sweep.
pub const CASES_MAX: usize = 10_000;

/// Reads `KEY=A,B,C`; commas inside quotes, brackets and braces belong to a value, and `100..1000:100` stands
/// for 100, 200 and so on up to 1000.
///
/// # Errors
/// What is wrong and what to write, for people.
pub fn parse_axis(text: &str) -> Result<Axis, String> {
    let (key, values) = split_key(text).ok_or_else(|| {
        format!("--vary {text}: there is no equals sign; write KEY=A,B,C such as cluster.target_nodes=100,200,300")
    })?;
    let values = split_values(values);
    if values.iter().any(String::is_empty) {
        return Err(format!("--vary {text}: a value is empty; write KEY=A,B,C with a value between all commas"));
    }
    let mut expanded = Vec::new();
    for value in values {
        match range::expand(&value) {
            Some(range) => expanded.extend(range.map_err(|wrong| format!("--vary {text}: {wrong}"))?),
            None => expanded.push(value),
        }
    }
    Ok(Axis { key: key.trim().to_owned(), values: expanded })
}

/// Splits at the first equals sign outside quotes: keys can be quoted.
fn split_key(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let place = text.char_indices().find(|&(_, c)| {
        quoted ^= c == '"';
        c == '=' && !quoted
    });
    place.map(|(at, _)| (&text[..at], &text[at + 1..]))
}

fn split_values(text: &str) -> Vec<String> {
    let (mut values, mut value, mut depth, mut quote) = (Vec::new(), String::new(), 0_u32, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                values.push(std::mem::take(&mut value).trim().to_owned());
                continue;
            }
            _ => {}
        }
        value.push(c);
    }
    values.push(value.trim().to_owned());
    values
}

/// Every combination of the axes' values: the last axis changes fastest. Without axes, one case without changes.
pub fn grid(axes: &[Axis]) -> Vec<Vec<(String, String)>> {
    axes.iter().fold(vec![Vec::new()], |cases, axis| {
        let with_value = |case: &Vec<(String, String)>, value: &String| {
            let mut case = case.clone();
            case.push((axis.key.clone(), value.clone()));
            case
        };
        cases.iter().flat_map(|case| axis.values.iter().map(move |value| with_value(case, value))).collect()
    })
}

/// The case without changes, then every value of every axis by itself.
pub fn one_at_a_time(axes: &[Axis]) -> Vec<Vec<(String, String)>> {
    let alone = |axis: &Axis| {
        let key = axis.key.clone();
        axis.values.clone().into_iter().map(move |value| vec![(key.clone(), value)])
    };
    std::iter::once(Vec::new()).chain(axes.iter().flat_map(alone)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_inside_a_value_belong_to_it() {
        let axis = parse_axis("cloud.boot = 20s, { uniform = { low = \"1s\", high = \"2s\" } },\"a,b\"").unwrap();
        assert_eq!(axis.key, "cloud.boot");
        assert_eq!(axis.values, ["20s", "{ uniform = { low = \"1s\", high = \"2s\" } }", "\"a,b\""]);
    }

    #[test]
    fn the_last_axis_changes_fastest() {
        let axis = |key: &str, values: &[&str]| Axis {
            key: key.to_owned(),
            values: values.iter().map(|&value| value.to_owned()).collect(),
        };
        let cases = grid(&[axis("a", &["1", "2"]), axis("b", &["x", "y", "z"])]);
        let shown: Vec<String> = cases.iter().map(|case| format!("{}{}", case[0].1, case[1].1)).collect();
        assert_eq!(shown, ["1x", "1y", "1z", "2x", "2y", "2z"]);
        assert_eq!(grid(&[]), [vec![]]);
    }

    #[test]
    fn a_missing_value_is_refused() {
        assert!(parse_axis("a=1,,2").unwrap_err().contains("a value is empty"));
        assert!(parse_axis("a").unwrap_err().contains("no equals sign"));
        assert_eq!(parse_axis("a=1-2").unwrap_err(), "--vary a=1-2: 1-2 is not a range; write 1..2");
    }

    #[test]
    fn ranges_and_single_values_mix() {
        let axis = parse_axis("cluster.target_nodes=10, 100..300:100, 500").unwrap();
        assert_eq!(axis.values, ["10", "100", "200", "300", "500"]);
    }
}
