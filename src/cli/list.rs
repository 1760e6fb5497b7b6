//! `scaleup list`: what comes with the program.

use crate::cli::complete;
use crate::cli::failure::Failure;
use crate::cli::output::print;
use crate::cli::terminal::page;
use crate::report::table::text::text;
use crate::report::tables;
use crate::scenario::{ADDONS, BUILT_IN, BuiltIn, instance_types, is_like, is_pattern};
use clap::Args;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// `scenarios`, with add-ons, or `instance-types`: what naming one as `node.instance_type` sets; or a pattern for
    /// scenarios
    #[arg(default_value = SCENARIOS, add = ArgValueCompleter::new(complete::lists))]
    what: String,
    /// Only what has this in its name; with `*` for any letters or `?` for one, only names that are like this
    pattern: Option<String>,
}

const SCENARIOS: &str = "scenarios";

pub(crate) fn list(arguments: &ListArguments) -> Result<(), Failure> {
    let pattern = arguments.pattern.as_deref().unwrap_or_default();
    match arguments.what.as_str() {
        "instance-types" => {
            let rows = instance_types().filter(|one| matches(pattern, one.name()));
            print(&text(&tables::instance_types(rows.collect()), &[], page().width))
        }
        SCENARIOS => scenarios(pattern),
        other if arguments.pattern.is_none() => scenarios(other),
        other => Err(Failure::Usage(format!("there is no list of {other}; write scenarios or instance-types"))),
    }
}

fn scenarios(pattern: &str) -> Result<(), Failure> {
    let lists = [("Scenarios", BUILT_IN), ("Add-ons, for a list of `extends`", ADDONS)];
    let lists: Vec<String> = lists.iter().filter_map(|(title, built_in)| lines(title, *built_in, pattern)).collect();
    if lists.is_empty() {
        return Err(Failure::Usage(format!("nothing that comes with the program is like {pattern}; see scaleup list")));
    }
    print(&lists.join("\n"))
}

/// A line for each scenario that matches, below a title; `None` if there is none.
fn lines(title: &str, built_in: BuiltIn, pattern: &str) -> Option<String> {
    let mut named = built_in.descriptions();
    named.retain(|(name, _)| matches(pattern, name));
    let width = named.iter().map(|(name, _)| name.len()).max()?;
    let line = |(name, description): &(String, String)| format!("  {name:<width$}  {description}\n");
    Some(format!("{title}:\n{}", named.iter().map(line).collect::<String>()))
}

/// Whether a name is like a pattern, or has it in it if it is none.
fn matches(pattern: &str, name: &str) -> bool {
    if is_pattern(pattern) { is_like(name, pattern) } else { name.contains(pattern) }
}
