//! A TOML document in which every key and value knows its place.

use super::problem::{Found, Problem};
use super::source::{Place, SourceId};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Tables within tables, at most; the model needs six.
const DEPTH_MAX: usize = 32;
/// Keys of one table, at most.
const KEYS_MAX: usize = 10_000;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TreeNode {
    pub(crate) value: Value,
    pub(crate) place: Place,
}

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Flag(bool),
    /// Out of range of `i128`: the nearest that is in it.
    Integer(i128),
    Number(f64),
    Text(String),
    Date(String),
    List(Vec<TreeNode>),
    /// Shared with copies of the scenario until one of them changes it.
    Table(Arc<TreeTable>),
}

/// A key's place and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TreeEntry {
    pub(crate) key: Place,
    pub(crate) node: TreeNode,
}

/// Keys in the order of the file.
pub(crate) type TreeTable = toml::map::Map<String, TreeEntry>;

impl TreeNode {
    /// An empty table.
    pub(crate) fn empty_table(place: Place) -> Self {
        Self { value: Value::Table(Arc::default()), place }
    }

    pub(crate) fn as_table(&self) -> Option<&TreeTable> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn as_table_mut(&mut self) -> Option<&mut TreeTable> {
        match &mut self.value {
            Value::Table(table) => Some(Arc::make_mut(table)),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// What kind of thing it is, with its article.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Flag(_) => "true or false",
        Value::Integer(_) => "a whole number",
        Value::Number(_) => "a number",
        Value::Text(_) => "text",
        Value::Date(_) => "a date",
        Value::List(_) => "a list",
        Value::Table(_) => "a table",
    }
}

/// Reads the text of a source; with syntax errors the rest is worth nothing and the answer is `None`.
pub(crate) fn parse(source: SourceId, text: &str, found: &mut Found) -> Option<TreeTable> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Some(Planter { source, offset: 0, found }.table(document.get_ref(), 0));
    }
    for error in &errors {
        found.add(syntax(source, 0, error));
    }
    None
}

/// Reads one value that starts at `offset` of its source.
pub(crate) fn parse_value(source: SourceId, offset: usize, text: &str, found: &mut Found) -> Result<TreeNode, Problem> {
    let parsed = DeValue::parse(text).map_err(|error| syntax(source, offset, &error))?;
    Ok(Planter { source, offset, found }.node(&parsed, 0))
}

fn syntax(source: SourceId, offset: usize, error: &toml::de::Error) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let place = Place { source, start: offset + span.start, end: offset + span.end };
    let message = error.message();
    let (what, remedy) = if message.starts_with("duplicate key") {
        ("this key is there twice", "keep one of the two; keys of one table belong under one [header]")
    } else if message.starts_with("string values must be quoted") {
        ("here a value is missing, or text is not in quotes", "write text in quotes: \"90s\", \"gp2\"")
    } else if message.contains("recur") {
        ("brackets or dots within each other too deeply", "a scenario needs at most six levels")
    } else {
        let message = message.strip_suffix(", expected nothing").unwrap_or(message);
        return Problem::at(place, format!("not valid TOML: {message}"));
    };
    Problem::at(place, what).remedy(remedy)
}

/// Copies the parser's tree with places that say which source they belong to.
struct Planter<'a> {
    source: SourceId,
    offset: usize,
    found: &'a mut Found,
}

impl Planter<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        Place { source: self.source, start: self.offset + span.start, end: self.offset + span.end }
    }

    fn node(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> TreeNode {
        let place = self.place(value.span());
        TreeNode { value: self.value(value.get_ref(), place, depth), place }
    }

    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> TreeTable {
        if table.len() > KEYS_MAX
            && let Some((key, _)) = table.iter().nth(KEYS_MAX)
        {
            let place = self.place(key.span());
            self.found.tell(place, format!("more than {KEYS_MAX} keys in one table"), "take some of them out");
        }
        let entries = table.iter().take(KEYS_MAX);
        entries
            .map(|(key, value)| {
                let entry = TreeEntry { key: self.place(key.span()), node: self.node(value, depth + 1) };
                (key.get_ref().to_string(), entry)
            })
            .collect()
    }

    fn value(&mut self, value: &DeValue<'_>, place: Place, depth: usize) -> Value {
        match value {
            DeValue::Array(_) | DeValue::Table(_) if depth > DEPTH_MAX => {
                let what = format!("more than {DEPTH_MAX} tables or lists within each other");
                self.found.tell(place, what, "a scenario needs at most six levels");
                Value::Flag(false)
            }
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => Value::Integer(integer(number.as_str(), number.radix())),
            DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Datetime(date) => Value::Date(date.to_string()),
            DeValue::Array(list) => Value::List(list.iter().map(|item| self.node(item, depth + 1)).collect()),
            DeValue::Table(table) => Value::Table(self.table(table, depth).into()),
        }
    }
}

fn integer(digits: &str, radix: u32) -> i128 {
    let nearest = if digits.starts_with('-') { i128::MIN } else { i128::MAX };
    i128::from_str_radix(digits, radix).unwrap_or(nearest)
}
