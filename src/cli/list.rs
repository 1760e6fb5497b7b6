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
    /// EC2 instance types: what naming one as node.instance_type sets
    InstanceTypes,
}

pub(crate) fn list(arguments: &ListArguments) -> Result<(), Failure> {
    let pattern = arguments.pattern.as_deref().unwrap_or_default();
    let table = |table| text(&table, &[], PLAIN_WIDTH);
    match arguments.what {
        What::Scenarios => {
            let named = |title, built_in: BuiltIn| {
                let rows = built_in.descriptions().into_iter().filter(|(name, _)| matches(pattern, name));
                table(tables::scenarios(title, rows.collect()))
            };
            print(&(named("Scenarios", BUILT_IN) + "\n" + &named("Add-ons, for a list of `extends`", ADDONS)))
        }
        What::InstanceTypes => {
            let rows = instance_types().filter(|one| matches(pattern, one.name()));
            print(&table(tables::instance_types(rows.collect())))
        }
    }
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
