//! Distributions of lengths of time as they are written in a scenario.

use super::problem::{Found, Problem};
use super::quantity;
use super::source::Place;
use super::suggest::did_you_mean;
use super::tree::{TreeEntry, TreeNode, TreeTable, Value};
use super::value;
use crate::random::{Distribution, DistributionError};

/// A kind of distribution: its name, its parameters.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [&'static str],
    /// As it would be written.
    pub(crate) example: &'static str,
}

/// Every kind that can be written as a table; `empirical` takes quantiles or samples.
pub(crate) const FAMILIES: &[Family] = &[
    Family { name: "constant", parameters: &[], example: "{ constant = \"60s\" }" },
    Family {
        name: "uniform",
        parameters: &["low", "high"],
        example: "{ uniform = { low = \"30s\", high = \"90s\" } }",
    },
    Family { name: "exponential", parameters: &["mean"], example: "{ exponential = { mean = \"60s\" } }" },
    Family {
        name: "lognormal",
        parameters: &["p50", "p95"],
        example: "{ lognormal = { p50 = \"60s\", p95 = \"90s\" } }",
    },
    Family { name: "gamma", parameters: &["mean", "sd"], example: "{ gamma = { mean = \"60s\", sd = \"15s\" } }" },
    Family {
        name: "weibull",
        parameters: &["scale", "shape"],
        example: "{ weibull = { scale = \"60s\", shape = 3.0 } }",
    },
    Family {
        name: "triangular",
        parameters: &["low", "mode", "high"],
        example: "{ triangular = { low = \"30s\", mode = \"50s\", high = \"90s\" } }",
    },
    Family {
        name: "empirical",
        parameters: &[],
        example: "{ empirical = { p0 = \"40s\", p50 = \"60s\", p95 = \"90s\", p100 = \"150s\" } }",
    },
];

const EXAMPLES: &str = "write a length of time such as \"60s\", or a distribution such as { lognormal = { p50 = \"60s\", p95 = \"90s\" } }";

const DISTRIBUTION: &str = "a distribution such as { lognormal = { p50 = \"60s\", p95 = \"90s\" } }";
const TIME: &str = "a length of time is";
const BARE: &str = "a bare number where a length of time is meant";
const IN_SECONDS: &str = "the message counts in seconds; change one of the parameters";

/// Reads a length of time or a distribution of lengths; what is wrong is reported.
pub(crate) fn read(node: &TreeNode, found: &mut Found) -> Option<Distribution> {
    match &node.value {
        Value::Text(_) => constant(seconds(node, found)?, node.place, found),
        Value::Table(table) => from_table(node, table, found),
        Value::Integer(_) | Value::Number(_) => {
            found.refuse(node.place, BARE, format!("{}, or {DISTRIBUTION}", value::in_quotes(&node.value, "s")))
        }
        _ => found.mistaken(node, TIME, EXAMPLES),
    }
}

fn constant(seconds: f64, place: Place, found: &mut Found) -> Option<Distribution> {
    accept(Distribution::constant(seconds), place, found)
}

fn accept(made: Result<Distribution, DistributionError>, place: Place, found: &mut Found) -> Option<Distribution> {
    made.map_err(|error| found.tell(place, format!("no such distribution: {error}"), IN_SECONDS)).ok()
}

fn from_table(node: &TreeNode, table: &TreeTable, found: &mut Found) -> Option<Distribution> {
    let mut chosen: Option<(&Family, &TreeEntry)> = None;
    let mut fine = true;
    for (name, entry) in table.iter().filter(|(name, _)| *name != "min" && *name != "max") {
        match (FAMILIES.iter().find(|family| family.name == name), chosen) {
            (None, _) => {
                let names = FAMILIES.iter().map(|family| family.name).chain(["min", "max"]);
                let remedy = did_you_mean(name, names.clone())
                    .unwrap_or_else(|| format!("use one of {}", names.collect::<Vec<_>>().join(", ")));
                found.tell(entry.key, format!("there is no distribution called `{name}`"), remedy);
                fine = false;
            }
            (Some(_), Some((first, place))) => {
                found.add(
                    Problem::at(entry.key, "two distributions for one value")
                        .also(place.key, format!("`{}` is here", first.name))
                        .remedy("keep one of the two"),
                );
                fine = false;
            }
            (Some(family), None) => chosen = Some((family, entry)),
        }
    }
    let bound = |name| table.get(name).map(|entry: &TreeEntry| &entry.node);
    let (min, max) = (bound("min"), bound("max"));
    let low = min.map(|node| seconds(node, found));
    let high = max.map(|node| seconds(node, found));
    let Some((family, entry)) = chosen else {
        if fine {
            found.tell(node.place, "this table does not say which distribution", EXAMPLES);
        }
        return None;
    };
    let law = from_family(family, &entry.node, found);
    if low == Some(None) || high == Some(None) || !fine {
        return None;
    }
    accept(law?.truncated(low.flatten(), high.flatten()), max.or(min).unwrap_or(node).place, found)
}

fn from_family(family: &Family, node: &TreeNode, found: &mut Found) -> Option<Distribution> {
    let numbers = match family.name {
        "constant" => return constant(seconds(node, found)?, node.place, found),
        "empirical" => return empirical(node, found),
        _ => parameters(family, node, found)?,
    };
    let made = match (family.name, &numbers[..]) {
        ("uniform", &[low, high]) => Distribution::uniform(low, high),
        ("exponential", &[mean]) => Distribution::exponential(mean),
        ("lognormal", &[p50, p95]) => Distribution::lognormal(p50, p95),
        ("gamma", &[mean, sd]) => Distribution::gamma(mean, sd),
        ("weibull", &[scale, shape]) => Distribution::weibull(scale, shape),
        ("triangular", &[low, mode, high]) => Distribution::triangular(low, mode, high),
        _ => unreachable!("every family is in the table with its parameters"),
    };
    accept(made, node.place, found)
}

/// The family's parameters in its order: seconds, and plain numbers for shapes.
fn parameters(family: &Family, node: &TreeNode, found: &mut Found) -> Option<Vec<f64>> {
    let example = || format!("write such as {}", family.example);
    let Some(table) = node.as_table() else {
        return found.mistaken(node, &format!("the parameters of `{}` are", family.name), example());
    };
    let mut fine = true;
    for (name, entry) in table {
        if !family.parameters.contains(&name.as_str()) {
            let remedy = did_you_mean(name, family.parameters.iter().copied()).unwrap_or_else(example);
            found.tell(entry.key, format!("`{}` has no parameter `{name}`", family.name), remedy);
            fine = false;
        }
    }
    let missing: Vec<String> =
        family.parameters.iter().filter(|name| !table.contains_key(**name)).map(|name| format!("`{name}`")).collect();
    if !missing.is_empty() {
        found.tell(node.place, format!("`{}` lacks {}", family.name, missing.join(" and ")), example());
        fine = false;
    }
    let read = |name: &&str| {
        let node = &table.get(*name)?.node;
        if *name == "shape" { number(node, found) } else { seconds(node, found) }
    };
    let numbers: Vec<Option<f64>> = family.parameters.iter().map(read).collect();
    numbers.into_iter().collect::<Option<Vec<f64>>>().filter(|_| fine)
}

/// Whether a key into a distribution leads to a plain number: a shape.
pub(crate) fn is_shape(key: &str) -> bool {
    key.rsplit('.').next() == Some("shape")
}

/// Reads a plain number, the kind of a shape.
pub(crate) fn number(node: &TreeNode, found: &mut Found) -> Option<f64> {
    match node.value {
        Value::Number(number) => Some(number),
        Value::Integer(number) => Some(number as f64),
        _ => found.mistaken(node, "a plain number is", "write such as 2.0, without quotes and unit"),
    }
}

/// Reads a length of time.
pub(crate) fn seconds(node: &TreeNode, found: &mut Found) -> Option<f64> {
    match &node.value {
        Value::Text(text) => match quantity::duration(text) {
            Ok(span) => Some(span.as_secs_f64()),
            Err(wrong) => found.refuse(node.place, wrong.what, wrong.remedy),
        },
        number @ (Value::Integer(_) | Value::Number(_)) => {
            found.refuse(node.place, BARE, value::in_quotes(number, "s"))
        }
        _ => found.mistaken(node, TIME, "write such as \"60s\""),
    }
}

/// Quantiles `{ p0 = .., p50 = .., p100 = .. }` in any order, or a list of measured values.
fn empirical(node: &TreeNode, found: &mut Found) -> Option<Distribution> {
    match &node.value {
        Value::List(values) => {
            let values: Vec<Option<f64>> = values.iter().map(|value| seconds(value, found)).collect();
            let values: Option<Vec<f64>> = values.into_iter().collect();
            accept(Distribution::samples(&values?), node.place, found)
        }
        Value::Table(table) => {
            let points: Vec<Option<(f64, f64)>> = table.iter().map(|(name, entry)| point(name, entry, found)).collect();
            let mut points = points.into_iter().collect::<Option<Vec<_>>>()?;
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            accept(Distribution::empirical(&points), node.place, found)
        }
        _ => {
            let remedy = "write { p0 = \"40s\", p50 = \"60s\", p100 = \"150s\" }, or a list of lengths of time";
            found.mistaken(node, "quantiles or measured values are", remedy)
        }
    }
}

/// A quantile: `p99` or `"p99.9"` with its value.
fn point(name: &str, entry: &TreeEntry, found: &mut Found) -> Option<(f64, f64)> {
    let digits = name.strip_prefix('p').filter(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
    let percent = digits.and_then(|digits| digits.parse::<f64>().ok()).filter(|percent| *percent <= 100.0);
    let value = seconds(&entry.node, found);
    if percent.is_none() {
        let remedy = "write p and a number from 0 to 100: p0, p50, \"p99.9\", p100";
        found.tell(entry.key, format!("`{name}` is no percentile"), remedy);
    }
    Some((percent? / 100.0, value?))
}
