//! `scaleup list`: what comes with the program.

use crate::cli::failure::Failure;
use crate::cli::output::print;
use crate::report::table::text::text;
use crate::report::{tables, text::PLAIN_WIDTH};
use crate::scenario::{ADDONS, BUILT_IN, BuiltIn, instance_types};
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// What to list
    #[arg(value_enum, default_value = "scenarios")]
    what: What,
    /// Only what has this in its name; `*` stands for anything
    pattern: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// Scenarios and add-ons
    Scenarios,
    /// EC2 instance types: what naming one as `node.instance_type` sets
    InstanceTypes,
}

pub(crate) fn list(arguments: &ListArguments) -> Result<(), Failure> {
    let pattern = arguments.pattern.as_deref().unwrap_or_default();
    match arguments.what {
        What::Scenarios => {
            let lists = [("Scenarios", BUILT_IN), ("Add-ons, for a list of `extends`", ADDONS)];
            let lists = lists.map(|(title, built_in)| lines(title, built_in, pattern));
            print(&lists.into_iter().flatten().collect::<Vec<_>>().join("\n"))
        }
        What::InstanceTypes => {
            let rows = instance_types().filter(|one| matches(pattern, one.name()));
            print(&text(&tables::instance_types(rows.collect()), &[], PLAIN_WIDTH))
        }
    }
}

/// A line for each scenario that matches, below a title; `None` if there is none.
fn lines(title: &str, built_in: BuiltIn, pattern: &str) -> Option<String> {
    let mut named = built_in.descriptions();
    named.retain(|(name, _)| matches(pattern, name));
    let width = named.iter().map(|(name, _)| name.len()).max()?;
    let line = |(name, description): &(String, String)| format!("  {name:<width$}  {description}\n");
    Some(format!("{title}:\n{}", named.iter().map(line).collect::<String>()))
}

/// Whether a name has the parts of a pattern in it, in their order.
fn matches(pattern: &str, name: &str) -> bool {
    let mut rest = name;
    pattern.split('*').all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}
