//! From what is written to what a key holds.

use super::law;
use super::problem::Found;
use super::quantity::{self, Wrong};
use super::reader::example_value;
use super::suggest::did_you_mean;
use super::tree::{TreeNode, Value, kind};
use super::write;
use crate::model::params::{Datum, Shape};

/// Characters of a text, and entries of a list of texts, at most.
const TEXT_MAX: usize = 4096;
const LIST_MAX: usize = 256;

/// Reads a value that is no table of keys; what is wrong is reported.
pub(crate) fn read(shape: Shape, node: &TreeNode, found: &mut Found) -> Option<Datum<'static>> {
    match shape {
        Shape::Law => return law::read(node, found).map(Datum::Law),
        Shape::List(item) => return list(item(), false, node, found).map(Datum::List),
        Shape::OneOrMore(item) => return list(item(), true, node, found).map(Datum::List),
        _ => {}
    }
    scalar(shape, node).map_err(|wrong| found.tell(node.place, wrong.what, wrong.remedy)).ok()
}

fn scalar(shape: Shape, node: &TreeNode) -> Result<Datum<'static>, Wrong> {
    let value = &node.value;
    match shape {
        Shape::Flag => match value {
            Value::Flag(flag) => Ok(Datum::Flag(*flag)),
            other => Err(Wrong::new(
                format!("{} where a switch is meant", kind(other)),
                "write true or false, without quotes",
            )),
        },
        Shape::Integer { min, max } => integer(value, min, max).map(Datum::Integer),
        Shape::Number { min, max } => number(value, min, max).map(Datum::Number),
        Shape::Duration => quantity(value, "a length of time", "s", "\"90s\"", quantity::duration).map(Datum::Duration),
        Shape::Size => quantity(value, "an amount of data", "GiB", "\"1.3GB\"", quantity::size).map(Datum::Size),
        Shape::Bandwidth => {
            quantity(value, "a bandwidth", "MB/s", "\"150MB/s\"", quantity::bandwidth).map(Datum::Bandwidth)
        }
        Shape::Text => text(value).map(Datum::Text),
        Shape::Choice(words) => word(value, words).map(Datum::Word),
        Shape::WordOrInteger { words, min, max } => word_or_integer(value, words, min, max),
        Shape::Any => match value {
            Value::Table(table) => {
                Ok(Datum::Any(table.iter().map(|(key, entry)| (key.clone(), write::inline(&entry.node))).collect()))
            }
            other => Err(Wrong::new(format!("{} where a table is meant", kind(other)), "write a table of keys")),
        },
        Shape::Law | Shape::List(_) | Shape::OneOrMore(_) | Shape::Table(_) | Shape::Named(_) => {
            unreachable!("read elsewhere")
        }
    }
}

fn integer(value: &Value, min: u64, max: u64) -> Result<u64, Wrong> {
    let range = format!("write a whole number from {min} to {max}");
    match value {
        Value::Integer(n) => match u64::try_from(*n) {
            Ok(n) if (min..=max).contains(&n) => Ok(n),
            _ if *n < 0 => Err(Wrong::new("this cannot be negative", range)),
            _ => Err(Wrong::new("out of range", range)),
        },
        Value::Number(n) if n.fract() == 0.0 && n.abs() < 1e15 => {
            Err(Wrong::new("a decimal number where a whole one is meant", format!("write {n:.0}")))
        }
        Value::Number(_) => Err(Wrong::new("a decimal number where a whole one is meant", range)),
        Value::Text(text) if text.trim().parse::<i64>().is_ok() => {
            Err(Wrong::new("text where a whole number is meant", format!("write {}, without quotes", text.trim())))
        }
        Value::Text(text) if text.contains("..") => {
            let remedy = format!("write one number; scaleup sweep takes several: --vary KEY={}", text.trim());
            Err(Wrong::new("a range where one whole number is meant", remedy))
        }
        other => Err(Wrong::new(format!("{} where a whole number is meant", kind(other)), range)),
    }
}

fn number(value: &Value, min: f64, max: f64) -> Result<f64, Wrong> {
    let range = || format!("write a number from {} to {}", plain(min), plain(max));
    let number = match value {
        Value::Integer(n) => *n as f64,
        Value::Number(n) => *n,
        Value::Text(text) if quantity::thousandths(text).is_some() => quantity::thousandths(text).expect("it is one"),
        Value::Text(text) if text.trim().parse::<f64>().is_ok() => {
            return Err(Wrong::new("text where a number is meant", format!("write {}, without quotes", text.trim())));
        }
        Value::Text(_) => {
            let remedy = format!("{}, or thousandths as Kubernetes does: \"500m\"", range());
            return Err(Wrong::new("text where a number is meant", remedy));
        }
        other => return Err(Wrong::new(format!("{} where a number is meant", kind(other)), range())),
    };
    if !number.is_finite() {
        return Err(Wrong::new("not a finite number", range()));
    }
    if (min..=max).contains(&number) {
        return Ok(number);
    }
    let what = if number < 0.0 && min >= 0.0 { "this cannot be negative" } else { "out of range" };
    Err(Wrong::new(what, range()))
}

/// A number for people: never a row of zeros.
pub(crate) fn plain(number: f64) -> String {
    if number != 0.0 && !(1e-4..1e9).contains(&number.abs()) { format!("{number:e}") } else { number.to_string() }
}

fn quantity<T>(
    value: &Value,
    meant: &str,
    unit: &str,
    example: &str,
    read: impl Fn(&str) -> Result<T, Wrong>,
) -> Result<T, Wrong> {
    match value {
        Value::Text(text) => read(text),
        Value::Integer(_) | Value::Number(_) => {
            Err(Wrong::new(format!("a bare number where {meant} is meant"), in_quotes(value, unit)))
        }
        Value::Table(_) if unit == "s" => {
            Err(Wrong::new("this cannot be a distribution", format!("write one length of time, such as {example}")))
        }
        other => Err(Wrong::new(format!("{} where {meant} is meant", kind(other)), format!("write such as {example}"))),
    }
}

/// How to write a number with its unit, or just in quotes.
pub(crate) fn in_quotes(value: &Value, unit: &str) -> String {
    let how = if unit.is_empty() { "write it in quotes" } else { "write it with its unit" };
    match value {
        Value::Integer(n) if n.unsigned_abs() < 1_000_000_000 => format!("{how}: \"{n}{unit}\""),
        Value::Number(n) if n.abs() < 1e9 => format!("{how}: \"{n}{unit}\""),
        _ => how.to_owned(),
    }
}

fn text(value: &Value) -> Result<String, Wrong> {
    match value {
        Value::Text(text) if text.chars().count() > TEXT_MAX => {
            Err(Wrong::new(format!("text of more than {TEXT_MAX} characters"), "write less"))
        }
        Value::Text(text) => match text.chars().find(|&c| cannot_be_shown(c)) {
            // It would move a terminal's cursor, or turn the direction of what stands beside it.
            Some(c) => Err(Wrong::new(format!("a text with the control character U+{:04X}", c as u32), "take it out")),
            None => Ok(text.clone()),
        },
        Value::Integer(_) | Value::Number(_) => Err(Wrong::new("a number where text is meant", in_quotes(value, ""))),
        other => Err(Wrong::new(format!("{} where text is meant", kind(other)), "write text in quotes")),
    }
}

/// Whether a character does something to what stands beside it instead of being shown.
pub(crate) fn cannot_be_shown(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match &quoted[..] {
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
        [] => String::new(),
    }
}

fn word(value: &Value, words: &'static [&'static str]) -> Result<usize, Wrong> {
    let remedy = || format!("write {}", quoted(words));
    let Value::Text(text) = value else {
        return Err(Wrong::new(format!("{} where a word is meant", kind(value)), remedy()));
    };
    words.iter().position(|word| word == text).ok_or_else(|| {
        let meant =
            did_you_mean(text, words.iter().copied()).map_or_else(remedy, |meant| format!("{meant} ({})", remedy()));
        Wrong::new(format!("\"{}\" is not one of the words that can stand here", short(text)), meant)
    })
}

fn word_or_integer(value: &Value, words: &'static [&'static str], min: u64, max: u64) -> Result<Datum<'static>, Wrong> {
    match value {
        Value::Text(text) => match words.iter().position(|word| word == text) {
            Some(index) => Ok(Datum::Word(index)),
            None => Err(Wrong::new(
                format!("\"{}\" is not one of the words that can stand here", short(text)),
                format!("write {}, or a whole number from {min} to {max}, without quotes", quoted(words)),
            )),
        },
        other => match integer(other, min, max) {
            Ok(number) => Ok(Datum::Integer(number)),
            Err(wrong) => Err(Wrong::new(wrong.what, format!("{}, or {}", wrong.remedy, quoted(words)))),
        },
    }
}

/// At most 40 characters of a text.
pub(crate) fn short(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(37).chain("...".chars()).collect() }
}

/// The entries of a list, or one value where a `lone` one may stand.
fn list(item: Shape, lone: bool, node: &TreeNode, found: &mut Found) -> Option<Vec<Datum<'static>>> {
    let remedy = match &node.value {
        Value::List(list) if list.len() <= LIST_MAX || !matches!(item, Shape::Text) => {
            let read: Vec<Option<Datum<'static>>> = list.iter().map(|node| read(item, node, found)).collect();
            return read.into_iter().collect();
        }
        Value::List(_) => {
            let what = format!("a list of more than {LIST_MAX} entries");
            return found.refuse(node.place, what, "take some of them out");
        }
        _ if lone => return read(item, node, found).map(|only| vec![only]),
        Value::Text(text) if matches!(item, Shape::Text) => format!("write [\"{}\"]", short(text)),
        _ if matches!(item, Shape::Text) => "write such as [\"rok\"], or [] for none".to_owned(),
        _ => format!("write such as [{0}, {0}]", example_value(item)),
    };
    found.mistaken(node, "a list is", remedy)
}
